import { describe, expect, it } from "vitest";
import { billOf, billTable, currenciesOf, inCurrency, sumsOf } from "../src/parts/bill";
import { COST, costLine, tariffsFrom } from "./site";

const tariffs = tariffsFrom(0);

describe("a bill", () => {
  it("has tariffs in their order, then what has no price, then charges", () => {
    const items = billOf(COST, "electricity", tariffs);
    expect(items.map(({ kind, name, sum }) => [kind, name, sum])).toEqual([
      ["tariff", "Night", 1],
      ["tariff", "Day", 5],
      ["unpriced", null, null],
      ["charge", "Meter", 0.8],
    ]);
    expect(new Set(items.map((item) => item.key)).size).toBe(4);
  });

  it("has the colours of tariffs, and grey for those that are gone", () => {
    const gone = { ...COST, series: [costLine({ tariff: "T9", tariff_name: "Old", sum: 1 })] };
    expect(billOf(COST, "electricity", tariffs)[0]?.color).toBe("#0000ff");
    expect(billOf(gone, "electricity", tariffs)[0]).toMatchObject({ name: "Old", color: "#8a8a8a" });
  });

  it("of what is fed in has neither consumption nor charges", () => {
    expect(billOf(COST, "export", tariffs).map((item) => item.name)).toEqual(["Feed-in"]);
    expect(billOf(COST, "gas", tariffs)).toEqual([]);
  });

  it("adds up what is known, and no more", () => {
    const items = billOf(COST, "electricity", tariffs);
    expect(sumsOf(items)).toEqual({ cost: 6.8, costBefore: null, amount: 31_200, amountBefore: null });
    expect(sumsOf([])).toEqual({ cost: null, costBefore: null, amount: null, amountBefore: null });
  });

  it("keeps currencies apart; what has no price is in each", () => {
    const series = [
      costLine({ sum: 1 }),
      costLine({ currency: "CHF", sum: 2 }),
      costLine({ tariff: null, currency: null }),
    ];
    const items = billOf({ ...COST, series, charges: [] }, "electricity", tariffs);
    expect(currenciesOf(items)).toEqual(["CHF", "EUR"]);
    expect(inCurrency(items, "CHF").map((item) => item.sum)).toEqual([2, null]);
  });

  it("is a table, with the period before where that is shown", () => {
    const words = { tariff: "Tariff", amount: "Consumption", cost: "Costs", before: "before" };
    const [night] = billOf(COST, "electricity", tariffs);
    const items = [{ ...night, name: "Night", amountBefore: 7, sumBefore: 0.5 } as NonNullable<typeof night>];
    expect(billTable(items, words, false)).toEqual([
      ["Tariff", "Consumption [Wh]", "Costs [EUR]"],
      ["Night", 10_000, 1],
    ]);
    expect(billTable(items, words, true)[1]).toEqual(["Night", 10_000, 1, 7, 0.5]);
  });
});
