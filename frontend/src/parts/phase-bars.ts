/**
 * A bar for each phase: what flows, of it what cars take, and the limits it is held against.
 *
 * Owns the picture and its scale. Zones are told by words beside the bars too: colour is not the only sign.
 */

import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";

export interface PhaseBar {
  /** "L1". */
  name: string;
  /** A; `null` where it is not known, negative where it flows back. */
  current: number | null;
  /** A of it that cars take; `null` where that is not known. */
  cars: number | null;
  /** The current in words, and what is to be said about it. */
  text: string;
  note?: string;
  alarm?: boolean;
}

export interface Limit {
  /** A. */
  value: number;
  /** What is above it. */
  color: string;
  name: string;
  /** May be passed: it is drawn as a dashed line. */
  soft?: boolean;
}

/** Marks are round, so that bars of one site keep their scale. */
const STEPS = [1, 1.25, 1.6, 2, 2.5, 3.2, 4, 5, 6.3, 8, 10];
/** Above the last limit, A of A. */
const ROOM = 1.12;

/** The end of the scale, A: room above all limits and currents. */
export function scaleOf(limits: readonly number[], currents: readonly (number | null)[]): number {
  const limit = Math.max(0, ...limits) * ROOM;
  const top = Math.max(1, ...currents.map((current) => current ?? 0));
  if (top <= limit) return limit;
  const power = 10 ** Math.floor(Math.log10(top));
  return (STEPS.find((step) => step * power >= top) ?? 10) * power;
}

/** Where a current is on the scale, percent. */
export function placeOf(current: number, scale: number): number {
  return Math.min(Math.max((current / scale) * 100, 0), 100);
}

@customElement("ews-phase-bars")
export class PhaseBars extends LitElement {
  @property({ attribute: false }) bars: readonly PhaseBar[] = [];
  /** From the lowest to the highest. */
  @property({ attribute: false }) limits: readonly Limit[] = [];
  /** Colour below the first limit. */
  @property({ attribute: false }) color = "var(--success-color)";
  /** The scale ends here at the least, A. */
  @property({ type: Number }) end = 0;
  /** What the whole shows. */
  @property({ attribute: false }) label = "";

  static override styles = css`
    :host {
      display: block;
      container-type: inline-size;
    }
    .bars {
      display: grid;
      grid-template-columns: auto 1fr auto auto;
      gap: 14px 12px;
      align-items: center;
    }
    .bars.plain {
      grid-template-columns: auto 1fr auto;
    }
    .bar {
      display: contents;
    }
    .name {
      font-weight: 500;
    }
    .text,
    .note {
      text-align: end;
      white-space: nowrap;
      font-variant-numeric: tabular-nums;
    }
    .text {
      font-weight: 500;
    }
    .note {
      color: var(--secondary-text-color);
    }
    .alarm .note,
    .alarm .text {
      color: var(--error-color);
      font-weight: 500;
    }
    .track {
      position: relative;
      height: 22px;
    }
    .zones,
    .fill {
      position: absolute;
      inset: 0;
      overflow: hidden;
      border-radius: 6px;
    }
    .fill {
      inset: 5px 0;
      border-radius: 3px;
    }
    .fill div {
      position: absolute;
      inset-block: 0;
      transition:
        inset-inline-start 0.4s,
        inset-inline-end 0.4s;
    }
    .other {
      background: var(--ews-other, #7a8a99);
    }
    .cars {
      background: var(--primary-color);
    }
    .limit {
      position: absolute;
      inset-block: -3px;
      margin-inline-start: -1px;
      border-inline-start: 2px solid var(--primary-text-color);
    }
    .limit.soft {
      border-inline-start-style: dashed;
    }
    @container (max-width: 520px) {
      .bars {
        grid-template-columns: 1fr auto auto;
        gap: 4px 12px;
      }
      .bars.plain {
        grid-template-columns: 1fr auto;
      }
      .track {
        grid-column: 1 / -1;
        order: 1;
        margin-bottom: 10px;
      }
      .bar {
        display: grid;
        grid-column: 1 / -1;
        grid-template-columns: subgrid;
        gap: inherit;
      }
    }
    @media (prefers-reduced-motion: reduce) {
      .fill div {
        transition: none;
      }
    }
  `;

  protected override render(): TemplateResult {
    const limits = this.limits.map((limit) => limit.value);
    const currents = this.bars.map((bar) => bar.current);
    const scale = Math.max(this.end, scaleOf(limits, currents));
    const zones = this.zones(scale);
    const plain = this.bars.every((bar) => bar.note === undefined);
    return html`<div class="bars ${plain ? "plain" : ""}" role="group" aria-label=${this.label}>
      ${this.bars.map((bar) => this.bar(bar, scale, zones, plain))}
    </div>`;
  }

  private bar(bar: PhaseBar, scale: number, zones: string, plain: boolean): TemplateResult {
    const said = [bar.text, bar.note].filter(Boolean).join(", ");
    return html`<div class="bar ${bar.alarm ? "alarm" : ""}">
      <div class="name" aria-hidden="true">${bar.name}</div>
      <div
        class="track"
        role="meter"
        aria-label=${bar.name}
        aria-valuemin="0"
        aria-valuemax=${scale}
        aria-valuenow=${bar.current === null ? nothing : Math.min(Math.max(bar.current, 0), scale)}
        aria-valuetext=${said}
      >
        <div class="zones" style="background:${zones}"></div>
        <div class="fill">${this.fill(bar, scale)}</div>
        ${this.limits.map(
          (limit) => html`<div
            class="limit ${limit.soft ? "soft" : ""}"
            title=${limit.name}
            style="inset-inline-start:${placeOf(limit.value, scale)}%"
          ></div>`,
        )}
      </div>
      <div class="text" aria-hidden="true">${bar.text}</div>
      ${plain ? nothing : html`<div class="note" aria-hidden="true">${bar.note ?? nothing}</div>`}
    </div>`;
  }

  /** What flows, from the left: other loads first, then cars. */
  private fill({ current, cars }: PhaseBar, scale: number): TemplateResult | typeof nothing {
    if (current === null) return nothing;
    const others = placeOf(current - Math.max(cars ?? 0, 0), scale);
    const end = placeOf(current, scale);
    return html`<div class="other" style="inset-inline:0 ${100 - others}%"></div>
      <div class="cars" style="inset-inline:${others}% ${100 - end}%"></div>`;
  }

  private zones(scale: number): string {
    const pale = (color: string): string => `color-mix(in srgb, ${color} 24%, transparent)`;
    let color = pale(this.color);
    const stops = [`${color} 0`];
    for (const limit of this.limits) {
      const at = `${placeOf(limit.value, scale)}%`;
      stops.push(`${color} ${at}`);
      color = pale(limit.color);
      stops.push(`${color} ${at}`);
    }
    const side = getComputedStyle(this).direction === "rtl" ? "left" : "right";
    return `linear-gradient(to ${side}, ${stops.join(", ")}, ${color} 100%)`;
  }
}
