import { describe, expect, it } from "vitest";
import type { Comparison, ConsumptionLine } from "../src/answers";
import { aspects } from "../src/parts/comparison";
import { BARS, costLine } from "./site";

const line = (key: string, commodity: ConsumptionLine["commodity"], amounts: (number | null)[]): ConsumptionLine => ({
  key,
  name: key,
  quantity: commodity === "electricity" ? "energy_import" : "volume",
  commodity,
  unit: commodity === "electricity" ? "Wh" : "L",
  amounts,
  estimated: [0, 0],
  sum: amounts.reduce<number | null>((sum, one) => (one === null ? sum : (sum ?? 0) + one), null),
  estimated_sum: 0,
});
const both = { comparable_by: "amount" as const };

describe("two by amount", () => {
  const answer: Comparison = {
    ...BARS,
    ...both,
    by: "amount",
    series: [line("A", "electricity", [5, 7]), line("B", "electricity", [3, null]), line("A", "water", [1, 1])],
    differences: [
      { commodity: "electricity", quantity: "energy_import", unit: "Wh", amounts: [2, null], sum: 9 },
      { commodity: "water", quantity: "volume", unit: "L", amounts: [null, null], sum: null },
    ],
  };

  it("are set side by side for each kind of energy", () => {
    const [electricity, water] = aspects(answer, ["A", "B"]);
    expect(electricity).toMatchObject({ key: "electricity", unit: "Wh", difference: 9, differences: [2, null] });
    expect(electricity?.sides.map((side) => [side.values, side.sum])).toEqual([
      [[5, 7], 12],
      [[3, null], 3],
    ]);
    expect(water?.sides.map((side) => side.sum)).toEqual([2, null]);
  });

  it("know nothing of who has nothing", () => {
    expect(aspects(answer, ["A", "B"])[1]?.sides[1]).toMatchObject({
      values: [null, null],
      sum: null,
      sumBefore: null,
    });
  });
});

describe("two by cost", () => {
  it("have all kinds of energy of a currency together, and say what has no price", () => {
    const answer: Comparison = {
      ...BARS,
      by: "cost",
      comparable_by: "cost",
      series: [
        costLine({ key: "A", costs: [1, null], sum: 1, unpriced_sum: 0 }),
        costLine({ key: "A", commodity: "gas", unit: "L", costs: [2, 4], sum: 6, previous_sum: 3 }),
        costLine({ key: "B", costs: [8, 8], sum: 16, unpriced_sum: 250 }),
      ],
      differences: [{ currency: "EUR", costs: [-5, -4], sum: -9 }],
    };
    const [euro] = aspects(answer, ["A", "B"]);
    expect(euro?.sides[0]).toMatchObject({ values: [3, 4], sum: 7, sumBefore: 3, unpriced: null });
    expect(euro?.sides[1]).toMatchObject({ sum: 16, unpriced: 250 });
  });

  it("have nothing to show without a price", () => {
    const answer: Comparison = { ...BARS, ...both, by: "cost", series: [costLine({ key: "A" })], differences: [] };
    expect(aspects(answer, ["A", "B"])).toEqual([]);
  });
});
