/** A small site for tests of cards. */

import type { Cost, CostLine, Plan, Site, Tariffs } from "../src/answers";

const device = (id: string, name: string, commodity: Site["devices"][0]["commodity"], gateway = "Panel") => ({
  id,
  number: 1,
  name,
  gateway,
  address: "1",
  model: "412045",
  commodity,
  load: null,
  groups: [],
  counted: true,
  device_id: null,
  area: null,
});

export const SITE: Site = {
  name: "Bakery",
  time_zone: "Europe/Paris",
  sample_rate: 600,
  currency: "EUR",
  since: 0,
  until: 1_800_000_000,
  devices: [
    device("D1", "Ovens", "electricity"),
    device("D2", "Freezer", "electricity"),
    device("D3", "Boiler", "gas", "Cellar"),
    device("D4", "Relay", null),
  ],
  loads: { heating: "Heating", lighting: "Lighting" },
  groups: { G1: "East" },
  colors: { heating: "#ff0000", lighting: "#00ff00", G1: "#0000ff" },
  gas_factor: null,
};

/** Two days of bars. */
export const BARS = {
  time_zone: "Europe/Paris",
  scope: "total" as const,
  period: "day" as const,
  start: 1_767_222_000,
  end: 1_767_394_800,
  bars: [1_767_222_000, 1_767_308_400],
};

/** A line of costs that has what is said, and nothing else. */
export function costLine(line: Partial<CostLine>): CostLine {
  return {
    key: null,
    name: null,
    quantity: "energy_import",
    commodity: "electricity",
    unit: "Wh",
    tariff: "T1",
    tariff_name: "Night",
    currency: "EUR",
    credit: false,
    costs: [null, null],
    amounts: [null, null],
    sum: null,
    amount_sum: null,
    ...line,
  };
}

export const COST: Cost = {
  ...BARS,
  series: [
    costLine({ tariff: "T2", tariff_name: "Day", costs: [2, 3], amounts: [8000, 12_000], sum: 5, amount_sum: 20_000 }),
    costLine({ costs: [1, null], amounts: [10_000, null], sum: 1, amount_sum: 10_000 }),
    costLine({
      tariff: null,
      tariff_name: null,
      currency: null,
      amounts: [500, 700],
      amount_sum: 1200,
      unpriced: [500, 700],
      unpriced_sum: 1200,
    }),
    costLine({
      quantity: "energy_export",
      tariff: "X1",
      tariff_name: "Feed-in",
      credit: true,
      costs: [0.5, 0.5],
      sum: 1,
      amounts: [5000, 5000],
      amount_sum: 10_000,
    }),
  ],
  charges: [{ commodity: "electricity", charge: "C1", name: "Meter", currency: "EUR", costs: [0.4, 0.4], sum: 0.8 }],
};

const NO_PLAN: Plan = {
  unit: "kWh",
  tariffs: [],
  rules: [],
  charges: [],
  active: null,
  next_change: null,
  segments: [],
};

/** Night until six in the morning, day after it; `start`: a midnight. */
export function tariffsFrom(start: number): Tariffs {
  const hours = (from: number, to: number, tariff: string | null, price: number | null) => ({
    start: start + from * 3600,
    end: start + to * 3600,
    tariff,
    price,
  });
  const segments = [
    hours(0, 6, "T1", 0.144),
    hours(6, 22, "T2", 0.25),
    hours(22, 30, "T1", 0.144),
    hours(30, 48, null, null),
  ];
  return {
    currency: "EUR",
    time_zone: "Europe/Paris",
    start,
    end: start + 48 * 3600,
    plans: {
      electricity: {
        ...NO_PLAN,
        tariffs: [
          { id: "T1", name: "Night", color: "#0000ff", price: 0.144 },
          { id: "T2", name: "Day", color: "#ffff00", price: 0.25 },
        ],
        segments,
      },
      export: NO_PLAN,
      gas: { ...NO_PLAN, unit: "m³" },
      water: { ...NO_PLAN, unit: "m³" },
    },
  };
}
