/** What was paid at which tariff, what holds now and in the days to come (manual 8.2.2.5). */

import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import type { Cost, Plan, PlanKey, Scope, Segment, Site, Tariffs } from "../answers";
import { barRows } from "../bar-table";
import type { Tool } from "../card";
import type { BarSeries } from "../charts/bars";
import type { Slice } from "../charts/pie";
import { client } from "../client";
import { type Cell, csvText, download } from "../csv";
import { choice, flag, keysField, periodFields, siteOf, titleField } from "../fields";
import { barTexts, changeText, dateTimeText, moneyUnit, timeText, type Unit, unitOf } from "../format";
import { type FormField, type HomeAssistant, walk } from "../ha";
import { compared } from "../lines";
import { billOf, billTable, COMMODITY, currenciesOf, type Item, inCurrency, PLANS, sumsOf } from "../parts/bill";
import { type ChoiceGroup, chips, choicesOf, picker, scopeOf } from "../parts/picker";
import { priceText } from "../parts/price";
import type { TariffName } from "../parts/tariff-week";
import { tariffsStyles } from "../parts/tariffs-styles";
import { type Day, pricesAt, weekOf, zoneOf } from "../parts/week";
import { asked, dayOf, within } from "../period";
import { PeriodCard, type PeriodConfig } from "../period-card";
import type { Form } from "../shell";
import { frame } from "../styles";
import "../charts/bars";
import "../charts/pie";
import "../parts/legend";
import "../parts/period-bar";
import "../parts/tariff-week";

type View = "total" | "details";

export interface TariffsConfig extends PeriodConfig {
  /** Only this part; by default all of them. */
  mode?: View | "week" | "all";
  commodity?: PlanKey;
  /** Id of the device, load or group that details are of; by default the whole site. */
  subject?: string;
  /** People choose in the card what is shown; by default they do. */
  choose?: boolean;
}

const MINUTE = 60_000;
const WHOLE = "total";
const SETTINGS = "/config/integrations/integration/legrand_ews";

@customElement("ews-tariffs-card")
export class TariffsCard extends PeriodCard<TariffsConfig> {
  @state() private tariffs?: Tariffs;
  @state() private cost?: Cost;
  @state() private plan?: PlanKey;
  @state() private view?: View;
  /** An id, or the whole site. */
  @state() private subject?: string;
  @state() private currency?: string;
  @state() private off: ReadonlySet<string> = new Set();
  @state() private now = Date.now();
  private clock: number | undefined;
  private cut: { plan: Plan; days: Day[] } | undefined;

  static override styles = [frame, tariffsStyles];

  override connectedCallback(): void {
    super.connectedCallback();
    this.clock = window.setInterval(() => {
      this.now = Date.now();
    }, MINUTE);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.clearInterval(this.clock);
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has("tariffs")) this.now = Date.now();
  }

  /** What was chosen in the card gives way to a new configuration. */
  override setConfig(config: TariffsConfig): void {
    super.setConfig(config);
    this.plan = this.view = this.subject = undefined;
  }

  protected heading(): string {
    return this.t(this.config.mode === "week" ? "tariffs_week" : "tariffs_title");
  }

  protected override tools(): Tool[] {
    const csv: Tool = { icon: "mdi:download", label: this.t("action_csv"), press: () => this.save() };
    return [...(this.shown.length > 0 && this.billed ? [csv] : []), this.enlarger()];
  }

  /** Whether the card shows more than prices. */
  private get billed(): boolean {
    return this.config.mode !== "week";
  }

  private get mode(): View {
    const { mode } = this.config;
    return mode === "total" || mode === "details" ? mode : (this.view ?? "total");
  }

  /** The plan in view: the one that was chosen, else the first that there is something of. */
  private get chosen(): PlanKey {
    return this.plan ?? this.config.commodity ?? this.plans()[0] ?? "electricity";
  }

  /** The plans that somebody entered something for, or of which there are costs. */
  private plans(): PlanKey[] {
    return PLANS.filter(
      (key) =>
        (this.tariffs?.plans[key].tariffs.length ?? 0) > 0 ||
        (this.cost && billOf(this.cost, key, this.tariffs).some((item) => item.sum !== null)),
    );
  }

  private get items(): Item[] {
    if (this.cost === undefined) return [];
    const all = billOf(this.cost, this.chosen, this.tariffs);
    const currencies = currenciesOf(all);
    const currency = currencies.find((one) => one === this.currency) ?? currencies[0];
    return inCurrency(all, currency);
  }

  /** What has a cost, and is not switched off. */
  private get shown(): Item[] {
    return this.items.filter((item) => item.kind !== "unpriced" && !this.off.has(item.key));
  }

  protected async load(mine: () => boolean): Promise<void> {
    const ask = client(this.hass);
    const [site, tariffs] = await Promise.all([ask.ask<Site>("site"), ask.ask<Tariffs>("tariffs")]);
    if (!mine()) return;
    // Others can be chosen even where the answer is a refusal.
    this.tariffs = tariffs;
    const key = this.subjectOf(site);
    const scope: Scope = key === WHOLE ? "total" : (scopeOf(site, key) as Scope);
    const cost = this.billed
      ? await ask.ask<Cost>("cost", {
          scope,
          ...(key !== WHOLE && { keys: [key] }),
          ...asked(this.period),
          ...(this.previous && { previous: true }),
        })
      : undefined;
    if (mine()) this.cost = cost;
  }

  /** What details are of, as far as it can be chosen for the plan. */
  private subjectOf(site: Site): string {
    const key = this.subject ?? this.config.subject ?? WHOLE;
    const known = this.subjects(site).some(({ choices }) => choices.some((choice) => choice.id === key));
    return this.mode === "details" && known ? key : WHOLE;
  }

  protected content(): TemplateResult | typeof nothing {
    const { site, tariffs } = this;
    if (site === undefined || tariffs === undefined)
      return this.error === undefined ? nothing : this.trouble(this.error);
    const plan = tariffs.plans[this.chosen];
    const { mode } = this.config;
    const priced = plan.segments.length > 0 && (mode === undefined || mode === "all" || mode === "week");
    return html`${this.planChips()} ${priced ? this.price(tariffs, plan) : nothing}
      ${this.billed ? this.bill(site, tariffs) : nothing} ${priced ? this.week(tariffs, plan) : nothing}
      ${!this.billed && !priced ? this.unset() : nothing}`;
  }

  private planChips(): TemplateResult | typeof nothing {
    const plans = this.plans();
    if (this.config.choose === false || plans.every((key) => key === this.chosen)) return nothing;
    const named = PLANS.filter((key) => plans.includes(key) || key === this.chosen).map((key) => ({
      key,
      name: this.t(`word_${key}`),
    }));
    return chips(this.t("tariffs_plan"), named, this.chosen, (key) => {
      this.plan = key;
      this.refresh();
    });
  }

  private choose(subject: string): void {
    this.subject = subject;
    this.refresh();
  }

  /** The price of this moment, and the next one. */
  private price(tariffs: Tariffs, plan: Plan): TemplateResult {
    const { active, next } = pricesAt(plan.segments, this.now / 1000);
    const name = this.tariffNames(plan).get(active?.tariff ?? "");
    const write = (one: Segment | undefined): string =>
      one?.price == null ? this.t("tariffs_no_price") : priceText(this.hass, one.price, tariffs.currency, plan.unit);
    const then = this.tariffNames(plan).get(next?.tariff ?? "")?.name;
    const what = next?.price == null ? write(next) : `${then ?? ""} ${write(next)}`;
    return html`<div class="price">
      ${name === undefined ? nothing : html`<span class="dot" style="background: ${name.color}"></span><span>${name.name}</span>`}
      <b>${write(active)}</b>
      ${next === undefined ? nothing : html`<span class="secondary">${this.t("tariffs_until", { time: this.when(next.start, tariffs), next: what })}</span>`}
    </div>`;
  }

  /** A time of today, or of a day. */
  private when(at: number, tariffs: Tariffs): string {
    const zone = zoneOf(tariffs.time_zone);
    const soon = dayOf(new Date(at * 1000 - 1), zone) === dayOf(new Date(this.now), zone);
    return soon ? timeText(this.hass, at, zone) : dateTimeText(this.hass, at, zone);
  }

  private tariffNames(plan: Plan): Map<string, TariffName> {
    return new Map(plan.tariffs.map(({ id, name, color }) => [id, { name, color }]));
  }

  private week(tariffs: Tariffs, plan: Plan): TemplateResult {
    const zone = zoneOf(tariffs.time_zone);
    return html`${this.billed ? html`<h3>${this.t("tariffs_week")}</h3>` : nothing}
      <ews-tariff-week
        .hass=${this.hass}
        .days=${this.daysOf(plan, tariffs)}
        .tariffs=${this.tariffNames(plan)}
        .zone=${zone}
        .price=${(price: number) => priceText(this.hass, price, tariffs.currency, plan.unit)}
        .now=${this.now / 1000}
      ></ews-tariff-week>`;
  }

  /** The days of a plan; cut once, not each minute. */
  private daysOf(plan: Plan, { start, end, time_zone }: Tariffs): Day[] {
    if (this.cut?.plan !== plan) this.cut = { plan, days: weekOf(plan.segments, start, end, zoneOf(time_zone)) };
    return this.cut.days;
  }

  private bill(site: Site, tariffs: Tariffs): TemplateResult {
    return html`${this.navigation()} ${this.controls(site)}
      <div class="body ${this.loading ? "waiting" : ""}" aria-busy=${String(this.loading)}>${this.costs(tariffs)}</div>`;
  }

  private controls(site: Site): TemplateResult | typeof nothing {
    const fixed = this.config.mode === "total" || this.config.mode === "details";
    const views = (["total", "details"] as const).map((key) => ({ key, name: this.t(`word_${key}`) }));
    const currencies = this.cost === undefined ? [] : currenciesOf(billOf(this.cost, this.chosen, this.tariffs));
    const pick = this.mode === "details" && this.config.choose !== false;
    if (fixed && currencies.length < 2 && !pick) return nothing;
    const turn = (view: View): void => {
      this.view = view;
      this.refresh();
    };
    return html`<div class="controls">
      ${fixed ? nothing : chips(this.t("tariffs_view"), views, this.mode, turn)}
      ${pick ? picker(this.t("tariffs_subject"), this.subjects(site), this.subjectOf(site), (id) => this.choose(id)) : nothing}
      ${currencies.length > 1 ? this.currencyChips(currencies) : nothing}
    </div>`;
  }

  private currencyChips(currencies: readonly string[]): TemplateResult {
    const named = currencies.map((key) => ({ key, name: key }));
    return chips(this.t("tariffs_currency"), named, this.currency ?? currencies[0], (key) => {
      this.currency = key;
    });
  }

  /** What details can be of: what is fed in has no loads. */
  private subjects(site: Site): ChoiceGroup[] {
    const whole = { id: WHOLE, scope: "total" as const, name: this.t("tariffs_whole_site") };
    return [
      { label: this.t("word_total"), choices: [whole] },
      ...(this.chosen === "export" ? [] : choicesOf(site, "load", this.t("word_loads"))),
      ...choicesOf(site, "group", this.t("word_groups")),
      ...choicesOf(site, "device", this.t("word_devices"), COMMODITY[this.chosen]),
    ];
  }

  private costs(tariffs: Tariffs): TemplateResult | typeof nothing {
    if (this.error !== undefined) return this.trouble(this.error);
    const { cost, items } = this;
    if (cost === undefined) return nothing;
    const priced = items.filter((item) => item.kind !== "unpriced");
    if (priced.length === 0) {
      if (tariffs.plans[this.chosen].tariffs.length === 0) return this.unset();
      return items.length === 0 ? this.notice("mdi:chart-bar", this.t("tariffs_nothing")) : this.facts();
    }
    return html`${this.legend(priced)} ${this.mode === "total" ? this.pie() : this.bars(cost)} ${this.facts()}`;
  }

  /** Says what to do where no prices were entered. */
  private unset(): TemplateResult {
    const admin = this.hass.user?.is_admin === true;
    const message = this.t("tariffs_none", { plan: this.t(`word_${this.chosen}`) });
    const button = html`<button class="button" @click=${() => walk(SETTINGS)}>${this.t("next_tariffs_button")}</button>`;
    return this.notice("mdi:cash-clock", message, admin ? button : undefined);
  }

  private name(item: Item): string {
    return item.name ?? this.t(item.kind === "unpriced" ? "tariffs_no_price" : "word_deleted");
  }

  private get money(): Unit {
    return moneyUnit(this.hass, this.items.find((item) => item.currency !== null)?.currency ?? null);
  }

  private legend(items: readonly Item[]): TemplateResult | typeof nothing {
    if (items.length < 2 && this.mode === "total") return nothing;
    const entries = items.map((item) => ({
      key: item.key,
      name: this.name(item),
      color: item.color,
      ...(this.mode === "details" && { value: this.money.write(item.sum) }),
    }));
    return html`<ews-legend
      .items=${entries}
      .hidden=${this.off}
      @toggle=${(event: CustomEvent<{ key: string }>) => this.toggle(event.detail.key)}
    ></ews-legend>`;
  }

  private toggle(key: string): void {
    const off = new Set(this.off);
    if (!off.delete(key)) off.add(key);
    this.off = off;
  }

  private pie(): TemplateResult {
    const slices = this.shown.map(
      (item): Slice => ({
        key: item.key,
        name: this.name(item),
        color: item.color,
        value: item.sum,
        note: item.kind === "charge" ? this.t("tariffs_charge") : this.amount(item.unit, item.amount),
      }),
    );
    return html`<ews-pie .slices=${slices} .unit=${this.money} .label=${this.t("tariffs_chart")}></ews-pie>`;
  }

  private amount(unit: Item["unit"], amount: number | null): string {
    return unitOf(this.hass, unit, amount ?? 0).write(amount);
  }

  private bars(cost: Cost): TemplateResult {
    const { labels, titles } = barTexts(this.hass, cost.bars, cost.period, cost.time_zone);
    const before = cost.previous_bars && barTexts(this.hass, cost.previous_bars, cost.period, cost.time_zone).titles;
    const series = this.shown.map(
      (item): BarSeries => ({
        key: item.key,
        name: this.name(item),
        color: item.color,
        values: item.costs,
        ...(before && { previous: item.costsBefore }),
      }),
    );
    return html`<ews-bars
      .labels=${labels}
      .titles=${titles}
      .previousTitles=${before}
      .series=${series}
      .unit=${this.money}
      .label=${this.t("tariffs_chart")}
      ?drill=${cost.period !== "hour"}
      @bar=${(event: CustomEvent<{ index: number }>) => this.enter(cost, event.detail.index)}
    ></ews-bars>`;
  }

  /** Goes into a bar: a month by its days. */
  private enter(cost: Cost, index: number): void {
    const bar = cost.bars[index];
    if (bar == null) return;
    const period = within(cost.period, dayOf(new Date(bar * 1000), cost.time_zone));
    if (period !== undefined) this.store.set({ period });
  }

  /** Sums of what is shown, and what has no price. */
  private facts(): TemplateResult {
    const { cost, costBefore, amount } = sumsOf(this.shown);
    const unpriced = this.items.filter((item) => item.kind === "unpriced" && item.amount);
    const unit = this.shown.find((item) => item.amount !== null)?.unit;
    const fact = (key: string, value: string, mark = ""): TemplateResult =>
      html`<div><dt class="secondary">${this.t(key)}</dt><dd class=${mark}>${value}</dd></div>`;
    return html`<dl>
        ${this.shown.length === 0 ? nothing : fact(this.chosen === "export" ? "tariffs_earned" : "tariffs_sum", this.money.write(cost), "sum")}
        ${unit === undefined ? nothing : fact("word_amount", this.amount(unit, amount))}
        ${this.previous && costBefore !== null && this.shown.length > 0 ? fact("tariffs_before", this.earlier(costBefore)) : nothing}
        ${unpriced.map((item) => fact("tariffs_no_price", this.amount(item.unit, item.amount)))}
      </dl>
      ${unpriced.length > 0 ? html`<p class="remark secondary">${this.t("tariffs_unpriced_why")}</p>` : nothing}`;
  }

  /** What the period before cost, and by how much it is more now; while a period runs, of the same part of both. */
  private earlier(cost: number): string {
    const lines = this.shown.map(({ sum, sumBefore, costs, costsBefore }) => {
      return { sum, previousSum: sumBefore, values: costs, previous: costsBefore };
    });
    const { current, former, whole } = compared(lines, this.cost as Cost, this.site?.until ?? null);
    const change = changeText(this.hass, current, former);
    return `${this.money.write(cost)} (${whole ? change : this.t("tariffs_so_far", { change })})`;
  }

  /** Hands over what is shown as a file. */
  private save(): void {
    if (this.cost === undefined) return;
    download(csvText(this.mode === "total" ? this.byTariff() : this.byBar(this.cost)));
  }

  private byTariff(): Cell[][] {
    const words = {
      tariff: this.t("tariffs_tariff"),
      amount: this.t("word_amount"),
      cost: this.t("word_cost"),
      before: this.t("tariffs_before"),
    };
    const listed = this.items.filter((item) => !this.off.has(item.key));
    const named = listed.map((item) => ({ ...item, name: this.name(item) }));
    return billTable(named, words, this.previous);
  }

  private byBar(cost: Cost): Cell[][] {
    const columns = this.shown.map((item) => ({
      name: this.name(item),
      values: item.costs,
      ...(this.previous && { previous: item.costsBefore }),
    }));
    return barRows(cost, columns, this.money, (key, values) => this.t(key, values));
  }
}

export const tag = "ews-tariffs-card";

/** The fields of the editor. */
export async function form(hass: HomeAssistant): Promise<Form> {
  const things = keysField(hass, await siteOf(hass));
  return {
    schema: [
      titleField,
      choice(hass, "mode", ["all", "total", "details", "week"], "tariffs_mode_"),
      choice(hass, "commodity", PLANS),
      ...things.map((field) => ({ ...field, name: "subject", selector: single(field) })),
      flag("choose", true),
      ...periodFields(hass),
    ],
  };
}

/** The same choice, of one only. */
function single({ selector }: FormField): Record<string, unknown> {
  return { select: { ...(selector?.select as object), multiple: false } };
}
