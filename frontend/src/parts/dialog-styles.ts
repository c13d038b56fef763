/** How the dialogs of the board look: as Home Assistant's, on a phone the whole screen. */

import { css } from "lit";

export const dialogStyles = css`
  dialog {
    box-sizing: border-box;
    flex-direction: column;
    width: min(680px, calc(100vw - 48px));
    height: min(720px, calc(100dvh - 64px));
    max-width: none;
    max-height: none;
    padding: 0;
    overflow: hidden;
    border: 0;
    border-radius: var(--ha-dialog-border-radius, 24px);
    background: var(--ha-dialog-surface-background, var(--ha-card-background, var(--card-background-color, #fff)));
    color: var(--primary-text-color);
    font-size: var(--ha-font-size-m, 14px);
    box-shadow: 0 8px 32px rgb(0 0 0 / 24%);
  }
  dialog[open] {
    display: flex;
  }
  dialog::backdrop {
    background: rgb(0 0 0 / 45%);
  }
  dialog.small {
    width: min(400px, calc(100vw - 32px));
    height: fit-content;
    padding: 24px;
    gap: 16px;
  }
  .small h2 {
    flex: none;
    font-size: var(--ha-font-size-xl, 20px);
    white-space: normal;
  }
  .small p {
    margin: 0;
  }
  .small label,
  .small .failed {
    margin-bottom: 16px;
  }
  .small .what {
    display: grid;
    gap: 4px;
    padding: 12px 16px;
    border-radius: 12px;
    background: color-mix(in srgb, var(--primary-text-color) 6%, transparent);
  }
  .small .what strong {
    font-weight: 500;
  }
  .small label {
    display: grid;
    gap: 4px;
    color: var(--secondary-text-color);
    font-size: var(--ha-font-size-s, 12px);
  }
  .actions {
    display: flex;
    justify-content: flex-end;
    gap: 8px;
  }
  .failed {
    display: flex;
    gap: 8px;
    padding: 8px 12px;
    border-radius: 8px;
    background: color-mix(in srgb, var(--error-color) 12%, transparent);
  }
  .failed ha-icon {
    flex: none;
    color: var(--error-color);
  }
  .top {
    display: flex;
    align-items: center;
    gap: 12px;
    padding: 16px 12px 12px 24px;
  }
  .top .names {
    flex: 1;
    min-width: 0;
  }
  .top h2 {
    font-size: var(--ha-font-size-xl, 20px);
    font-weight: 400;
  }
  .top .secondary {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .top a {
    display: inline-grid;
  }
  .tabs {
    display: flex;
    flex: none;
    gap: 4px;
    padding: 0 16px;
    overflow-x: auto;
    border-bottom: 1px solid var(--ews-line);
    scrollbar-width: none;
  }
  .tabs button {
    flex: none;
    min-height: 44px;
    padding: 0 12px;
    border: 0;
    border-bottom: 2px solid transparent;
    background: none;
    color: var(--secondary-text-color);
    font-weight: 500;
  }
  .tabs button[aria-selected="true"] {
    border-bottom-color: var(--primary-color);
    color: var(--primary-color);
  }
  .tabs button:focus-visible {
    outline-offset: -4px;
  }
  .body {
    flex: 1;
    min-height: 0;
    overflow: auto;
    padding: 8px 24px 24px;
    container-type: inline-size;
  }
  .done {
    display: flex;
    align-items: center;
    gap: 8px;
    margin: 12px 0 0;
    padding: 8px 12px;
    border-radius: 8px;
    background: color-mix(in srgb, var(--success-color) 14%, transparent);
  }
  h3 {
    margin: 20px 0 4px;
    font-size: var(--ha-font-size-m, 14px);
    font-weight: 500;
  }
  table + table {
    margin-top: 16px;
  }
  tbody tr:last-child > * {
    border-bottom: 0;
  }
  tbody th {
    padding-inline-end: 12px;
    color: inherit;
    font-weight: 400;
    overflow-wrap: anywhere;
  }
  thead th {
    font-size: var(--ha-font-size-s, 12px);
  }
  thead th.number,
  .phases td {
    width: 19%;
  }
  th,
  td {
    padding: 4px 0;
  }
  .figure {
    min-height: 32px;
    margin-inline-end: -8px;
    padding: 0 8px;
    border: 0;
    border-radius: 8px;
    background: none;
    text-align: end;
    white-space: normal;
  }
  .phases .figure {
    white-space: nowrap;
  }
  .figure:hover {
    background: color-mix(in srgb, currentColor 8%, transparent);
  }
  .figure.bad {
    color: color-mix(in srgb, var(--error-color) 80%, var(--primary-text-color));
    font-weight: 500;
    --mdc-icon-size: 18px;
  }
  .buttons {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    padding: 8px 0;
  }
  .setting {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: space-between;
    gap: 4px 16px;
    padding: 6px 0;
  }
  .setting form {
    display: flex;
    align-items: center;
    gap: 8px;
  }
  .setting input {
    width: 7em;
  }
  @container (max-width: 520px) {
    .phases thead {
      position: absolute;
      clip-path: inset(50%);
    }
    .phases tr {
      display: grid;
      grid-template-columns: repeat(auto-fit, minmax(72px, 1fr));
      gap: 0 8px;
      padding: 8px 0;
      border-bottom: 1px solid var(--ews-line);
    }
    .phases tr:last-child {
      border-bottom: 0;
    }
    .phases tbody th {
      grid-column: 1 / -1;
      padding: 0;
      border: 0;
    }
    .phases td {
      width: auto;
      padding: 0;
      border: 0;
      text-align: start;
    }
    .phases td::before {
      content: attr(data-phase);
      display: block;
      margin-top: 4px;
      color: var(--secondary-text-color);
      font-size: var(--ha-font-size-s, 12px);
    }
    .phases td:empty {
      display: none;
    }
    .phases .figure {
      min-height: 28px;
      margin-inline: -8px 0;
      text-align: start;
    }
  }
  @media (max-width: 600px) {
    dialog:not(.small) {
      width: 100vw;
      height: 100dvh;
      border-radius: 0;
    }
    .top {
      padding: 12px 4px 8px 16px;
    }
    .tabs {
      padding: 0 4px;
    }
    .body {
      padding: 8px 16px 24px;
    }
  }
`;
