/** The names of what a chart shows, with their colours; each can be switched off. */

import { css, html, LitElement, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { fire } from "../ha";

export interface LegendItem {
  key: string;
  name: string;
  color: string;
  value?: string;
}

/** Fires "toggle" {key}; who uses it keeps what is hidden. */
@customElement("ews-legend")
export class Legend extends LitElement {
  @property({ attribute: false }) items: LegendItem[] = [];
  /** A Set of keys, in place of the element's own yes or no: a legend is there or not. */
  // biome-ignore lint/suspicious/noExplicitAny: the type of HTMLElement.hidden cannot be narrowed to a Set
  @property({ attribute: false }) override hidden: any = new Set<string>();

  static override styles = css`
    :host {
      display: flex;
      flex-wrap: wrap;
      gap: 0 4px;
      margin-inline: -8px;
      font-size: max(12px, 0.86em);
    }
    button {
      display: inline-flex;
      align-items: center;
      gap: 8px;
      max-width: 100%;
      min-height: 32px;
      padding: 0 8px;
      border: 0;
      border-radius: 8px;
      background: none;
      color: var(--primary-text-color);
      font: inherit;
      cursor: pointer;
    }
    button:hover {
      background: color-mix(in srgb, currentColor 8%, transparent);
    }
    :focus-visible {
      outline: 2px solid var(--primary-color);
      outline-offset: -2px;
    }
    .dot {
      flex: none;
      box-sizing: border-box;
      width: 12px;
      height: 12px;
      border: 2px solid var(--color);
      border-radius: 3px;
      background: var(--color);
    }
    .name {
      overflow: hidden;
      text-overflow: ellipsis;
      white-space: nowrap;
    }
    .value {
      color: var(--secondary-text-color);
      font-variant-numeric: tabular-nums;
      white-space: nowrap;
    }
    [aria-pressed="false"] {
      color: var(--secondary-text-color);
    }
    [aria-pressed="false"] .dot {
      background: none;
    }
    [aria-pressed="false"] .name {
      text-decoration: line-through;
    }
  `;

  protected override render(): TemplateResult[] {
    return this.items.map((item) => this.button(item));
  }

  private button({ key, name, color, value }: LegendItem): TemplateResult {
    const shown = !(this.hidden as Set<string>).has(key);
    return html`<button
      aria-pressed=${String(shown)}
      title=${name}
      @click=${() => fire(this, "toggle", { key })}
    >
      <span class="dot" style="--color: ${color}"></span>
      <span class="name">${name}</span>
      ${value === undefined ? "" : html`<span class="value">${value}</span>`}
    </button>`;
  }
}
