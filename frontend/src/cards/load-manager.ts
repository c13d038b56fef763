/**
 * The load manager: zone, what each phase carries and has left, its switches, and the queue of cars (manual 8.3).
 *
 * Owns what is shown of the whole; a station has a card of its own.
 */

import type { TemplateResult } from "lit";
import { customElement, query } from "lit/decorators.js";
import type { Tool } from "../card";
import {
  type Charging,
  type ManagedStation,
  type Manager,
  PHASES,
  type Queue,
  queueOf,
  type Station,
  type Zone,
} from "../charging";
import { ChargingCard, css, html, nothing, state } from "../charging-card";
import { durationText } from "../format";
import { type CardConfig, moreInfo } from "../ha";
import "../parts/phase-bars";
import type { Limit, PhaseBar } from "../parts/phase-bars";
import { switchOf, switchStyles } from "../parts/switch";
import { reasonText } from "../reason";
import type { Form } from "../shell";
import { stateColor, stateIcon } from "../station-look";

export const tag = "ews-load-manager-card";

interface LoadManagerConfig extends CardConfig {
  /** Whether the switches are shown; by default yes. */
  switches?: boolean;
  /** Whether the queue is shown; by default yes. */
  queue?: boolean;
}

type Setting = "load_control" | "control_logic";

const SETTINGS: readonly Setting[] = ["load_control", "control_logic"];
const ZONES: Record<Zone, { icon: string; color: string }> = {
  green: { icon: "mdi:check-circle-outline", color: "var(--success-color)" },
  yellow: { icon: "mdi:alert-outline", color: "var(--warning-color)" },
  red: { icon: "mdi:alert-octagon-outline", color: "var(--error-color)" },
  blind: { icon: "mdi:eye-off-outline", color: "var(--secondary-text-color)" },
};

/** Returns the editor's fields. */
export function form(): Form {
  const yes = { selector: { boolean: {} }, default: true };
  return {
    schema: [
      { name: "title", selector: { text: {} } },
      { name: "switches", ...yes },
      { name: "queue", ...yes },
    ],
  };
}

/** What cars take of each phase, A; `null` where one of them does not say. */
export function carsOf(stations: Charging["stations"]): (number | null)[] {
  const { charging } = queueOf(stations);
  return PHASES.map((_, place) =>
    charging.some((one) => one.drawn === null && one.state === "charging")
      ? null
      : charging.reduce((sum, one) => sum + (one.drawn?.[place] ?? 0), 0),
  );
}

/** The limits of a manager that are held; none while it has no load control. */
export function limitsOf(manager: Manager): { charge?: number; max?: number } {
  if (!manager.load_control) return {};
  const { charge_current: charge, max_current: max } = manager;
  return charge < max ? { charge, max } : { max };
}

@customElement(tag)
export class LoadManagerCard extends ChargingCard<LoadManagerConfig> {
  /** The switch that is to be turned off, once that is confirmed. */
  @state() private asked?: Setting;
  @query("dialog") private dialog!: HTMLDialogElement | null;

  static override styles = [
    ChargingCard.styles,
    switchStyles,
    css`
      .zone {
        display: flex;
        align-items: center;
        gap: 12px;
        padding: 12px 16px;
        border-radius: 12px;
        background: color-mix(in srgb, var(--zone) 16%, transparent);
      }
      .zone > ha-icon {
        flex: none;
        color: var(--zone);
        --mdc-icon-size: 32px;
      }
      .zone div {
        flex: 1;
        min-width: 0;
      }
      .zone strong {
        display: block;
        font-size: var(--ha-font-size-l, 16px);
        font-weight: 500;
      }
      .counts {
        flex: none !important;
        text-align: end;
        white-space: nowrap;
      }
      .key {
        display: flex;
        flex-wrap: wrap;
        gap: 4px 20px;
        margin: 0;
        padding: 0;
        list-style: none;
      }
      .key li {
        display: flex;
        align-items: center;
        gap: 8px;
      }
      .mark {
        width: 0;
        height: 14px;
        border-inline-start: 2px solid var(--primary-text-color);
      }
      .mark.soft {
        border-inline-start-style: dashed;
      }
      .band {
        display: inline-block;
        width: 12px;
        height: 12px;
        border-radius: 3px;
      }
      section {
        padding-top: 4px;
      }
      h3 {
        margin: 0 0 4px;
        color: var(--secondary-text-color);
        font-size: var(--ha-font-size-m, 14px);
        font-weight: 500;
      }
      .switches {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(260px, 1fr));
        gap: 0 32px;
      }
      .set {
        margin: 8px 0;
      }
      .set span {
        display: block;
      }
      ol {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(min(100%, 420px), 1fr));
        gap: 0 40px;
        margin: 0;
        padding: 0;
        list-style: none;
      }
      .row {
        display: grid;
        grid-template-columns: 40px 1fr auto;
        gap: 0 12px;
        align-items: center;
        width: 100%;
        min-height: 56px;
        padding: 6px 0;
        border: 0;
        border-radius: 8px;
        background: none;
        text-align: start;
      }
      .badge {
        display: grid;
        place-items: center;
        width: 40px;
        height: 40px;
        border-radius: 50%;
        background: color-mix(in srgb, var(--state) 18%, transparent);
        color: var(--state);
        --mdc-icon-size: 22px;
      }
      .row .secondary {
        display: block;
      }
      .row .star {
        color: var(--warning-color);
        --mdc-icon-size: 16px;
      }
      .row .number {
        text-align: end;
      }
      .rest {
        margin: 0;
      }
      dialog {
        max-width: 420px;
        padding: 24px;
        border: 0;
        border-radius: 16px;
        background: var(--card-background-color, #fff);
        color: var(--primary-text-color);
      }
      dialog::backdrop {
        background: rgb(0 0 0 / 50%);
      }
      dialog h3 {
        color: var(--primary-text-color);
        font-size: var(--ha-font-size-l, 16px);
      }
      dialog div {
        display: flex;
        justify-content: end;
        gap: 8px;
      }
    `,
  ];

  protected override heading(): string {
    return this.t("charge_load_manager");
  }

  protected override tools(): Tool[] {
    return [this.enlarger()];
  }

  protected override content(): TemplateResult | typeof nothing {
    if (this.error !== undefined) return this.trouble(this.error);
    if (this.charging === undefined) return nothing;
    const { manager, stations } = this.charging;
    if (manager === null) return this.unmanaged();
    return html`${this.zone(manager, queueOf(stations))} ${this.phases(manager, stations)} ${this.refusal()}
    ${this.config.switches === false ? nothing : this.switches(manager)}
    ${this.config.queue === false ? nothing : this.queue(stations)} ${this.question()}`;
  }

  private zone(manager: Manager, queue: Queue): TemplateResult {
    const look =
      manager.zone === null ? { icon: "mdi:timer-sand", color: "var(--secondary-text-color)" } : ZONES[manager.zone];
    const name =
      manager.zone === null
        ? this.t("charge_zone_begins")
        : this.word("zone", manager.zone, this.board?.load_manager?.entities.zone);
    return html`<div class="zone" style="--zone:${look.color}" role="status">
      <ha-icon .icon=${look.icon}></ha-icon>
      <div><strong>${name}</strong>${this.meaning(manager)}</div>
      <div class="counts">
        <div>${this.t("charge_count_charging", { count: queue.charging.length })}</div>
        <div class="secondary">${this.t("charge_count_waiting", { count: queue.waiting.length })}</div>
      </div>
    </div>`;
  }

  /** What the zone means for cars. */
  private meaning({ zone, mode, load_control: limited, control_logic: told }: Manager): string {
    if (!told) return this.t("charge_zone_watching");
    if (zone === null) return this.t("charge_zone_begins_help");
    if (!limited) return this.t("charge_zone_unlimited");
    return this.t(zone === "yellow" ? `charge_zone_yellow_${mode}` : `charge_zone_${zone}_help`);
  }

  private phases(manager: Manager, stations: Charging["stations"]): TemplateResult {
    const limits = this.limits(manager);
    const bars = this.bars(manager, stations);
    const split = bars.some((bar) => bar.cars !== null && bar.current !== null);
    return html`<section>
      <ews-phase-bars .bars=${bars} .limits=${limits} .label=${this.t("charge_phases")}></ews-phase-bars>
    </section>
    <ul class="key secondary">
      ${
        split
          ? html`<li><span class="band" style="background:#7a8a99"></span>${this.t("charge_other_loads")}</li>
            <li><span class="band" style="background:var(--primary-color)"></span>${this.t("charge_cars")}</li>`
          : nothing
      }
      ${limits.map((limit) => html`<li><span class="mark ${limit.soft ? "soft" : ""}"></span>${limit.name}</li>`)}
    </ul>`;
  }

  private limits(manager: Manager): Limit[] {
    const { charge, max } = limitsOf(manager);
    const named = (key: string, value: number | undefined, color: string, soft = false): Limit[] =>
      value === undefined ? [] : [{ value, color, soft, name: this.t(key, { current: this.ampere(value) }) }];
    return [
      ...named("charge_limit_charging", charge, ZONES.yellow.color, true),
      ...named("charge_limit_maximum", max, ZONES.red.color),
    ];
  }

  private bars(manager: Manager, stations: Charging["stations"]): PhaseBar[] {
    const cars = carsOf(stations);
    return PHASES.flatMap((phase, place) => {
      const current = manager.currents?.[place] ?? null;
      const left = manager.headroom?.[place] ?? null;
      if (current !== null && this.unseen(phase)) return [];
      const note = left === null || !manager.load_control ? undefined : this.leftover(left);
      const alarm = manager.load_control && left !== null && left < 0;
      const taken = cars[place] ?? null;
      return [{ name: phase.toUpperCase(), current, cars: taken, text: this.ampere(current), note, alarm }];
    });
  }

  /** A phase that the main meter does not measure: its sensor has no value while others have. */
  private unseen(phase: string): boolean {
    const sensor = this.board?.load_manager?.entities[`headroom_${phase}`];
    return sensor !== undefined && this.hass.states[sensor]?.state === "unknown";
  }

  private leftover(left: number): string {
    const key = left < 0 ? "charge_too_much" : "charge_left";
    return this.t(key, { current: this.ampere(Math.abs(left)) });
  }

  private switches(manager: Manager): TemplateResult {
    return html`<section>
      <h3>${this.t("charge_sharing", { mode: this.t(`charge_mode_${manager.mode}`) })}</h3>
      <div class="switches">${SETTINGS.map((setting) => this.setting(setting, manager[setting]))}</div>
    </section>`;
  }

  /** A switch; for who may not use it, what it is set to. */
  private setting(setting: Setting, on: boolean): TemplateResult {
    const label = this.t(`charge_${setting}`);
    const help = this.t(`charge_${setting}_${on ? "on" : "off"}`);
    const entity = this.board?.load_manager?.entities[setting];
    if (!this.may || entity === undefined)
      return html`<p class="set">${label}<span class="secondary">${help}</span></p>`;
    return switchOf({
      label,
      help,
      on,
      disabled: this.busy,
      press: () => (on ? this.confirm(setting) : void this.turn(setting, true)),
    });
  }

  private async confirm(setting: Setting): Promise<void> {
    this.asked = setting;
    await this.updateComplete;
    this.dialog?.showModal();
  }

  private async turn(setting: Setting, on: boolean): Promise<void> {
    const entity = this.board?.load_manager?.entities[setting];
    if (entity !== undefined) await this.order("switch", on ? "turn_on" : "turn_off", {}, { entity_id: entity });
  }

  /** Asks once more before cars charge without a limit, or stations are told nothing. */
  private question(): TemplateResult {
    const setting = this.asked;
    const over = (): void => {
      this.asked = undefined;
    };
    return html`<dialog aria-labelledby="question" @close=${over}>
      ${setting === undefined ? nothing : this.asking(setting)}
    </dialog>`;
  }

  private asking(setting: Setting): TemplateResult {
    const close = (): void => this.dialog?.close();
    const go = (): void => {
      close();
      void this.turn(setting, false);
    };
    return html`<h3 id="question">${this.t(`charge_${setting}_question`)}</h3>
      <p>${this.t(`charge_${setting}_off`)}</p>
      <div>
        <button class="button" @click=${close}>${this.t("action_cancel")}</button>
        <button class="button danger" @click=${go}>${this.t("action_turn_off")}</button>
      </div>`;
  }

  private queue(stations: Charging["stations"]): TemplateResult {
    if (stations.length === 0) return html`<p class="rest secondary">${this.t("charge_no_stations")}</p>`;
    const { charging, waiting, standing, free, alone } = queueOf(stations);
    return html`${this.lined("charge_line_charging", charging)} ${this.lined("charge_line_waiting", waiting)}
    ${this.lined("charge_line_standing", standing)} ${this.named("charge_line_free", free)}
    ${this.named("charge_line_alone", alone)}`;
  }

  private lined(key: string, stations: ManagedStation[]): TemplateResult | typeof nothing {
    if (stations.length === 0) return nothing;
    return html`<section>
      <h3>${this.t(key, { count: stations.length })}</h3>
      <ol>
        ${stations.map((station) => html`<li>${this.row(station)}</li>`)}
      </ol>
    </section>`;
  }

  private row(station: ManagedStation): TemplateResult {
    const { id, name, state: now, limit, waited, plugged_for: plugged, priority } = station;
    const entity = this.board?.stations[id]?.entities.charging_state;
    const open = (): void => {
      if (entity !== undefined) moreInfo(this, entity);
    };
    const word = this.word("charging_state", now, entity);
    const why = station.reason === null ? word : reasonText(this.hass, station.reason, station.values, station.text);
    const time = waited ?? plugged;
    const hint = waited === null ? "charge_there_for" : "charge_waits_for";
    return html`<button class="row" ?disabled=${entity === undefined} @click=${open}>
      <span class="badge" style="--state:${stateColor(now)}"><ha-icon .icon=${stateIcon(now)}></ha-icon></span>
      <span>
        ${name}
        ${
          priority
            ? html`<ha-icon class="star" .icon=${"mdi:star"} role="img" aria-label=${this.t("charge_priority")}></ha-icon>`
            : nothing
        }
        <span class="secondary">${why}</span>
      </span>
      <span class="number">
        ${limit === null || limit === 0 ? nothing : this.ampere(limit)}
        ${
          time === null
            ? nothing
            : html`<span class="secondary">${this.t(hint, { time: durationText(this.hass, time) })}</span>`
        }
      </span>
    </button>`;
  }

  /** Stations about which there is no more to say, by name. */
  private named(key: string, stations: Station[]): TemplateResult | typeof nothing {
    if (stations.length === 0) return nothing;
    const names = stations.map((station) => station.name).join(", ");
    return html`<p class="rest secondary">${this.t(key, { count: stations.length })}: ${names}</p>`;
  }
}
