/**
 * What a bill consists of: what each tariff came to, what has no price, and the fixed charges.
 *
 * Owns the reading of the answer to `cost` for one kind of energy; what is added up here is what people left switched on.
 */

import type { Amounts, Commodity, Cost, CostLine, PlanKey, Tariffs } from "../answers";
import { sumOf } from "../charts/stack";
import { UNKNOWN_COLOR } from "../colors";
import type { Cell } from "../csv";

export interface Item {
  key: string;
  kind: "tariff" | "unpriced" | "charge";
  /** null: it was deleted, or has no price. */
  name: string | null;
  color: string;
  currency: string | null;
  unit: "Wh" | "L";
  costs: Amounts;
  sum: number | null;
  costsBefore: Amounts;
  sumBefore: number | null;
  /** Base units; empty for charges. */
  amounts: Amounts;
  amount: number | null;
  amountsBefore: Amounts;
  amountBefore: number | null;
}

export const PLANS: readonly PlanKey[] = ["electricity", "export", "gas", "water"];

/** What a plan prices. */
export const COMMODITY: Readonly<Record<PlanKey, Commodity>> = {
  electricity: "electricity",
  export: "electricity",
  gas: "gas",
  water: "water",
};

/** Greys that tell fixed charges apart and are no tariff's colour. */
const CHARGES = ["#607d8b", "#90a4ae", "#78909c", "#b0bec5"];

/** Returns what the bill of a plan consists of: tariffs in the plan's order, what has no price, charges. */
export function billOf(cost: Cost, plan: PlanKey, tariffs: Tariffs | undefined): Item[] {
  const known = tariffs?.plans[plan].tariffs ?? [];
  const place = (id: string | null): number => {
    const found = known.findIndex((one) => one.id === id);
    return found < 0 ? known.length : found;
  };
  const lines = cost.series.filter((line) => belongs(line, plan));
  const priced = lines.filter((line) => line.tariff !== null).sort((a, b) => place(a.tariff) - place(b.tariff));
  return [
    ...priced.map((line) => ofLine(line, known[place(line.tariff)]?.color ?? UNKNOWN_COLOR)),
    ...lines.filter((line) => line.tariff === null).map((line) => ofLine(line, UNKNOWN_COLOR)),
    ...chargesOf(cost, plan),
  ];
}

function belongs(line: CostLine, plan: PlanKey): boolean {
  return line.commodity === COMMODITY[plan] && line.credit === (plan === "export");
}

function ofLine(line: CostLine, color: string): Item {
  return {
    key: [line.tariff ?? "unpriced", line.tariff_name ?? "", line.currency ?? ""].join("/"),
    kind: line.tariff === null ? "unpriced" : "tariff",
    name: line.tariff_name,
    color,
    currency: line.currency,
    unit: line.unit,
    costs: line.costs,
    sum: line.sum,
    costsBefore: line.previous_costs ?? [],
    sumBefore: line.previous_sum ?? null,
    amounts: line.amounts,
    amount: line.amount_sum,
    amountsBefore: line.previous_amounts ?? [],
    amountBefore: line.previous_amount_sum ?? null,
  };
}

function chargesOf(cost: Cost, plan: PlanKey): Item[] {
  if (plan === "export") return [];
  return (cost.charges ?? [])
    .filter((charge) => charge.commodity === plan)
    .map((charge, index) => ({
      key: `charge/${charge.charge}/${charge.name}/${charge.currency}`,
      kind: "charge",
      name: charge.name,
      color: CHARGES[index % CHARGES.length] ?? UNKNOWN_COLOR,
      currency: charge.currency,
      unit: "Wh",
      costs: charge.costs,
      sum: charge.sum,
      costsBefore: charge.previous_costs ?? [],
      sumBefore: charge.previous_sum ?? null,
      amounts: [],
      amount: null,
      amountsBefore: [],
      amountBefore: null,
    }));
}

/** The currencies of a bill, in order of their codes. */
export function currenciesOf(items: readonly Item[]): string[] {
  return [...new Set(items.flatMap((item) => item.currency ?? []))].sort();
}

/** What of a bill is in a currency; what has no price is in each. */
export function inCurrency(items: readonly Item[], currency: string | undefined): Item[] {
  return items.filter((item) => item.currency === null || item.currency === currency);
}

export interface Sums {
  cost: number | null;
  costBefore: number | null;
  amount: number | null;
  amountBefore: number | null;
}

/** Adds up items. */
export function sumsOf(items: readonly Item[]): Sums {
  const all = (field: "sum" | "sumBefore" | "amount" | "amountBefore"): number | null =>
    sumOf(items.map((item) => item[field]));
  return { cost: all("sum"), costBefore: all("sumBefore"), amount: all("amount"), amountBefore: all("amountBefore") };
}

export type BillWords = Record<"tariff" | "amount" | "cost" | "before", string>;

/** A bill as rows for a file, a row for each item. Amounts in Wh and L, money as it is. */
export function billTable(items: readonly Item[], words: BillWords, previous: boolean): Cell[][] {
  const currency = items.find((item) => item.currency !== null)?.currency ?? "";
  const unit = items.find((item) => item.kind !== "charge")?.unit ?? "Wh";
  const head = [words.tariff, `${words.amount} [${unit}]`, `${words.cost} [${currency}]`];
  const before = [`${words.amount}, ${words.before} [${unit}]`, `${words.cost}, ${words.before} [${currency}]`];
  return [
    [...head, ...(previous ? before : [])],
    ...items.map((item): Cell[] => [
      item.name,
      item.amount,
      item.sum,
      ...(previous ? [item.amountBefore, item.sumBefore] : []),
    ]),
  ];
}
