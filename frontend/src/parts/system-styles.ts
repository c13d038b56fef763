/** How the system card looks. */

import { css } from "lit";

export const systemStyle = css`
  .sections {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 24px;
  }
  h3 {
    margin: 0 0 8px;
    color: var(--secondary-text-color);
    font-size: var(--ha-font-size-m, 14px);
    font-weight: 500;
  }
  .tiles {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(min(100%, 300px), 1fr));
    gap: 12px;
  }
  .tile {
    padding: 12px 16px;
    border: 1px solid var(--ews-line);
    border-radius: 12px;
  }
  .top {
    display: flex;
    align-items: center;
    gap: 12px;
    margin-bottom: 8px;
    min-width: 0;
  }
  .top div {
    min-width: 0;
    overflow-wrap: anywhere;
  }
  .sign {
    display: grid;
    flex: none;
    place-items: center;
    width: 40px;
    height: 40px;
    border-radius: 50%;
    background: color-mix(in srgb, var(--tone) 15%, transparent);
    color: color-mix(in srgb, var(--tone) 80%, var(--primary-text-color));
    --tone: var(--secondary-text-color);
    --mdc-icon-size: 22px;
  }
  .sign.good {
    --tone: var(--success-color, #43a047);
  }
  .sign.bad {
    --tone: var(--error-color, #db4437);
  }
  dl {
    margin: 0;
  }
  dl > div {
    display: flex;
    flex-wrap: wrap;
    align-items: baseline;
    justify-content: space-between;
    gap: 0 16px;
    padding: 6px 0;
  }
  dl > div + div {
    border-top: 1px solid var(--ews-line);
  }
  dt {
    color: var(--secondary-text-color);
  }
  dd {
    margin: 0 0 0 auto;
    min-width: 0;
    overflow-wrap: anywhere;
    font-variant-numeric: tabular-nums;
    text-align: end;
  }
  .metered {
    position: relative;
    padding-bottom: 12px;
  }
  .metered::before,
  .metered::after {
    content: "";
    position: absolute;
    bottom: 4px;
    left: 0;
    width: 100%;
    height: 4px;
    border-radius: 2px;
    background: color-mix(in srgb, var(--primary-text-color) 12%, transparent);
  }
  .metered::after {
    width: clamp(0%, var(--share), 100%);
    background: var(--primary-color);
  }
  .metered.high::after {
    background: var(--warning-color, #ffa600);
  }
  dl > .metered + div {
    border-top: 0;
  }
  .advice {
    display: flex;
    gap: 8px;
    margin: 0 0 8px;
    padding: 8px 12px;
    border-radius: 8px;
    background: color-mix(in srgb, var(--tone) 12%, transparent);
    --tone: var(--warning-color, #ffa600);
    --mdc-icon-size: 20px;
  }
  .advice.severe {
    --tone: var(--error-color, #db4437);
  }
  .advice ha-icon {
    flex: none;
    color: var(--tone);
  }
  .advice span {
    min-width: 0;
    overflow-wrap: anywhere;
  }
  .links {
    margin: 0;
    padding: 0;
    list-style: none;
  }
  .link {
    display: grid;
    grid-template-columns: minmax(0, 1fr) 40px minmax(0, 1fr);
    align-items: center;
    gap: 12px;
    padding: 8px 0;
    border-bottom: 1px solid var(--ews-line);
  }
  .link.titles {
    padding: 0 0 4px;
    color: var(--secondary-text-color);
    font-size: var(--ha-font-size-s, 12px);
  }
  .link ha-icon {
    justify-self: center;
    color: var(--secondary-text-color);
  }
  .link.broken ha-icon {
    color: var(--error-color, #db4437);
  }
  .link div {
    min-width: 0;
    overflow-wrap: anywhere;
  }
  .note {
    margin: 8px 0 0;
  }
  .notice {
    min-height: 80px;
  }
  @container (min-width: 760px) {
    .sections.several {
      grid-template-columns: repeat(2, minmax(0, 1fr));
      column-gap: 32px;
    }
    .sections .wide {
      grid-column: 1 / -1;
    }
  }
`;
