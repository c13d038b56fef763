/** A device of the board as a tile: drawn anew only when one of its own entities changes. Fires "open". */

import { css, html, LitElement, nothing, type PropertyValues, svg, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { BoardDevice } from "../answers";
import { fire, type HomeAssistant } from "../ha";
import { text } from "../texts";
import { lineEntities, lookOf, valueText } from "./board-look";

type Function = BoardDevice["functions"][number];

/** Drawn with lines in a square of 16: they are too many for elements of their own. */
const SYMBOLS: Record<Function, string> = {
  measure: "M2.2 11.5a6 6 0 1 1 11.6 0M8 10.5l3-4",
  state: "M8 2.5a5.5 5.5 0 1 0 .01 0M8 6.8a1.2 1.2 0 1 0 .01 0",
  command: "M5 4.5h6a3.5 3.5 0 0 1 0 7h-6a3.5 3.5 0 0 1 0-7M11 6.8a1.2 1.2 0 1 0 .01 0",
  link: "M6.3 9.7l3.4-3.4M7.2 4.6l1-1a3 3 0 0 1 4.2 4.2l-1 1M8.8 11.4l-1 1a3 3 0 0 1-4.2-4.2l1-1",
};

/** What a change of `hass` is looked at for, beside the states. */
const WORDS = ["language", "locale", "themes"] as const;

export const tones = css`
  [data-tone] {
    --tone: var(--secondary-text-color);
  }
  [data-tone="error"] {
    --tone: var(--error-color);
  }
  [data-tone="warning"] {
    --tone: var(--warning-color, #ffa600);
  }
  [data-tone="active"] {
    --tone: var(--primary-color);
  }
  [data-tone="idle"] {
    --tone: var(--disabled-text-color, #bdbdbd);
  }
  .sign {
    display: grid;
    flex: none;
    place-items: center;
    width: 40px;
    height: 40px;
    border-radius: 50%;
    background: color-mix(in srgb, var(--tone) 16%, transparent);
    color: var(--tone);
    --mdc-icon-size: 22px;
  }
`;

@customElement("ews-board-tile")
export class BoardTile extends LitElement {
  @property({ attribute: false }) hass!: HomeAssistant;
  @property({ attribute: false }) device!: BoardDevice;
  /** Its gateway is running. */
  @property({ attribute: false }) loaded = true;
  private watched: string[] = [];

  static override styles = [
    tones,
    css`
      :host {
        display: block;
        content-visibility: auto;
        contain-intrinsic-size: auto 66px;
      }
      button {
        display: flex;
        align-items: center;
        gap: 12px;
        box-sizing: border-box;
        width: 100%;
        min-height: 66px;
        padding: 10px 12px;
        border: 1px solid var(--divider-color, #e0e0e0);
        border-radius: 12px;
        background: none;
        color: var(--primary-text-color);
        font: inherit;
        font-size: var(--ha-font-size-m, 14px);
        line-height: 1.4;
        text-align: start;
        cursor: pointer;
      }
      button:hover {
        background: color-mix(in srgb, var(--primary-text-color) 5%, transparent);
      }
      button:focus-visible {
        outline: 2px solid var(--primary-color);
        outline-offset: -2px;
      }
      .what {
        flex: 1;
        min-width: 0;
      }
      .line {
        display: flex;
        align-items: center;
        justify-content: space-between;
        gap: 12px;
      }
      .line + .line {
        margin-top: 2px;
        color: var(--secondary-text-color);
        font-size: var(--ha-font-size-s, 12px);
      }
      .cut {
        min-width: 0;
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      .name {
        font-weight: 500;
      }
      .value {
        flex: none;
        font-variant-numeric: tabular-nums;
        white-space: nowrap;
      }
      .about {
        display: flex;
        flex: 1 1 auto;
        align-items: center;
        gap: 6px;
        min-width: 0;
      }
      .address {
        flex: none;
        min-width: 1.4em;
        padding: 0 5px;
        border-radius: 6px;
        background: color-mix(in srgb, var(--primary-text-color) 9%, transparent);
        color: var(--primary-text-color);
        font-variant-numeric: tabular-nums;
        line-height: 18px;
        text-align: center;
      }
      .symbols {
        display: flex;
        flex: none;
        gap: 2px;
      }
      svg {
        width: 16px;
        height: 16px;
        fill: none;
        stroke: currentColor;
        stroke-linecap: round;
        stroke-width: 1.3;
      }
      .word {
        flex: 0 1 auto;
        max-width: 50%;
      }
      [data-tone="error"] .word,
      [data-tone="warning"] .word {
        color: color-mix(in srgb, var(--tone) 80%, var(--primary-text-color));
        font-weight: 500;
      }
      [data-tone="warning"] .word {
        color: color-mix(in srgb, var(--tone) 55%, var(--primary-text-color));
      }
      button[data-tone="error"] {
        border-color: color-mix(in srgb, var(--tone) 60%, transparent);
      }
    `,
  ];

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has("device")) this.watched = lineEntities(this.device);
  }

  protected override shouldUpdate(changed: PropertyValues): boolean {
    if (this.hass === undefined || this.device === undefined) return false;
    const old = changed.get("hass") as HomeAssistant | undefined;
    if (changed.size > 1 || old === undefined) return true;
    const now = this.hass;
    return (
      WORDS.some((part) => old[part] !== now[part]) || this.watched.some((id) => old.states[id] !== now.states[id])
    );
  }

  protected override render(): TemplateResult {
    const { hass, device } = this;
    const { icon, tone, word } = lookOf(hass, device, this.loaded);
    const { address, name, model, model_name, functions } = device;
    return html`<button data-tone=${tone} @click=${() => fire(this, "open", { id: device.id })}>
      <span class="sign"><ha-icon .icon=${icon}></ha-icon></span>
      <span class="what">
        <span class="line">
          <span class="name cut" title=${name}>${name}</span>
          <span class="value">${valueText(hass, device)}</span>
        </span>
        <span class="line">
          <span class="about">
            <span class="address" title=${text(hass, "panel_address", { address })}>${address}</span>
            <span class="cut">${model || model_name}</span>
            ${functions.length > 0 ? html`<span class="symbols">${functions.map((one) => this.symbol(one))}</span>` : nothing}
          </span>
          <span class="word cut" title=${word}>${word}</span>
        </span>
      </span>
    </button>`;
  }

  private symbol(one: Function): TemplateResult {
    const title = text(this.hass, `panel_${one}`);
    return html`<svg viewBox="0 0 16 16" role="img" aria-label=${title}>
      ${svg`<title>${title}</title><path d=${SYMBOLS[one]}></path>`}
    </svg>`;
  }
}
