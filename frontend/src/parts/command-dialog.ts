/**
 * Asks whether a command is really meant, for its code where the site wants one, gives it, and says what came of it.
 *
 * Fires "command-done" when the device has taken it, "command-closed" when it goes. A code is forgotten with the dialog.
 */

import { html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { fire, type HomeAssistant } from "../ha";
import { frame } from "../styles";
import { text } from "../texts";
import { asksForCode, type Command, give } from "./board-commands";
import { dialogStyles } from "./dialog-styles";

@customElement("ews-command-dialog")
export class CommandDialog extends LitElement {
  @property({ attribute: false }) hass!: HomeAssistant;
  @property({ attribute: false }) command!: Command;
  /** Name, address and gateway of the device. */
  @property({ attribute: false }) place: readonly string[] = [];
  @state() private busy = false;
  @state() private failure = "";
  @state() private coded = false;
  @query("dialog") private dialog!: HTMLDialogElement;
  @query("input") private field!: HTMLInputElement | null;

  static override styles = [frame, dialogStyles];

  protected override firstUpdated(): void {
    this.coded = this.command.coded !== undefined && asksForCode(this.hass);
    this.dialog.showModal();
  }

  protected override render(): TemplateResult {
    const t = (key: string): string => text(this.hass, key);
    const [name, ...rest] = this.place;
    return html`<dialog
      class="small"
      aria-labelledby="title"
      @close=${() => fire(this, "command-closed")}
      @cancel=${(event: Event) => {
        if (this.busy) event.preventDefault();
      }}
    >
      <h2 id="title">${t("panel_confirm")}</h2>
      <p class="what">
        <strong>${this.command.label}</strong>
        <span>${name}</span>
        <span class="secondary">${rest.join(" · ")}</span>
      </p>
      <p class="secondary">${t("panel_confirm_text")}</p>
      <form @submit=${this.send}>
        ${
          this.coded
            ? html`<label>${t("panel_code")}<input type="password" autocomplete="off" ?disabled=${this.busy} /></label>`
            : nothing
        }
        <div role="alert">
          ${
            this.failure
              ? html`<p class="failed"><ha-icon .icon=${"mdi:alert-circle-outline"}></ha-icon>${this.failure}</p>`
              : nothing
          }
        </div>
        <div class="actions">
          <button type="button" class="button" autofocus ?disabled=${this.busy} @click=${() => this.dialog.close()}>
            ${t("action_cancel")}
          </button>
          <button class="button strong" ?disabled=${this.busy}>
            ${this.busy ? t("panel_sending") : t("panel_send")}
          </button>
        </div>
      </form>
    </dialog>`;
  }

  private async send(event: Event): Promise<void> {
    event.preventDefault();
    if (this.busy) return;
    const code = this.field?.value ?? "";
    this.busy = true;
    this.failure = "";
    const refused = await give(this.hass, this.command, code);
    this.busy = false;
    if (refused === undefined) {
      fire(this, "command-done", { label: this.command.label });
      this.dialog.close();
      return;
    }
    const first = refused.code && !this.coded;
    this.coded ||= refused.code;
    // That a code is needed is said by the field that appears.
    this.failure = first ? "" : refused.message;
    await this.updateComplete;
    if (refused.code) this.field?.select();
  }
}
