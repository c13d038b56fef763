/** How consumption or costs are shared between loads, groups, devices or kinds of energy. */

import { html, nothing, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import type { Consumption, Cost, Scope, Site } from "../answers";
import type { Tool } from "../card";
import type { Slice } from "../charts/pie";
import { sumOf } from "../charts/stack";
import { client } from "../client";
import { csvText, download } from "../csv";
import { choice, groupField, periodFields, siteOf, titleField } from "../fields";
import { unitOf } from "../format";
import type { HomeAssistant } from "../ha";
import { amountLines, costLines, few, measures, overlapping, question, unitFor, type Words } from "../lines";
import { chartStyles } from "../parts/parts-styles";
import { chips } from "../parts/picker";
import { askedWhole, named } from "../period";
import { PeriodCard, type PeriodConfig } from "../period-card";
import type { Form } from "../shell";
import { currencies, type Of, type Row, tableOf } from "../totals";
import "../charts/pie";

export interface PieConfig extends PeriodConfig {
  /** What there is a part for. */
  of?: Of;
  /** Kinds of energy are shared by cost, where there are prices. */
  by?: "amount" | "cost";
  /** Only what was in this group at the time. */
  group?: string;
}

/** One whole that is shared: what cannot be added up is a pie of its own. */
interface Whole {
  /** A commodity or a currency. */
  measure: string;
  name: string;
  unit: string;
  slices: Slice[];
}

const KINDS: readonly Of[] = ["load", "group", "device", "commodity"];
const MOST_SLICES = 12;

@customElement("ews-pie-card")
export class PieCard extends PeriodCard<PieConfig> {
  @state() private told?: { consumption: Consumption; cost?: Cost };
  @state() private measure?: string;

  static override styles = [PeriodCard.styles, chartStyles];

  override setConfig(config: PieConfig): void {
    super.setConfig(config);
    this.measure = undefined;
  }

  private words: Words = (key, values) => this.t(key, values);

  private get of(): Of {
    return this.config.of ?? "load";
  }

  private get byCost(): boolean {
    return this.of === "commodity" || this.config.by === "cost";
  }

  protected override async load(mine: () => boolean): Promise<void> {
    const ours = client(this.hass);
    const scope: Scope = this.of === "commodity" ? "total" : this.of;
    const site = await ours.ask<Site>("site");
    const time = askedWhole(this.period, this.previous ? site.until : null);
    const fields = question(scope, undefined, this.config.group, time, this.previous);
    const [consumption, cost] = await Promise.all([
      ours.ask<Consumption>("consumption", fields),
      this.byCost ? ours.ask<Cost>("cost", { ...fields, by_tariff: false }) : undefined,
    ]);
    if (mine()) this.told = { consumption, cost };
  }

  private wholes(): Whole[] | undefined {
    const { told, site } = this;
    if (told === undefined || site === undefined) return undefined;
    return this.of === "commodity"
      ? energies(told.consumption, told.cost, site, this.hass, this.words)
      : shares(told, site, this.byCost, this.words);
  }

  protected heading(): string {
    return this.t(`title_${this.byCost ? "cost" : "amount"}_${this.of}`);
  }

  protected override tools(): Tool[] {
    return [{ icon: "mdi:download", label: this.t("action_csv"), press: () => this.save() }, this.enlarger()];
  }

  private get shown(): Whole | undefined {
    const wholes = this.wholes() ?? [];
    return wholes.find((one) => one.measure === this.measure) ?? wholes[0];
  }

  private save(): void {
    const whole = this.shown;
    if (whole === undefined) return;
    const sum = sumOf(whole.slices.map((slice) => slice.value));
    const unit = unitFor(this.hass, whole.unit, Math.abs(sum ?? 0));
    const head = [this.t("totals_name"), `${whole.name} [${unit.name}]`, `${this.t("totals_part")} [%]`];
    const rows = whole.slices.map(({ name, value }) =>
      value === null ? [name, null, null] : [name, unit.value(value), sum ? (100 * value) / sum : null],
    );
    download(csvText([head, ...rows]));
  }

  protected content(): TemplateResult {
    return html`${this.navigation()} ${this.body()}`;
  }

  private body(): TemplateResult {
    if (this.error !== undefined) return this.trouble(this.error);
    const wholes = this.wholes();
    if (wholes === undefined) return html`<div class="chart" aria-busy="true"></div>`;
    const whole = this.shown;
    if (whole === undefined) return this.nothingKnown();
    const unit = unitFor(this.hass, whole.unit, sumOf(whole.slices.map((slice) => slice.value)) ?? 0);
    const tabs = wholes.map(({ measure, name }) => ({ key: measure, name }));
    const choose = (key: string): void => {
      this.measure = key;
    };
    return html`${tabs.length < 2 ? nothing : chips(this.t("choose_kind"), tabs, whole.measure, choose)}
      <div class="chart free ${this.loading ? "waiting" : ""}">
        <ews-pie
          .slices=${whole.slices}
          .unit=${unit}
          .label=${`${this.config.title ?? this.heading()}, ${named(this.period, this.hass.locale.language)}`}
        ></ews-pie>
      </div>
      ${this.remarks()}`;
  }

  private nothingKnown(): TemplateResult {
    if (this.site?.since == null) return this.notice("mdi:chart-donut", this.yet());
    const costs = this.byCost && this.of !== "commodity";
    return this.notice("mdi:chart-donut", this.t(costs ? "chart_no_costs" : "chart_nothing"));
  }

  private remarks(): TemplateResult | typeof nothing {
    const overlap = this.of === "group" && this.site !== undefined && overlapping(this.site);
    return overlap ? html`<p class="remark secondary">${this.t("chart_groups_overlap")}</p>` : nothing;
  }
}

/** Parts of what is consumed: what is fed in, or counted elsewhere, is none. */
function shares(told: { consumption: Consumption; cost?: Cost }, site: Site, byCost: boolean, words: Words): Whole[] {
  const { consumption, cost } = told;
  const all = byCost ? (cost === undefined ? [] : costLines(cost, site, words)) : amountLines(consumption, site, words);
  const lines = all.filter((line) => line.counted && !line.credit);
  return measures(lines).map((measure) => {
    const mine = few(
      lines.filter((line) => line.measure === measure),
      MOST_SLICES,
      words,
    );
    const slices = mine.map(({ id, name, color, sum }) => ({ key: id, name, color, value: sum }));
    return { measure, name: byCost ? measure : words(`word_${measure}`), unit: mine[0]?.unit ?? "Wh", slices };
  });
}

/** Kinds of energy by what they cost; by the energy that is in them where nothing has a price. */
function energies(
  consumption: Consumption,
  cost: Cost | undefined,
  site: Site,
  hass: HomeAssistant,
  words: Words,
): Whole[] {
  const table = tableOf("commodity", consumption, cost, site, words);
  const rows = table.blocks.flatMap((block) => block.rows);
  const money = currencies(table, site);
  const note = (row: Row): string | undefined =>
    row.unit === null || row.amount === null ? undefined : unitOf(hass, row.unit, row.amount).write(row.amount);
  const slices = (value: (row: Row) => number | null): Slice[] =>
    rows
      .map((row) => ({ key: row.id, name: row.name, color: row.color, value: value(row), note: note(row) }))
      .filter((slice) => (slice.value ?? 0) > 0);
  const wholes = money.map((one) => ({
    measure: one,
    name: one,
    unit: one,
    slices: slices((row) => row.costs[one] ?? null),
  }));
  const energy = slices((row) => (row.unit === "Wh" ? row.amount : row.equivalent));
  const found =
    money.length > 0 ? wholes : [{ measure: "energy", name: words("word_amount"), unit: "Wh", slices: energy }];
  return found.filter((one) => one.slices.length > 0);
}

export const tag = "ews-pie-card";

/** The fields of the editor. */
export async function form(hass: HomeAssistant): Promise<Form> {
  const site = await siteOf(hass);
  return {
    schema: [
      titleField,
      choice(hass, "of", KINDS),
      choice(hass, "by", ["amount", "cost"]),
      ...groupField(site),
      ...periodFields(hass),
    ],
  };
}

export function stub(): Partial<PieConfig> {
  return { of: "load", by: "amount" };
}
