/** Two devices, loads or groups side by side: as a whole, or bar by bar (manual 8.2.2.3). */

import { html, nothing, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import type { Comparison, Scope, Site } from "../answers";
import { barRows } from "../bar-table";
import type { Tool } from "../card";
import type { BarSeries } from "../charts/bars";
import { client } from "../client";
import { UNKNOWN_COLOR } from "../colors";
import { type Cell, csvText, download } from "../csv";
import { choice, flag, keysField, periodFields, siteOf, titleField } from "../fields";
import { barTexts, changeText, moneyUnit, type Unit, unitOf } from "../format";
import type { HomeAssistant } from "../ha";
import { compareStyles } from "../parts/compare-styles";
import { type Aspect, aspects, type Side } from "../parts/comparison";
import { chips, choicesOf, colorOf, nameOf, picker, scopeOf } from "../parts/picker";
import { asked, dayOf, within } from "../period";
import { PeriodCard, type PeriodConfig } from "../period-card";
import type { Form } from "../shell";
import { frame } from "../styles";
import "../charts/bars";
import "../parts/period-bar";

type Kind = Exclude<Scope, "total">;
type By = "amount" | "cost";
type Mode = "total" | "details";
type Pair = [string, string];

export interface CompareConfig extends PeriodConfig {
  /** Ids of two devices, two loads or two groups. */
  pair?: string[];
  by?: By;
  mode?: Mode;
  /** People choose in the card what is compared; by default they do. */
  choose?: boolean;
}

const KINDS: readonly Kind[] = ["device", "load", "group"];
const WORDS: Record<Kind, string> = { device: "word_devices", load: "word_loads", group: "word_groups" };
const OTHER_COLOR = "#c78700";

/** What was asked, with its answer. */
interface Known {
  pair: Pair;
  answer: Comparison;
  aspects: Aspect[];
}

@customElement("ews-compare-card")
export class CompareCard extends PeriodCard<CompareConfig> {
  @state() private known?: Known;
  @state() private kind?: Kind;
  @state() private pair?: Pair;
  @state() private by?: By;
  @state() private mode?: Mode;
  @state() private aspect?: string;

  static override styles = [frame, compareStyles];

  /** What was chosen in the card gives way to a new configuration. */
  override setConfig(config: CompareConfig): void {
    super.setConfig(config);
    this.kind = this.pair = this.by = this.mode = undefined;
  }

  protected heading(): string {
    return this.t("compare_title");
  }

  protected override tools(): Tool[] {
    const aspect = this.shown;
    const csv: Tool = {
      icon: "mdi:download",
      label: this.t("action_csv"),
      press: () => download(csvText(this.table())),
    };
    return [...(aspect === undefined ? [] : [csv]), this.enlarger()];
  }

  private get view(): Mode {
    return this.mode ?? this.config.mode ?? "total";
  }

  /** What is set side by side: of several kinds of energy or currencies, one. */
  private get shown(): Aspect | undefined {
    const found = this.known?.aspects ?? [];
    return found.find((one) => one.key === this.aspect) ?? found[0];
  }

  protected async load(mine: () => boolean): Promise<void> {
    const site = await client(this.hass).ask<Site>("site");
    if (!mine()) return;
    // Others can be chosen even where the answer is a refusal.
    const pair = this.pairOf(site);
    if (pair === undefined) {
      this.known = undefined;
      return;
    }
    const answer = await client(this.hass).ask<Comparison>("compare", {
      scope: scopeOf(site, pair[0]),
      keys: pair,
      by: this.by ?? this.config.by ?? "amount",
      ...asked(this.period),
      ...(this.previous && { previous: true }),
    });
    if (mine()) this.known = { pair, answer, aspects: aspects(answer, pair) };
  }

  /** The two that were chosen, as far as they are still there; the first two of their kind in place of others. */
  private pairOf(site: Site): Pair | undefined {
    const kind = this.kindOf(site);
    const ids = this.ids(site, kind);
    const [first, second] = this.pair ?? this.config.pair ?? [];
    const one = ids.find((id) => id === first) ?? ids.find((id) => id !== second);
    const other = ids.find((id) => id === second && id !== one) ?? ids.find((id) => id !== one);
    return one === undefined || other === undefined ? undefined : [one, other];
  }

  private ids(site: Site, kind: Kind): string[] {
    return choicesOf(site, kind, "").flatMap((group) => group.choices.map((one) => one.id));
  }

  /** The kinds of which there are two to compare. */
  private kinds(site: Site): Kind[] {
    return KINDS.filter((kind) => this.ids(site, kind).length > 1);
  }

  private kindOf(site: Site): Kind {
    const first = (this.pair ?? this.config.pair)?.[0];
    return this.kind ?? (first === undefined ? undefined : scopeOf(site, first)) ?? this.kinds(site)[0] ?? "device";
  }

  protected content(): TemplateResult | typeof nothing {
    const { site } = this;
    if (site === undefined) return this.error === undefined ? nothing : this.trouble(this.error);
    if (this.pairOf(site) === undefined) return this.notice("mdi:compare-horizontal", this.t("compare_none"));
    return html`${this.navigation()} ${this.controls(site)}
      <div class="body ${this.loading ? "waiting" : ""}" aria-busy=${String(this.loading)}>${this.body(site)}</div>`;
  }

  private controls(site: Site): TemplateResult {
    const kinds = this.kinds(site);
    const choose = this.config.choose !== false;
    return html`<div class="controls">
        ${choose && kinds.length > 1 ? this.kindChips(site, kinds) : nothing} ${this.modeChips()} ${this.byChips()}
        ${this.aspectChips()}
      </div>
      ${choose ? this.pickers(site) : nothing} ${this.why(site)}`;
  }

  private kindChips(site: Site, kinds: readonly Kind[]): TemplateResult {
    const named = kinds.map((key) => ({ key, name: this.t(WORDS[key]) }));
    return chips(this.t("compare_kind"), named, this.kindOf(site), (kind) => {
      this.kind = kind;
      this.pair = undefined;
      this.refresh();
    });
  }

  private modeChips(): TemplateResult {
    const modes = (["total", "details"] as const).map((key) => ({ key, name: this.t(`word_${key}`) }));
    return chips(this.t("compare_mode"), modes, this.view, (mode) => {
      this.mode = mode;
    });
  }

  private byChips(): TemplateResult {
    const { known } = this;
    const onlyCost = known?.answer.comparable_by === "cost";
    const ways = (["amount", "cost"] as const).map((key) => ({
      key,
      name: this.t(`word_${key}`),
      disabled: onlyCost && key === "amount",
    }));
    return chips(this.t("compare_by"), ways, known?.answer.by, (by) => {
      this.by = by;
      this.refresh();
    });
  }

  private aspectChips(): TemplateResult | typeof nothing {
    const found = this.known?.aspects ?? [];
    if (found.length < 2) return nothing;
    const named = found.map(({ key, by }) => ({ key, name: by === "amount" ? this.t(`word_${key}`) : key }));
    return chips(this.t("compare_aspect"), named, this.shown?.key, (key) => {
      this.aspect = key;
    });
  }

  private pickers(site: Site): TemplateResult {
    const kind = this.kindOf(site);
    const groups = choicesOf(site, kind, this.t(WORDS[kind]));
    const pair = this.pairOf(site) as Pair;
    const one = (place: 0 | 1): TemplateResult => html`<label>
      <span class="dot" style="background: ${this.color(site, pair, place)}"></span>
      ${picker(this.t(place === 0 ? "compare_first" : "compare_second"), groups, pair[place], (id) => this.pick(place, id))}
    </label>`;
    return html`<div class="pickers">${one(0)} ${one(1)}</div>`;
  }

  /** Takes one of the two; who takes the other one too has them change places. */
  private pick(place: 0 | 1, id: string): void {
    const pair: Pair = [...(this.pairOf(this.site as Site) as Pair)];
    if (pair[1 - place] === id) pair[1 - place] = pair[place] as string;
    pair[place] = id;
    this.pair = pair;
    this.refresh();
  }

  /** Says why amounts cannot be compared. */
  private why(site: Site): TemplateResult | typeof nothing {
    const { known } = this;
    if (known?.answer.comparable_by !== "cost") return nothing;
    const [first, second] = known.pair.map((id) => this.name(site, id));
    return html`<p class="why secondary">${this.t("compare_only_cost", { first, second })}</p>`;
  }

  private body(site: Site): TemplateResult | typeof nothing {
    if (this.error !== undefined) return this.trouble(this.error);
    const { known, shown } = this;
    if (known === undefined) return nothing;
    if (shown === undefined) {
      const unpriced = known.answer.by === "cost" && known.answer.series.length > 0;
      return this.notice("mdi:chart-bar", this.t(unpriced ? "compare_no_price" : "compare_nothing"));
    }
    return html`${this.view === "total" ? this.strips(site, known, shown) : this.bars(site, known, shown)}
    ${this.difference(site, known, shown)}`;
  }

  /** The two sums as strips of one scale. */
  private strips(site: Site, { pair }: Known, aspect: Aspect): TemplateResult {
    const most = this.most(aspect);
    const unit = this.unit(aspect, most);
    const width = (value: number | null): string => `${most > 0 ? (Math.max(value ?? 0, 0) / most) * 100 : 0}%`;
    const side = (one: Side, place: 0 | 1): TemplateResult => {
      const color = this.color(site, pair, place);
      return html`<div class="side">
        <div class="line">
          <span class="dot" style="background: ${color}"></span>
          <span class="name">${this.name(site, one.key)}</span>
          <b>${unit.write(one.sum)}</b>
        </div>
        <div class="track"><div class="fill" style="width: ${width(one.sum)}; background: ${color}"></div></div>
        ${
          this.previous
            ? html`<div class="track before">
                <div class="fill" style="width: ${width(one.sumBefore)}; background: ${color}"></div>
              </div>`
            : nothing
        }
        ${this.notes(one, aspect, unit)}
      </div>`;
    };
    return html`<div class="sides">${side(aspect.sides[0], 0)} ${side(aspect.sides[1], 1)}</div>`;
  }

  /** The period before, and what is not in the sum. */
  private notes(side: Side, aspect: Aspect, unit: Unit): TemplateResult | typeof nothing {
    const change = changeText(this.hass, side.sum, side.sumBefore);
    const before = this.t("compare_before", { value: unit.write(side.sumBefore), change });
    const unpriced =
      side.unpriced === null
        ? undefined
        : this.t("compare_unpriced", { amount: unitOf(this.hass, aspect.unit, side.unpriced).write(side.unpriced) });
    const known = this.previous && side.sumBefore !== null;
    if (!known && unpriced === undefined) return nothing;
    return html`<div class="secondary">
      ${known ? html`<span>${before}</span>` : nothing} ${unpriced === undefined ? nothing : html`<span>${unpriced}</span>`}
    </div>`;
  }

  /** The two beside each other in each bar. */
  private bars(site: Site, { pair, answer }: Known, aspect: Aspect): TemplateResult {
    const largest = Math.max(0, ...aspect.sides.flatMap((side) => side.values.map((value) => value ?? 0)));
    const unit = this.unit(aspect, largest);
    const { labels, titles } = barTexts(this.hass, answer.bars, answer.period, answer.time_zone);
    const series = aspect.sides.map(
      (side, place): BarSeries => ({
        key: side.key,
        name: this.name(site, side.key),
        color: this.color(site, pair, place as 0 | 1),
        values: side.values,
      }),
    );
    const sums = this.unit(aspect, this.most(aspect));
    return html`<ews-bars
        beside
        .labels=${labels}
        .titles=${titles}
        .series=${series}
        .unit=${unit}
        .label=${this.t("compare_chart", { first: series[0]?.name, second: series[1]?.name })}
        .head=${(bar: number) => this.t("compare_difference", { value: unit.write(aspect.differences[bar]) })}
        ?drill=${answer.period !== "hour"}
        @bar=${(event: CustomEvent<{ index: number }>) => this.enter(answer, event.detail.index)}
      ></ews-bars>
      <div class="keys">
        ${series.map(
          ({ name, color }, place) => html`<span>
            <i class="dot" style="background: ${color}"></i>${name} <b class="number">${sums.write(aspect.sides[place]?.sum)}</b>
          </span>`,
        )}
      </div>`;
  }

  /** Goes into a bar: a month by its days. */
  private enter(answer: Comparison, index: number): void {
    const bar = answer.bars[index];
    if (bar == null) return;
    const period = within(answer.period, dayOf(new Date(bar * 1000), answer.time_zone));
    if (period !== undefined) this.store.set({ period });
  }

  /** Who had more, in a sentence. */
  private difference(site: Site, { pair }: Known, aspect: Aspect): TemplateResult {
    const [one, other] = aspect.difference !== null && aspect.difference < 0 ? [1, 0] : [0, 1];
    const [more, less] = [aspect.sides[one as 0 | 1], aspect.sides[other as 0 | 1]];
    const size = aspect.difference === null ? null : Math.abs(aspect.difference);
    const values = {
      first: this.name(site, pair[one as 0 | 1]),
      second: this.name(site, pair[other as 0 | 1]),
      value: this.unit(aspect, this.most(aspect)).write(size),
      change: changeText(this.hass, more.sum, less.sum),
    };
    const known = values.change !== "–";
    const key = size === null ? "unknown" : size === 0 ? "same" : known ? "more" : "more_only";
    return html`<p class="difference">${this.t(`compare_says_${key}`, values)}</p>`;
  }

  /** The largest sum that is shown. */
  private most({ sides }: Aspect): number {
    return Math.max(0, ...sides.flatMap((side) => [side.sum ?? 0, this.previous ? (side.sumBefore ?? 0) : 0]));
  }

  private unit(aspect: Aspect, largest: number): Unit {
    return aspect.by === "cost" ? moneyUnit(this.hass, aspect.key) : unitOf(this.hass, aspect.unit, largest);
  }

  private name(site: Site, id: string): string {
    return (
      nameOf(site, id) ?? this.known?.answer.series.find((line) => line.key === id)?.name ?? this.t("word_deleted")
    );
  }

  /** Its own colour; the second has another one where both are the same. */
  private color(site: Site, pair: Pair, place: 0 | 1): string {
    const own = colorOf(site, pair[place]);
    if (place === 0 || own !== colorOf(site, pair[0])) return own;
    return own === OTHER_COLOR ? UNKNOWN_COLOR : OTHER_COLOR;
  }

  /** What is shown, as a table. */
  private table(): Cell[][] {
    const { known, shown, site } = this;
    if (known === undefined || shown === undefined || site === undefined) return [];
    const most = Math.max(0, ...shown.sides.flatMap((side) => [side.sum ?? 0, ...side.values.map((one) => one ?? 0)]));
    const unit = this.unit(shown, most);
    const [first, second] = shown.sides;
    const names = [this.name(site, first.key), this.name(site, second.key), this.t("compare_column")];
    if (this.view === "details") {
      const lists = [first.values, second.values, shown.differences];
      const columns = lists.map((values, place) => ({ name: names[place] ?? "", values }));
      return barRows(known.answer, columns, unit, (key, values) => this.t(key, values), false);
    }
    const row = (key: string, ...values: (number | null)[]): Cell[] => [
      this.t(key),
      ...values.map((value) => (value === null ? null : unit.value(value))),
    ];
    const before = row("tariffs_before", first.sumBefore, second.sumBefore, null);
    return [
      [null, ...names.map((name) => `${name} [${unit.name}]`)],
      row("table_sum", first.sum, second.sum, shown.difference),
      ...(this.previous ? [before] : []),
    ];
  }
}

export const tag = "ews-compare-card";

/** The fields of the editor. */
export async function form(hass: HomeAssistant): Promise<Form> {
  const things = keysField(hass, await siteOf(hass));
  return {
    schema: [
      titleField,
      ...things.map((field) => ({ ...field, name: "pair" })),
      choice(hass, "mode", ["total", "details"]),
      choice(hass, "by", ["amount", "cost"]),
      flag("choose", true),
      ...periodFields(hass),
    ],
  };
}
