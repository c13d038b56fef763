import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Tariffs } from "../src/answers";
import "../src/cards/tariffs";
import { form, tag } from "../src/cards/tariffs";
import type { Bars } from "../src/charts/bars";
import type { Pie } from "../src/charts/pie";
import { COST, costLine, SITE, tariffsFrom } from "./site";
import { all, fakeHass, mountCard, one, refuse, settle, textOf } from "./support";

/** A midnight in Paris. */
const START = Date.parse("2026-06-01T22:00:00Z") / 1000;
const NO_TARIFFS: Tariffs = {
  ...tariffsFrom(START),
  plans: { ...tariffsFrom(START).plans, electricity: tariffsFrom(START).plans.export },
};

const house = (answers: Record<string, unknown> = {}, more: Record<string, unknown> = {}) =>
  fakeHass({ answers: { site: SITE, tariffs: tariffsFrom(START), cost: COST, ...answers }, ...more });
const show = (hass = house(), config: Record<string, unknown> = {}) =>
  mountCard(tag, hass, { period: "month", ...config });
const press = async (card: Element, name: string): Promise<void> => {
  const found = all<HTMLButtonElement>(card, "button").find((button) => button.textContent?.trim() === name);
  if (found === undefined) throw new Error(`no button ${name}`);
  found.click();
  await settle(card);
};
const asked = (hass: ReturnType<typeof house>) => hass.sent.filter((message) => message.type === "cost");

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"], now: (START + 5 * 3600) * 1000 });
});

afterEach(() => {
  document.body.replaceChildren();
  vi.useRealTimers();
  vi.restoreAllMocks();
});

describe("the tariffs card", () => {
  it("shows the total by tariff, with fixed charges and without what has no price", async () => {
    const hass = house();
    const card = await show(hass);
    expect(asked(hass)[0]).toMatchObject({ scope: "total", span: "month", previous: true });
    expect(asked(hass)[0]).not.toHaveProperty("keys");
    expect(one<Pie>(card, "ews-pie").slices).toEqual([
      { key: "T1/Night/EUR", name: "Night", color: "#0000ff", value: 1, note: "10.0\u00a0kWh" },
      { key: "T2/Day/EUR", name: "Day", color: "#ffff00", value: 5, note: "20.0\u00a0kWh" },
      expect.objectContaining({ name: "Meter", value: 0.8, note: "Fixed charge" }),
    ]);
    expect(textOf(card)).toContain("Costs €6.80");
    expect(textOf(card)).toContain("No price 1.20 kWh");
  });

  it("leaves out a tariff that is switched off, also of the sum", async () => {
    const card = await show();
    await press(card, "Day");
    expect(one<Pie>(card, "ews-pie").slices.map((slice) => slice.name)).toEqual(["Night", "Meter"]);
    expect(textOf(card)).toContain("Costs €1.80");
    await press(card, "Day");
    expect(textOf(card)).toContain("Costs €6.80");
  });

  it("says what holds now and what comes next", async () => {
    expect(textOf(await show())).toContain("Night 0.144 €/kWh until 06:00, then Day 0.25 €/kWh");
  });

  it("says a time of another day with its date, and where no price will hold", async () => {
    vi.setSystemTime((START + 23 * 3600) * 1000);
    expect(textOf(await show())).toContain("until Jun 3, 2026, 06:00, then No price");
  });

  it("shows the coming days as strips", async () => {
    const week = one(await show(), "ews-tariff-week");
    const rows = all(week, ".row").map((row) => row.getAttribute("aria-label"));
    expect(rows).toHaveLength(2);
    expect(rows[0]).toContain("06:00 – 22:00 Day, 0.25\u00a0€/kWh");
    expect(rows[1]).toContain("06:00 – 00:00 No price");
  });

  it("has details of a device over time, and goes into a bar", async () => {
    const hass = house();
    const card = await show(hass);
    await press(card, "Details");
    const list = one<HTMLSelectElement>(card, "select[aria-label='Device, load or group']");
    list.value = "D1";
    list.dispatchEvent(new Event("change"));
    await settle(card);
    expect(asked(hass).at(-1)).toMatchObject({ scope: "device", keys: ["D1"] });
    const bars = one<Bars>(card, "ews-bars");
    expect(bars.series.map((series) => [series.name, series.values])).toEqual([
      ["Night", [1, null]],
      ["Day", [2, 3]],
      ["Meter", [0.4, 0.4]],
    ]);
    bars.dispatchEvent(new CustomEvent("bar", { detail: { index: 0 } }));
    await settle(card);
    expect(asked(hass).at(-1)).toMatchObject({ span: "day", date: "2026-01-01" });
  });

  it("offers devices that count the kind of energy, and no loads of what is fed in", async () => {
    const card = await show(house(), { mode: "details" });
    const names = (): string[] =>
      all<HTMLOptionElement>(card, "optgroup option").map((option) => option.textContent ?? "");
    expect(names()).toEqual(["Whole site", "Heating", "Lighting", "East", "Ovens", "Freezer"]);
    await press(card, "Fed in");
    expect(names()).toEqual(["Whole site", "East", "Ovens", "Freezer"]);
    expect(textOf(card)).toContain("Earned €1.00");
  });

  it("goes to the whole site where the device does not count the kind of energy", async () => {
    const hass = house();
    const card = await show(hass, { mode: "details", subject: "D1" });
    expect(asked(hass).at(-1)).toMatchObject({ keys: ["D1"] });
    await press(card, "Fed in");
    expect(asked(hass).at(-1)).toMatchObject({ keys: ["D1"] });
    const gas = house();
    await show(gas, { mode: "details", subject: "D1", commodity: "gas" });
    expect(asked(gas).map((message) => message.scope)).toEqual(["total"]);
  });

  it("keeps currencies apart", async () => {
    const series = [costLine({ sum: 1 }), costLine({ currency: "CHF", sum: 2 })];
    const card = await show(house({ cost: { ...COST, series, charges: [] } }));
    expect(one<Pie>(card, "ews-pie").slices.map((slice) => slice.value)).toEqual([2]);
    await press(card, "EUR");
    expect(one<Pie>(card, "ews-pie").slices.map((slice) => slice.value)).toEqual([1]);
  });

  it("shows prices only, and asks for no costs", async () => {
    const hass = house();
    const card = await show(hass, { mode: "week" });
    expect(asked(hass)).toEqual([]);
    expect(all(card, "ews-tariff-week")).toHaveLength(1);
    expect(all(card, "ews-pie")).toEqual([]);
  });

  it("tells administrators where tariffs are entered, and others that they may ask", async () => {
    const none = { tariffs: NO_TARIFFS, cost: { ...COST, series: [], charges: [] } };
    const admin = await show(house(none));
    expect(textOf(admin)).toContain("No tariffs are entered for this yet: Electricity.");
    expect(textOf(admin)).toContain("Enter tariffs");
    const user = await show(house(none, { user: { id: "u", name: "Guest", is_admin: false } }));
    expect(textOf(user)).not.toContain("Enter tariffs");
  });

  it("shows consumption without a price where nothing has one", async () => {
    const card = await show(house({ cost: { ...COST, series: [COST.series[2]], charges: [] } }));
    expect(textOf(card)).toContain("No price 1.20 kWh");
    expect(all(card, "ews-pie")).toEqual([]);
  });

  it("hands over exactly what is shown", async () => {
    const files: Blob[] = [];
    vi.spyOn(URL, "createObjectURL").mockImplementation((file) => {
      files.push(file as Blob);
      return "blob:x";
    });
    const card = await show(house(), { previous: false });
    await press(card, "Day");
    one(card, "[aria-label='Download as CSV']").click();
    await press(card, "Details");
    one(card, "[aria-label='Download as CSV']").click();
    const [total, details] = await Promise.all(files.map((file) => file.text()));
    const rows = (text?: string): string[] => (text ?? "").replace("\ufeff", "").trim().split("\r\n");
    expect(rows(total)).toEqual([
      "Tariff;Consumption [Wh];Costs [EUR]",
      "Night;10000;1",
      "No price;1200;",
      "Meter;;0,8",
    ]);
    expect(rows(details)).toEqual([
      "Time;Night [EUR];Meter [EUR];Sum [EUR]",
      "2026-01-01;1;0,4;1,4",
      "2026-01-02;;0,4;0,4",
    ]);
  });

  it("says what the server refused", async () => {
    expect(textOf(await show(house({ cost: () => refuse("unauthorized", "Not for you") })))).toContain("Not for you");
  });

  it("has an editor with the things of the site", async () => {
    const { schema } = await form(house());
    const subject = schema.find((field) => field.name === "subject");
    expect(subject?.selector).toMatchObject({ select: { multiple: false } });
    expect(JSON.stringify(subject)).toContain("Ovens");
  });
});
