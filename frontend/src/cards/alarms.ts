/**
 * The journal of alarms and events: filtered, followed, acknowledged (manual 8.7).
 *
 * Owns what people see and press. What is in view and how it is kept up to date is `parts/alarm-journal`'s matter.
 */

import type { TemplateResult } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import type { Access, Board } from "../answers";
import { EwsCard, html, nothing, type Tool } from "../card";
import { client } from "../client";
import { csvText, download } from "../csv";
import { refusal } from "../errors";
import { dateTimeText, durationText, timeText } from "../format";
import { type CardConfig, type HomeAssistant, moreInfo } from "../ha";
import {
  type AlarmEntry,
  type AlarmFilter,
  alarmTable,
  byDay,
  isActive,
  isUnseen,
  KINDS,
  kindText,
  look,
} from "../parts/alarm-entry";
import { AlarmJournal } from "../parts/alarm-journal";
import { journalStyle } from "../parts/alarm-styles";
import { dayOf, moved, named, today } from "../period";
import type { Form } from "../shell";
import { text } from "../texts";

export interface AlarmsConfig extends CardConfig {
  /** What the card begins with. */
  show?: "all" | "active" | "unacknowledged";
  /** Only these kinds. */
  kinds?: string[];
  /** Our own id: only this device or gateway. */
  device?: string;
  /** False: no filters to choose from. */
  filters?: boolean;
}

const TYPING = 300;

export const tag = "ews-alarms-card";

@customElement(tag)
export class AlarmsCard extends EwsCard<AlarmsConfig> {
  @state() private filter: AlarmFilter = {};
  /** The fields of the filter are open. */
  @state() private open = false;
  @state() private access?: Access;
  @state() private failure = "";
  /** What is being acknowledged. */
  @state() private pending: ReadonlySet<number> = new Set();
  @query("dialog") private dialog!: HTMLDialogElement | null;
  @query(".list") private list!: HTMLElement | null;
  private journal: AlarmJournal | undefined;
  private mains: ReadonlyMap<string, string> = new Map();
  private typing: number | undefined;
  private sentinel: IntersectionObserver | undefined;
  private unfollow: (() => void) | undefined;

  static override styles = [EwsCard.styles, journalStyle];

  override setConfig(config: AlarmsConfig): void {
    if (config.kinds !== undefined && !Array.isArray(config.kinds)) throw new Error("kinds must be a list");
    super.setConfig(config);
    this.filter = this.configured();
    this.journal?.show(this.filter);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.hasUpdated) this.requestUpdate();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.clearTimeout(this.typing);
    this.sentinel?.disconnect();
    this.sentinel = undefined;
    this.journal?.end();
    this.journal = undefined;
    this.unfollow?.();
  }

  protected override heading(): string {
    return this.t("alarms_title");
  }

  protected override tools(): Tool[] {
    const filters: Tool = {
      icon: "mdi:filter-variant",
      label: this.t("alarms_filter"),
      press: () => {
        this.open = !this.open;
      },
      pressed: this.open,
    };
    const csv: Tool = {
      icon: "mdi:download",
      label: this.t("action_csv"),
      press: () => download(csvText(alarmTable(this.hass, this.journal?.entries ?? [], this.zone))),
    };
    const all: Tool = {
      icon: "mdi:check-all",
      label: this.t("alarms_acknowledge_all"),
      press: () => this.dialog?.showModal(),
    };
    const unseen = this.mayAcknowledge && (this.journal?.unacknowledged ?? 0) > 0;
    return [...(unseen ? [all] : []), ...(this.config.filters === false ? [] : [filters]), csv, this.enlarger()];
  }

  protected override willUpdate(): void {
    if (this.isConnected) this.start();
  }

  protected override updated(): void {
    this.sentinel?.disconnect();
    const older = this.renderRoot.querySelector(".older");
    if (older !== null) this.sentinel?.observe(older);
  }

  protected content(): TemplateResult | typeof nothing {
    const journal = this.journal;
    if (journal === undefined) return nothing;
    if (!journal.known) return journal.error === undefined ? nothing : this.trouble(journal.error);
    const lost = journal.error !== undefined && journal.entries.length === 0;
    const failure = this.failure || (journal.error !== undefined && !lost ? refusal(journal.error).message : "");
    return html`
      ${this.bar(journal)} ${this.open ? this.fields(journal) : nothing}
      ${failure ? html`<p class="failed-line" role="alert">${failure}</p>` : nothing}
      ${lost ? this.trouble(journal.error) : this.rows(journal)} ${this.confirmation(journal)}
    `;
  }

  private get zone(): string {
    return this.hass.config.time_zone;
  }

  private get mayAcknowledge(): boolean {
    return this.access?.rights.includes("acknowledge") ?? false;
  }

  /** The filter that the configuration asks for. */
  private configured(): AlarmFilter {
    const { show = "all", kinds, device } = this.config;
    return { kinds, device, active: show === "active", unacknowledged: show === "unacknowledged" };
  }

  private get narrowed(): boolean {
    const plain = this.configured();
    const { kinds, device, since, until, text } = this.filter;
    return kinds !== plain.kinds || device !== plain.device || Boolean(since || until || text);
  }

  private start(): void {
    if (this.journal !== undefined) return;
    this.journal = new AlarmJournal(this.hass, () => this.requestUpdate(), this.filter);
    this.journal.begin();
    // Only where the list itself scrolls: on a page that scrolls, whatever is below would flee.
    this.sentinel = new IntersectionObserver((seen) => {
      const list = this.list;
      const scrolls = list !== null && list.scrollHeight > list.clientHeight;
      const seeks = scrolls && this.journal?.error === undefined && seen.some((one) => one.isIntersecting);
      if (seeks) void this.journal?.older();
    });
    this.unfollow = client(this.hass).follow(() => this.learn());
    this.learn();
  }

  /** Asks what the user may, and which entity stands for a device. Without, names are names and nothing can be pressed. */
  private learn(): void {
    const known = client(this.hass);
    const none = (): undefined => undefined;
    known.ask<Access>("access").then((access) => {
      this.access = access;
    }, none);
    known.ask<Board>("board").then(({ gateways, devices }) => {
      const firsts = [
        ...gateways.map(({ id, entities }) => [id, entities.connected ?? Object.values(entities)[0]] as const),
        ...devices.map(
          ({ id, main, pages }) => [id, Object.values(main)[0] ?? Object.values(pages).flat()[0]] as const,
        ),
      ];
      this.mains = new Map(firsts.filter((pair): pair is [string, string] => pair[1] !== undefined));
      this.requestUpdate();
    }, none);
  }

  /** Shows what passes another filter. */
  private narrow(change: AlarmFilter): void {
    this.filter = { ...this.filter, ...change };
    this.journal?.show({ ...this.filter, text: this.filter.text?.trim() });
  }

  private bar(journal: AlarmJournal): TemplateResult | typeof nothing {
    if (this.config.filters === false) return nothing;
    const chip = (field: "active" | "unacknowledged", count: number, alert: boolean): TemplateResult => html`<button
      class="chip"
      aria-pressed=${String(Boolean(this.filter[field]))}
      @click=${() => this.narrow({ [field]: !this.filter[field] })}
    >
      ${this.t(`alarms_${field}`)}<span class="count ${alert && count > 0 ? "alert" : ""}">${count}</span>
    </button>`;
    return html`<div class="bar">
      ${chip("active", journal.active, true)} ${chip("unacknowledged", journal.unacknowledged, false)}
      <input
        class="search"
        type="search"
        placeholder=${this.t("alarms_search")}
        aria-label=${this.t("alarms_search")}
        .value=${this.filter.text ?? ""}
        @input=${this.type}
      />
    </div>`;
  }

  private type(event: InputEvent): void {
    const text = (event.target as HTMLInputElement).value;
    window.clearTimeout(this.typing);
    this.typing = window.setTimeout(() => this.narrow({ text }), TYPING);
  }

  private fields(journal: AlarmJournal): TemplateResult {
    const { kinds = [], device = "", since = "", until = "" } = this.filter;
    const chosen = kinds.length === 1 ? (kinds[0] as string) : "";
    const select = (name: string, value: string, options: [string, string][], take: (value: string) => void) => html`
      <label>
        ${this.t(`alarms_${name}`)}
        <select @change=${(event: Event) => take((event.target as HTMLSelectElement).value)}>
          ${[["", this.t(`alarms_all_${name}s`)], ...options].map(
            ([key, word]) => html`<option value=${key} .selected=${key === value}>${word}</option>`,
          )}
        </select>
      </label>
    `;
    const date = (field: "since" | "until", value: string) => html`
      <label>
        ${this.t(`alarms_${field}`)}
        <input
          type="date"
          max=${today(this.zone)}
          .value=${value}
          @change=${(event: Event) => this.narrow({ [field]: (event.target as HTMLInputElement).value })}
        />
      </label>
    `;
    const kindWords = (this.config.kinds ?? KINDS).map((kind): [string, string] => [kind, kindText(this.hass, kind)]);
    const names = Object.entries(journal.devices).sort(([, one], [, other]) => one.localeCompare(other));
    return html`<div class="fields">
      ${select("kind", chosen, kindWords, (kind) => this.narrow({ kinds: kind ? [kind] : this.config.kinds }))}
      ${select("device", device, names, (id) => this.narrow({ device: id || undefined }))} ${date("since", since)}
      ${date("until", until)} ${this.narrowed ? this.clearing() : nothing}
    </div>`;
  }

  private clearing(): TemplateResult {
    return html`<button class="button" @click=${this.clear}>${this.t("alarms_clear_filter")}</button>`;
  }

  private clear(): void {
    const plain = this.configured();
    this.narrow({ ...plain, since: undefined, until: undefined, text: undefined });
  }

  private rows(journal: AlarmJournal): TemplateResult {
    if (journal.entries.length === 0 && !journal.busy) return this.emptiness();
    return html`<div class="list ${journal.busy ? "waiting" : ""}" aria-busy=${String(journal.busy)}>
      ${repeat(
        byDay(journal.entries, this.zone),
        ({ entries }) => entries[0]?.id,
        ({ day, entries }) => html`<section>
          <h3>${this.dayName(day)}</h3>
          <ul>
            ${repeat(
              entries,
              ({ id }) => id,
              (entry) => html`<li>${this.row(entry)}</li>`,
            )}
          </ul>
        </section>`,
      )}
      ${
        journal.more
          ? html`<div class="older">
              <button class="button" ?disabled=${journal.busy} @click=${() => void journal.older()}>
                ${this.t("alarms_older")}
              </button>
            </div>`
          : nothing
      }
    </div>`;
  }

  private emptiness(): TemplateResult {
    const { active, unacknowledged } = this.filter;
    if (this.narrowed) return this.notice("mdi:filter-off-outline", this.t("alarms_none_found"), this.clearing());
    if (active) return this.notice("mdi:check-circle-outline", this.t("alarms_none_active"));
    if (unacknowledged) return this.notice("mdi:check-circle-outline", this.t("alarms_none_unacknowledged"));
    return this.notice("mdi:bell-outline", this.t("alarms_none"));
  }

  private dayName(day: string): string {
    const now = today(this.zone);
    if (day === now) return this.t("alarms_today");
    if (day === moved(now, -1)) return this.t("alarms_yesterday");
    return named({ span: "day", date: day }, this.hass.locale.language);
  }

  private row(entry: AlarmEntry): TemplateResult {
    const { icon, tone } = look(entry);
    const places = [this.deviceName(entry), entry.gateway === entry.device ? "" : entry.gateway, this.address(entry)];
    const shown = places.filter(Boolean).map((place, index) => (index === 0 ? place : html` · ${place}`));
    const story = this.story(entry);
    return html`<div class="entry ${isUnseen(entry) ? "unseen-alarm" : ""}">
      <span class="sign ${tone}" title=${kindText(this.hass, entry.kind)}><ha-icon .icon=${icon}></ha-icon></span>
      <div class="what">
        <div class="text">
          <span>${entry.text}</span>
          ${isActive(entry) ? html`<span class="pill">${this.t("alarms_active")}</span>` : nothing}
        </div>
        <div class="secondary">${shown}</div>
        ${story.length > 0 ? html`<div class="secondary">${story.join(" · ")}</div>` : nothing}
      </div>
      <div class="when">
        ${this.mayAcknowledge && isUnseen(entry) ? this.acknowledger(entry) : nothing}
        <time datetime=${new Date(entry.at * 1000).toISOString()} title=${dateTimeText(this.hass, entry.at, this.zone)}>
          ${timeText(this.hass, entry.at, this.zone)}
        </time>
      </div>
    </div>`;
  }

  private deviceName({ device_id, device }: AlarmEntry): TemplateResult | string {
    const main = device_id === null ? undefined : this.mains.get(device_id);
    if (main === undefined || this.hass.states[main] === undefined) return device;
    return html`<button @click=${() => moreInfo(this, main)}>${device}</button>`;
  }

  private address({ address }: AlarmEntry): TemplateResult | "" {
    return address && html`<span class="whole">${this.t("alarms_at_address", { address })}</span>`;
  }

  /** What became of it: how often, its end, who commanded, who has seen it. */
  private story(entry: AlarmEntry): string[] {
    const at = (posix: number): string => this.near(posix, entry.at);
    const { count, last_at, ended_at, user, acknowledged_at, acknowledged_by } = entry;
    return [
      count > 1 ? this.t("alarms_times", { count, time: at(last_at) }) : "",
      ended_at === null
        ? ""
        : this.t("alarms_ended_at", { time: at(ended_at), duration: durationText(this.hass, ended_at - entry.at) }),
      user === null ? "" : this.t("alarms_by", { user }),
      acknowledged_at === null
        ? ""
        : this.t(acknowledged_by === null ? "alarms_seen" : "alarms_seen_by", {
            user: acknowledged_by,
            time: at(acknowledged_at),
          }),
    ].filter(Boolean);
  }

  /** A time; with its day where that is not the one of the entry. */
  private near(posix: number, other: number): string {
    const day = (at: number): string => dayOf(new Date(at * 1000), this.zone);
    return (day(posix) === day(other) ? timeText : dateTimeText)(this.hass, posix, this.zone);
  }

  private acknowledger({ id, text }: AlarmEntry): TemplateResult {
    return html`<button
      class="button"
      title=${this.t("alarms_acknowledge")}
      aria-label=${this.t("alarms_acknowledge_one", { text })}
      ?disabled=${this.pending.has(id)}
      @click=${() => void this.acknowledge([id])}
    >
      <ha-icon .icon=${"mdi:check"}></ha-icon><span>${this.t("alarms_acknowledge")}</span>
    </button>`;
  }

  private async acknowledge(ids?: number[]): Promise<void> {
    this.failure = "";
    this.pending = new Set([...this.pending, ...(ids ?? [])]);
    try {
      await this.journal?.acknowledge(ids);
    } catch (error) {
      this.failure = refusal(error).message;
    }
    this.pending = new Set([...this.pending].filter((id) => !ids?.includes(id)));
  }

  private confirmation(journal: AlarmJournal): TemplateResult {
    const close = (): void => this.dialog?.close();
    const agree = (): void => {
      close();
      void this.acknowledge();
    };
    return html`<dialog aria-labelledby="question">
      <h3 id="question">${this.t("alarms_acknowledge_all_question", { count: journal.unacknowledged })}</h3>
      <p>${this.t("alarms_acknowledge_all_text")}</p>
      <form method="dialog">
        <button type="button" class="button" @click=${close}>${this.t("action_cancel")}</button>
        <button type="button" class="button strong agree" @click=${agree}>${this.t("alarms_acknowledge")}</button>
      </form>
    </dialog>`;
  }
}

/** The fields of the editor. */
export async function form(hass: HomeAssistant): Promise<Form> {
  const options = (keys: readonly string[], word: (key: string) => string): object[] =>
    keys.map((value) => ({ value, label: word(value) }));
  const { devices } = await client(hass)
    .ask<Board>("board")
    .catch(() => ({ devices: [] as Board["devices"] }));
  const shows = options(["all", "active", "unacknowledged"], (key) => text(hass, `alarms_${key}`));
  const kinds = options(KINDS, (kind) => kindText(hass, kind));
  const named = devices.map(({ id, name }) => ({ value: id, label: name }));
  return {
    schema: [
      { name: "title", selector: { text: {} } },
      { name: "show", default: "all", selector: { select: { options: shows, mode: "dropdown" } } },
      { name: "kinds", selector: { select: { options: kinds, multiple: true } } },
      { name: "device", selector: { select: { options: named, mode: "dropdown", custom_value: true } } },
      { name: "filters", default: true, selector: { boolean: {} } },
    ],
  };
}
