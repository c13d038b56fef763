/**
 * Bars over time, stacked by series, with those of the period before beside them.
 *
 * Owns the picture, its axis, the mark under the pointer and the keyboard. What is shown, and in which words, comes
 * from who uses it: `<ews-bars .series=… .labels=… .titles=… .unit=… .label=… ?drill=…>`.
 */

import { css, html, LitElement, nothing, type PropertyValues, svg, type TemplateResult } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import type { Unit } from "../format";
import { fire } from "../ha";
import { type Box, measured, outline } from "./paint";
import { type Scale, scale, stride } from "./scale";
import { extent, type Part, stacked, sumOf, type Values } from "./stack";
import "./tip";
import type { Tip, TipRow } from "./tip";

export interface BarSeries {
  key: string;
  name: string;
  color: string;
  values: (number | null)[];
  previous?: (number | null)[];
}

interface Layout {
  box: Box;
  scale: Scale;
  slot: number;
  now: { left: number; width: number };
  before?: { left: number; width: number };
  stride: number;
  parts: (Part | null)[][];
  previous: (Part | null)[][];
}

const LEAST = 180;
/** Rows of a tooltip; what is less is one row more. */
const MOST_ROWS = 14;
const WIDEST = 56;
const KEYS: Record<string, (at: number, last: number) => number> = {
  ArrowRight: (at, last) => Math.min(at + 1, last),
  ArrowLeft: (at) => Math.max(at - 1, 0),
  Home: () => 0,
  End: (_, last) => last,
};

/** Fires "bar" {index} where `drill` is set. */
@customElement("ews-bars")
export class Bars extends LitElement {
  @property({ attribute: false }) labels: string[] = [];
  @property({ attribute: false }) titles: string[] = [];
  @property({ attribute: false }) previousTitles?: string[];
  @property({ attribute: false }) series: BarSeries[] = [];
  @property({ attribute: false }) unit!: Unit;
  /** What the chart is called by screen readers. */
  @property() label = "";
  /** Whether a bar can be gone into. */
  @property({ type: Boolean }) drill = false;
  /** Whether series stand beside each other, in place of on top of each other. */
  @property({ type: Boolean }) beside = false;
  /** What a tooltip says of a bar in place of the sum. */
  @property({ attribute: false }) head?: (bar: number) => string;
  @state() private active: number | undefined;
  @state() private size = { width: 0, height: 0, text: 12 };
  @query(".plot") private plot!: HTMLElement;
  private layout?: Layout;
  private marks: TemplateResult | undefined;
  /** Each bar in one sentence. */
  private sentences: string[] = [];
  /** The bar that a finger found marked when it came down. */
  private touched: number | undefined;
  private watcher: ResizeObserver | undefined;

  static override styles = css`
    :host {
      display: block;
      flex: 1;
      height: 100%;
      min-width: 0;
      min-height: ${LEAST}px;
      font-size: max(12px, 0.86em);
    }
    .plot {
      position: relative;
      height: 100%;
      min-height: inherit;
      border-radius: 4px;
      outline: none;
      cursor: default;
      touch-action: pan-y;
      user-select: none;
    }
    .plot.drill {
      cursor: pointer;
    }
    .plot:focus-visible {
      outline: 2px solid var(--primary-color);
      outline-offset: 2px;
    }
    svg {
      position: absolute;
      inset: 0;
      display: block;
      overflow: visible;
    }
    text {
      fill: var(--secondary-text-color);
      font-size: 1em;
      font-variant-numeric: tabular-nums;
    }
    .end {
      text-anchor: end;
    }
    .middle {
      text-anchor: middle;
    }
    .grid {
      stroke: var(--divider-color, #e0e0e0);
      shape-rendering: crispEdges;
    }
    .zero {
      stroke: color-mix(in srgb, var(--secondary-text-color, #727272) 50%, transparent);
      shape-rendering: crispEdges;
    }
    .past {
      opacity: 0.4;
    }
    .series {
      stroke: var(--ha-card-background, var(--card-background-color, #fff));
      stroke-width: 0.5px;
    }
    .here {
      fill: var(--primary-text-color);
      opacity: 0.07;
    }
    g {
      pointer-events: none;
    }
    .option {
      fill: none;
      pointer-events: all;
    }
  `;

  override connectedCallback(): void {
    super.connectedCallback();
    this.watcher = new ResizeObserver(() => this.measure());
    this.watcher.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.watcher?.disconnect();
  }

  private measure(): void {
    const next = measured(this, LEAST);
    const { width, height, text } = this.size;
    if (next.width !== width || next.height !== height || next.text !== text) this.size = next;
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.size === 1 && changed.has("active")) return;
    if (this.active !== undefined && this.active >= this.labels.length) this.active = undefined;
    this.layout = this.unit === undefined || this.size.width === 0 ? undefined : this.arrange();
    this.marks = undefined;
    this.sentences = this.layout === undefined ? [] : this.labels.map((_, bar) => this.said(bar));
  }

  private arrange(): Layout {
    const { series, labels, unit, size } = this;
    const count = Math.max(labels.length, 1);
    const pile = (rows: Values[]): (Part | null)[][] =>
      this.beside ? rows.flatMap((row) => stacked([row], count)) : stacked(rows, count);
    const parts = pile(series.map((one) => one.values.map((value) => value && unit.value(value))));
    const has = series.some((one) => one.previous !== undefined);
    const previous = pile(series.map((one) => (one.previous ?? []).map((value) => value && unit.value(value))));
    const line = size.text * 1.4;
    const room = size.height - 2.6 * line;
    const axis = scale(...extent(parts, previous), Math.max(2, Math.min(6, Math.floor(room / (line * 2.4)))));
    const per = unit.value(1);
    const widest = Math.max(...axis.ticks.map((tick) => unit.tick(tick / per).length));
    const box = {
      left: Math.ceil(widest * size.text * 0.58) + 10,
      top: Math.round(line * 1.3),
      right: size.width - 2,
      bottom: size.height - Math.round(line * 1.3),
    };
    const slot = (box.right - box.left) / count;
    const label = Math.max(...labels.map((text) => text.length)) * size.text * 0.58 + size.text * 0.75;
    return { box, scale: axis, slot, ...columns(slot, has), stride: stride(count, slot, label), parts, previous };
  }

  private y(value: number): number {
    const { box, scale } = this.layout as Layout;
    return box.bottom - ((value - scale.low) / (scale.high - scale.low)) * (box.bottom - box.top);
  }

  protected override render(): TemplateResult {
    const { layout, active, drill } = this;
    return html`<div
        class="plot ${drill ? "drill" : ""}"
        role="listbox"
        tabindex="0"
        aria-label=${this.label}
        aria-orientation="horizontal"
        aria-activedescendant=${active === undefined ? nothing : `bar-${active}`}
        @keydown=${this.key}
        @pointermove=${this.point}
        @pointerdown=${this.press}
        @pointerleave=${this.leave}
        @click=${this.tapped}
        @blur=${this.forget}
      >
        ${layout === undefined ? nothing : this.picture(layout)}
      </div>
      <ews-tip .tip=${this.tip()} @close=${this.forget}></ews-tip>`;
  }

  private picture({ box, slot }: Layout): TemplateResult {
    const { width, height } = this.size;
    this.marks ??= this.draw();
    const here =
      this.active === undefined
        ? nothing
        : svg`<rect class="here" rx="4" x=${box.left + this.active * slot} y=${box.top} width=${slot}
            height=${box.bottom - box.top}></rect>`;
    return html`<svg width=${width} height=${height}>${here}${this.marks}${this.options(box, slot)}</svg>`;
  }

  /** All that stays while the pointer moves. */
  private draw(): TemplateResult {
    const { box, scale, slot, now, before, parts, previous, stride } = this.layout as Layout;
    const { text } = this.size;
    const path = (row: (Part | null)[] | undefined, { left, width }: { left: number; width: number }): string =>
      (row ?? [])
        .map((part, bar) => part && outline(part, box.left + bar * slot + left, width, (value) => this.y(value)))
        .filter(Boolean)
        .join("");
    const per = this.unit.value(1);
    return svg`<g aria-hidden="true">
      ${scale.ticks.map(
        (tick) => svg`<line class=${tick === 0 ? "zero" : "grid"} x1=${box.left} x2=${box.right}
            y1=${Math.round(this.y(tick))} y2=${Math.round(this.y(tick))}></line>
          <text class="end" x=${box.left - 8} y=${this.y(tick) + text * 0.35}>${this.unit.tick(tick / per)}</text>`,
      )}
      <text x="0" y=${text * 0.9}>${this.unit.name}</text>
      ${before && previous.map((row, at) => svg`<path class="series past" fill=${this.color(at)} d=${path(row, this.own(before, at))}></path>`)}
      ${parts.map((row, at) => svg`<path class="series" fill=${this.color(at)} d=${path(row, this.own(now, at))}></path>`)}
      ${this.labels.map((label, bar) =>
        bar % stride === 0
          ? svg`<text class="middle" x=${box.left + (bar + 0.5) * slot} y=${box.bottom + text * 1.4}>${label}</text>`
          : nothing,
      )}
    </g>`;
  }

  private color(at: number): string {
    return (this.series[at] as BarSeries).color;
  }

  /** The place of a series within that of its bar. */
  private own({ left, width }: Layout["now"], at: number): Layout["now"] {
    if (!this.beside) return { left, width };
    const share = width / Math.max(this.series.length, 1);
    return { left: left + at * share, width: share * (this.series.length > 1 ? 0.92 : 1) };
  }

  /** The bars as screen readers have them; the pointer is found by its place. */
  private options(box: Box, slot: number): TemplateResult {
    return svg`${this.labels.map(
      (_, bar) => svg`<rect class="option" id="bar-${bar}" role="option" aria-selected=${String(bar === this.active)}
        aria-label=${this.sentences[bar] ?? ""} x=${box.left + bar * slot} y=${box.top} width=${slot}
        height=${box.bottom - box.top}></rect>`,
    )}`;
  }

  private said(bar: number): string {
    const rows = this.rows(bar).map(({ name, value }) => `${name} ${value}`);
    const heads = this.heads(bar).map(({ name, value }) => `${name}: ${value}`);
    return [...heads, ...(rows.length > 1 ? rows : [])].join("; ");
  }

  private heads(bar: number): Tip["heads"] {
    const { series, unit, titles, labels, previousTitles } = this;
    const sum = (values: (number | null | undefined)[]): string => unit.write(sumOf(values));
    const now = {
      name: titles[bar] || labels[bar] || "",
      value: this.head?.(bar) ?? sum(series.map((one) => one.values[bar])),
    };
    if (!series.some((one) => one.previous !== undefined)) return [now];
    const value = sum(series.map((one) => one.previous?.[bar]));
    return [now, { name: previousTitles?.[bar] ?? "", value }];
  }

  /** The parts of a bar from the top, without those of which there is nothing. */
  private rows(bar: number): TipRow[] {
    const { series, unit } = this;
    const found = series.filter((one) => one.values[bar] || one.previous?.[bar]);
    if (!this.beside) found.reverse();
    const rows = found.slice(0, MOST_ROWS).map(({ name, color, values, previous }) => ({
      name,
      color,
      value: unit.write(values[bar]),
      previous: previous && unit.write(previous[bar]),
    }));
    const rest = found.slice(MOST_ROWS);
    if (rest.length === 0) return rows;
    const value = unit.write(sumOf(rest.map((one) => one.values[bar])));
    const previous = unit.write(sumOf(rest.map((one) => one.previous?.[bar])));
    return [
      ...rows,
      { name: `+ ${rest.length}`, value, previous: rest.some((one) => one.previous) ? previous : undefined },
    ];
  }

  private tip(): Tip | undefined {
    const { active, layout } = this;
    if (active === undefined || layout === undefined || !this.hasUpdated) return undefined;
    const { left, top, bottom } = this.plot.getBoundingClientRect();
    const x = left + layout.box.left + (active + 0.5) * layout.slot;
    const rows = this.rows(active);
    return {
      at: { x, top: top + layout.box.top, bottom },
      gap: layout.slot / 2 + 8,
      heads: this.heads(active),
      rows: this.series.length > 1 ? rows : [],
    };
  }

  private found(event: MouseEvent): number | undefined {
    if (this.layout === undefined) return undefined;
    const { box, slot } = this.layout;
    const bar = Math.floor((event.clientX - this.plot.getBoundingClientRect().left - box.left) / slot);
    return bar >= 0 && bar < this.labels.length ? bar : undefined;
  }

  private point(event: PointerEvent): void {
    this.active = this.found(event);
  }

  private press(event: PointerEvent): void {
    this.touched = this.active;
    this.point(event);
  }

  private leave(event: PointerEvent): void {
    if (event.pointerType === "mouse") this.forget();
  }

  /** A finger's first tap shows what is there, the second goes in. */
  private tapped(event: MouseEvent): void {
    const bar = this.found(event);
    const touch = (event as PointerEvent).pointerType === "touch";
    if (bar !== undefined && (!touch || this.touched === bar)) this.enter(bar);
  }

  private key(event: KeyboardEvent): void {
    const last = this.labels.length - 1;
    const move = KEYS[event.key];
    if (move !== undefined && last >= 0)
      this.active = this.active === undefined ? (event.key === "End" ? last : 0) : move(this.active, last);
    else if (event.key === "Escape" && this.active !== undefined) {
      this.forget();
      event.stopPropagation();
    } else if ((event.key === "Enter" || event.key === " ") && this.active !== undefined) this.enter(this.active);
    else return;
    event.preventDefault();
  }

  private enter(index: number): void {
    if (this.drill) fire(this, "bar", { index });
  }

  private forget(): void {
    this.active = undefined;
  }
}

/** The places of the two bars within a slot. */
function columns(slot: number, both: boolean): Pick<Layout, "now" | "before"> {
  const width = Math.min(slot * (both ? 0.74 : 0.7), both ? WIDEST * 1.5 : WIDEST);
  const start = (slot - width) / 2;
  if (!both) return { now: { left: start, width } };
  const narrow = width * 0.32;
  const gap = Math.min(width * 0.06, 3);
  return { before: { left: start, width: narrow }, now: { left: start + narrow + gap, width: width - narrow - gap } };
}
