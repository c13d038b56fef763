/** Arrows, length, day and comparison of a period, for a page or for one card. What they mean is the store's matter. */

import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, query } from "lit/decorators.js";
import type { Span } from "../answers";
import type { HomeAssistant } from "../ha";
import { bounds, holds, isSpanned, moved, named, type Period, SPANS, shifted } from "../period";
import type { PeriodStore } from "../period-store";
import { frame } from "../styles";
import { text } from "../texts";

/** Draws anew with the language only: a new `hass` comes with every state of the house. */
const spoken = (now: HomeAssistant, old?: HomeAssistant): boolean =>
  old === undefined || now.language !== old.language || now.locale !== old.locale;

/** The first of two days. */
function earlier(one: string, other: string): string {
  return one.localeCompare(other) < 0 ? one : other;
}

/** The day to go to when the length is changed: that of the period, but none that is still to come. */
export function anchor(period: Period, today: string): string {
  const day = isSpanned(period) ? period.date : moved(period.end, -1);
  return earlier(day, today);
}

@customElement("ews-period-bar")
export class PeriodBar extends LitElement {
  @property({ attribute: false, hasChanged: spoken }) hass!: HomeAssistant;
  @property({ attribute: false }) store!: PeriodStore;
  /** For the inside of a card: one line, without what it can do without. */
  @property({ type: Boolean, reflect: true }) compact = false;
  @query("input") private picker!: HTMLInputElement;
  private leave: (() => void) | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    if (!this.hasUpdated) return;
    this.follow();
    this.requestUpdate();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.leave?.();
    this.leave = undefined;
  }

  protected override updated(changed: PropertyValues): void {
    if (changed.has("store")) this.follow();
  }

  private follow(): void {
    this.leave?.();
    this.leave = this.store.subscribe(this.hass, () => this.requestUpdate());
  }

  private t(key: string): string {
    return text(this.hass, key);
  }

  private get period(): Period {
    return this.store.picked.period;
  }

  private lengthen(span: Span): void {
    this.store.set({ period: { span, date: anchor(this.period, this.store.today) } });
  }

  private go(date: string): void {
    const span = isSpanned(this.period) ? this.period.span : "day";
    this.store.set({ period: { span, date } });
  }

  private openPicker(): void {
    try {
      this.picker.showPicker();
    } catch {
      this.picker.focus();
    }
  }

  protected override render(): TemplateResult {
    return html`<div class="bar">${this.compact ? nothing : this.spans()} ${this.arrows()} ${this.more()}</div>`;
  }

  private get span(): Span | undefined {
    return isSpanned(this.period) ? this.period.span : undefined;
  }

  private spans(): TemplateResult {
    return html`<div class="spans" role="group" aria-label=${this.t("period_length")}>
      ${SPANS.map(
        (span) => html`<button aria-pressed=${String(span === this.span)} @click=${() => this.lengthen(span)}>
          ${this.t(`period_${span}`)}
        </button>`,
      )}
    </div>`;
  }

  private spanList(): TemplateResult {
    return html`<select
      aria-label=${this.t("period_length")}
      @change=${(event: Event) => this.lengthen((event.target as HTMLSelectElement).value as Span)}
    >
      ${this.span === undefined ? html`<option value="" selected disabled>–</option>` : nothing}
      ${SPANS.map(
        (span) => html`<option .value=${span} .selected=${span === this.span}>${this.t(`period_${span}`)}</option>`,
      )}
    </select>`;
  }

  private arrow(icon: string, label: string, by: number, disabled: boolean): TemplateResult {
    return html`<button
      class="tool"
      title=${label}
      aria-label=${label}
      ?disabled=${disabled}
      @click=${() => this.store.shift(by)}
    >
      <ha-icon .icon=${icon}></ha-icon>
    </button>`;
  }

  private arrows(): TemplateResult {
    const { today } = this.store;
    const [first] = bounds(this.period);
    const last = bounds(shifted(this.period, 1))[0] > today;
    return html`<div class="walk">
      ${this.arrow("mdi:chevron-left", this.t("period_back"), -1, false)}
      <span class="day">
        <button class="name" title=${this.t("period_pick")} @click=${() => this.openPicker()}>
          <span aria-live="polite">${named(this.period, this.hass.locale.language)}</span>
        </button>
        <input
          type="date"
          tabindex="-1"
          aria-label=${this.t("period_pick")}
          max=${today}
          .value=${isSpanned(this.period) ? this.period.date : first}
          @change=${(event: Event) => {
            const { value } = event.target as HTMLInputElement;
            if (value !== "") this.go(earlier(value, today));
          }}
        />
      </span>
      ${this.arrow("mdi:chevron-right", this.t("period_forward"), 1, last)}
    </div>`;
  }

  /** In words where there is room, else an icon. */
  private todayButton(today: string): TemplateResult {
    const here = holds(this.period, today);
    const label = this.t("period_today");
    const go = (): void => this.go(today);
    return html`<button class="button" ?disabled=${here} @click=${go}>${label}</button>
      <button class="tool today" title=${label} aria-label=${label} ?hidden=${here} @click=${go}>
        <ha-icon .icon=${"mdi:calendar-today"}></ha-icon>
      </button>`;
  }

  private more(): TemplateResult {
    const { today, picked } = this.store;
    const label = this.t("period_compare");
    return html`<div class="more">
      ${this.compact ? this.spanList() : nothing}
      ${this.todayButton(today)}
      <button
        class="tool"
        role="switch"
        title=${label}
        aria-label=${label}
        aria-checked=${String(picked.previous)}
        aria-pressed=${String(picked.previous)}
        ?disabled=${!isSpanned(this.period)}
        @click=${() => this.store.set({ previous: !picked.previous })}
      >
        <ha-icon .icon=${"mdi:compare-horizontal"}></ha-icon>
      </button>
    </div>`;
  }

  static override styles = [
    frame,
    css`
      :host {
        height: auto;
        container-type: inline-size;
      }
      .bar {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        justify-content: space-between;
        gap: 8px 16px;
      }
      :host([compact]) .bar {
        flex-wrap: nowrap;
        gap: 8px;
      }
      .spans {
        display: inline-flex;
        overflow: hidden;
        border: 1px solid var(--ews-line);
        border-radius: 20px;
      }
      .spans button {
        flex: 1;
        min-height: 38px;
        padding: 0 16px;
        border: 0;
        border-inline-start: 1px solid var(--ews-line);
        background: none;
        font-size: var(--ha-font-size-m, 14px);
        white-space: nowrap;
      }
      .spans button:first-child {
        border: 0;
      }
      .spans button[aria-pressed="true"] {
        background: color-mix(in srgb, var(--primary-color) 15%, transparent);
        color: var(--primary-color);
        font-weight: 500;
      }
      .spans button:focus-visible {
        outline-offset: -4px;
        border-radius: 20px;
      }
      .walk,
      .more {
        display: flex;
        align-items: center;
        gap: 4px;
        min-width: 0;
      }
      .day {
        position: relative;
        min-width: 0;
      }
      .name {
        min-height: 40px;
        max-width: 100%;
        padding: 0 8px;
        overflow: hidden;
        border: 0;
        border-radius: 20px;
        background: none;
        font-size: var(--ha-font-size-l, 16px);
        font-weight: 500;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      .name {
        min-width: 11em;
      }
      :host([compact]) .name {
        min-width: 0;
        font-size: var(--ha-font-size-m, 14px);
      }
      .name:hover {
        background: color-mix(in srgb, currentColor 8%, transparent);
      }
      /* There for the place where the browser opens its calendar. */
      input {
        position: absolute;
        inset: 0;
        z-index: -1;
        width: 100%;
        min-width: 0;
        padding: 0;
        opacity: 0;
        pointer-events: none;
      }
      .button:disabled {
        opacity: 0.4;
      }
      .today,
      [hidden] {
        display: none;
      }
      @container (max-width: 520px) {
        .bar {
          gap: 8px;
        }
        .spans {
          width: 100%;
        }
        .spans button {
          padding: 0 4px;
        }
        .walk {
          flex: 1;
        }
        .walk,
        .more {
          gap: 0;
        }
        .tool {
          width: 36px;
        }
        .more .button,
        :host([compact]) .more .tool {
          display: none;
        }
        .today:not([hidden]) {
          display: inline-grid;
        }
        :host .name {
          min-width: 0;
          padding: 0 4px;
          font-size: var(--ha-font-size-m, 14px);
          line-height: 1.2;
          white-space: normal;
        }
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    "ews-period-bar": PeriodBar;
  }
}
