import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { form, type HistogramConfig } from "../src/cards/histogram";
import type { BarSeries, Bars } from "../src/charts/bars";
import * as csv from "../src/csv";
import { fire, type Message } from "../src/ha";
import { periodStore } from "../src/period-store";
import { amount, consumption, cost, costs, site } from "./answers";
import { all, type FakeHass, fakeHass, mountCard, one, refuse, settle, textOf } from "./support";

const LOADS = consumption([
  amount("heating", "Heating", [3000, 1000, null]),
  amount("others", "Others", [500, null, null], { estimated_sum: 100 }),
  amount(null, null, [200, 100, null], {
    commodity: "gas",
    equivalents: [2200, 1100, null],
    equivalent_sum: 3300,
    previous_equivalents: [1000, 1000, 1000],
    previous_equivalent_sum: 3000,
  }),
]);
const COSTS = costs([cost("heating", "Heating", [3, 1, null], { unpriced: [], unpriced_sum: 700 })]);

let hass: FakeHass;

beforeEach(() => {
  hass = fakeHass({
    answers: { site: site(), consumption: LOADS, cost: COSTS, follow: { revision: 1 } },
  });
});

afterEach(() => {
  vi.restoreAllMocks();
  document.body.replaceChildren();
});

const draw = (config: Partial<HistogramConfig> = {}) => mountCard("ews-histogram-card", hass, config);
const series = (card: Element): BarSeries[] => one<Bars>(card, "ews-bars").series;
const asked = (type: string): Message[] => hass.sent.filter((message) => message.type === type);
const press = async (card: Element, words: string): Promise<void> => {
  const found = all(card, "button").find((button) => textOf(button).includes(words) || button.title === words);
  if (found === undefined) throw new Error(`no button ${words}`);
  found.click();
  await settle(card);
};

test("the loads of the page's period are stacked, with the period before", async () => {
  const card = await draw();
  expect(series(card).map(({ name, values }) => [name, values])).toEqual([
    ["Heating", [3000, 1000, null]],
    ["Others", [500, null, null]],
  ]);
  expect(series(card)[0]?.previous).toEqual([3000, 1000, null]);
  expect(asked("consumption")[0]).toMatchObject({ scope: "load", span: "day", previous: true });
  expect(textOf(card)).toContain("4.50 kWh");
  expect(textOf(card)).toContain("100 Wh of this is estimated");
});

test("what cannot be added up is apart; gas also in kWh", async () => {
  const card = await draw();
  await press(card, "Gas");
  expect(series(card).map((line) => line.values)).toEqual([[200, 100, null]]);
  await press(card, "In kWh");
  expect(series(card)[0]?.values).toEqual([2200, 1100, null]);
  expect(one<Bars>(card, "ews-bars").unit.name).toBe("kWh");
});

test("one kind of energy, where it is configured", async () => {
  const card = await draw({ commodity: "gas" });
  expect(series(card).map((line) => line.name)).toEqual(["Gas"]);
  expect(all(card, ".chip").map((chip) => textOf(chip))).toEqual(["In kWh"]);
});

test("the legend switches lines off, and the sum follows", async () => {
  const card = await draw();
  const legend = one(card, "ews-legend");
  fire(legend, "toggle", { key: series(card)[0]?.key });
  await settle(card);
  expect(series(card).map((line) => line.name)).toEqual(["Others"]);
  expect(textOf(one(card, ".summary strong"))).toBe("500 Wh");
  fire(legend, "toggle", { key: "heating|energy_import|electricity|" });
  await settle(card);
  expect(series(card)).toHaveLength(2);
});

test("a bar is gone into: a day of a month", async () => {
  const card = await draw();
  const bars = one<Bars>(card, "ews-bars");
  expect(bars.drill).toBe(true);
  fire(bars, "bar", { index: 1 });
  expect(periodStore(hass).picked.period).toEqual({ span: "day", date: "2026-11-02" });
});

test("an hour is not gone into, nor a bar that only the period before has", async () => {
  hass.answer("consumption", { ...LOADS, period: "hour", bars: [LOADS.bars[0], null, null] });
  const card = await draw();
  const before = periodStore(hass).picked.period;
  expect(one<Bars>(card, "ews-bars").drill).toBe(false);
  fire(one(card, "ews-bars"), "bar", { index: 1 });
  expect(periodStore(hass).picked.period).toEqual(before);
});

test("costs are asked for without tariffs, and say what has no price", async () => {
  const card = await draw({ by: "cost" });
  expect(asked("cost")[0]).toMatchObject({ by_tariff: false });
  expect(textOf(card)).toContain("€4.00");
  expect(textOf(card)).toContain("700 Wh has no price.");
});

test("by tariff there is a bar of each tariff", async () => {
  const priced = (tariff: string) => cost("heating", "Heating", [1, 1, 1], { tariff, tariff_name: tariff });
  hass.answer("cost", costs([priced("Day"), priced("Night")]));
  const card = await draw({ by: "tariff" });
  expect(asked("cost")[0]).toMatchObject({ by_tariff: true });
  expect(series(card).map((line) => line.name)).toEqual(["Day", "Night"]);
});

test("what is shown can be chosen in the card", async () => {
  const card = await draw({ choose: true });
  const [load, group, by] = all<HTMLSelectElement>(card, ".choices select");
  const choose = async (list: HTMLSelectElement | undefined, value: string): Promise<void> => {
    if (list === undefined) throw new Error("no list");
    list.value = value;
    list.dispatchEvent(new Event("change"));
    await settle(card);
  };
  expect([load, group, by].map((list) => list?.options[0]?.text)).toEqual(["All loads", "All groups", "Consumption"]);
  await choose(load, "heating");
  await choose(group, "east");
  expect(asked("consumption").at(-1)).toMatchObject({ scope: "load", keys: ["heating"], group: "east" });
  await choose(by, "cost");
  expect(asked("cost").at(-1)).toMatchObject({ keys: ["heating"], group: "east" });
});

test("a group is taken back in the card, also one of the configuration", async () => {
  const card = await draw({ choose: true, group: "east" });
  expect(asked("consumption").at(-1)).toMatchObject({ group: "east" });
  const group = all<HTMLSelectElement>(card, ".choices select")[1] as HTMLSelectElement;
  group.value = "";
  group.dispatchEvent(new Event("change"));
  await settle(card);
  expect(asked("consumption").at(-1)).not.toHaveProperty("group");
});

test("keys of another scope are left out, those that are gone are asked for", async () => {
  await draw({ scope: "device", keys: ["heating", "ovens", "gone"] });
  expect(asked("consumption")[0]).toMatchObject({ keys: ["ovens", "gone"] });
});

test("all devices together are those that make up the total", async () => {
  hass.answer("consumption", consumption([amount("main", "Main", [9000]), amount("ovens", "Ovens", [4000])], "device"));
  expect(series(await draw({ scope: "device" })).map((line) => line.name)).toEqual(["Ovens"]);
  expect(series(await draw({ scope: "device", keys: ["main", "ovens"] })).map((line) => line.name)).toEqual([
    "Main",
    "Ovens",
  ]);
});

test("the file has exactly what is shown", async () => {
  const keep = vi.spyOn(csv, "download").mockImplementation(() => undefined);
  const card = await draw({ previous: false });
  hass.answer("consumption", LOADS);
  await press(card, "Download as CSV");
  const lines = keep.mock.calls[0]?.[0].split("\r\n") ?? [];
  expect(lines[1]).toMatch(/^2026-11-01;3;0,5;3,5/);
});

test("nothing known, no prices and refusals are said", async () => {
  hass.answer("consumption", consumption([]));
  expect(textOf(await draw())).toContain("Nothing is known of this time.");
  hass.answer("cost", costs([]));
  expect(textOf(await draw({ by: "cost" }))).toContain("There are no costs in this time.");
  const bare = fakeHass({ answers: { site: site({ since: null }), consumption: consumption([]) } });
  expect(textOf(await mountCard("ews-histogram-card", bare))).toContain("Nothing has been counted yet.");
  const refused = fakeHass({ answers: { site: site(), consumption: () => refuse("unauthorized", "You may not") } });
  expect(textOf(await mountCard("ews-histogram-card", refused))).toContain("You may not");
});

test("groups that share devices say so instead of a sum", async () => {
  const both = site();
  for (const device of both.devices) device.groups = ["east", "west"];
  hass.answer("site", both);
  hass.answer("consumption", consumption([amount("east", "East", [4000]), amount("west", "West", [6000])], "group"));
  const card = await draw({ scope: "group" });
  expect(all(card, ".summary")).toHaveLength(0);
  expect(textOf(card)).toContain("Some devices are in several groups");
});

test("the editor has what the site has", async () => {
  const { schema } = await form(hass);
  const keys = schema.find((field) => field.name === "keys")?.selector as { select: { options: { label: string }[] } };
  expect(keys.select.options.map((option) => option.label)).toEqual([
    "Load: Heating",
    "Load: Others",
    "Group: East",
    "Group: West",
    "Device: Main",
    "Device: Ovens",
    "Device: Boiler",
  ]);
});
