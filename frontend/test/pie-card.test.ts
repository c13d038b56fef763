import { afterEach, beforeEach, expect, test, vi } from "vitest";
import "../src/cards/pie";
import type { Pie } from "../src/charts/pie";
import * as csv from "../src/csv";
import { amount, consumption, cost, costs, site } from "./answers";
import { all, type FakeHass, fakeHass, mountCard, one, settle, textOf } from "./support";

let hass: FakeHass;

beforeEach(() => {
  const amounts = consumption([
    amount("heating", "Heating", [3000]),
    amount("others", "Others", [1000]),
    amount(null, null, [50], { commodity: "water" }),
  ]);
  hass = fakeHass({ answers: { site: site(), consumption: amounts, cost: costs([]), follow: { revision: 1 } } });
});

afterEach(() => {
  vi.restoreAllMocks();
  document.body.replaceChildren();
});

const slices = (card: Element): [string, number | null][] =>
  one<Pie>(card, "ews-pie").slices.map(({ name, value }) => [name, value]);

test("loads share the consumption of one kind of energy", async () => {
  const card = await mountCard("ews-pie-card", hass);
  expect(slices(card)).toEqual([
    ["Heating", 3000],
    ["Others", 1000],
  ]);
  all(card, ".chip")[1]?.click();
  await settle(card);
  expect(slices(card)).toEqual([["Water", 50]]);
  expect(hass.sent.some((message) => message.type === "cost")).toBe(false);
});

test("by cost everything is in money, without what is fed in", async () => {
  const fed = cost("ovens", "Ovens", [7], { quantity: "energy_export" });
  hass.answer("cost", costs([cost("ovens", "Ovens", [3]), cost("main", "Main", [9]), fed], "device"));
  const card = await mountCard("ews-pie-card", hass, { of: "device", by: "cost" });
  expect(slices(card)).toEqual([["Ovens", 3]]);
  expect(one<Pie>(card, "ews-pie").unit.name).toBe("EUR");
});

const TOTAL = consumption(
  [
    amount(null, null, [3000]),
    amount(null, null, [100], { commodity: "gas", equivalents: [1100], equivalent_sum: 1100 }),
    amount(null, null, [50], { commodity: "water" }),
  ],
  "total",
);

test("kinds of energy are shared by their costs, with their amounts beside them", async () => {
  hass.answer("consumption", TOTAL);
  hass.answer("cost", costs([cost(null, null, [3]), cost(null, null, [1], { commodity: "water" })], "total"));
  const card = await mountCard("ews-pie-card", hass, { of: "commodity" });
  expect(
    one<Pie>(card, "ews-pie").slices.map(({ name, value, note }) => [name, value, note?.replace(/\s/, " ")]),
  ).toEqual([
    ["Electricity", 3, "3.00 kWh"],
    ["Water", 1, "50 L"],
  ]);
});

test("kinds of energy without any price are shared by the energy that is in them", async () => {
  hass.answer("consumption", TOTAL);
  const card = await mountCard("ews-pie-card", hass, { of: "commodity" });
  expect(slices(card)).toEqual([
    ["Electricity", 3000],
    ["Gas", 1100],
  ]);
});

test("nothing known is said", async () => {
  hass.answer("consumption", consumption([]));
  expect(textOf(await mountCard("ews-pie-card", hass))).toContain("Nothing is known of this time.");
  expect(textOf(await mountCard("ews-pie-card", hass, { by: "cost" }))).toContain("There are no costs in this time.");
});

test("the file has names, values and parts", async () => {
  const keep = vi.spyOn(csv, "download").mockImplementation(() => undefined);
  one(await mountCard("ews-pie-card", hass), 'button[title="Download as CSV"]').click();
  expect(keep.mock.calls[0]?.[0].split("\r\n").slice(0, 3)).toEqual([
    "\ufeffName;Electricity [kWh];Part [%]",
    "Heating;3;75",
    "Others;1;25",
  ]);
});
