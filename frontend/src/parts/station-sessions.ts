/** Past sessions of a station: when, how much, what it cost, and what came between; with their CSV. */

import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { Session } from "../charging";
import { type Cell, csvText } from "../csv";
import { dateText, durationText, energyUnit, moneyUnit, numberText, timeText, UNKNOWN } from "../format";
import type { HomeAssistant } from "../ha";
import { interruptionText } from "../reason";
import { frame } from "../styles";
import { text } from "../texts";

/** So many are shown until all are asked for. */
const FIRST = 5;

/** What sessions cost, each currency for itself; "–" where nothing has a price. */
export function costText(hass: HomeAssistant, costs: Record<string, number | null>): string {
  const told = Object.entries(costs).filter(([, cost]) => cost !== null);
  return told.map(([currency, cost]) => moneyUnit(hass, currency).write(cost)).join(" + ") || UNKNOWN;
}

/** The sessions as a file for spreadsheets: all that the list tells of each. */
export function sessionsCsv(hass: HomeAssistant, sessions: readonly Session[], zone: string): string {
  const currencies = [...new Set(sessions.flatMap((session) => Object.keys(session.costs)))].sort();
  const column = (key: string, unit?: string): string => (unit ? `${text(hass, key)} [${unit}]` : text(hass, key));
  const head: Cell[] = [
    column("charge_start"),
    column("charge_end"),
    column("charge_station"),
    column("charge_card"),
    column("charge_energy", "kWh"),
    column("charge_quantity", "Ah"),
    ...currencies.map((currency) => column("charge_cost", currency)),
    column("charge_unpriced", "kWh"),
    column("charge_priority"),
    column("charge_interruptions"),
  ];
  const rows = sessions.map((session): Cell[] => [
    isoText(session.start, zone),
    session.end === null ? null : isoText(session.end, zone),
    session.name,
    session.card,
    session.energy === null ? null : session.energy / 1000,
    session.charge,
    ...currencies.map((currency) => session.costs[currency] ?? null),
    session.unpriced / 1000,
    session.priority ? 1 : 0,
    session.interruptions.map((one) => interruption(hass, one, zone)).join("; "),
  ]);
  return csvText([head, ...rows]);
}

/** Local time with the offset from UTC, as all our tables have it. */
export function isoText(posix: number, timeZone: string): string {
  const figures = { year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit" } as const;
  const format = new Intl.DateTimeFormat("en-CA", {
    ...figures,
    second: "2-digit",
    hourCycle: "h23",
    timeZone: timeZone.replace(/^UTC(?=[+-])/, ""),
    timeZoneName: "longOffset",
  });
  const part = Object.fromEntries(format.formatToParts(posix * 1000).map(({ type, value }) => [type, value]));
  const offset = part.timeZoneName?.replace("GMT", "") || "+00:00";
  return `${part.year}-${part.month}-${part.day}T${part.hour}:${part.minute}:${part.second}${offset}`;
}

function interruption(hass: HomeAssistant, one: Session["interruptions"][number], zone: string): string {
  const reason = interruptionText(hass, one.reason, one.values);
  return `${timeText(hass, one.start, zone)}, ${durationText(hass, one.seconds)}: ${reason}`;
}

@customElement("ews-station-sessions")
export class StationSessions extends LitElement {
  @property({ attribute: false }) hass!: HomeAssistant;
  /** The latest first. */
  @property({ attribute: false }) sessions: readonly Session[] = [];
  @property({ attribute: false }) zone = "UTC";
  @state() private all = false;

  static override styles = [
    frame,
    css`
      :host {
        height: auto;
      }
      .sum {
        margin: 0 0 4px;
      }
      details {
        border-bottom: 1px solid var(--ews-line);
      }
      details:last-of-type {
        border-bottom: 0;
      }
      summary {
        display: grid;
        grid-template-columns: 1fr auto 20px;
        gap: 0 12px;
        align-items: center;
        min-height: 52px;
        border-radius: 8px;
        cursor: pointer;
        list-style: none;
      }
      summary::-webkit-details-marker {
        display: none;
      }
      summary .secondary {
        display: block;
      }
      summary ha-icon,
      .star {
        color: var(--secondary-text-color);
        --mdc-icon-size: 20px;
      }
      .star {
        color: var(--warning-color);
        --mdc-icon-size: 16px;
      }
      details[open] summary > ha-icon {
        rotate: 180deg;
      }
      .more {
        padding: 0 0 12px;
      }
      .more table {
        margin-bottom: 8px;
        font-size: var(--ha-font-size-s, 12px);
      }
      .more tr:last-child td {
        border-bottom: 0;
      }
      .more td,
      .more th {
        padding: 4px;
      }
      .more th:first-child,
      .more td:first-child {
        padding-inline-start: 0;
      }
      h4 {
        margin: 4px 0;
        font-size: var(--ha-font-size-s, 12px);
        font-weight: 500;
      }
      ul {
        margin: 0;
        padding: 0;
        list-style: none;
      }
      .button {
        margin-top: 8px;
      }
    `,
  ];

  private t(key: string, values?: Record<string, unknown>): string {
    return text(this.hass, key, values);
  }

  protected override render(): TemplateResult {
    const listed = this.sessions;
    if (listed.length === 0) return html`<p class="sum secondary">${this.t("charge_no_sessions")}</p>`;
    const shown = this.all ? listed : listed.slice(0, FIRST);
    const every = (): void => {
      this.all = true;
    };
    return html`${this.sum(listed)} ${shown.map((session) => this.session(session))}
    ${
      shown.length < listed.length
        ? html`<button class="button" @click=${every}>${this.t("charge_all_sessions", { count: listed.length })}</button>`
        : nothing
    }`;
  }

  /** What all of them got; what was not counted is left out. */
  private sum(sessions: readonly Session[]): TemplateResult {
    const energies = sessions.flatMap((session) => (session.energy === null ? [] : [session.energy]));
    const energy = energies.reduce((sum, one) => sum + one, 0);
    const costs: Record<string, number> = {};
    for (const session of sessions)
      for (const [currency, cost] of Object.entries(session.costs))
        if (cost !== null) costs[currency] = (costs[currency] ?? 0) + cost;
    const parts = [
      this.t("charge_count_sessions", { count: sessions.length }),
      ...(energies.length > 0 ? [energyUnit(this.hass, energy).write(energy)] : []),
      ...(Object.keys(costs).length > 0 ? [costText(this.hass, costs)] : []),
    ];
    return html`<p class="sum secondary">${parts.join(" · ")}</p>`;
  }

  private session(session: Session): TemplateResult {
    const { hass } = this;
    const { zone } = this;
    const end = session.end === null ? UNKNOWN : timeText(hass, session.end, zone);
    const lasted = session.end === null ? [] : [durationText(hass, session.end - session.start)];
    const breaks = session.interruptions.length;
    const facts = [
      `${timeText(hass, session.start, zone)} – ${end}`,
      ...lasted,
      ...(breaks > 0 ? [this.t("charge_count_interruptions", { count: breaks })] : []),
    ];
    return html`<details>
      <summary>
        <span>
          ${dateText(hass, session.start, zone)}
          ${
            session.priority
              ? html`<ha-icon class="star" .icon=${"mdi:star"} role="img" aria-label=${this.t("charge_priority")}></ha-icon>`
              : nothing
          }
          <span class="secondary">${facts.join(" · ")}</span>
        </span>
        <span class="number">
          ${energyUnit(hass, session.energy ?? 0).write(session.energy)}
          <span class="secondary">${costText(hass, session.costs)}</span>
        </span>
        <ha-icon .icon=${"mdi:chevron-down"}></ha-icon>
      </summary>
      <div class="more">${this.tariffs(session)} ${this.interruptions(session)} ${this.facts(session)}</div>
    </details>`;
  }

  private tariffs({ tariffs, unpriced }: Session): TemplateResult | typeof nothing {
    if (tariffs.length === 0) return nothing;
    const { hass } = this;
    const row = (name: string, energy: number, cost: string): TemplateResult =>
      html`<tr>
        <td>${name}</td>
        <td class="number">${energyUnit(hass, energy).write(energy)}</td>
        <td class="number">${cost}</td>
      </tr>`;
    return html`<table>
      <tr>
        <th scope="col">${this.t("charge_tariff")}</th>
        <th scope="col" class="number">${this.t("charge_energy")}</th>
        <th scope="col" class="number">${this.t("charge_cost")}</th>
      </tr>
      ${tariffs.map((one) => row(one.tariff_name, one.energy, moneyUnit(hass, one.currency).write(one.cost)))}
      ${unpriced > 0 ? row(this.t("charge_unpriced"), unpriced, UNKNOWN) : nothing}
    </table>`;
  }

  private interruptions({ interruptions }: Session): TemplateResult | typeof nothing {
    if (interruptions.length === 0) return nothing;
    return html`<h4>${this.t("charge_interruptions")}</h4>
      <ul class="secondary">
        ${interruptions.map((one) => html`<li>${interruption(this.hass, one, this.zone)}</li>`)}
      </ul>`;
  }

  private facts({ charge, card }: Session): TemplateResult | typeof nothing {
    const facts = [
      ...(charge === null ? [] : [`${numberText(this.hass, charge, 1)}\u00a0Ah`]),
      ...(card === null ? [] : [`${this.t("charge_card")} ${card}`]),
    ];
    return facts.length === 0 ? nothing : html`<p class="secondary">${facts.join(" · ")}</p>`;
  }
}
