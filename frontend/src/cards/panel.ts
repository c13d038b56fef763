/**
 * My panel board: all devices with how they are, found by gateway, area, load or group (manual 8.2.1, 12.2.1).
 *
 * Owns what is in view. A tile draws itself, and the dialog of a device is `parts/device-dialog`'s matter.
 */

import type { TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import type { Access, Board, BoardDevice, Right, Site } from "../answers";
import { EwsCard, html, nothing, type Tool } from "../card";
import { client } from "../client";
import type { CardConfig, HomeAssistant } from "../ha";
import { noteCode } from "../parts/board-commands";
import {
  filterOf,
  GROUPINGS,
  type Grouping,
  namesOf,
  running,
  type Section,
  type Show,
  sectionsOf,
  usefulGroupings,
  usefulShows,
} from "../parts/board-groups";
import { lineEntities, troubleOf } from "../parts/board-look";
import type { BoardTile } from "../parts/board-tile";
import "../parts/board-tile";
import { boardStyles } from "../parts/board-styles";
import type { DeviceDialog } from "../parts/device-dialog";
import "../parts/device-dialog";
import { chips } from "../parts/picker";
import type { Form } from "../shell";
import { text } from "../texts";

export interface PanelConfig extends CardConfig {
  /** What the devices are ordered by at first. */
  group_by?: Grouping;
  /** Id of a gateway: only its devices. */
  gateway?: string;
}

const INTEGRATION = "/config/integrations/integration/legrand_ews";
const ADD = "/config/integrations/dashboard/add?domain=legrand_ews";

export const tag = "ews-panel-card";

@customElement(tag)
export class PanelCard extends EwsCard<PanelConfig> {
  /** What is shown of what is installed. */
  @state() private board?: Board;
  private installed?: Board;
  @state() private site?: Site;
  @state() private rights: readonly Right[] = [];
  @state() private error: unknown;
  @state() private grouping?: Grouping;
  @state() private show: Show = "all";
  @state() private words = "";
  /** Id of the device whose dialog is open. */
  @state() private opened?: string;
  /** Entities of each tile. */
  private lines = new Map<BoardDevice, string[]>();

  static override styles = [EwsCard.styles, boardStyles];

  override setConfig(config: PanelConfig): void {
    const { group_by } = config;
    if (group_by !== undefined && !GROUPINGS.includes(group_by)) {
      throw new Error(`group_by must be one of ${GROUPINGS.join(", ")}`);
    }
    super.setConfig(config);
    this.grouping = group_by;
    if (this.installed !== undefined) this.take(this.installed);
  }

  protected override listen(): (() => void)[] {
    const leave = client(this.hass).follow(() => this.learn());
    this.learn();
    return [leave];
  }

  private learn(): void {
    const asked = client(this.hass);
    const none = (): undefined => undefined;
    asked.ask<Board>("board").then(
      (board) => this.take(board),
      (error) => {
        this.error = error;
      },
    );
    asked.ask<Access>("access").then(({ rights }) => {
      this.rights = rights;
    }, none);
    asked.ask<Site>("site").then((site) => {
      this.site = site;
    }, none);
  }

  private take(board: Board): void {
    const { gateway } = this.config;
    this.installed = board;
    const devices = gateway ? board.devices.filter((device) => device.gateway === gateway) : board.devices;
    this.board = { ...board, devices };
    noteCode(this.hass, board.code === true);
    this.error = undefined;
    this.lines = new Map(devices.map((device) => [device, lineEntities(device)]));
  }

  /**
   * Hands the states on to the tiles that they are of, and to the dialog. All of the board is drawn anew only where
   * somebody's trouble comes or goes: a panel of hundreds of devices tells something every moment.
   */
  protected override concerns(old: HomeAssistant): boolean {
    const { hass, board } = this;
    if (board === undefined) return false;
    const differs = (id: string): boolean => old.states[id] !== hass.states[id];
    const changed = new Set([...this.lines].filter(([, ids]) => ids.some(differs)).map(([device]) => device));
    const dialog = this.renderRoot.querySelector<DeviceDialog>("ews-device-dialog");
    if (dialog !== null) dialog.hass = hass;
    if (changed.size > 0) {
      for (const tile of this.renderRoot.querySelectorAll<BoardTile>("ews-board-tile")) {
        if (changed.has(tile.device)) tile.hass = hass;
      }
    }
    const loaded = running(board);
    const turned = (one: BoardDevice): boolean => {
      const runs = loaded.has(one.gateway);
      return troubleOf(old, one, runs) !== troubleOf(hass, one, runs);
    };
    return [...changed].some(turned) || board.gateways.some(({ entities }) => differs(entities.connected ?? ""));
  }

  protected override heading(): string {
    return this.t("panel_title");
  }

  protected override tools(): Tool[] {
    return this.board?.devices.length ? [this.enlarger()] : [];
  }

  protected content(): TemplateResult | typeof nothing {
    const { board } = this;
    if (board === undefined) return this.error === undefined ? nothing : this.trouble(this.error);
    if (board.gateways.length === 0) return this.next("gateway", "mdi:lan-connect", ADD);
    if (board.devices.length === 0) return this.next("devices", "mdi:meter-electric-outline", INTEGRATION);
    const shown = board.devices.filter(filterOf(this.hass, board, this.show, this.words));
    const loaded = running(board);
    const troubled = board.devices.filter((one) => troubleOf(this.hass, one, loaded.has(one.gateway)));
    return html`${this.bar(board, troubled.length)} ${shown.length > 0 ? this.sections(board, shown) : this.emptiness()}
    ${this.dialog(board)}`;
  }

  /** What to do, for those who may. */
  private next(key: string, icon: string, path: string): TemplateResult {
    const may = this.hass.user?.is_admin;
    const link = html`<a class="button link" href=${path}>${this.t(`next_${key}_button`)}</a>`;
    return this.notice(icon, this.t(may ? `next_${key}` : "next_ask"), may ? link : undefined);
  }

  private bar(board: Board, troubled: number): TemplateResult {
    const useful = usefulGroupings(board);
    const choices = useful.map((key) => ({ key, name: this.t(`panel_by_${key}`) }));
    const label = this.t("panel_show");
    return html`<div class="bar">
      ${
        useful.length > 1
          ? chips(this.t("panel_grouping"), choices, this.order(useful), (key) => {
              this.grouping = key;
            })
          : nothing
      }
      ${troubled > 0 ? this.alert(troubled) : nothing}
      <span class="find">
        <select
          aria-label=${label}
          title=${label}
          @change=${(event: Event) => {
            this.show = (event.target as HTMLSelectElement).value as Show;
          }}
        >
          ${usefulShows(board).map(
            (show) =>
              html`<option value=${show} .selected=${show === this.show}>${this.t(`panel_show_${show}`)}</option>`,
          )}
        </select>
        <input
          type="search"
          placeholder=${this.t("panel_search")}
          aria-label=${this.t("panel_search")}
          .value=${this.words}
          @input=${(event: Event) => {
            this.words = (event.target as HTMLInputElement).value;
          }}
        />
      </span>
    </div>`;
  }

  /** How many have trouble, and the way to them and back. */
  private alert(count: number): TemplateResult {
    const only = this.show === "trouble";
    const press = (): void => {
      this.show = only ? "all" : "trouble";
    };
    return html`<button class="chip alert" aria-pressed=${String(only)} @click=${press}>
      <ha-icon .icon=${"mdi:alert-circle-outline"}></ha-icon>${this.t("panel_trouble", { count })}
    </button>`;
  }

  /** The grouping in force: a chosen one, where it still says something. */
  private order(useful: Grouping[]): Grouping {
    return useful.find((one) => one === this.grouping) ?? "gateway";
  }

  private sections(board: Board, shown: BoardDevice[]): TemplateResult {
    const grouping = this.order(usefulGroupings(board));
    const loaded = running(board);
    const sections = sectionsOf(shown, grouping, namesOf(this.hass, board, this.site, grouping));
    return html`<div
      class="sections"
      @open=${(event: CustomEvent<{ id: string }>) => {
        this.opened = event.detail.id;
      }}
    >
      ${repeat(
        sections,
        ({ key }) => key,
        (section) => html`<section>
          ${this.caption(board, section, grouping, loaded)}
          <div class="tiles">
            ${repeat(
              section.devices,
              ({ id }) => id,
              (device) => html`<ews-board-tile
                .hass=${this.hass}
                .device=${device}
                .loaded=${loaded.has(device.gateway)}
              ></ews-board-tile>`,
            )}
          </div>
        </section>`,
      )}
    </div>`;
  }

  private caption(board: Board, section: Section, grouping: Grouping, loaded: ReadonlySet<string>): TemplateResult {
    const { key, name, devices } = section;
    const troubled = devices.filter((one) => troubleOf(this.hass, one, loaded.has(one.gateway))).length;
    const gateway = grouping === "gateway" ? board.gateways.find(({ id }) => id === key) : undefined;
    return html`<h3>
      <span>${name ?? this.t(`panel_no_${grouping}`)}</span>
      <span class="secondary">
        ${this.t("panel_count", { count: devices.length })}${
          troubled > 0 ? html` · <span class="alert">${this.t("panel_trouble", { count: troubled })}</span>` : nothing
        }
      </span>
      ${gateway === undefined ? nothing : this.connection(gateway)}
    </h3>`;
  }

  /** Whether a gateway can be reached; nothing while it can. */
  private connection({ loaded, entities }: Board["gateways"][number]): TemplateResult | typeof nothing {
    const told = entities.connected === undefined ? undefined : this.hass.states[entities.connected];
    if (loaded && told?.state !== "off") return nothing;
    const word = loaded && told !== undefined ? this.hass.formatEntityState(told) : this.t("panel_gateway_stopped");
    return html`<span class="away"><ha-icon .icon=${"mdi:lan-disconnect"}></ha-icon>${word}</span>`;
  }

  private emptiness(): TemplateResult {
    const all = (): void => {
      this.show = "all";
      this.words = "";
    };
    const none = this.show === "trouble" && this.words.trim() === "";
    return this.notice(
      none ? "mdi:check-circle-outline" : "mdi:filter-off-outline",
      this.t(none ? "panel_no_trouble" : "panel_none_found"),
      html`<button class="button" @click=${all}>${this.t("panel_show_all_again")}</button>`,
    );
  }

  private deviceOf(id: string | undefined): BoardDevice | undefined {
    return id === undefined ? undefined : this.board?.devices.find((device) => device.id === id);
  }

  private dialog(board: Board): TemplateResult | typeof nothing {
    const device = this.deviceOf(this.opened);
    if (device === undefined) return nothing;
    const gateway = board.gateways.find(({ id }) => id === device.gateway);
    return html`<ews-device-dialog
      .hass=${this.hass}
      .device=${device}
      .gateway=${gateway?.name ?? ""}
      .loaded=${gateway?.loaded ?? false}
      .rights=${this.rights}
      @closed=${() => {
        this.opened = undefined;
      }}
      @keydown=${(event: KeyboardEvent) => {
        // It closes the dialog, and does not leave the full screen too.
        if (event.key === "Escape") event.stopPropagation();
      }}
    ></ews-device-dialog>`;
  }
}

/** The fields of the editor. */
export async function form(hass: HomeAssistant): Promise<Form> {
  const { gateways } = await client(hass)
    .ask<Board>("board")
    .catch(() => ({ gateways: [] as Board["gateways"] }));
  const orders = GROUPINGS.map((value) => ({ value, label: text(hass, `panel_by_${value}`) }));
  const named = gateways.map(({ id, name }) => ({ value: id, label: name }));
  return {
    schema: [
      { name: "title", selector: { text: {} } },
      { name: "group_by", default: "gateway", selector: { select: { options: orders, mode: "dropdown" } } },
      { name: "gateway", selector: { select: { options: named, mode: "dropdown" } } },
    ],
  };
}
