/** Consumption or costs as bars over time, stacked by load, group, device or tariff; a bar can be gone into. */

import { html, nothing, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import type { BarLength, Commodity, Consumption, Cost, Scope, Site, Tariffs } from "../answers";
import { barRows } from "../bar-table";
import type { Tool } from "../card";
import { sumOf } from "../charts/stack";
import { client } from "../client";
import { csvText, download } from "../csv";
import { choice, flag, groupField, keysField, periodFields, siteOf, titleField } from "../fields";
import { barTexts, changeText } from "../format";
import type { HomeAssistant } from "../ha";
import {
  amountLines,
  compared,
  costLines,
  few,
  measures,
  overlapping,
  peak,
  question,
  type Shown,
  tariffLines,
  unitFor,
  unpriced,
} from "../lines";
import { chartStyles } from "../parts/parts-styles";
import { chips } from "../parts/picker";
import { type Chosen, keysOf, scopeChoice } from "../parts/scope-choice";
import { asked, dayOf, named, within } from "../period";
import { PeriodCard, type PeriodConfig } from "../period-card";
import type { Form } from "../shell";
import "../charts/bars";
import "../parts/legend";

type By = "amount" | "cost" | "tariff";

export interface HistogramConfig extends PeriodConfig {
  scope?: Scope;
  /** Of what; ids of another scope are left out. All, if there are none. */
  keys?: string[];
  /** Only what was in this group at the time. */
  group?: string;
  by?: By;
  /** By default all, one beside the other where they cannot be added up. */
  commodity?: Commodity | "all";
  /** What is shown can be chosen in the card. */
  choose?: boolean;
  /** Gas is shown in kWh. */
  equivalent?: boolean;
}

/** An answer, with what it was asked for. */
type Told =
  | { by: "amount"; whole: boolean; answer: Consumption }
  | { by: "cost" | "tariff"; whole: boolean; answer: Cost; tariffs?: Tariffs };

const WAYS: readonly By[] = ["amount", "cost", "tariff"];
const SCOPES: readonly Scope[] = ["load", "group", "device", "total"];
const COMMODITIES: readonly Commodity[] = ["electricity", "gas", "water"];
/** More colours than that nobody can tell apart. */
const MOST_LINES = 14;

@customElement("ews-histogram-card")
export class HistogramCard extends PeriodCard<HistogramConfig> {
  @state() private told?: Told;
  @state() private chosen: Chosen & { by?: By } = {};
  @state() private measure?: string;
  @state() private equivalent?: boolean;
  @state() private off = new Set<string>();

  static override styles = [PeriodCard.styles, chartStyles];

  override setConfig(config: HistogramConfig): void {
    super.setConfig(config);
    const [key, ...more] = config.keys ?? [];
    this.chosen = { group: config.group, ...(config.choose === true && more.length === 0 && { key }) };
    this.equivalent = undefined;
    this.measure = undefined;
  }

  private words = (key: string, values?: Record<string, unknown>): string => this.t(key, values);

  private get scope(): Scope {
    return this.config.scope ?? "load";
  }

  private get by(): By {
    return this.chosen.by ?? this.config.by ?? "amount";
  }

  protected override async load(mine: () => boolean): Promise<void> {
    const { by, scope } = this;
    const site = await client(this.hass).ask<Site>("site");
    const keys = this.chosen.key === undefined ? keysOf(site, scope, this.config.keys) : [this.chosen.key];
    // The list of devices is what a group narrows; a device is shown with all that it had.
    const group = scope === "device" && this.chosen.key !== undefined ? undefined : this.chosen.group;
    const fields = question(scope, keys, group, asked(this.period), this.previous);
    const told = await this.ask(by, keys.length === 0, fields);
    if (mine()) this.told = told;
  }

  private async ask(by: By, whole: boolean, fields: Record<string, unknown>): Promise<Told> {
    const ours = client(this.hass);
    if (by === "amount") return { by, whole, answer: await ours.ask<Consumption>("consumption", fields) };
    const cost = ours.ask<Cost>("cost", { ...fields, by_tariff: by === "tariff" });
    if (by === "cost") return { by, whole, answer: await cost };
    const [answer, tariffs] = await Promise.all([cost, ours.ask<Tariffs>("tariffs").catch(() => undefined)]);
    return { by, whole, answer, tariffs };
  }

  /** All lines that there are, of all measures. */
  private lines({ whole, ...told }: Told, site: Site): Shown[] {
    const wanted = this.config.commodity ?? "all";
    const ours = <L extends { commodity: Commodity }>(line: L): boolean =>
      wanted === "all" || line.commodity === wanted;
    const only = <A extends Consumption | Cost>(answer: A): A => ({
      ...answer,
      series: (answer.series as { commodity: Commodity }[]).filter(ours),
      ...("charges" in answer ? { charges: answer.charges?.filter(ours) } : {}),
    });
    const all = this.read({ ...told, answer: only(told.answer), whole } as Told, site);
    // Of all devices together some are parts of others: only those that make up the total can be stacked.
    return whole && this.scope === "device" ? all.filter((line) => line.counted) : all;
  }

  private read(told: Told, site: Site): Shown[] {
    if (told.by === "amount") return amountLines(told.answer, site, this.words, this.equivalents);
    if (told.by === "cost") return costLines(told.answer, site, this.words);
    return tariffLines(told.answer, told.tariffs, this.words);
  }

  private get equivalents(): boolean {
    return this.equivalent ?? this.config.equivalent ?? false;
  }

  /** What is drawn: the lines of one measure, without what is switched off. */
  private view(): { all: Shown[]; lines: Shown[]; visible: Shown[]; measure: string | undefined } | undefined {
    if (this.told === undefined || this.site === undefined) return undefined;
    const all = this.lines(this.told, this.site);
    const there = measures(all);
    const measure = there.includes(this.measure ?? "") ? this.measure : there[0];
    const lines = few(
      all.filter((line) => line.measure === measure),
      MOST_LINES,
      this.words,
    );
    return { all, lines, visible: lines.filter((line) => !this.off.has(line.id)), measure };
  }

  protected heading(): string {
    const [key, ...more] = this.told?.whole === false && !this.config.choose ? (this.config.keys ?? []) : [];
    const { site } = this;
    const name = key === undefined || more.length > 0 ? undefined : site && nameOf(site, key);
    return name ?? this.t(this.by === "tariff" ? "title_tariff" : `title_${this.by}_${this.scope}`);
  }

  protected override tools(): Tool[] {
    return [{ icon: "mdi:download", label: this.t("action_csv"), press: () => this.save() }, this.enlarger()];
  }

  private save(): void {
    const view = this.view();
    const [first] = view?.visible ?? [];
    if (view === undefined || first === undefined || this.told === undefined) return;
    const unit = unitFor(this.hass, first.unit, peak(view.visible));
    download(csvText(barRows(this.told.answer, view.visible, unit, this.words, !this.overlap)));
  }

  private get overlap(): boolean {
    const { site, scope } = this;
    return scope === "group" && this.by !== "tariff" && site !== undefined && this.chosen.key === undefined
      ? overlapping(site, this.config.keys)
      : false;
  }

  protected content(): TemplateResult {
    return html`${this.navigation()} ${this.choices()} ${this.body()}`;
  }

  private choices(): TemplateResult | typeof nothing {
    if (!this.config.choose || this.site === undefined) return nothing;
    const pick = (chosen: Chosen & { by?: By }): void => {
      this.chosen = chosen;
      this.off = new Set();
      this.refresh();
    };
    const { chosen } = this;
    return html`<div class="choices">
      ${
        this.scope === "total"
          ? nothing
          : scopeChoice(this.site, this.scope, chosen, this.words, (next) => pick({ ...next, by: chosen.by }))
      }
      <select
        aria-label=${this.t("choose_by")}
        @change=${(event: Event) => pick({ ...chosen, by: (event.target as HTMLSelectElement).value as By })}
      >
        ${WAYS.map((by) => html`<option value=${by} .selected=${by === this.by}>${this.t(`choose_by_${by}`)}</option>`)}
      </select>
    </div>`;
  }

  private body(): TemplateResult {
    if (this.error !== undefined) return this.trouble(this.error);
    const view = this.view();
    if (view === undefined) return html`<div class="chart" aria-busy="true"></div>`;
    const { all, lines, visible, measure } = view;
    if (lines.length === 0) return html`${this.nothingKnown()} ${this.remarks([])}`;
    return html`${this.switches(all, measure)} ${this.summary(visible)} ${this.chart(visible, lines)}
    ${this.legend(lines)} ${this.remarks(visible)}`;
  }

  private nothingKnown(): TemplateResult {
    if (this.site?.since == null) return this.notice("mdi:chart-bar", this.yet());
    return this.notice("mdi:chart-bar", this.t(this.by === "amount" ? "chart_nothing" : "chart_no_costs"));
  }

  /** Which of what cannot be added up is shown; gas also in kWh. */
  private switches(all: readonly Shown[], measure: string | undefined): TemplateResult | typeof nothing {
    const there = measures(all);
    const { told } = this;
    const worth =
      told?.by === "amount" && measure === "gas" && told.answer.series.some((line) => line.equivalent_sum != null);
    if (there.length < 2 && !worth) return nothing;
    const name = (key: string): string => (told?.by === "amount" ? this.t(`word_${key}`) : key);
    const tabs = there.map((key) => ({ key, name: name(key) }));
    return html`<div class="choices">
      ${
        tabs.length < 2
          ? nothing
          : chips(this.t("choose_kind"), tabs, measure, (key) => {
              this.measure = key;
            })
      }
      ${
        worth
          ? html`<button
            class="chip"
            aria-pressed=${String(this.equivalents)}
            title=${this.t("chart_equivalent_help")}
            @click=${() => {
              this.equivalent = !this.equivalents;
            }}
          >
            ${this.t("chart_equivalent")}
          </button>`
          : nothing
      }
    </div>`;
  }

  private summary(visible: readonly Shown[]): TemplateResult | typeof nothing {
    const [first] = visible;
    if (first === undefined || (this.overlap && visible.length > 1)) return nothing;
    const { answer } = this.told as Told;
    const { sum, before, current, former, whole } = compared(visible, answer, this.site?.until ?? null);
    const write = (value: number | null): string => unitFor(this.hass, first.unit, Math.abs(value ?? 0)).write(value);
    return html`<div class="summary">
      <strong>${write(sum)}</strong>
      ${
        first.previous === undefined || before === null
          ? nothing
          : html`<span class="secondary"
            >${this.t(whole ? "chart_before" : "chart_before_so_far", {
              value: write(before),
              change: changeText(this.hass, current, former),
            })}</span
          >`
      }
    </div>`;
  }

  private chart(visible: readonly Shown[], lines: readonly Shown[]): TemplateResult {
    const { answer } = this.told as Told;
    const write = (bars: typeof answer.bars) => barTexts(this.hass, bars, answer.period, answer.time_zone);
    const { labels, titles } = write(answer.bars);
    const unit = unitFor(this.hass, lines[0]?.unit ?? "Wh", peak(visible));
    return html`<div class="chart ${this.loading ? "waiting" : ""}">
      <ews-bars
        .labels=${labels}
        .titles=${titles}
        .previousTitles=${answer.previous_bars && write(answer.previous_bars).titles}
        .series=${visible.map(({ id, ...line }) => ({ ...line, key: id }))}
        .unit=${unit}
        .label=${`${this.config.title ?? this.heading()}, ${named(this.period, this.hass.locale.language)}`}
        .drill=${within(answer.period, "2000-01-01") !== undefined}
        @bar=${(event: CustomEvent<{ index: number }>) => this.enter(answer.period, answer.bars[event.detail.index])}
      ></ews-bars>
    </div>`;
  }

  private enter(length: BarLength, bar: number | null | undefined): void {
    if (bar == null || this.told === undefined) return;
    const period = within(length, dayOf(new Date(bar * 1000), this.told.answer.time_zone));
    if (period !== undefined) this.store.set({ period });
  }

  private legend(lines: readonly Shown[]): TemplateResult | typeof nothing {
    if (lines.length < 2) return nothing;
    const unit = unitFor(this.hass, lines[0]?.unit ?? "Wh", Math.max(...lines.map((line) => Math.abs(line.sum ?? 0))));
    return html`<ews-legend
      .items=${lines.map(({ id, name, color, sum }) => ({ key: id, name, color, value: unit.write(sum) }))}
      .hidden=${this.off}
      @toggle=${(event: CustomEvent<{ key: string }>) => {
        const hidden = new Set(this.off);
        if (!hidden.delete(event.detail.key)) hidden.add(event.detail.key);
        this.off = hidden;
      }}
    ></ews-legend>`;
  }

  /** What must be said so that the picture is not taken for more than it is. */
  private remarks(visible: readonly Shown[]): TemplateResult[] {
    const said: string[] = [];
    const write = (unit: string, value: number): string => unitFor(this.hass, unit, value).write(value);
    const estimated = sumOf(visible.map((line) => line.estimated)) ?? 0;
    if (estimated > 0) said.push(this.t("chart_estimated", { value: write(visible[0]?.unit ?? "Wh", estimated) }));
    if (this.overlap && visible.length > 1) said.push(this.t("chart_groups_overlap"));
    if (this.told !== undefined && this.told.by !== "amount")
      for (const [unit, value] of Object.entries(unpriced(this.told.answer)))
        if (value > 0) said.push(this.t("chart_unpriced", { value: write(unit, value) }));
    return said.map((text) => html`<p class="remark secondary">${text}</p>`);
  }
}

function nameOf(site: Site, key: string): string | undefined {
  return site.loads[key] ?? site.groups[key] ?? site.devices.find((device) => device.id === key)?.name;
}

export const tag = "ews-histogram-card";

/** The fields of the editor. */
export async function form(hass: HomeAssistant): Promise<Form> {
  const site = await siteOf(hass);
  return {
    schema: [
      titleField,
      choice(hass, "scope", SCOPES),
      ...keysField(hass, site),
      ...groupField(site),
      choice(hass, "by", WAYS, "choose_by_"),
      choice(hass, "commodity", ["all", ...COMMODITIES]),
      flag("choose", false),
      flag("equivalent", false),
      ...periodFields(hass),
    ],
  };
}

export function stub(): Partial<HistogramConfig> {
  return { scope: "load" };
}
