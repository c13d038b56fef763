/** A card that asks for bars of a time: that of the page, or one of its own. */

import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { state } from "lit/decorators.js";
import type { Site, Span } from "./answers";
import { EwsCard } from "./card";
import { client } from "./client";
import { durationText } from "./format";
import type { CardConfig } from "./ha";
import { isSpanned, type Period } from "./period";
import { PeriodStore, periodStore } from "./period-store";
import "./parts/period-bar";

export interface PeriodConfig extends CardConfig {
  /** `shared` (default): the page's; else the span that the card's own period begins with. */
  period?: "shared" | Span;
  /** Of Home Assistant's energy date selection to go with; by default that of the page. */
  collection_key?: string;
  /** The period before is set beside it; by default what the page's period says. */
  previous?: boolean;
}

export abstract class PeriodCard<C extends PeriodConfig = PeriodConfig> extends EwsCard<C> {
  @state() protected site?: Site;
  /** What is shown until the next answer is there. */
  @state() protected error: unknown;
  @state() protected loading = true;
  private own: PeriodStore | undefined;
  private turn = 0;

  /** The period in view. */
  protected get store(): PeriodStore {
    const span = this.config.period ?? "shared";
    if (span === "shared") return periodStore(this.hass, this.config.collection_key);
    this.own ??= new PeriodStore(this.hass, undefined, span);
    return this.own;
  }

  protected get period(): Period {
    return this.store.picked.period;
  }

  /** Tells whether the period before is asked for. */
  protected get previous(): boolean {
    return (this.config.previous ?? this.store.picked.previous) && isSpanned(this.period);
  }

  /** Asks for what the card shows and keeps it; `mine` tells whether nothing newer was asked meanwhile. */
  protected abstract load(mine: () => boolean): Promise<void>;

  protected override updated(changed: PropertyValues): void {
    const old = changed.get("config") as C | undefined;
    if (old !== undefined && old !== this.config && this.listening) {
      this.own = undefined;
      this.relisten();
    }
  }

  protected override listen(): (() => void)[] {
    const again = (): void => this.refresh();
    const ways = [this.store.subscribe(this.hass, again), client(this.hass).follow(again)];
    this.refresh();
    return ways;
  }

  /** Asks anew; what is shown stays until the answer is there. */
  protected refresh(): void {
    this.turn += 1;
    const turn = this.turn;
    const mine = (): boolean => turn === this.turn;
    this.loading = true;
    this.requestUpdate();
    this.fetch(mine).then(
      () => mine() && this.settle(undefined),
      (error: unknown) => mine() && this.settle(error),
    );
  }

  private async fetch(mine: () => boolean): Promise<void> {
    // What there is to choose from is shown even if what was chosen is refused.
    const site = client(this.hass)
      .ask<Site>("site")
      .then((told) => {
        if (mine()) this.site = told;
      });
    await Promise.all([site, this.load(mine)]);
  }

  private settle(error: unknown): void {
    this.error = error;
    this.loading = false;
  }

  /** Says when there will be something, on a site where nothing was counted yet. */
  protected yet(): string {
    const seconds = this.site?.sample_rate;
    if (seconds === undefined) return this.t("chart_nothing");
    return this.t("chart_nothing_yet", { time: durationText(this.hass, seconds) });
  }

  /** The arrows and the choice of the period, where the page has none. */
  protected navigation(): TemplateResult | typeof nothing {
    if (this.store.controlled) return nothing;
    return html`<ews-period-bar .hass=${this.hass} .store=${this.store} compact></ews-period-bar>`;
  }
}
