/** How the compare card looks. */

import { css } from "lit";

export const compareStyles = css`
  .card {
    overflow: auto;
  }
  .controls {
    display: flex;
    flex-wrap: wrap;
    gap: 8px 32px;
  }
  .pickers {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(min(100%, 200px), 1fr));
    max-width: 832px;
    gap: 8px 16px;
  }
  .pickers label {
    display: flex;
    gap: 8px;
    align-items: center;
    min-width: 0;
  }
  .pickers select {
    flex: 1;
    min-width: 0;
  }
  .why {
    margin: 0;
  }
  .body {
    display: flex;
    flex: 1 0 auto;
    flex-direction: column;
    gap: 16px;
  }
  .sides {
    display: flex;
    flex: 1;
    flex-direction: column;
    gap: 24px;
    justify-content: center;
    padding: 8px 0;
  }
  .line {
    display: flex;
    gap: 8px;
    align-items: center;
    margin-bottom: 6px;
  }
  .name {
    flex: 1;
    min-width: 0;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .line b {
    font-size: max(var(--ha-font-size-xl, 20px), 1.4em);
    font-weight: 500;
    font-variant-numeric: tabular-nums;
    white-space: nowrap;
  }
  .track {
    height: 16px;
    overflow: hidden;
    border-radius: 4px;
    background: color-mix(in srgb, var(--primary-text-color) 6%, transparent);
  }
  .track.before {
    height: 6px;
    margin-top: 2px;
    opacity: 0.45;
  }
  .card.large .line {
    font-size: 2em;
  }
  .card.large .track:not(.before) {
    height: 9vmin;
  }
  .fill {
    height: 100%;
    border-radius: inherit;
    transition: width 0.3s;
  }
  .side .secondary {
    display: flex;
    flex-wrap: wrap;
    gap: 0 16px;
    min-height: 1.5em;
    margin-top: 4px;
  }
  ews-bars {
    min-height: 240px;
  }
  .keys {
    display: flex;
    flex-wrap: wrap;
    gap: 4px 24px;
  }
  .keys span {
    display: inline-flex;
    gap: 8px;
    align-items: center;
  }
  .difference {
    margin: 0;
    padding-top: 12px;
    border-top: 1px solid var(--ews-line);
  }
`;
