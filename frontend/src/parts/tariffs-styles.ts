/** How the tariffs card looks. */

import { css } from "lit";

export const tariffsStyles = css`
  .card {
    overflow: auto;
  }
  .controls {
    display: flex;
    flex-wrap: wrap;
    gap: 8px 24px;
    align-items: center;
    justify-content: space-between;
  }
  .controls select {
    flex: 1 1 160px;
    max-width: 320px;
  }
  .price {
    display: flex;
    flex-wrap: wrap;
    gap: 0 12px;
    align-items: baseline;
  }
  .price .dot {
    align-self: center;
  }
  .price b {
    font-size: max(var(--ha-font-size-xl, 20px), 1.4em);
    font-weight: 500;
    font-variant-numeric: tabular-nums;
  }
  .body {
    display: flex;
    flex: 1 0 auto;
    flex-direction: column;
    gap: 12px;
  }
  .card.large .body ~ * {
    display: none;
  }
  ews-bars {
    min-height: 240px;
  }
  dl {
    display: flex;
    flex-wrap: wrap;
    gap: 8px 32px;
    margin: 0;
    padding-top: 12px;
    border-top: 1px solid var(--ews-line);
  }
  dd {
    margin: 0;
    font-variant-numeric: tabular-nums;
  }
  .sum {
    font-weight: 500;
  }
  .remark {
    margin: 0;
  }
  h3 {
    margin: 8px 0 0;
    font-size: var(--ha-font-size-m, 14px);
    font-weight: 500;
  }
`;
