/**
 * How the system fares: gateways, archive, versions, links between modules (manual 8.8, 8.2.3).
 *
 * Owns what is shown in which part of the card. What deserves advice is `parts/system-report`'s matter.
 */

import type { TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import { EwsCard, html, nothing } from "../card";
import { client } from "../client";
import { refusal } from "../errors";
import { dateText, dateTimeText, durationText, numberText, UNKNOWN } from "../format";
import { type CardConfig, DOMAIN, type HomeAssistant, walk } from "../ha";
import {
  type Advice,
  type ArchiveInfo,
  archiveAdvice,
  errorsText,
  type GatewayReport,
  type GatewayState,
  gatewayAdvice,
  gatewayState,
  type LinkEnd,
  type SystemReport,
  sizeText,
} from "../parts/system-report";
import { systemStyle } from "../parts/system-styles";
import type { Form } from "../shell";
import { hasText, text } from "../texts";

const PARTS = ["gateways", "archive", "versions", "links"] as const;
type Part = (typeof PARTS)[number];

export interface SystemConfig extends CardConfig {
  /** One section alone; by default all. */
  part?: Part | "all";
}

const SETTINGS = `/config/integrations/integration/${DOMAIN}`;
const HIGH = 0.9;
const ENGINES: Record<string, string> = { sqlite: "SQLite", postgresql: "PostgreSQL" };

const SIGNS: Record<GatewayState, { icon: string; tone: string }> = {
  connected: { icon: "mdi:lan-connect", tone: "good" },
  disconnected: { icon: "mdi:lan-disconnect", tone: "bad" },
  starting: { icon: "mdi:lan-pending", tone: "" },
  empty: { icon: "mdi:lan-pending", tone: "" },
  away: { icon: "mdi:power-plug-off-outline", tone: "bad" },
};

/** Label and value, and how full it is, 0 to 1. */
type Fact = [key: string, value: string, share?: number | null];

export const tag = "ews-system-card";

@customElement(tag)
export class SystemCard extends EwsCard<SystemConfig> {
  @state() private report?: SystemReport;
  @state() private archive?: ArchiveInfo;
  /** Why there is no report, and why there is nothing of the archive. */
  @state() private failure: unknown;
  @state() private unarchived: unknown;

  static override styles = [EwsCard.styles, systemStyle];

  override setConfig(config: SystemConfig): void {
    const { part = "all" } = config;
    if (part !== "all" && !PARTS.includes(part)) throw new Error(`part must be one of all, ${PARTS.join(", ")}`);
    super.setConfig(config);
  }

  protected override heading(): string {
    const { part = "all" } = this.config;
    return this.t(part === "all" ? "system_title" : `system_${part}`);
  }

  protected content(): TemplateResult | typeof nothing {
    const { part = "all" } = this.config;
    if (this.failure !== undefined) return this.trouble(this.failure);
    const report = this.report;
    if (report === undefined) return nothing;
    const sections: Record<Part, () => TemplateResult> = {
      gateways: () => this.gateways(report),
      archive: () => this.storage(report),
      versions: () => this.versions(report),
      links: () => this.links(report),
    };
    if (part !== "all") return html`<div class="sections">${sections[part]()}</div>`;
    return html`<div class="sections several">
      ${PARTS.map(
        (one) => html`<section class=${one === "gateways" || one === "links" ? "wide" : ""}>
          <h3>${this.t(`system_${one}`)}</h3>
          ${sections[one]()}
        </section>`,
      )}
    </div>`;
  }

  private get zone(): string {
    return this.hass.config.time_zone;
  }

  protected override listen(): (() => void)[] {
    const { connection } = this.hass;
    const hear = (report: SystemReport): void => {
      this.report = report;
      this.failure = undefined;
    };
    const subscribed = connection.subscribeMessage<SystemReport>(hear, { type: `${DOMAIN}/system/subscribe` });
    subscribed.catch((error: unknown) => {
      this.failure = error;
    });
    const ways = [
      () => void subscribed.then((end) => end()).catch(() => undefined),
      client(this.hass).follow(() => this.look()),
    ];
    this.look();
    return ways;
  }

  /** Asks for the figures of the archive, anew: that it fails is no news that would make a remembered answer old. */
  private look(): void {
    this.hass.callWS<ArchiveInfo>({ type: `${DOMAIN}/archive/info` }).then(
      (archive) => {
        this.archive = archive;
        this.unarchived = undefined;
      },
      (error: unknown) => {
        this.unarchived = error;
      },
    );
  }

  private gateways({ gateways }: SystemReport): TemplateResult {
    if (gateways.length === 0) return this.notice("mdi:lan", this.t("system_no_gateway"), this.settings());
    return html`<div class="tiles">${gateways.map((gateway) => this.gateway(gateway))}</div>`;
  }

  private gateway(gateway: GatewayReport): TemplateResult {
    const state = gatewayState(gateway);
    const { icon, tone } = SIGNS[state];
    const { bus_load, cycle_time, units, requests, problem } = gateway;
    const said = [this.t(`system_state_${state}`), problem === null ? "" : this.cause(problem)]
      .filter(Boolean)
      .join(": ");
    const number = (value: number | null, unit = "", digits?: number): string =>
      value === null ? UNKNOWN : `${numberText(this.hass, value, digits)}${unit && `\u00a0${unit}`}`;
    const facts: Fact[] = [
      ["system_bus_load", number(bus_load, "%", 0), bus_load === null ? null : bus_load / 100],
      ["system_cycle_time", number(cycle_time, "s", cycle_time !== null && cycle_time < 9.95 ? 1 : 0)],
      ["system_units", number(units)],
      ["system_requests", number(requests)],
      ["system_errors", errorsText(this.hass, gateway)],
    ];
    return html`<div class="tile">
      <div class="top">
        <span class="sign ${tone}"><ha-icon .icon=${icon}></ha-icon></span>
        <div>
          <div>${gateway.name}</div>
          <div class="secondary">${said}</div>
        </div>
      </div>
      ${gatewayAdvice(gateway).map((advice) => this.advice(advice))} ${state === "away" ? nothing : this.facts(facts)}
    </div>`;
  }

  /** Why a gateway is not at work: the words of an error as they are, Home Assistant's keys in words. */
  private cause(problem: string): string {
    const key = `system_entry_${problem}`;
    return hasText(this.hass, key) ? this.t(key) : problem;
  }

  private storage({ disk }: SystemReport): TemplateResult {
    if (this.unarchived !== undefined) return this.noArchive();
    const info = this.archive;
    if (info === undefined) return html`${nothing}`;
    const rows = (value: number | null): string => (value === null ? UNKNOWN : numberText(this.hass, value));
    const at = (value: number | null, write = dateTimeText): string =>
      value === null ? UNKNOWN : write(this.hass, value, this.zone);
    const room =
      disk &&
      this.t("system_disk_free", { free: sizeText(this.hass, disk.free), total: sizeText(this.hass, disk.total) });
    const used = disk === null || disk.total === 0 ? null : 1 - disk.free / disk.total;
    const facts: (Fact | false)[] = [
      ["system_engine", ENGINES[info.engine ?? ""] ?? info.engine ?? UNKNOWN],
      ["system_size", sizeText(this.hass, info.size)],
      ["system_disk", room ?? UNKNOWN, used],
      ["system_last_write", at(info.last_write)],
      ["system_last_interval", at(info.last_interval)],
      ["system_queued", rows(info.queued)],
      ["system_intervals", rows(info.intervals)],
      ["system_samples", rows(info.samples)],
      ["system_alarms", rows(info.alarms)],
      ["system_sessions", rows(info.sessions)],
      info.kept_since !== null && ["system_kept_since", at(info.kept_since, dateText)],
    ];
    const list = archiveAdvice(info, disk);
    const [icon, tone, word] =
      list.length === 0
        ? ["mdi:database-check-outline", "good", "system_archive_well"]
        : ["mdi:database-alert-outline", "bad", "system_archive_trouble"];
    return html`<div class="top">
        <span class="sign ${tone}"><ha-icon .icon=${icon}></ha-icon></span>
        <div>${this.t(word)}</div>
      </div>
      ${list.map((advice) => this.advice(advice))} ${this.facts(facts.filter((fact) => fact !== false))}`;
  }

  private noArchive(): TemplateResult {
    const missing = refusal(this.unarchived).code === "no_installation";
    if (!missing) return this.trouble(this.unarchived);
    return this.notice("mdi:database-off-outline", this.t("system_no_installation"), this.settings());
  }

  private versions(report: SystemReport): TemplateResult {
    const { catalog, started_at } = report;
    const count = (value: number): string => numberText(this.hass, value);
    const since = Math.max(0, Date.now() / 1000 - started_at);
    const facts: Fact[] = [
      ["system_version", report.version],
      ["system_home_assistant", report.home_assistant],
      ["system_python", report.python],
      ["system_started", dateTimeText(this.hass, started_at, this.zone)],
      ["system_running", durationText(this.hass, since)],
      ["system_models", count(catalog.models)],
      ["system_maps", count(catalog.maps)],
      ["system_user_maps", count(catalog.user_maps)],
    ];
    const errors = catalog.errors.map(({ file, line, key, reason }) => {
      const place = [file, line === null ? "" : this.t("system_line", { line }), key ?? ""].filter(Boolean).join(", ");
      return this.advice({ key: "system_advice_map", values: { place, reason }, severe: true });
    });
    return html`${errors} ${this.facts(facts)}`;
  }

  private links({ links }: SystemReport): TemplateResult {
    if (links.length === 0) return this.notice("mdi:link-variant", this.t("system_no_links"));
    const end = ({ name, function: kind, gateway, address }: LinkEnd): TemplateResult => html`<div>
      <div>${name ?? this.t("system_unknown_module")}</div>
      <div class="secondary">
        ${[kind === null ? "" : this.kind(kind), gateway, this.t("system_at_address", { address })]
          .filter(Boolean)
          .join(" · ")}
      </div>
    </div>`;
    const sign = (error: boolean): TemplateResult => {
      const word = this.t(error ? "system_link_fails" : "system_leads_to");
      return html`<ha-icon
        role="img"
        title=${word}
        aria-label=${word}
        .icon=${error ? "mdi:alert-circle" : "mdi:arrow-right"}
      ></ha-icon>`;
    };
    return html`<div class="link titles" aria-hidden="true">
        <span>${this.t("system_link_event")}</span><span></span><span>${this.t("system_link_action")}</span>
      </div>
      <ul class="links">
        ${links.map(
          ({ event, action, error }) => html`<li class="link ${error ? "broken" : ""}">
            ${end(event)} ${sign(error)} ${end(action)}
          </li>`,
        )}
      </ul>
      ${
        links.some(({ error }) => error) ? html`<p class="note secondary">${this.t("system_advice_link")}</p>` : nothing
      }`;
  }

  private kind(kind: string): string {
    const key = `system_kind_${kind}`;
    return hasText(this.hass, key) ? this.t(key) : kind;
  }

  /** Values with their names; how full something is stands in the number, so the line below it needs no words. */
  private facts(facts: readonly Fact[]): TemplateResult {
    return html`<dl>
      ${facts.map(
        ([
          key,
          value,
          share,
        ]) => html`<div class=${share == null ? "" : `metered ${share >= HIGH ? "high" : ""}`} style=${
          share == null ? nothing : `--share: ${100 * share}%`
        }>
          <dt>${this.t(key)}</dt>
          <dd>${value}</dd>
        </div>`,
      )}
    </dl>`;
  }

  private advice({ key, values, severe }: Advice): TemplateResult {
    return html`<p class="advice ${severe ? "severe" : ""}">
      <ha-icon .icon=${severe ? "mdi:alert-circle-outline" : "mdi:information-outline"}></ha-icon>
      <span>${this.t(key, values)}</span>
    </p>`;
  }

  /** The way to the settings, for those who may go there. */
  private settings(): TemplateResult | undefined {
    if (this.hass.user?.is_admin !== true) return undefined;
    return html`<button class="button" @click=${() => walk(SETTINGS)}>${this.t("system_settings")}</button>`;
  }
}

/** The fields of the editor. */
export function form(hass: HomeAssistant): Form {
  const options = ["all", ...PARTS].map((value) => ({
    value,
    label: text(hass, value === "all" ? "system_title" : `system_${value}`),
  }));
  return {
    schema: [
      { name: "title", selector: { text: {} } },
      { name: "part", default: "all", selector: { select: { options, mode: "dropdown" } } },
    ],
  };
}
