/**
 * All about one device of the board: measures, state and communication, commands, settings (manual 8.2.1).
 *
 * Which pages there are is `device-pages`' matter, what a command does `board-commands`'. Fires "closed".
 */

import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import type { BoardDevice, Right } from "../answers";
import { type EntityState, fire, type HomeAssistant, moreInfo } from "../ha";
import { frame } from "../styles";
import { text } from "../texts";
import { type Command, press, rightFor, turn, write } from "./board-commands";
import { entitiesOf, entityName, isProblem, lookOf, stateText } from "./board-look";
import { tones } from "./board-tile";
import "./command-dialog";
import { devicePages, type Manner, type Page, type Part } from "./device-pages";
import { dialogStyles } from "./dialog-styles";
import { type PhaseTable, phaseTables } from "./phase-tables";
import { switchOf, switchStyles } from "./switch";

@customElement("ews-device-dialog")
export class DeviceDialog extends LitElement {
  @property({ attribute: false }) hass!: HomeAssistant;
  @property({ attribute: false }) device!: BoardDevice;
  @property({ attribute: false }) gateway = "";
  /** Its gateway is running. */
  @property({ attribute: false }) loaded = true;
  @property({ attribute: false }) rights: readonly Right[] = [];
  @state() private page = "";
  @state() private asked?: Command;
  @state() private done = "";
  @query("dialog") private dialog!: HTMLDialogElement;

  static override styles = [frame, tones, switchStyles, dialogStyles];

  protected override shouldUpdate(changed: PropertyValues): boolean {
    const old = changed.get("hass") as HomeAssistant | undefined;
    if (changed.size > 1 || old === undefined || old.language !== this.hass.language) return true;
    return entitiesOf(this.device).some((id) => old.states[id] !== this.hass.states[id]);
  }

  protected override firstUpdated(): void {
    this.dialog.showModal();
  }

  private t(key: string, values?: Record<string, unknown>): string {
    return text(this.hass, `panel_${key}`, values);
  }

  protected override render(): TemplateResult {
    const pages = devicePages(this.hass, this.device);
    const page = pages.find(({ key }) => key === this.page) ?? pages[0];
    return html`<dialog closedby="any" aria-labelledby="name" @close=${() => fire(this, "closed")}>
        ${this.top()} ${pages.length > 1 ? this.tabs(pages, page?.key) : nothing}
        <div class="body" role=${pages.length > 1 ? "tabpanel" : nothing} aria-labelledby="tab-${page?.key}">
          <div role="status">
            ${this.done ? html`<p class="done"><ha-icon .icon=${"mdi:check"}></ha-icon>${this.done}</p>` : nothing}
          </div>
          ${
            page === undefined
              ? html`<div class="notice"><p>${this.t("nothing")}</p></div>`
              : page.parts.map((part) => this.drawn(part, page.parts.length > 1))
          }
        </div>
      </dialog>
      ${this.confirmation()}`;
  }

  private top(): TemplateResult {
    const { hass, device } = this;
    const { icon, tone, word } = lookOf(hass, device, this.loaded);
    const about = [
      this.t("address", { address: device.address }),
      `${device.model} ${device.model_name}`.trim(),
      this.gateway,
    ];
    const settings = this.t("device_page");
    return html`<div class="top">
      <span class="sign" data-tone=${tone}><ha-icon .icon=${icon}></ha-icon></span>
      <div class="names">
        <h2 id="name">${device.name}</h2>
        <div class="secondary" title=${about.join(" · ")}>${[word, ...about].filter(Boolean).join(" · ")}</div>
      </div>
      ${
        hass.user?.is_admin && device.device_id !== null
          ? html`<a class="tool" href="/config/devices/device/${device.device_id}" title=${settings} aria-label=${settings}>
              <ha-icon .icon=${"mdi:cog-outline"}></ha-icon>
            </a>`
          : nothing
      }
      <button
        class="tool"
        title=${text(hass, "action_close")}
        aria-label=${text(hass, "action_close")}
        @click=${() => this.dialog.close()}
      >
        <ha-icon .icon=${"mdi:close"}></ha-icon>
      </button>
    </div>`;
  }

  private tabs(pages: Page[], shown: string | undefined): TemplateResult {
    const step = (event: KeyboardEvent): void => {
      const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (by === undefined) return;
      const place = pages.findIndex(({ key }) => key === shown);
      this.page = pages.at((place + by) % pages.length)?.key ?? "";
      void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>("[aria-selected=true]")?.focus());
    };
    return html`<div class="tabs" role="tablist" aria-label=${this.t("pages")} @keydown=${step}>
      ${pages.map(
        ({ key }) => html`<button
          role="tab"
          id="tab-${key}"
          aria-selected=${String(key === shown)}
          tabindex=${key === shown ? 0 : -1}
          @click=${() => {
            this.page = key;
          }}
        >
          ${this.t(`page_${key}`)}
        </button>`,
      )}
    </div>`;
  }

  private drawn({ title, manner, entities }: Part, headed: boolean): TemplateResult {
    const manners: Record<Manner, (entities: string[]) => TemplateResult> = {
      values: (ids) => this.values(ids),
      commands: (ids) => this.commands(ids),
      settings: (ids) => this.settings(ids),
    };
    // What the user may not command is shown all the same, but for buttons: they have nothing to show.
    const mine = manner === "values" ? entities : entities.filter((id) => this.may(id));
    const others = entities.filter((id) => !mine.includes(id) && !id.startsWith("button."));
    if (mine.length + others.length === 0) return html``;
    return html`<section>
      ${headed ? html`<h3>${this.t(title)}</h3>` : nothing} ${mine.length > 0 ? manners[manner](mine) : nothing}
      ${others.length > 0 ? this.values(others) : nothing}
    </section>`;
  }

  private may(entity: string): boolean {
    return this.commandable(entity) && this.rights.includes(rightFor(this.hass, entity));
  }

  private commandable(entity: string): boolean {
    return /^(button|switch|select|number)\./.test(entity);
  }

  private name(entity: string): string {
    return entityName(this.hass, entity, this.device);
  }

  private values(entities: string[]): TemplateResult {
    return html`${phaseTables(entities.map((id) => ({ id, name: this.name(id) }))).map((table) => this.table(table))}`;
  }

  private table({ columns, lines }: PhaseTable): TemplateResult {
    const plain = columns.length === 1 && columns[0] === "";
    const heading = (phase: string): string => phase || this.t("total");
    const head = html`<thead>
      <tr>
        <th><span class="unseen">${this.t("quantity")}</span></th>
        ${columns.map((phase) => html`<th class="number" scope="col">${heading(phase)}</th>`)}
      </tr>
    </thead>`;
    return html`<table class=${plain ? "plain" : "phases"}>
      ${plain ? nothing : head}
      <tbody>
        ${lines.map(
          ({ name, cells }) => html`<tr>
            <th scope="row">${name}</th>
            ${cells.map((id, index) =>
              id === undefined
                ? html`<td></td>`
                : html`<td class="number" data-phase=${heading(columns[index] ?? "")}>${this.figure(id)}</td>`,
            )}
          </tr>`,
        )}
      </tbody>
    </table>`;
  }

  private figure(id: string): TemplateResult {
    const bad = isProblem(this.hass.states[id]);
    return html`<button
      class="figure ${bad ? "bad" : ""}"
      title=${this.t("details", { name: this.name(id) })}
      @click=${() => moreInfo(this, id)}
    >
      ${bad ? html`<ha-icon .icon=${"mdi:alert-outline"}></ha-icon>` : nothing} ${stateText(this.hass, id)}
    </button>`;
  }

  private ask(command: Command): void {
    this.done = "";
    this.asked = command;
  }

  private commands(entities: string[]): TemplateResult {
    const { hass, device } = this;
    const switches = entities.filter((id) => id.startsWith("switch."));
    const buttons = entities.filter((id) => id.startsWith("button."));
    const others = entities.filter((id) => !switches.includes(id) && !buttons.includes(id));
    return html`
      ${switches.map((id) => {
        const on = hass.states[id]?.state === "on";
        return switchOf({
          label: this.name(id),
          help: stateText(hass, id),
          on,
          disabled: this.away(id),
          press: () => this.ask(turn(hass, device, id, !on)),
        });
      })}
      ${buttons.length > 0 ? html`<div class="buttons">${buttons.map((id) => this.button(id))}</div>` : nothing}
      ${others.length > 0 ? this.settings(others) : nothing}
    `;
  }

  private away(id: string): boolean {
    const told = this.hass.states[id]?.state;
    return told === undefined || told === "unavailable";
  }

  private button(id: string): TemplateResult {
    return html`<button
      class="button"
      ?disabled=${this.away(id)}
      @click=${() => this.ask(press(this.hass, this.device, id))}
    >
      ${this.name(id)}
    </button>`;
  }

  private settings(entities: string[]): TemplateResult {
    const switches = entities.filter((id) => id.startsWith("switch."));
    return html`
      ${entities
        .filter((id) => !switches.includes(id))
        .map((id) => {
          const told = this.hass.states[id];
          return html`<div class="setting">
            <span id=${id}>${this.name(id)}</span>
            ${told === undefined ? "–" : id.startsWith("select.") ? this.select(id, told) : this.number(id, told)}
          </div>`;
        })}
      ${switches.length > 0 ? this.commands(switches) : nothing}
    `;
  }

  /** Shows what was read, until it is read otherwise: a choice only asks. */
  private select(id: string, told: EntityState): TemplateResult {
    const { hass, device } = this;
    const choose = (event: Event): void => {
      const field = event.target as HTMLSelectElement;
      const { value } = field;
      field.value = told.state;
      this.ask(write(hass, device, id, value, hass.formatEntityState(told, value)));
    };
    const options = (told.attributes.options as string[] | undefined) ?? [];
    return html`<select aria-labelledby=${id} ?disabled=${this.away(id)} .value=${told.state} @change=${choose}>
      ${options.includes(told.state) ? nothing : html`<option value=${told.state} selected hidden>–</option>`}
      ${options.map(
        (option) => html`<option value=${option} ?selected=${option === told.state}>
          ${hass.formatEntityState(told, option)}
        </option>`,
      )}
    </select>`;
  }

  private number(id: string, told: EntityState): TemplateResult {
    const { min, max, step, unit_of_measurement: unit } = told.attributes as Record<string, string | undefined>;
    const submit = (event: Event): void => {
      event.preventDefault();
      const value = (event.target as HTMLFormElement).querySelector("input")?.valueAsNumber ?? Number.NaN;
      if (!Number.isFinite(value)) return;
      const shown = this.hass.formatEntityState(told, String(value));
      this.ask(write(this.hass, this.device, id, value, shown));
    };
    return html`<form @submit=${submit}>
      <input
        type="number"
        required
        min=${min ?? nothing}
        max=${max ?? nothing}
        step=${step ?? "any"}
        aria-labelledby=${id}
        ?disabled=${this.away(id)}
        .value=${Number.isFinite(Number(told.state)) ? told.state : ""}
      />
      <span>${unit ?? ""}</span>
      <button class="button" ?disabled=${this.away(id)}>${this.t("write")}</button>
    </form>`;
  }

  private confirmation(): TemplateResult | typeof nothing {
    if (this.asked === undefined) return nothing;
    const { name, address } = this.device;
    return html`<ews-command-dialog
      .hass=${this.hass}
      .command=${this.asked}
      .place=${[name, this.t("address", { address }), this.gateway]}
      @command-done=${(event: CustomEvent<{ label: string }>) => {
        this.done = this.t("taken", { command: event.detail.label });
      }}
      @command-closed=${() => {
        this.asked = undefined;
      }}
    ></ews-command-dialog>`;
  }
}
