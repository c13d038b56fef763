/** How the panel board looks. */

import { css } from "lit";

export const boardStyles = css`
  .bar {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px 16px;
  }
  .find {
    display: flex;
    flex: 1 1 320px;
    justify-content: flex-end;
    gap: 8px;
    min-width: 0;
    margin-inline-start: auto;
  }
  .find select {
    flex: 0 1 auto;
    min-width: 0;
    text-overflow: ellipsis;
  }
  .find input {
    flex: 1 1 160px;
    min-width: 0;
    max-width: 320px;
  }
  .sections {
    display: grid;
    gap: 16px;
    min-height: 0;
  }
  h3 {
    display: flex;
    flex-wrap: wrap;
    align-items: baseline;
    gap: 0 12px;
    margin: 4px 0 8px;
    font-size: var(--ha-font-size-m, 14px);
    font-weight: 500;
  }
  .secondary {
    font-weight: 400;
  }
  .chip.alert {
    --mdc-icon-size: 18px;
  }
  .chip.alert[aria-pressed="true"] {
    border-color: var(--error-color);
    background: color-mix(in srgb, var(--error-color) 12%, transparent);
  }
  .alert,
  .away {
    color: color-mix(in srgb, var(--error-color) 80%, var(--primary-text-color));
    font-weight: 500;
  }
  .away {
    display: inline-flex;
    align-items: center;
    gap: 4px;
    font-size: var(--ha-font-size-s, 12px);
    --mdc-icon-size: 16px;
  }
  .tiles {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(min(100%, 320px), 1fr));
    gap: 8px;
  }
  .link {
    display: inline-flex;
    align-items: center;
    text-decoration: none;
  }
  @container (max-width: 520px) {
    .find input {
      max-width: none;
    }
    .find select {
      max-width: 45%;
    }
  }
`;
