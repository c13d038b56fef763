/** How our cards look: Home Assistant's own variables, so that every theme is theirs too. */

import { css } from "lit";

/** The frame of a card, and the parts that several cards have. */
export const frame = css`
  :host {
    display: block;
    height: 100%;
    --ews-gap: var(--ha-space-4, 16px);
    --ews-line: var(--divider-color, #e0e0e0);
    --ews-electricity: var(--energy-grid-consumption-color, #488fc2);
    --ews-gas: var(--energy-gas-color, #8e021b);
    --ews-water: var(--energy-water-color, #00bcd4);
  }
  ha-card {
    height: 100%;
    overflow: hidden;
  }
  .card {
    display: flex;
    flex-direction: column;
    box-sizing: border-box;
    height: 100%;
    padding: 12px var(--ews-gap) var(--ews-gap);
    gap: 12px;
    color: var(--primary-text-color);
    container-type: inline-size;
  }
  .card.large {
    position: fixed;
    inset: 0;
    z-index: 10;
    overflow: auto;
    padding: 24px;
    background: var(--ha-card-background, var(--card-background-color, #fff));
    font-size: clamp(14px, 1.6vmin, 28px);
  }
  header {
    display: flex;
    align-items: center;
    gap: 4px;
    min-height: 40px;
  }
  h2 {
    flex: 1;
    min-width: 0;
    margin: 0;
    overflow: hidden;
    font-size: var(--ha-font-size-l, 16px);
    font-weight: var(--ha-font-weight-medium, 500);
    line-height: 1.3;
    text-overflow: ellipsis;
  }
  button {
    font: inherit;
    color: inherit;
    cursor: pointer;
  }
  button:disabled {
    cursor: default;
    opacity: 0.5;
  }
  :focus-visible {
    outline: 2px solid var(--primary-color);
    outline-offset: 2px;
  }
  .tool {
    display: inline-grid;
    flex: none;
    place-items: center;
    width: 40px;
    height: 40px;
    padding: 0;
    border: 0;
    border-radius: 50%;
    background: none;
    color: var(--secondary-text-color);
    --mdc-icon-size: 22px;
  }
  .tool:hover {
    background: color-mix(in srgb, currentColor 10%, transparent);
  }
  .tool[aria-pressed="true"] {
    color: var(--primary-color);
  }
  .button {
    min-height: 36px;
    padding: 0 16px;
    border: 0;
    border-radius: 18px;
    background: color-mix(in srgb, var(--primary-color) 15%, transparent);
    color: var(--primary-color);
    font-weight: 500;
  }
  .button.strong {
    background: var(--primary-color);
    color: var(--text-primary-color, #fff);
  }
  .button.danger {
    background: var(--error-color);
    color: #fff;
  }
  .chips {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
  }
  .chip {
    display: inline-flex;
    align-items: center;
    gap: 6px;
    min-height: 32px;
    padding: 0 12px;
    border: 1px solid var(--ews-line);
    border-radius: 16px;
    background: none;
    font-size: var(--ha-font-size-m, 14px);
  }
  .chip[aria-pressed="true"],
  .chip[aria-selected="true"] {
    border-color: var(--primary-color);
    background: color-mix(in srgb, var(--primary-color) 15%, transparent);
  }
  .dot {
    flex: none;
    width: 12px;
    height: 12px;
    border-radius: 3px;
  }
  select,
  input {
    box-sizing: border-box;
    min-height: 40px;
    max-width: 100%;
    padding: 0 12px;
    border: 1px solid var(--input-outlined-idle-border-color, var(--ews-line));
    border-radius: 8px;
    background: var(--card-background-color, #fff);
    color: var(--primary-text-color);
    font: inherit;
    font-size: var(--ha-font-size-m, 14px);
  }
  table {
    width: 100%;
    border-collapse: collapse;
    font-size: var(--ha-font-size-m, 14px);
    font-variant-numeric: tabular-nums;
  }
  th {
    color: var(--secondary-text-color);
    font-weight: 500;
    text-align: start;
  }
  th,
  td {
    padding: 8px 4px;
    border-bottom: 1px solid var(--ews-line);
  }
  .number {
    text-align: end;
    white-space: nowrap;
  }
  .secondary {
    color: var(--secondary-text-color);
    font-size: var(--ha-font-size-s, 12px);
  }
  .notice {
    display: flex;
    flex: 1;
    flex-direction: column;
    align-items: center;
    justify-content: center;
    gap: 12px;
    min-height: 120px;
    padding: 16px;
    color: var(--secondary-text-color);
    text-align: center;
    --mdc-icon-size: 40px;
  }
  .notice p {
    max-width: 40em;
    margin: 0;
  }
  .unseen {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  .waiting {
    opacity: 0.6;
    transition: opacity 0.2s 0.3s;
  }
  @media (prefers-reduced-motion: reduce) {
    * {
      transition: none !important;
    }
  }
`;
