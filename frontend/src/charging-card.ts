/**
 * What the cards of charging have in common: they follow how it goes, know what belongs to whom and what the user may,
 * and say beside their buttons why something was refused.
 */

import { type CSSResultGroup, css, html, nothing, type TemplateResult } from "lit";
import { state } from "lit/decorators.js";
import { act, type Target } from "./actions";
import type { Access, Board, Right } from "./answers";
import { EwsCard } from "./card";
import { type Charging, followCharging, type News } from "./charging";
import { client } from "./client";
import { numberText, UNKNOWN } from "./format";
import { type CardConfig, DOMAIN, walk } from "./ha";
import { loadReasons } from "./reason";
import { frame } from "./styles";

const PAGE = `/config/integrations/integration/${DOMAIN}`;

export abstract class ChargingCard<C extends CardConfig = CardConfig> extends EwsCard<C> {
  @state() protected charging?: Charging;
  @state() protected board?: Board;
  @state() protected error: unknown;
  @state() private rights: readonly Right[] = [];
  @state() private refused = "";
  /** An order is on its way: no second one. */
  @state() protected busy = false;

  static override styles: CSSResultGroup = [
    frame,
    css`
      .link {
        display: inline-flex;
        align-items: center;
        text-decoration: none;
      }
      .refused {
        display: flex;
        align-items: center;
        gap: 8px;
        margin: 0;
        padding: 8px 8px 8px 12px;
        border-radius: 8px;
        background: color-mix(in srgb, var(--error-color) 12%, transparent);
      }
      .refused span {
        flex: 1;
      }
      .refused ha-icon {
        flex: none;
        color: var(--error-color);
      }
    `,
  ];

  /** Takes what came; cards that keep something of a session look whether it is another one. */
  protected hear({ charging, error }: News): void {
    this.error = error;
    if (charging !== undefined) this.charging = charging;
  }

  /** Asks for what changes rarely. */
  protected ask(): void {
    const asked = client(this.hass);
    asked.ask<Board>("board").then(
      (board) => {
        this.board = board;
      },
      () => undefined,
    );
    asked.ask<Access>("access").then(
      ({ rights }) => {
        this.rights = rights;
      },
      () => undefined,
    );
  }

  protected override listen(): (() => void)[] {
    const ways = [client(this.hass).follow(() => this.ask()), followCharging(this.hass, (news) => this.hear(news))];
    this.ask();
    loadReasons(this.hass).then(
      () => this.requestUpdate(),
      () => undefined,
    );
    return ways;
  }

  /** Whether the user may start and hold, give priority, and switch. */
  protected get may(): boolean {
    return this.rights.includes("charge");
  }

  /** Runs an action, one at a time; why it failed stands in the card. */
  protected async order(domain: string, action: string, data: Record<string, unknown>, target: Target): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.refused = "";
    const why = await act(this.hass, domain, action, data, target);
    this.refused = why?.message ?? "";
    this.busy = false;
  }

  /** Why the last order failed; nothing where it did not. */
  protected refusal(): TemplateResult {
    const close = (): void => {
      this.refused = "";
    };
    return html`<div role="alert">
      ${
        this.refused === ""
          ? nothing
          : html`<p class="refused">
              <ha-icon .icon=${"mdi:alert-circle-outline"}></ha-icon>
              <span>${this.refused}</span>
              <button class="tool" aria-label=${this.t("action_close")} @click=${close}>
                <ha-icon .icon=${"mdi:close"}></ha-icon>
              </button>
            </p>`
      }
    </div>`;
  }

  /** The word for a state of one of our sensors; `entity`: the sensor, where it is there. */
  protected word(translationKey: string, value: string, entity?: string): string {
    const known = entity === undefined ? undefined : this.hass.states[entity];
    if (known !== undefined) return this.hass.formatEntityState(known, value);
    return this.hass.localize(`component.${DOMAIN}.entity.sensor.${translationKey}.state.${value}`) || value;
  }

  /** A current as it is read: "13.4 A". */
  protected ampere(current: number | null): string {
    if (current === null) return UNKNOWN;
    return `${numberText(this.hass, current, Number.isInteger(current) ? 0 : 1)}\u00a0A`;
  }

  /** Says that nothing is managed yet, and where that is changed. */
  protected unmanaged(): TemplateResult {
    const go = (event: Event): void => {
      event.preventDefault();
      walk(PAGE);
    };
    const link = html`<a class="button link" href=${PAGE} @click=${go}>${this.t("charge_set_up")}</a>`;
    return this.notice("mdi:ev-station", this.t("charge_none"), this.hass.user?.is_admin ? link : undefined);
  }
}

export { css, html, nothing, state };
