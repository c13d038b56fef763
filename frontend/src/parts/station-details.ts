/** What there is to know of a station, as the original's three pages have it: station, charge, about (manual 8.3.1). */

import { css, html, LitElement, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { Board } from "../answers";
import { isManaged, type ManagedStation, type Station } from "../charging";
import { type EntityState, type HomeAssistant, moreInfo } from "../ha";
import { frame } from "../styles";
import { text } from "../texts";

export type Page = "station" | "charge" | "about";

export const PAGES: readonly Page[] = ["station", "charge", "about"];

/** Where the board's pages go; those of commands and costs are elsewhere. */
const OF_BOARD: Record<string, Page> = {
  state: "station",
  charge: "charge",
  power: "charge",
  voltage: "charge",
  energy: "charge",
  distortion: "charge",
  settings: "about",
  clock: "about",
  other: "about",
};
/** What belongs elsewhere than the rest of its page, by translation key. */
const OF_KEY: Record<string, Page> = {
  station: "station",
  station_error: "station",
  charging_problem: "station",
  default_priority: "station",
  ev_socket: "station",
  domestic_socket: "station",
  rated_current: "about",
};
/** Of the load manager, in the order in which they are read; buttons and switches are in the card itself. */
const OF_MANAGER = [
  "charging_problem",
  "default_priority",
  "charging_state",
  "charging_limit",
  "charging_reason",
  "session_start",
  "charged_energy",
  "charged_quantity",
  "session_cost",
];

/** The entities of a station by page; those only that have a state. */
export function pagesOf(hass: HomeAssistant, board: Board, id: string): Record<Page, string[]> {
  const pages: Record<Page, string[]> = { station: [], charge: [], about: [] };
  const placed = new Set<string>();
  const put = (entity: string | undefined, page: Page | undefined): void => {
    if (entity === undefined || placed.has(entity) || hass.states[entity] === undefined) return;
    const key = hass.entities[entity]?.translation_key;
    const place = (key === undefined ? undefined : OF_KEY[key]) ?? page;
    if (place === undefined) return;
    placed.add(entity);
    pages[place].push(entity);
  };
  const device = board.devices.find((one) => one.id === id);
  const managed = board.stations[id]?.entities ?? {};
  const buttons = Object.entries(managed).flatMap(([key, entity]) => (OF_MANAGER.includes(key) ? [] : [entity]));
  for (const entity of buttons) placed.add(entity);
  put(device?.main.communication, "station");
  for (const key of OF_MANAGER) put(managed[key], OF_KEY[key] ?? "charge");
  for (const [page, entities] of Object.entries(device?.pages ?? {}))
    for (const entity of entities) put(entity, OF_BOARD[page]);
  return pages;
}

/** An entity's own name, without that of its device. */
function nameOf(hass: HomeAssistant, state: EntityState): string {
  const entry = hass.entities[state.entity_id];
  const own = hass.formatEntityName?.(state, { type: "entity" }) || entry?.name;
  return own || state.attributes.friendly_name || state.entity_id;
}

@customElement("ews-station-details")
export class StationDetails extends LitElement {
  @property({ attribute: false }) hass!: HomeAssistant;
  @property({ attribute: false }) board!: Board;
  @property({ attribute: false }) station!: Station | ManagedStation;
  @property({ attribute: false }) page: Page = "station";

  static override styles = [
    frame,
    css`
      :host {
        height: auto;
      }
      ul {
        margin: 0;
        padding: 0;
        list-style: none;
      }
      li:not(:last-child) {
        border-bottom: 1px solid var(--ews-line);
      }
      .row {
        display: flex;
        align-items: center;
        gap: 16px;
        box-sizing: border-box;
        width: 100%;
        min-height: 40px;
        padding: 4px 0;
        border: 0;
        border-radius: 4px;
        background: none;
        text-align: start;
      }
      .row span:first-child {
        flex: 1;
        color: var(--secondary-text-color);
      }
      .row span:last-child {
        max-width: 65%;
        text-align: end;
        overflow-wrap: anywhere;
      }
    `,
  ];

  private t(key: string, values?: Record<string, unknown>): string {
    return text(this.hass, key, values);
  }

  protected override render(): TemplateResult {
    const entities = pagesOf(this.hass, this.board, this.station.id)[this.page];
    const facts = this.page === "about" ? this.about() : [];
    if (entities.length + facts.length === 0) return html`<p class="secondary">${this.t("charge_no_details")}</p>`;
    return html`<ul>
      ${facts.map(([name, value]) => html`<li><div class="row"><span>${name}</span><span>${value}</span></div></li>`)}
      ${entities.map((entity) => this.row(this.hass.states[entity] as EntityState))}
    </ul>`;
  }

  private row(state: EntityState): TemplateResult {
    return html`<li>
      <button class="row" @click=${() => moreInfo(this, state.entity_id)}>
        <span>${nameOf(this.hass, state)}</span><span>${this.hass.formatEntityState(state)}</span>
      </button>
    </li>`;
  }

  /** What no entity tells: model, place, phases. */
  private about(): [string, string][] {
    const device = this.board.devices.find((one) => one.id === this.station.id);
    const gateway = this.board.gateways.find((one) => one.id === device?.gateway);
    const phases = isManaged(this.station) ? this.station.phases.map((phase) => phase.toUpperCase()).join(", ") : "";
    const model =
      device === undefined ? this.t("charge_other_make") : [device.model, device.model_name].filter(Boolean).join(", ");
    const facts: [string, string | undefined][] = [
      [this.t("charge_model"), model],
      [this.t("charge_address"), device?.address],
      [this.t("charge_gateway"), gateway?.name],
      [this.t("charge_phases_of_site"), phases],
    ];
    return facts.filter((fact): fact is [string, string] => Boolean(fact[1]));
  }
}
