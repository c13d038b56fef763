import { afterEach, beforeEach, expect, test, vi } from "vitest";
import "../src/cards/totals";
import * as csv from "../src/csv";
import { amount, consumption, cost, costs, site } from "./answers";
import { all, type FakeHass, fakeHass, mountCard, one, settle, textOf } from "./support";

const AMOUNTS = consumption([
  amount("heating", "Heating", [1000, 1000], { previous_amounts: [500, 500] }),
  amount("others", "Others", [2000, 4000]),
]);
let hass: FakeHass;

beforeEach(() => {
  const cheap = costs([cost("heating", "Heating", [4, 5]), cost("others", "Others", [1, 1])]);
  hass = fakeHass({ answers: { site: site(), consumption: AMOUNTS, cost: cheap, follow: { revision: 1 } } });
});

afterEach(() => {
  vi.restoreAllMocks();
  document.body.replaceChildren();
});

const cells = (card: Element): string[][] =>
  all(card, "tbody tr").map((row) => [...row.children].map((cell) => textOf(cell)));
const names = (card: Element): (string | undefined)[] => cells(card).map(([name]) => name);
const sort = async (card: Element, column: string): Promise<void> => {
  one(card, `th.${column} button`).click();
  await settle(card);
};

test("rows have consumption, part, costs and the period before", async () => {
  expect(cells(await mountCard("ews-totals-card", hass))).toEqual([
    ["Heating", "2.00 kWh", "25%", "€9.00", "1.00 kWh", "+100%"],
    ["Others", "6.00 kWh", "75%", "€2.00", "6.00 kWh", "0%"],
    ["Electricity", "8.00 kWh", "", "€11.00", "7.00 kWh", "+14%"],
  ]);
});

test("only sums are asked for, cut where what is known ends if there is something to compare them with", async () => {
  const whole = { scope: "load", span: "day", period: "whole" };
  await mountCard("ews-totals-card", hass);
  const asked = hass.sent.filter(({ type }) => type === "consumption" || type === "cost");
  expect(asked).toHaveLength(2);
  for (const message of asked) expect(message).toMatchObject({ ...whole, previous: true, until: site().until });
  hass.sent.length = 0;
  await mountCard("ews-totals-card", hass, { previous: false, title: "Other" });
  const plain = hass.sent.find(({ type }) => type === "consumption");
  expect(plain).toMatchObject({ ...whole, previous: false });
  expect(plain).not.toHaveProperty("until");
});

test("columns that nobody needs are not there", async () => {
  const card = await mountCard("ews-totals-card", hass, { cost: false, previous: false });
  expect(cells(card)[0]).toEqual(["Heating", "2.00 kWh", "25%"]);
  expect(hass.sent.some((message) => message.type === "cost")).toBe(false);
  hass.answer("cost", costs([]));
  expect(cells(await mountCard("ews-totals-card", hass, { previous: false }))[0]).toHaveLength(3);
});

test("rows are put in order by a column, the sum stays last", async () => {
  const card = await mountCard("ews-totals-card", hass);
  await sort(card, "cost");
  expect(names(card)).toEqual(["Heating", "Others", "Electricity"]);
  expect(one(card, "th.cost").getAttribute("aria-sort")).toBe("descending");
  await sort(card, "cost");
  expect(names(card)).toEqual(["Others", "Heating", "Electricity"]);
  await sort(card, "cost");
  expect(one(card, "th.cost").getAttribute("aria-sort")).toBe("none");
  await sort(card, "name");
  expect(one(card, "th.name").getAttribute("aria-sort")).toBe("ascending");
});

test("a period that goes on says what its changes are", async () => {
  hass.answer("site", site({ until: AMOUNTS.bars[1] as number }));
  const card = await mountCard("ews-totals-card", hass);
  expect(cells(card)[0]?.at(-1)).toBe("+100%");
  expect(textOf(card)).toContain("Changes are up to now");
});

test("the file has the rows as they are shown", async () => {
  const keep = vi.spyOn(csv, "download").mockImplementation(() => undefined);
  const card = await mountCard("ews-totals-card", hass);
  one(card, 'button[title="Download as CSV"]').click();
  expect(keep.mock.calls[0]?.[0].split("\r\n")).toEqual([
    "\ufeffName;Consumption;Unit;Part [%];Costs [EUR];Before",
    "Heating;2;kWh;25;9;1",
    "Others;6;kWh;75;2;6",
    "Electricity;8;kWh;;11;7",
    "",
  ]);
});
