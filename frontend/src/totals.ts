/**
 * Consumption and costs as the rows of a table: what belongs together, sums, shares, and the period before.
 *
 * Owns the arithmetic of the table. Only what counts in the total is added up; money of several currencies stays apart.
 */

import type { Commodity, Consumption, Cost, Site } from "./answers";
import { sumOf } from "./charts/stack";
import { amountLines, compared, costLines, overlapping, type Shown, type Words } from "./lines";

/** What there is a row for. A kind of energy is a line of the total. */
export type Of = "load" | "group" | "device" | "commodity";

export interface Row {
  id: string;
  name: string;
  color: string;
  /** Of what it can be added up with; null: fixed charges. */
  commodity: Commodity | null;
  unit: "Wh" | "L" | null;
  amount: number | null;
  before: number | null;
  /** What the change is of: like with like. */
  current: number | null;
  former: number | null;
  /** Wh that gas is worth. */
  equivalent: number | null;
  /** By currency. */
  costs: Record<string, number>;
  /** 0 to 1; null where there is none. */
  part: number | null;
  counted: boolean;
}

/** Rows of one commodity, in the order of the site, with their sum. */
export interface Block {
  commodity: Commodity | null;
  rows: Row[];
  /** undefined: there is nothing to add up, or it must not be. */
  sum?: Row;
}

export interface Table {
  blocks: Block[];
  /** Of all kinds of energy together, in Wh and in money. */
  sum?: Row;
}

const ORDER: readonly (Commodity | null)[] = ["electricity", "gas", "water", null];
const EMPTY: Row = {
  id: "",
  name: "",
  color: "",
  commodity: null,
  unit: null,
  amount: null,
  before: null,
  current: null,
  former: null,
  equivalent: null,
  costs: {},
  part: null,
  counted: true,
};

/** Makes the table of two answers to the same question. `cost` undefined: without costs. */
export function tableOf(of: Of, consumption: Consumption, cost: Cost | undefined, site: Site, words: Words): Table {
  const rows = rowsOf(consumption, cost, site, words);
  const apart = of === "group" && overlapping(site);
  const blocks = ORDER.map((commodity): Block => {
    const mine = rows.filter((row) => row.commodity === commodity);
    const counted = mine.filter((row) => row.counted);
    if (of === "commodity" || commodity === null || apart) return { commodity, rows: mine };
    const sum = added(counted, words(`word_${commodity}`));
    const shared = mine.map((row) => ({
      ...row,
      part: row.counted && counted.length > 1 ? share(row.amount, sum.amount) : null,
    }));
    return { commodity, rows: shared, ...(counted.length > 1 ? { sum } : {}) };
  }).filter((block) => block.rows.length > 0);
  return of === "commodity" ? overall(blocks, site, words) : { blocks };
}

/** Money of a row as numbers by currency, those of the site first. */
export function currencies(table: Table, site: Site): string[] {
  const found = new Set(table.blocks.flatMap((block) => block.rows.flatMap((row) => Object.keys(row.costs))));
  return [...found].sort((a, b) => Number(b === site.currency) - Number(a === site.currency) || a.localeCompare(b));
}

function rowsOf(consumption: Consumption, cost: Cost | undefined, site: Site, words: Words): Row[] {
  const rows = new Map<string, Row>();
  const worth = new Map(amountLines(consumption, site, words, true).map((line) => [line.id, line.sum]));
  for (const line of amountLines(consumption, site, words)) {
    const { sum, before, current, former } = compared([line], consumption, site.until);
    const commodity = line.measure as Commodity;
    const equivalent =
      commodity === "gas" && consumption.series.some(hasWorth(line)) ? (worth.get(line.id) ?? null) : null;
    rows.set(meter(line), {
      ...base(line),
      commodity,
      unit: line.unit as "Wh" | "L",
      amount: sum,
      before,
      current,
      former,
      equivalent,
    });
  }
  if (cost === undefined) return [...rows.values()];
  for (const line of costLines(cost, site, words)) {
    const id = meter(line);
    const row = rows.get(id) ?? { ...base(line), ...counted(cost, line) };
    if (line.sum !== null) row.costs = { ...row.costs, [line.unit]: (row.costs[line.unit] ?? 0) + line.sum };
    rows.set(id, row);
  }
  return [...rows.values()];
}

/** A line without its currency. */
function meter(line: Shown): string {
  return line.id.startsWith("charge|") ? line.id : line.id.split("|").slice(0, 3).join("|");
}

function hasWorth(line: Shown): (one: Consumption["series"][number]) => boolean {
  return (one) => one.commodity === "gas" && one.key === line.key && one.equivalent_sum !== undefined;
}

function base({ id, name, color, counted }: Shown): Row {
  return { ...EMPTY, id, name, color, counted };
}

/** What the answer about costs says of an amount that the other one does not have: what was fed in. */
function counted(cost: Cost, line: Shown): Partial<Row> {
  const [, quantity, commodity] = line.id.split("|");
  const found = cost.series.filter(
    (one) => one.key === line.key && one.quantity === quantity && one.commodity === commodity,
  );
  const [first] = found;
  if (first === undefined) return {};
  const sign = first.credit ? -1 : 1;
  const told = (value: number | null): number | null => (value === null ? null : sign * value);
  const amount = told(sumOf(found.map((one) => one.amount_sum)));
  const before = told(sumOf(found.map((one) => one.previous_amount_sum)));
  return { commodity: first.commodity, unit: first.unit, amount, before, current: amount, former: before };
}

function added(rows: readonly Row[], name: string): Row {
  const [first] = rows;
  const all = (field: "amount" | "before" | "current" | "former" | "equivalent"): number | null =>
    sumOf(rows.map((row) => row[field]));
  return {
    ...EMPTY,
    id: "sum",
    name,
    commodity: first?.commodity ?? null,
    unit: first?.unit ?? null,
    amount: all("amount"),
    before: all("before"),
    current: all("current"),
    former: all("former"),
    equivalent: all("equivalent"),
    costs: addedCosts(rows),
  };
}

function addedCosts(rows: readonly Row[]): Record<string, number> {
  const costs: Record<string, number> = {};
  for (const row of rows)
    for (const [currency, cost] of Object.entries(row.costs)) costs[currency] = (costs[currency] ?? 0) + cost;
  return costs;
}

/** Kinds of energy: parts of the money, else of the energy that is in them, and one sum. */
function overall(blocks: Block[], site: Site, words: Words): Table {
  const rows = blocks.flatMap((block) => block.rows);
  const costs = addedCosts(rows);
  const currency = site.currency in costs ? site.currency : Object.keys(costs).sort()[0];
  const energy = (row: Row): number | null => (row.unit === "Wh" ? row.amount : row.equivalent);
  const size = (row: Row): number | null => (currency === undefined ? energy(row) : (row.costs[currency] ?? null));
  const consumed = rows.filter((row) => (size(row) ?? 0) > 0);
  const whole = sumOf(consumed.map(size));
  const shared = blocks.map((block) => ({
    ...block,
    rows: block.rows.map((row) => ({ ...row, part: consumed.includes(row) ? share(size(row), whole) : null })),
  }));
  const known = rows.every((row) => row.commodity !== "gas" || row.equivalent !== null);
  const amount = known ? sumOf(rows.map(energy)) : null;
  const sum: Row = { ...EMPTY, id: "sum", name: words("word_total"), unit: "Wh", amount, costs };
  return rows.length > 1 ? { blocks: shared, sum } : { blocks: shared };
}

function share(part: number | null, whole: number | null): number | null {
  return part === null || whole === null || whole === 0 ? null : part / whole;
}
