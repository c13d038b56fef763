/**
 * What two devices, loads or groups have in common to be compared by, and what each of them has of it.
 *
 * Owns the reading of the answer to `compare`; the differences themselves are the server's.
 */

import type { Amounts, Comparison, ConsumptionLine, CostLine } from "../answers";
import { sumOf } from "../charts/stack";

/** One of the two. */
export interface Side {
  key: string;
  values: Amounts;
  sum: number | null;
  before: Amounts;
  sumBefore: number | null;
  /** Base units without a price; null where everything has one, and where no price matters. */
  unpriced: number | null;
}

/** What both are set side by side by: a kind of energy, or a currency. */
export interface Aspect {
  /** Commodity or currency. */
  key: string;
  by: "amount" | "cost";
  /** Of amounts, and of what has no price. */
  unit: "Wh" | "L";
  sides: [Side, Side];
  differences: Amounts;
  difference: number | null;
}

/** Adds lists bar by bar. */
function addedBars(lists: readonly Amounts[], length: number): Amounts {
  return Array.from({ length }, (_, bar) => sumOf(lists.map((list) => list[bar])));
}

/** Returns what the two can be set side by side by; empty if nothing is known of either. */
export function aspects(answer: Comparison, keys: readonly [string, string]): Aspect[] {
  const both = (side: (key: string) => Side): [Side, Side] => [side(keys[0]), side(keys[1])];
  if (answer.by === "amount")
    return answer.differences.map(({ commodity, quantity, unit, amounts, sum }) => {
      const lines = answer.series.filter((line) => line.commodity === commodity && line.quantity === quantity);
      const sides = both((key) => ofAmounts(key, lines, answer.bars.length));
      return { key: commodity, by: "amount", unit, sides, differences: amounts, difference: sum };
    });
  return answer.differences.map(({ currency, costs, sum }) => {
    const lines = answer.series.filter((line) => line.currency === currency);
    const sides = both((key) => ofCosts(key, lines, answer.bars.length));
    const unit = lines[0]?.unit ?? "Wh";
    return { key: currency, by: "cost", unit, sides, differences: costs, difference: sum };
  });
}

function ofAmounts(key: string, lines: readonly ConsumptionLine[], bars: number): Side {
  const mine = lines.filter((line) => line.key === key);
  const sum = (field: "sum" | "previous_sum"): number | null => sumOf(mine.map((line) => line[field]));
  return {
    key,
    values: addedBars(
      mine.map((line) => line.amounts),
      bars,
    ),
    sum: sum("sum"),
    before: addedBars(
      mine.map((line) => line.previous_amounts ?? []),
      bars,
    ),
    sumBefore: sum("previous_sum"),
    unpriced: null,
  };
}

function ofCosts(key: string, lines: readonly CostLine[], bars: number): Side {
  const mine = lines.filter((line) => line.key === key);
  const sum = (field: "sum" | "previous_sum" | "unpriced_sum"): number | null => sumOf(mine.map((line) => line[field]));
  return {
    key,
    values: addedBars(
      mine.map((line) => line.costs),
      bars,
    ),
    sum: sum("sum"),
    before: addedBars(
      mine.map((line) => line.previous_costs ?? []),
      bars,
    ),
    sumBefore: sum("previous_sum"),
    unpriced: sum("unpriced_sum") || null,
  };
}
