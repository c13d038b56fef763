/**
 * Shares of a whole as a ring, with a legend that says them in words and figures.
 *
 * The ring is the picture of the legend, which has the keyboard: what can be reached in one can be in the other.
 * `<ews-pie .slices=… .unit=… .label=… .center=…>`.
 */

import { css, html, LitElement, nothing, type PropertyValues, svg, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { Unit } from "../format";
import { fire } from "../ha";
import { slice as outline } from "./paint";
import { sumOf } from "./stack";

export interface Slice {
  key: string;
  name: string;
  color: string;
  value: number | null;
  /** What is said beside the name, in small letters. */
  note?: string;
}

interface Drawn extends Slice {
  share: number | null;
  path: string;
}

const OUTER = 50;
const INNER = 32;

/** Fires "slice" {key}. */
@customElement("ews-pie")
export class Pie extends LitElement {
  @property({ attribute: false }) slices: Slice[] = [];
  @property({ attribute: false }) unit!: Unit;
  /** What the chart is called by screen readers. */
  @property() label = "";
  /** What stands in the hole; by default the sum. */
  @property() center?: string;
  /** The key of the slice under the pointer or with the focus. */
  @state() private active: string | undefined;
  private drawn: Drawn[] = [];
  private sum: number | null = null;

  static override styles = css`
    :host {
      display: block;
      flex: 1;
      min-width: 0;
      container-type: inline-size;
      font-size: max(12px, 1em);
    }
    .pie {
      display: flex;
      flex-direction: column;
      align-items: center;
      gap: 16px;
      height: 100%;
    }
    .ring {
      position: relative;
      flex: none;
      width: min(100%, 16em);
      aspect-ratio: 1;
    }
    svg {
      display: block;
      width: 100%;
      height: 100%;
      overflow: visible;
    }
    path {
      stroke: var(--ha-card-background, var(--card-background-color, #fff));
      stroke-width: 0.6;
      cursor: pointer;
      transition:
        opacity 0.15s,
        transform 0.15s;
    }
    path.whole {
      stroke: none;
    }
    .dim {
      opacity: 0.35;
    }
    path.here {
      transform: scale(1.03);
    }
    .empty {
      fill: none;
      stroke: var(--divider-color, #e0e0e0);
      stroke-width: ${OUTER - INNER};
    }
    .center {
      position: absolute;
      inset: 20%;
      display: flex;
      flex-direction: column;
      align-items: center;
      justify-content: center;
      overflow: hidden;
      text-align: center;
      pointer-events: none;
    }
    .center b {
      font-size: 1.25em;
      font-weight: 500;
    }
    .center span {
      display: -webkit-box;
      overflow: hidden;
      color: var(--secondary-text-color);
      font-size: 0.86em;
      -webkit-box-orient: vertical;
      -webkit-line-clamp: 2;
    }
    ul {
      box-sizing: border-box;
      width: 100%;
      margin: 0;
      padding: 0;
      list-style: none;
    }
    button {
      display: grid;
      grid-template-columns: 12px minmax(0, 1fr) auto 3.6em;
      align-items: center;
      gap: 0 10px;
      width: 100%;
      min-height: 36px;
      padding: 4px 8px;
      border: 0;
      border-radius: 8px;
      background: none;
      color: inherit;
      font: inherit;
      text-align: start;
      cursor: pointer;
    }
    button.here {
      background: color-mix(in srgb, currentColor 8%, transparent);
    }
    :focus-visible {
      outline: 2px solid var(--primary-color);
      outline-offset: -2px;
    }
    i {
      width: 12px;
      height: 12px;
      border-radius: 3px;
    }
    .name {
      min-width: 0;
      overflow-wrap: anywhere;
    }
    small {
      display: block;
      color: var(--secondary-text-color);
      font-size: 0.86em;
    }
    .figure {
      text-align: end;
      white-space: nowrap;
      font-variant-numeric: tabular-nums;
    }
    .share {
      color: var(--secondary-text-color);
    }
    @container (min-width: 480px) {
      .pie {
        flex-direction: row;
        justify-content: center;
        gap: 32px;
      }
      .ring {
        width: clamp(180px, 36cqi, 24em);
      }
      ul {
        flex: 0 1 32em;
        max-height: 100%;
        overflow: auto;
      }
    }
    @media (prefers-reduced-motion: reduce) {
      path {
        transition: none;
      }
    }
  `;

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has("slices")) this.arrange();
  }

  private arrange(): void {
    this.sum = sumOf(this.slices.map((slice) => slice.value));
    const whole = sumOf(this.slices.map((slice) => Math.max(slice.value ?? 0, 0))) ?? 0;
    let turn = 0;
    this.drawn = this.slices.map((slice) => {
      const share = slice.value === null || whole === 0 ? null : slice.value / whole;
      if (share === null || share <= 0) return { ...slice, share, path: "" };
      const path = outline(turn, turn + share, OUTER, INNER);
      turn += share;
      return { ...slice, share, path };
    });
  }

  protected override render(): TemplateResult | typeof nothing {
    if (this.unit === undefined) return nothing;
    return html`<div class="pie" role="group" aria-label=${this.label}>
      <div class="ring" aria-hidden="true">
        <svg viewBox="-52 -52 104 104">
          ${this.drawn.some((one) => one.path) ? nothing : svg`<circle class="empty" r=${(OUTER + INNER) / 2}></circle>`}
          ${this.drawn.map((one) => (one.path === "" ? nothing : this.slice(one)))}
        </svg>
        <div class="center">${this.middle()}</div>
      </div>
      <ul>
        ${this.drawn.map((one) => html`<li>${this.row(one)}</li>`)}
      </ul>
    </div>`;
  }

  private look(key: string): string {
    if (this.active === undefined) return "";
    return this.active === key ? "here" : "dim";
  }

  private slice({ key, color, path }: Drawn): TemplateResult {
    // A seam is drawn between slices; one alone has none.
    const whole = this.drawn.filter((one) => one.path !== "").length === 1 ? "whole" : "";
    return svg`<path class="${this.look(key)} ${whole}" fill=${color} d=${path} @pointerenter=${() => this.mark(key)}
      @pointerleave=${() => this.mark(undefined)} @click=${() => fire(this, "slice", { key })}></path>`;
  }

  private row({ key, name, color, value, note, share }: Drawn): TemplateResult {
    return html`<button
      class=${this.active === key ? "here" : ""}
      @pointerenter=${() => this.mark(key)}
      @pointerleave=${() => this.mark(undefined)}
      @focus=${() => this.mark(key)}
      @blur=${() => this.mark(undefined)}
      @click=${() => fire(this, "slice", { key })}
    >
      <i style="background: ${color}"></i>
      <span class="name">${name}${note === undefined ? nothing : html`<small>${note}</small>`}</span>
      <span class="figure">${this.unit.write(value)}</span>
      <span class="figure share">${this.unit.percent(share)}</span>
    </button>`;
  }

  private middle(): TemplateResult {
    const one = this.drawn.find(({ key }) => key === this.active);
    if (one === undefined) return html`<b>${this.center ?? this.unit.write(this.sum)}</b>`;
    return html`<b>${this.unit.percent(one.share)}</b><span>${one.name}</span>`;
  }

  private mark(key: string | undefined): void {
    this.active = key;
  }
}
