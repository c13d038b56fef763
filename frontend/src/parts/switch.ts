/** A switch as a button: with the keyboard, with its state for screen readers, and without Home Assistant's elements. */

import { css, html, nothing, type TemplateResult } from "lit";

export interface Switch {
  label: string;
  /** What it does, or what it being off means. */
  help?: string;
  on: boolean;
  disabled?: boolean;
  press: () => void;
}

export const switchStyles = css`
  .switch {
    display: flex;
    align-items: center;
    gap: 16px;
    width: 100%;
    min-height: 48px;
    padding: 4px 0;
    border: 0;
    border-radius: 8px;
    background: none;
    text-align: start;
  }
  .switch .words {
    flex: 1;
    min-width: 0;
  }
  .switch .secondary {
    display: block;
  }
  .switch .knob {
    position: relative;
    flex: none;
    width: 36px;
    height: 20px;
    border-radius: 10px;
    background: var(--switch-unchecked-track-color, color-mix(in srgb, currentColor 35%, transparent));
    transition: background 0.2s;
  }
  .switch .knob::after {
    position: absolute;
    inset-block-start: 3px;
    inset-inline-start: 3px;
    width: 14px;
    height: 14px;
    border-radius: 50%;
    background: #fff;
    content: "";
    transition: inset-inline-start 0.2s;
  }
  .switch[aria-checked="true"] .knob {
    background: var(--primary-color);
  }
  .switch[aria-checked="true"] .knob::after {
    inset-inline-start: 19px;
  }
`;

/** Draws a switch; its styles are `switchStyles`. */
export function switchOf({ label, help, on, disabled, press }: Switch): TemplateResult {
  return html`<button class="switch" role="switch" aria-checked=${String(on)} ?disabled=${disabled} @click=${press}>
    <span class="words">${label}${help ? html`<span class="secondary">${help}</span>` : nothing}</span>
    <span class="knob"></span>
  </button>`;
}
