/** Answers of a small site, for tests of what is made of them. */

import type { Bars, Consumption, ConsumptionLine, Cost, CostLine, Scope, Site } from "../src/answers";

const HOUR = 3600;
/** 2026-11-01T00:00+01:00, the first of 30 days. */
export const NOVEMBER = Date.UTC(2026, 9, 31, 23) / 1000;

export function site(parts: Partial<Site> = {}): Site {
  const device = (
    id: string,
    number: number,
    more: Partial<Site["devices"][number]> = {},
  ): Site["devices"][number] => ({
    id,
    number,
    name: id[0]?.toUpperCase() + id.slice(1),
    gateway: "Panel",
    address: String(number),
    model: "412045",
    commodity: "electricity",
    load: "heating",
    groups: [],
    counted: true,
    device_id: null,
    area: null,
    ...more,
  });
  return {
    name: "Bakery",
    time_zone: "Europe/Paris",
    sample_rate: 600,
    currency: "EUR",
    since: NOVEMBER,
    until: NOVEMBER + 3 * 24 * HOUR,
    devices: [
      device("main", 1, { counted: false }),
      device("ovens", 2, { groups: ["east"] }),
      device("boiler", 3, { groups: ["west"], commodity: "gas" }),
    ],
    loads: { heating: "Heating", others: "Others" },
    groups: { east: "East", west: "West" },
    colors: { heating: "#c33500", others: "#926578", east: "#339cd9", west: "#007753" },
    gas_factor: 11,
    ...parts,
  };
}

/** So many days of November 2026, and of October before them. */
export function days(count: number, scope: Scope = "load", previous = true): Bars {
  const from = (start: number): number[] => Array.from({ length: count }, (_, day) => start + day * 24 * HOUR);
  const before = Date.UTC(2026, 8, 30, 22) / 1000;
  return {
    time_zone: "Europe/Paris",
    scope,
    period: "day",
    start: NOVEMBER,
    end: NOVEMBER + count * 24 * HOUR,
    bars: from(NOVEMBER),
    ...(previous ? { previous_start: before, previous_end: NOVEMBER, previous_bars: from(before) } : {}),
  };
}

const total = (values: (number | null)[]): number | null => {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0);
};

export function amount(
  key: string | null,
  name: string | null,
  amounts: (number | null)[],
  more: Partial<ConsumptionLine> = {},
): ConsumptionLine {
  const commodity = more.commodity ?? "electricity";
  const electric = commodity === "electricity";
  const before = more.previous_amounts ?? amounts;
  return {
    key,
    name,
    quantity: electric ? "energy_import" : "volume",
    commodity,
    unit: electric ? "Wh" : "L",
    amounts,
    estimated: amounts.map(() => 0),
    sum: total(amounts),
    estimated_sum: 0,
    previous_amounts: before,
    previous_sum: total(before),
    ...more,
  };
}

export function cost(
  key: string | null,
  name: string | null,
  costs: (number | null)[],
  more: Partial<CostLine> = {},
): CostLine {
  const { commodity, quantity, unit } = amount(key, name, [], { commodity: more.commodity ?? "electricity" });
  return {
    key,
    name,
    commodity,
    quantity,
    unit,
    tariff: null,
    tariff_name: null,
    currency: "EUR",
    credit: more.quantity === "energy_export",
    costs,
    amounts: costs.map((value) => value && value * 5000),
    sum: total(costs),
    amount_sum: total(costs.map((value) => value && value * 5000)),
    previous_costs: costs,
    previous_sum: total(costs),
    previous_amounts: [],
    previous_amount_sum: null,
    ...more,
  };
}

export function consumption(series: ConsumptionLine[], scope: Scope = "load"): Consumption {
  return { ...days(series[0]?.amounts.length ?? 3, scope), series };
}

export function costs(series: CostLine[], scope: Scope = "load", charges?: Cost["charges"]): Cost {
  return { ...days(series[0]?.costs.length ?? 3, scope), series, ...(charges === undefined ? {} : { charges }) };
}
