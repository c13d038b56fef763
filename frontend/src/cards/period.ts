/** The card with the period of a page: the other cards follow it, and leave out their own arrows. */

import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement } from "lit/decorators.js";
import type { Span } from "../answers";
import { EwsCard } from "../card";
import { choice, collectionField } from "../fields";
import type { CardConfig, GridOptions, HomeAssistant } from "../ha";
import { SPANS } from "../period";
import { type PeriodStore, periodStore } from "../period-store";
import type { Form } from "../shell";
import "../parts/period-bar";

export interface PeriodBarConfig extends CardConfig {
  /** The length that a page begins with. */
  span?: Span;
  collection_key?: string;
}

/** Stores whose first length was set: what people chose since then stays. */
const begun = new WeakSet<PeriodStore>();

@customElement("ews-period-card")
export class PeriodBarCard extends EwsCard<PeriodBarConfig> {
  override getCardSize(): number {
    return 1;
  }

  override getGridOptions(): GridOptions {
    return { columns: "full", rows: "auto", min_columns: 6 };
  }

  private get store(): PeriodStore {
    return periodStore(this.hass, this.config.collection_key);
  }

  protected override updated(changed: PropertyValues): void {
    if (this.listening && changed.get("config") !== undefined) this.relisten();
  }

  protected override listen(): (() => void)[] {
    const { store } = this;
    const { span } = this.config;
    if (span !== undefined && !begun.has(store)) store.set({ period: { span, date: store.today } });
    begun.add(store);
    return [store.control()];
  }

  protected heading(): string {
    return "";
  }

  protected content(): TemplateResult {
    return html`<ews-period-bar .hass=${this.hass} .store=${this.store}></ews-period-bar>`;
  }

  protected override render(): TemplateResult {
    const { title } = this.config;
    return html`<ha-card>
      <div class="card">${title ? html`<header><h2>${title}</h2></header>` : nothing} ${this.content()}</div>
    </ha-card>`;
  }

  // The bar has no use for what the house does, but for the language: it looks after that by itself.
  protected override concerns(): boolean {
    return false;
  }
}

export const tag = "ews-period-card";

/** The fields of the editor. */
export function form(hass: HomeAssistant): Form {
  return {
    schema: [{ name: "title", selector: { text: {} } }, choice(hass, "span", SPANS, "period_"), collectionField],
  };
}
