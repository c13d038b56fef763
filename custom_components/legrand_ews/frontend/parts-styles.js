import{p as e}from"./card.js";var t=e`
  .choices {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px;
  }
  .choices select {
    flex: 0 1 auto;
    min-width: 0;
  }
  .summary {
    display: flex;
    flex-wrap: wrap;
    align-items: baseline;
    gap: 2px 12px;
    font-variant-numeric: tabular-nums;
  }
  .summary strong {
    font-size: 1.7em;
    font-weight: 400;
    line-height: 1.2;
  }
  .chart {
    display: flex;
    flex: 1 1 280px;
    min-height: 200px;
  }
  /* As high as what is in it. */
  .chart.free {
    flex: 1 0 auto;
    min-height: 0;
  }
  .card:has(.chart.free, .table) {
    overflow-y: auto;
  }
  .large .chart {
    min-height: 45vh;
  }
  .remark {
    margin: 0;
  }
  @container (max-width: 480px) {
    .choices select {
      flex: 1 1 40%;
    }
  }
`;export{t};