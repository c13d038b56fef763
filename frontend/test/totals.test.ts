import { expect, test } from "vitest";
import { currencies, tableOf } from "../src/totals";
import { amount, consumption, cost, costs, site } from "./answers";
import { numbersFrom } from "./support";

const words = (key: string): string => key;

test("rows are added up by kind of energy, and parts are of that", () => {
  const answer = consumption([
    amount("heating", "Heating", [30]),
    amount("others", "Others", [10]),
    amount(null, null, [7], { commodity: "gas" }),
  ]);
  const { blocks, sum } = tableOf("load", answer, undefined, site(), words);
  expect(sum).toBeUndefined();
  expect(blocks.map((block) => [block.commodity, block.sum?.amount])).toEqual([
    ["electricity", 40],
    ["gas", undefined],
  ]);
  expect(blocks[0]?.rows.map((row) => row.part)).toEqual([0.75, 0.25]);
  expect(blocks[1]?.rows[0]?.part).toBeNull();
});

test("meters that are left out of totals are shown and not added up", () => {
  const series = [amount("main", "Main", [99]), amount("ovens", "Ovens", [4]), amount("more", "More", [6])];
  const [block] = tableOf("device", consumption(series, "device"), undefined, site(), words).blocks;
  expect(block?.rows.map((row) => row.part)).toEqual([null, 0.4, 0.6]);
  expect(block?.sum?.amount).toBe(10);
});

test("groups that share devices are not added up", () => {
  const both = site();
  both.devices[1] = { ...(both.devices[1] as (typeof both.devices)[number]), groups: ["east", "west"] };
  const answer = consumption([amount("east", "East", [4]), amount("west", "West", [6])], "group");
  expect(tableOf("group", answer, undefined, site(), words).blocks[0]?.sum?.amount).toBe(10);
  const [block] = tableOf("group", answer, undefined, both, words).blocks;
  expect(block?.sum).toBeUndefined();
  expect(block?.rows.map((row) => row.part)).toEqual([null, null]);
});

test("costs go to the row that they are of; currencies stay apart", () => {
  const answer = consumption([amount("heating", "Heating", [30]), amount("others", "Others", [10])]);
  const money = costs([
    cost("heating", "Heating", [3]),
    cost("heating", "Heating", [2], { currency: "CHF" }),
    cost("others", "Others", [1]),
  ]);
  const table = tableOf("load", answer, money, site(), words);
  expect(table.blocks[0]?.rows.map((row) => row.costs)).toEqual([{ EUR: 3, CHF: 2 }, { EUR: 1 }]);
  expect(table.blocks[0]?.sum?.costs).toEqual({ EUR: 4, CHF: 2 });
  expect(currencies(table, site())).toEqual(["EUR", "CHF"]);
});

const GAS = { commodity: "gas" as const, equivalents: [110], equivalent_sum: 110 };

test("kinds of energy are shared by what they cost, with fixed charges and what is fed in", () => {
  const answer = consumption(
    [amount(null, null, [100]), amount(null, null, [10], GAS), amount(null, null, [50], { commodity: "water" })],
    "total",
  );
  const charge = { commodity: "electricity" as const, charge: "c", name: "Meter", currency: "EUR", costs: [2], sum: 2 };
  const fed = cost(null, null, [1], { quantity: "energy_export", credit: true, amount_sum: 20 });
  const series = [cost(null, null, [6]), fed, cost(null, null, [2], { commodity: "gas" })];
  const { blocks, sum } = tableOf("commodity", answer, costs(series, "total", [charge]), site(), words);
  const rows = blocks.flatMap((block) => block.rows);
  expect(rows.map(({ name, part, amount: told }) => [name, part, told])).toEqual([
    ["word_electricity", 0.6, 100],
    ["word_export", null, -20],
    ["word_gas", 0.2, 10],
    ["word_water", null, 50],
    ["Meter", 0.2, null],
  ]);
  expect(sum).toMatchObject({ costs: { EUR: 9 }, amount: 190, unit: "Wh" });
});

test("without prices kinds of energy are shared by the energy that is in them; water has none", () => {
  const answer = consumption(
    [amount(null, null, [90]), amount(null, null, [10], GAS), amount(null, null, [50], { commodity: "water" })],
    "total",
  );
  const { blocks, sum } = tableOf("commodity", answer, undefined, site(), words);
  expect(blocks.flatMap((block) => block.rows.map((row) => row.part))).toEqual([0.45, 0.55, null]);
  expect(sum?.amount).toBe(200);
});

test("gas of unknown worth leaves the energy of all unknown", () => {
  const answer = consumption([amount(null, null, [90]), amount(null, null, [10], { commodity: "gas" })], "total");
  expect(tableOf("commodity", answer, undefined, site(), words).sum?.amount).toBeNull();
});

test("parts of a kind of energy are the whole", () => {
  const next = numbersFrom(3);
  for (let round = 0; round < 50; round += 1) {
    const series = Array.from({ length: 2 + next(8) }, (_, at) => amount(`k${at}`, `K${at}`, [next(50), 1 + next(50)]));
    const [block] = tableOf("load", consumption(series), undefined, site(), words).blocks;
    const sum = block?.rows.reduce((all, row) => all + (row.part ?? 0), 0);
    expect(sum).toBeCloseTo(1, 9);
    expect(block?.sum?.amount).toBe(series.reduce((all, line) => all + (line.sum ?? 0), 0));
  }
});
