/**
 * A charging station: its state and why, what the car draws and got, start, hold and priority, details and past
 * sessions (manual 8.3.1, 8.3.2).
 *
 * Works for stations of gateways and chargers of other makes: what is not there is not shown.
 */

import type { TemplateResult } from "lit";
import { customElement } from "lit/decorators.js";
import type { Tool } from "../card";
import { type Charging, isManaged, type ManagedStation, PHASES, type Sessions, type Station } from "../charging";
import { ChargingCard, css, html, nothing, state } from "../charging-card";
import { client } from "../client";
import { download } from "../csv";
import { told } from "../errors";
import { dateTimeText, durationText, energyUnit, moneyUnit, numberText, timeText, UNKNOWN } from "../format";
import { type CardConfig, DOMAIN, type HomeAssistant } from "../ha";
import "../parts/phase-bars";
import type { Limit, PhaseBar } from "../parts/phase-bars";
import "../parts/station-details";
import { PAGES, type Page, pagesOf } from "../parts/station-details";
import "../parts/station-sessions";
import { sessionsCsv } from "../parts/station-sessions";
import { switchOf, switchStyles } from "../parts/switch";
import { dayOf, moved, today } from "../period";
import { reasonText } from "../reason";
import type { Form } from "../shell";
import { stateColor, stateIcon } from "../station-look";

export const tag = "ews-station-card";

interface StationConfig extends CardConfig {
  station?: string;
  /** Whether sessions and details can be opened; by default yes. */
  details?: boolean;
}

type Fold = "sessions" | Page;

const FOLDS: readonly Fold[] = ["sessions", ...PAGES];
/** Days of past sessions. */
const DAYS = 30;
/** A; less than that charges no car. */
const IDLE = 0.5;
/** Rated currents of stations: scales end a little above them. */
const RATINGS = [16, 32, 63, 125];

/** Returns the editor's fields. */
export async function form(hass: HomeAssistant): Promise<Form> {
  const options = (await stations(hass)).map(({ id, name }) => ({ value: id, label: name }));
  return {
    schema: [
      { name: "station", required: true, selector: { select: { options, mode: "dropdown" } } },
      { name: "title", selector: { text: {} } },
      { name: "details", selector: { boolean: {} }, default: true },
    ],
  };
}

/** Returns the configuration of a new card: the first station. */
export async function stub(hass: HomeAssistant): Promise<Partial<StationConfig>> {
  const [first] = await stations(hass);
  return first === undefined ? {} : { station: first.id };
}

async function stations(hass: HomeAssistant): Promise<Charging["stations"]> {
  const charging = await hass.callWS<Charging>({ type: `${DOMAIN}/charging` }).catch(() => undefined);
  return charging?.stations ?? [];
}

/** Where the scale of a station ends, A. */
export function endOf(currents: readonly number[]): number {
  const top = Math.max(0, ...currents);
  return (RATINGS.find((rating) => top <= rating) ?? top) * 1.05;
}

@customElement(tag)
export class StationCard extends ChargingCard<StationConfig> {
  @state() private open?: Fold;
  @state() private sessions?: Sessions;
  @state() private sessionsError = "";

  static override styles = [
    ChargingCard.styles,
    switchStyles,
    css`
      .now {
        display: grid;
        grid-template-columns: 48px 1fr auto;
        gap: 0 16px;
        align-items: center;
      }
      .badge {
        display: grid;
        place-items: center;
        width: 48px;
        height: 48px;
        border-radius: 50%;
        background: color-mix(in srgb, var(--state) 18%, transparent);
        color: var(--state);
      }
      .now strong {
        display: block;
        font-size: var(--ha-font-size-l, 16px);
        font-weight: 500;
      }
      .limit {
        text-align: end;
        white-space: nowrap;
      }
      .limit strong {
        font-size: var(--ha-font-size-xl, 20px);
      }
      .figures {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(96px, 1fr));
        gap: 12px 16px;
        margin: 0;
      }
      .figures div {
        min-width: 0;
      }
      dt {
        color: var(--secondary-text-color);
        font-size: var(--ha-font-size-s, 12px);
      }
      dd {
        margin: 0;
        font-size: var(--ha-font-size-l, 16px);
        font-weight: 500;
      }
      .facts {
        margin: 0;
      }
      .orders {
        display: grid;
        grid-template-columns: 1fr 1fr;
        gap: 8px;
      }
      .orders .button {
        display: flex;
        align-items: center;
        justify-content: center;
        gap: 8px;
        min-height: 40px;
        border-radius: 20px;
        --mdc-icon-size: 20px;
      }
      .chip[aria-expanded="true"] {
        border-color: var(--primary-color);
        background: color-mix(in srgb, var(--primary-color) 15%, transparent);
      }
    `,
  ];

  override setConfig(config: StationConfig): void {
    const other = this.config !== undefined && this.config.station !== config.station;
    super.setConfig(config);
    if (!other) return;
    this.sessions = undefined;
    if (this.open === "sessions") this.askSessions();
  }

  protected override heading(): string {
    return this.station?.name ?? this.t("charge_station");
  }

  protected override tools(): Tool[] {
    const { sessions } = this;
    if (this.open !== "sessions" || sessions === undefined || this.past(sessions).length === 0)
      return [this.enlarger()];
    const press = (): void => download(sessionsCsv(this.hass, this.past(sessions), sessions.time_zone));
    return [{ icon: "mdi:download", label: this.t("action_csv"), press }, this.enlarger()];
  }

  private get station(): Station | ManagedStation | undefined {
    return this.charging?.stations.find((station) => station.id === this.config.station);
  }

  /** The session that goes on is not past. */
  private get current(): string | undefined {
    const { station } = this;
    return station !== undefined && isManaged(station) ? station.session?.id : undefined;
  }

  private past({ sessions }: Sessions): Sessions["sessions"] {
    return sessions.filter((session) => session.id !== this.current).sort((one, other) => other.start - one.start);
  }

  protected override watched(): string[] {
    if (this.board === undefined || this.open === undefined || this.open === "sessions") return [];
    return pagesOf(this.hass, this.board, this.config.station ?? "")[this.open];
  }

  protected override ask(): void {
    super.ask();
    if (this.open === "sessions") this.askSessions();
  }

  private askSessions(): void {
    const { station } = this.config;
    if (station === undefined) return;
    const day = today(this.hass.config.time_zone);
    const fields = { start: moved(day, 1 - DAYS), end: moved(day, 1), stations: [station] };
    const mine = (): boolean => this.config.station === station;
    client(this.hass)
      .ask<Sessions>("sessions", fields)
      .then((sessions) => {
        if (!mine()) return;
        this.sessions = sessions;
        this.sessionsError = "";
      })
      .catch(async (error: unknown) => {
        const { message } = await told(this.hass, error);
        if (mine()) this.sessionsError = message;
      });
  }

  protected override content(): TemplateResult | typeof nothing {
    if (this.error !== undefined) return this.trouble(this.error);
    if (this.charging === undefined) return nothing;
    const { station } = this;
    if (station === undefined) {
      const key = this.config.station ? "charge_station_gone" : "charge_choose_station";
      return this.notice("mdi:ev-station", this.t(key));
    }
    return html`${isManaged(station) ? this.managed(station) : this.alone(station)} ${this.folds(station)}`;
  }

  /** A station that is left alone: nothing is known of what goes on. */
  private alone({ managed }: Station): TemplateResult {
    const key = managed ? "charge_zone_begins_help" : "charge_left_alone";
    return html`<p class="secondary facts">${this.t(key)}</p>`;
  }

  private managed(station: ManagedStation): TemplateResult {
    return html`${this.now(station)} ${this.bars(station)} ${this.session(station)} ${this.refusal()}
    ${this.may ? this.orders(station) : nothing}`;
  }

  private now(station: ManagedStation): TemplateResult {
    const { state: now, limit } = station;
    const word = this.word("charging_state", now, this.board?.stations[station.id]?.entities.charging_state);
    const why = station.reason === null ? "" : reasonText(this.hass, station.reason, station.values, station.text);
    const shown = limit !== null && (limit > 0 || station.plugged_for !== null);
    return html`<div class="now">
      <span class="badge" style="--state:${stateColor(now)}"><ha-icon .icon=${stateIcon(now)}></ha-icon></span>
      <div role="status">
        <strong>${word}</strong>${why === word ? nothing : html`<span class="secondary">${why}</span>`}
      </div>
      ${
        shown
          ? html`<div class="limit">
              <strong>${this.ampere(limit)}</strong><span class="secondary">${this.t("charge_limit")}</span>
            </div>`
          : nothing
      }
    </div>`;
  }

  /** What the car draws on each phase that it loads, against its limit. */
  private bars({ drawn, limit, phases, plugged_for: plugged }: ManagedStation): TemplateResult | typeof nothing {
    if (drawn === null || plugged === null) return nothing;
    // Nothing that flows, and nothing that may.
    if (limit === 0 && drawn.every((current) => current < IDLE)) return nothing;
    const bars = PHASES.flatMap((phase, place): PhaseBar[] => {
      const current = drawn[place] ?? null;
      const loaded = phases.includes(phase) || (current ?? 0) > 0;
      return loaded ? [{ name: phase.toUpperCase(), current, cars: current, text: this.ampere(current) }] : [];
    });
    const limits: Limit[] =
      limit === null
        ? []
        : [{ value: limit, color: "var(--error-color)", name: `${this.t("charge_limit")} ${this.ampere(limit)}` }];
    return html`<ews-phase-bars
      .bars=${bars}
      .limits=${limits}
      .color=${"var(--primary-color)"}
      .end=${endOf([...drawn, limit ?? 0])}
      .label=${this.t("charge_drawn")}
    ></ews-phase-bars>`;
  }

  private session({ session, plugged_for: plugged }: ManagedStation): TemplateResult | typeof nothing {
    if (session === null) return nothing;
    const { hass } = this;
    const zone = hass.config.time_zone;
    const sameDay = dayOf(new Date(session.start * 1000), zone) === today(zone);
    const since = sameDay ? timeText(hass, session.start, zone) : dateTimeText(hass, session.start, zone);
    const figures: [string, string][] = [
      ["charge_energy", energyUnit(hass, session.energy ?? 0).write(session.energy)],
      ["charge_cost", moneyUnit(hass, session.currency).write(session.cost)],
      ["charge_time", plugged === null ? UNKNOWN : durationText(hass, plugged)],
    ];
    const facts = [
      this.t("charge_since", { time: since }),
      ...(session.charge === null ? [] : [`${numberText(hass, session.charge, 1)}\u00a0Ah`]),
      ...(session.card === null ? [] : [`${this.t("charge_card")} ${session.card}`]),
      ...(session.interruptions > 0 ? [this.t("charge_count_interruptions", { count: session.interruptions })] : []),
    ];
    return html`<dl class="figures">
        ${figures.map(([key, value]) => html`<div><dt>${this.t(key)}</dt><dd>${value}</dd></div>`)}
      </dl>
      <p class="facts secondary">${facts.join(" · ")}</p>`;
  }

  private orders(station: ManagedStation): TemplateResult | typeof nothing {
    const { device_id: device, priority, state: now } = station;
    if (device === null || station.plugged_for === null) return nothing;
    const target = { device_id: device };
    const button = (action: string, icon: string, idle: boolean, strong: boolean): TemplateResult =>
      html`<button
        class="button ${strong ? "strong" : ""}"
        ?disabled=${idle || this.busy}
        @click=${() => this.order(DOMAIN, action, {}, target)}
      >
        <ha-icon .icon=${icon}></ha-icon>${this.t(`charge_action_${action}`)}
      </button>`;
    return html`<div class="orders">
        ${button("start_charge", "mdi:play", now === "charging", now === "held")}
        ${button("hold_charge", "mdi:pause", now === "held", false)}
      </div>
      ${switchOf({
        label: this.t("charge_priority"),
        help: this.t("charge_priority_help"),
        on: priority,
        disabled: this.busy,
        press: () => void this.order(DOMAIN, "set_charge_priority", { priority: !priority }, target),
      })}`;
  }

  private folds(station: Station | ManagedStation): TemplateResult | typeof nothing {
    if (this.config.details === false) return nothing;
    return html`<div class="chips">
        ${FOLDS.map(
          (fold) => html`<button
            class="chip"
            aria-expanded=${String(this.open === fold)}
            aria-controls="fold"
            @click=${() => this.unfold(fold)}
          >
            ${this.t(`charge_fold_${fold}`)}
          </button>`,
        )}
      </div>
      <div id="fold" ?hidden=${this.open === undefined}>${this.folded(station)}</div>`;
  }

  private unfold(fold: Fold): void {
    this.open = this.open === fold ? undefined : fold;
    if (this.open === "sessions") this.askSessions();
  }

  private folded(station: Station | ManagedStation): TemplateResult | typeof nothing {
    if (this.open === undefined) return nothing;
    if (this.open !== "sessions") {
      if (this.board === undefined) return nothing;
      return html`<ews-station-details
        .hass=${this.hass}
        .board=${this.board}
        .station=${station}
        .page=${this.open}
      ></ews-station-details>`;
    }
    if (this.sessionsError) return html`<p class="secondary facts">${this.sessionsError}</p>`;
    if (this.sessions === undefined) return nothing;
    return html`<ews-station-sessions
      .hass=${this.hass}
      .sessions=${this.past(this.sessions)}
      .zone=${this.sessions.time_zone}
    ></ews-station-sessions>`;
  }
}
