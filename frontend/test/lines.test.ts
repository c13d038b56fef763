import { expect, test } from "vitest";
import type { Tariffs } from "../src/answers";
import { UNKNOWN_COLOR } from "../src/colors";
import {
  amountLines,
  compared,
  costLines,
  few,
  measures,
  overlapping,
  peak,
  question,
  type Shown,
  tariffLines,
  unpriced,
} from "../src/lines";
import { amount, consumption, cost, costs, days, NOVEMBER, site } from "./answers";
import { numbersFrom } from "./support";

const words = (key: string, values?: Record<string, unknown>): string =>
  values === undefined ? key : `${key} ${Object.values(values).join(" ")}`;

test("the same question has the same fields in the same order, whoever asks", () => {
  const time = { span: "day", date: "2026-11-23" };
  expect(JSON.stringify(question("load", [], undefined, time, true))).toBe(
    JSON.stringify(question("load", undefined, undefined, time, true)),
  );
  expect(question("device", ["ovens"], "east", time, false)).toEqual({
    scope: "device",
    keys: ["ovens"],
    group: "east",
    ...time,
    previous: false,
  });
  expect(question("group", undefined, "east", time, false)).not.toHaveProperty("group");
  expect(question("total", ["x"], "east", time, false)).not.toHaveProperty("keys");
});

test("lines have the names and colours of the site; what is gone is grey", () => {
  const answer = consumption([
    amount("heating", "Heating", [1]),
    amount("old", null, [2]),
    amount(null, null, [3], { commodity: "gas" }),
  ]);
  const lines = amountLines(answer, site(), words);
  expect(lines.map((line) => line.name)).toEqual(["Heating", "word_deleted", "word_gas"]);
  expect(lines[0]?.color).toBe("#c33500");
  expect(lines[1]?.color).toBe(UNKNOWN_COLOR);
  expect(measures(lines)).toEqual(["electricity", "gas"]);
});

test("what is fed in is below zero and no consumption", () => {
  const fed = amount("ovens", "Ovens", [5, null], { quantity: "energy_export", previous_amounts: [2, 1] });
  const [line] = amountLines(consumption([fed], "device"), site(), words);
  expect(line).toMatchObject({ values: [-5, null], sum: -5, previous: [-2, -1], credit: true, counted: false });
  expect(line?.name).toBe("word_fed_in Ovens");
});

test("a meter that is left out of totals is not counted", () => {
  const answer = consumption([amount("main", "Main", [9]), amount("ovens", "Ovens", [4])], "device");
  expect(amountLines(answer, site(), words).map((line) => line.counted)).toEqual([false, true]);
});

test("gas is told in Wh where that is asked for", () => {
  const gas = amount(null, null, [10], {
    commodity: "gas",
    equivalents: [110],
    equivalent_sum: 110,
    previous_equivalents: [99],
    previous_equivalent_sum: 99,
  });
  expect(amountLines(consumption([gas]), site(), words)[0]).toMatchObject({ unit: "L", sum: 10 });
  const worth = amountLines(consumption([gas]), site(), words, true)[0];
  expect(worth).toMatchObject({ unit: "Wh", values: [110], sum: 110, previousSum: 99, measure: "gas" });
});

test("two lines of one name say what they are of, where they are in one chart", () => {
  const answer = costs([cost("heating", "Heating", [1]), cost("heating", "Heating", [2], { commodity: "gas" })]);
  expect(costLines(answer, site(), words).map((line) => line.name)).toEqual([
    "Heating (word_electricity)",
    "Heating (word_gas)",
  ]);
});

test("costs have fixed charges, credits below zero, and not what has no price", () => {
  const fed = cost(null, null, [3], { quantity: "energy_export" });
  const none = cost(null, null, [null], { currency: null });
  const charge = {
    commodity: "electricity" as const,
    charge: "c",
    name: "Meter",
    currency: "EUR",
    costs: [0.4],
    sum: 0.4,
  };
  const lines = costLines(costs([cost(null, null, [2]), fed, none], "total", [charge]), site(), words);
  expect(lines.map((line) => line.sum)).toEqual([2, -3, 0.4]);
  expect(lines.at(-1)?.name).toBe("Meter");
});

test("a tariff is one line, whatever it is for", () => {
  const part = (key: string, values: (number | null)[]) =>
    cost(key, key, values, { tariff: "t", tariff_name: "Night", previous_costs: values });
  const plan = { tariffs: [{ id: "t", name: "Night now", color: "#0000ff" }] };
  const tariffs = { plans: { electricity: plan, gas: plan, water: plan, export: plan } } as unknown as Tariffs;
  const lines = tariffLines(costs([part("heating", [1, null]), part("others", [2, null])]), tariffs, words);
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatchObject({
    name: "Night now",
    color: "#0000ff",
    values: [3, null],
    previous: [3, null],
    sum: 3,
  });
});

test("tariffs of one name say what they are of", () => {
  const base = { tariff: "t", tariff_name: "Base" };
  const series = [cost(null, null, [1], base), cost(null, null, [2], { ...base, commodity: "gas" })];
  expect(tariffLines(costs(series, "total"), undefined, words).map((line) => line.name)).toEqual([
    "Base (word_electricity)",
    "Base (word_gas)",
  ]);
});

test("what has no price is told by unit, without what is fed in", () => {
  const none = { tariff: null, unpriced: [], unpriced_sum: 500 };
  const series = [cost("a", "A", [1], none), cost("b", "B", [1], { ...none, quantity: "energy_export" })];
  expect(unpriced(costs(series))).toEqual({ Wh: 500, L: 0 });
});

test("few lines are as much as many", () => {
  const next = numbersFrom(7);
  for (let round = 0; round < 50; round += 1) {
    const bars = 1 + next(5);
    const values = () => Array.from({ length: bars }, () => (next(4) === 0 ? null : next(100)));
    const series = Array.from({ length: 1 + next(20) }, (_, at) => amount(`k${at}`, `K${at}`, values()));
    const lines = amountLines(consumption(series), site(), words);
    const most = 2 + next(12);
    const less = few(lines, most, words);
    const sum = (of: Shown[]): number => of.reduce((all, line) => all + (line.sum ?? 0), 0);
    expect(less.length).toBe(Math.min(lines.length, most));
    expect(sum(less)).toBe(sum(lines));
    expect(peak(less)).toBe(peak(lines));
    expect(new Set(less.map((line) => line.id)).size).toBe(less.length);
  }
});

test("a period that goes on is set beside the same days before", () => {
  const line = amount("heating", "Heating", [10, 20, 5, null], { previous_amounts: [8, 12, 50, 60] });
  const answer = { ...days(4), series: [line] };
  const lines = amountLines(answer, site(), words);
  const at = (day: number) => compared(lines, answer, NOVEMBER + day * 86400);
  expect(at(2.5)).toEqual({ sum: 35, before: 130, current: 30, former: 20, whole: false });
  expect(at(4)).toEqual({ sum: 35, before: 130, current: 35, former: 130, whole: true });
  expect(at(0.5)).toMatchObject({ current: null, former: null });
});

test("groups overlap where a device is in two of those that are shown", () => {
  const both = site();
  both.devices[1] = { ...(both.devices[1] as (typeof both.devices)[number]), groups: ["east", "west"] };
  expect(overlapping(site())).toBe(false);
  expect(overlapping(both)).toBe(true);
  expect(overlapping(both, ["east"])).toBe(false);
});
