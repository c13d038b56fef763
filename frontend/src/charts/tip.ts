/** The box beside a mark of a chart that says all of its values. */

import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";

export interface TipRow {
  name: string;
  color?: string;
  value: string;
  previous?: string;
}

export interface Tip {
  /** Of the mark, in px of the window: its middle, and where its chart begins and ends. */
  at: { x: number; top: number; bottom: number };
  /** How far the box keeps from the middle of the mark. */
  gap: number;
  /** What the mark is and its sum; then the same of the period before. */
  heads: { name: string; value: string }[];
  rows: TipRow[];
}

const EDGE = 8;

/** Fires "close" when the page is scrolled, and the mark is elsewhere. */
@customElement("ews-tip")
export class TipBox extends LitElement {
  @property({ attribute: false }) tip?: Tip;

  static override styles = css`
    :host {
      position: fixed;
      inset: auto;
      z-index: 9;
      box-sizing: border-box;
      max-width: min(360px, calc(100vw - 16px));
      margin: 0;
      padding: 8px 12px;
      border: 1px solid var(--divider-color, #e0e0e0);
      border-radius: 8px;
      background: var(--card-background-color, #fff);
      color: var(--primary-text-color);
      font-size: max(12px, 0.86em);
      line-height: 1.4;
      box-shadow: 0 4px 16px rgb(0 0 0 / 20%);
      pointer-events: none;
    }
    :host(:not([open])) {
      display: none;
    }
    table {
      border-collapse: collapse;
    }
    td,
    th {
      padding: 1px 0 1px 12px;
      font-weight: 400;
      text-align: end;
      white-space: nowrap;
      font-variant-numeric: tabular-nums;
    }
    th {
      padding: 1px 0;
      overflow: hidden;
      max-width: 180px;
      text-align: start;
      text-overflow: ellipsis;
    }
    p {
      display: flex;
      justify-content: space-between;
      gap: 16px;
      margin: 0;
      white-space: nowrap;
      font-variant-numeric: tabular-nums;
    }
    b {
      font-weight: 500;
    }
    p + p,
    .before {
      color: var(--secondary-text-color);
    }
    table:not(:empty) {
      width: 100%;
      margin-top: 4px;
    }
    i {
      display: inline-block;
      width: 10px;
      height: 10px;
      margin-inline-end: 8px;
      border-radius: 2px;
    }
  `;

  override connectedCallback(): void {
    super.connectedCallback();
    // Above all else, also where the card hides what is wider than itself.
    this.setAttribute("popover", "manual");
    this.setAttribute("aria-hidden", "true");
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener("scroll", this.scrolled, true);
  }

  private scrolled = (): void => {
    this.dispatchEvent(new Event("close"));
  };

  protected override render(): TemplateResult | typeof nothing {
    const { tip } = this;
    if (tip === undefined) return nothing;
    return html`${tip.heads.map((head) => html`<p><span>${head.name}</span><b>${head.value}</b></p>`)}
      <table>
        ${tip.rows.map((row) => this.row(row))}
      </table>`;
  }

  private row({ name, color, value, previous }: TipRow): TemplateResult {
    return html`<tr>
      <th>${color === undefined ? nothing : html`<i style="background: ${color}"></i>`}${name}</th>
      <td>${value}</td>
      ${previous === undefined ? nothing : html`<td class="before">${previous}</td>`}
    </tr>`;
  }

  protected override updated(changed: PropertyValues): void {
    const { tip } = this;
    if (!changed.has("tip")) return;
    this.toggleAttribute("open", tip !== undefined);
    window[tip === undefined ? "removeEventListener" : "addEventListener"]("scroll", this.scrolled, true);
    if (tip === undefined) {
      if (this.matches(":popover-open")) this.hidePopover();
      return;
    }
    if (typeof this.showPopover === "function" && !this.matches(":popover-open")) this.showPopover();
    this.place(tip);
  }

  /** Puts the box to the right of the mark; where there is no room to the left, on narrow screens above or below. */
  private place({ at, gap }: Tip): void {
    const { width, height } = this.getBoundingClientRect();
    const sides = [at.x + gap, at.x - gap - width];
    const side = sides.find((left) => left >= EDGE && left + width + EDGE <= window.innerWidth);
    const fits = (value: number, size: number, room: number): number =>
      Math.max(EDGE, Math.min(value, room - size - EDGE));
    const above = at.top - height - EDGE;
    const top = side !== undefined ? at.top : above >= EDGE ? above : at.bottom + EDGE;
    this.style.left = `${fits(side ?? at.x - width / 2, width, window.innerWidth)}px`;
    this.style.top = `${fits(top, height, window.innerHeight)}px`;
  }
}
