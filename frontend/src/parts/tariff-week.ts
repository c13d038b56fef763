/**
 * The days to come as strips of tariffs. Owns how they are drawn and pointed at; the days are cut in `week`.
 *
 * One stop of the Tab key: arrow keys go from time to time, and a box says what is pointed at.
 */

import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import "../charts/tip";
import type { Tip } from "../charts/tip";
import { timeText } from "../format";
import type { HomeAssistant } from "../ha";
import { text } from "../texts";
import { type Day, type Piece, shareOfDay } from "./week";

/** What is known of a tariff. */
export interface TariffName {
  name: string;
  color: string;
}

const HOURS = [0, 6, 12, 18, 24];
const percent = (share: number): string => `${(share * 100).toFixed(3)}%`;

@customElement("ews-tariff-week")
export class TariffWeek extends LitElement {
  @property({ attribute: false }) hass!: HomeAssistant;
  @property({ attribute: false }) days: Day[] = [];
  @property({ attribute: false }) tariffs: ReadonlyMap<string, TariffName> = new Map();
  @property({ attribute: false }) zone = "UTC";
  /** How a price is written. */
  @property({ attribute: false }) price: (price: number) => string = String;
  /** POSIX s. */
  @property({ attribute: false }) now = 0;
  @state() private pointed?: Piece;
  private at = { x: 0, top: 0, bottom: 0 };

  static override styles = css`
    :host {
      display: block;
      font-size: max(12px, 0.86em);
    }
    .strip {
      display: grid;
      grid-template-columns: auto 1fr;
      gap: 4px 12px;
      align-items: center;
      border-radius: 8px;
    }
    .strip:focus-visible {
      outline: 2px solid var(--primary-color);
      outline-offset: 4px;
    }
    .day {
      color: var(--secondary-text-color);
      white-space: nowrap;
    }
    .day.today {
      color: var(--primary-text-color);
      font-weight: 500;
    }
    .row {
      position: relative;
      height: 22px;
      overflow: hidden;
      border-radius: 6px;
      background: color-mix(in srgb, var(--primary-text-color) 6%, transparent);
    }
    .piece {
      position: absolute;
      inset-block: 0;
      container-type: inline-size;
      box-sizing: border-box;
      border-inline-end: 1px solid var(--card-background-color, #fff);
      background: var(--color);
      line-height: 22px;
    }
    .piece.none {
      background: repeating-linear-gradient(
        -45deg,
        transparent 0 4px,
        color-mix(in srgb, var(--primary-text-color) 22%, transparent) 4px 5px
      );
    }
    .piece.pointed {
      outline: 2px solid var(--primary-text-color);
      outline-offset: -2px;
    }
    .piece span {
      display: none;
      padding: 0 8px;
      overflow: hidden;
      color: var(--ink);
      text-overflow: ellipsis;
      white-space: nowrap;
    }
    @container (min-width: 72px) {
      .piece span {
        display: block;
      }
    }
    .now {
      position: absolute;
      inset-block: 0;
      width: 2px;
      background: var(--primary-text-color);
      box-shadow: 0 0 0 1px var(--card-background-color, #fff);
    }
    .hours {
      display: flex;
      justify-content: space-between;
      color: var(--secondary-text-color);
      font-variant-numeric: tabular-nums;
    }
    .hours span {
      width: 0;
      display: flex;
      justify-content: center;
      white-space: nowrap;
    }
    .hours span:first-child {
      justify-content: flex-start;
    }
    .hours span:last-child {
      justify-content: flex-end;
    }
    ul {
      display: flex;
      flex-wrap: wrap;
      gap: 4px 20px;
      margin: 12px 0 0;
      padding: 0;
      list-style: none;
    }
    li {
      display: inline-flex;
      gap: 8px;
      align-items: center;
    }
    .dot {
      position: static;
      flex: none;
      width: 12px;
      height: 12px;
      border: 0;
      border-radius: 3px;
    }
    li span {
      color: var(--secondary-text-color);
      font-variant-numeric: tabular-nums;
    }
    .unseen {
      position: absolute;
      width: 1px;
      height: 1px;
      margin: 0;
      overflow: hidden;
      clip-path: inset(50%);
    }
  `;

  protected override render(): TemplateResult {
    return html`<div
        class="strip"
        tabindex="0"
        role="group"
        aria-label=${text(this.hass, "tariffs_week")}
        @keydown=${this.key}
        @pointerleave=${() => this.point(undefined)}
        @blur=${() => this.point(undefined)}
      >
        ${this.days.map((day) => this.row(day))}
        <span></span>
        <div class="hours" aria-hidden="true">${HOURS.map((hour) => html`<span>${hour}</span>`)}</div>
      </div>
      ${this.legend()}
      <p class="unseen" aria-live="polite">${this.pointed === undefined ? nothing : this.told(this.pointed)}</p>
      <ews-tip .tip=${this.tip()} @close=${() => this.point(undefined)}></ews-tip>`;
  }

  private row(day: Day): TemplateResult {
    const today = day.start <= this.now && this.now < day.end;
    const name = this.weekday(day.start, "short");
    const label = `${this.weekday(day.start, "long")}: ${day.pieces.map((piece) => this.said(piece)).join("; ")}`;
    return html`<div class="day ${today ? "today" : ""}" aria-hidden="true">${name}</div>
      <div class="row" role="img" aria-label=${label}>
        ${day.pieces.map((piece) => this.piece(piece))}
        ${today ? html`<div class="now" style="inset-inline-start: ${percent(shareOfDay(this.now, this.zone))}"></div>` : nothing}
      </div>`;
  }

  private piece(piece: Piece): TemplateResult {
    const known = this.known(piece);
    const place = `inset-inline-start: ${percent(piece.from)}; width: ${percent(piece.to - piece.from)}`;
    const color = known === undefined ? "" : `; --color: ${known.color}; --ink: ${inkOn(known.color)}`;
    const marks = `${known === undefined ? "none" : ""} ${this.pointed?.start === piece.start ? "pointed" : ""}`;
    return html`<div
      class="piece ${marks}"
      data-start=${piece.start}
      style="${place}${color}"
      @pointerenter=${() => this.point(piece)}
      @pointerdown=${() => this.point(piece)}
    >
      <span>${known?.name ?? nothing}</span>
    </div>`;
  }

  private known(piece: Piece): TariffName | undefined {
    return piece.tariff === null ? undefined : this.tariffs.get(piece.tariff);
  }

  private point(piece: Piece | undefined): void {
    const drawn = piece && this.renderRoot.querySelector(`[data-start="${piece.start}"]`)?.getBoundingClientRect();
    if (drawn !== undefined) this.at = { x: drawn.left + drawn.width / 2, top: drawn.top, bottom: drawn.bottom };
    this.pointed = piece;
  }

  private tip(): Tip | undefined {
    const { pointed, at } = this;
    if (pointed === undefined) return undefined;
    const { name, color } = this.named(pointed);
    const value = pointed.price === null ? "" : this.price(pointed.price);
    const heads = [{ name: this.weekday(pointed.start, "long"), value: this.hours(pointed) }];
    return { at, gap: 12, heads, rows: [{ name, color, value }] };
  }

  private key(event: KeyboardEvent): void {
    if (event.key === "Escape" && this.pointed !== undefined) {
      event.stopPropagation();
      this.point(undefined);
    }
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const all = this.days.flatMap((day) => day.pieces);
    const at = all.findIndex((piece) => piece.start === this.pointed?.start);
    this.point(all[at < 0 ? 0 : Math.max(0, Math.min(all.length - 1, at + step))]);
  }

  /** The tariffs of these days with their prices. */
  private legend(): TemplateResult {
    const found = new Map(this.days.flatMap((day) => day.pieces).map((one) => [`${one.tariff} ${one.price}`, one]));
    const sorted = [...found.values()].sort((a, b) => (a.price ?? Infinity) - (b.price ?? Infinity));
    return html`<ul>
      ${sorted.map((piece) => {
        const { name, color } = this.named(piece);
        return html`<li>
          <i class="piece dot ${color === undefined ? "none" : ""}" style="--color: ${color ?? "none"}"></i>${name}
          ${piece.price === null ? nothing : html`<span>${this.price(piece.price)}</span>`}
        </li>`;
      })}
    </ul>`;
  }

  private weekday(at: number, length: "short" | "long"): string {
    const { language } = this.hass.locale;
    const zone = this.zone;
    const form: Intl.DateTimeFormatOptions =
      length === "short" ? { weekday: "short", day: "numeric" } : { weekday: "long", day: "numeric", month: "long" };
    return new Intl.DateTimeFormat(language, { ...form, timeZone: zone }).format(at * 1000);
  }

  private named(piece: Piece): { name: string; color?: string } {
    return this.known(piece) ?? { name: text(this.hass, "tariffs_no_price") };
  }

  private hours({ start, end }: Piece): string {
    return `${timeText(this.hass, start, this.zone)} – ${timeText(this.hass, end, this.zone)}`;
  }

  /** What holds in a time, with its times. */
  private said(piece: Piece): string {
    const { name } = this.named(piece);
    return `${this.hours(piece)} ${name}${piece.price === null ? "" : `, ${this.price(piece.price)}`}`;
  }

  private told(piece: Piece): string {
    return `${this.weekday(piece.start, "long")}, ${this.said(piece)}`;
  }
}

/** Black or white, whichever is read better on a colour. */
export function inkOn(color: string): string {
  const parts = /^#(..)(..)(..)$/.exec(color);
  if (parts === null) return "#000";
  const [red = 0, green = 0, blue = 0] = parts.slice(1).map((part) => {
    const share = Number.parseInt(part, 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.179 ? "#000" : "#fff";
}
