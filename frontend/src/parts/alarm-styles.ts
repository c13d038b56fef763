/** How the journal of alarms looks. */

import { css } from "lit";

export const journalStyle = css`
  .bar {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px;
  }
  .bar > .search {
    flex: 1 1 200px;
    min-width: 0;
    max-width: 360px;
    margin-inline-start: auto;
  }
  .count {
    min-width: 1.2em;
    padding: 0 4px;
    border-radius: 9px;
    background: color-mix(in srgb, var(--primary-text-color) 10%, transparent);
    font-size: var(--ha-font-size-s, 12px);
    line-height: 18px;
    text-align: center;
  }
  .count.alert {
    background: var(--error-color);
    color: #fff;
  }
  .fields {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(160px, 1fr));
    gap: 12px;
  }
  .fields label {
    display: grid;
    gap: 4px;
    min-width: 0;
    color: var(--secondary-text-color);
    font-size: var(--ha-font-size-s, 12px);
  }
  .fields select,
  .fields input {
    width: 100%;
  }
  .fields .button {
    align-self: end;
    min-height: 40px;
  }
  .failed-line {
    margin: 0;
    color: var(--error-color);
  }
  .list {
    flex: 1;
    min-height: 0;
    overflow: auto;
    margin: 0 calc(-1 * var(--ews-gap)) calc(-1 * var(--ews-gap));
    padding: 0 var(--ews-gap) var(--ews-gap);
  }
  h3 {
    position: sticky;
    z-index: 1;
    top: 0;
    margin: 0;
    padding: 12px 0 4px;
    background: var(--ha-card-background, var(--card-background-color, #fff));
    color: var(--secondary-text-color);
    font-size: var(--ha-font-size-s, 12px);
    font-weight: 500;
  }
  ul {
    margin: 0;
    padding: 0;
    list-style: none;
  }
  .entry {
    display: grid;
    grid-template-columns: 40px minmax(0, 1fr) auto;
    align-items: center;
    gap: 4px 12px;
    padding: 10px 0;
    border-bottom: 1px solid var(--ews-line);
    content-visibility: auto;
    contain-intrinsic-size: auto 64px;
  }
  li:last-child > .entry {
    border-bottom: 0;
  }
  .sign {
    display: grid;
    place-items: center;
    width: 40px;
    height: 40px;
    border-radius: 50%;
    background: color-mix(in srgb, var(--tone) 15%, transparent);
    color: color-mix(in srgb, var(--tone) 80%, var(--primary-text-color));
    --tone: var(--secondary-text-color);
    --mdc-icon-size: 22px;
  }
  .sign.active {
    --tone: var(--error-color);
  }
  .sign.past,
  .sign.failed {
    --tone: var(--warning-color, #ffa600);
  }
  .what {
    min-width: 0;
    overflow-wrap: anywhere;
  }
  .text {
    display: flex;
    flex-wrap: wrap;
    align-items: baseline;
    gap: 0 8px;
  }
  .unseen-alarm .text > span:first-child {
    font-weight: 500;
  }
  .pill {
    padding: 0 8px;
    border-radius: 9px;
    background: color-mix(in srgb, var(--error-color) 15%, transparent);
    color: color-mix(in srgb, var(--error-color) 80%, var(--primary-text-color));
    font-size: var(--ha-font-size-s, 12px);
    font-weight: 500;
    line-height: 18px;
  }
  .whole {
    white-space: nowrap;
  }
  .secondary button {
    padding: 0;
    border: 0;
    background: none;
    color: inherit;
    text-align: start;
    text-decoration: underline;
    text-decoration-color: color-mix(in srgb, currentColor 40%, transparent);
    text-underline-offset: 2px;
  }
  .secondary button:hover {
    color: var(--primary-color);
  }
  .when {
    display: flex;
    align-items: center;
    gap: 12px;
    color: var(--secondary-text-color);
    font-variant-numeric: tabular-nums;
    white-space: nowrap;
  }
  .when .button {
    display: inline-flex;
    align-items: center;
    gap: 6px;
    padding: 0 14px;
    --mdc-icon-size: 18px;
  }
  .older {
    display: flex;
    justify-content: center;
    padding-top: 16px;
  }
  dialog {
    width: min(400px, calc(100vw - 32px));
    box-sizing: border-box;
    padding: 24px;
    border: 0;
    border-radius: 16px;
    background: var(--ha-card-background, var(--card-background-color, #fff));
    color: var(--primary-text-color);
  }
  dialog::backdrop {
    background: rgb(0 0 0 / 50%);
  }
  dialog h3 {
    position: static;
    padding: 0 0 8px;
    color: inherit;
    font-size: var(--ha-font-size-l, 16px);
  }
  dialog p {
    margin: 0 0 24px;
    color: var(--secondary-text-color);
  }
  dialog form {
    display: flex;
    justify-content: flex-end;
    gap: 8px;
  }
  @container (max-width: 520px) {
    .bar > .search {
      flex-basis: 100%;
      max-width: none;
    }
    .fields {
      grid-template-columns: 1fr 1fr;
    }
    .entry {
      align-items: start;
    }
    .when {
      flex-direction: column;
      align-items: flex-end;
      gap: 4px;
    }
    .when .button {
      padding: 0 9px;
    }
    .when .button span {
      position: absolute;
      clip-path: inset(50%);
    }
  }
`;
