import { afterEach, describe, expect, it, vi } from "vitest";
import type { Message } from "../src/ha";
import "../src/cards/compare";
import { form, tag } from "../src/cards/compare";
import type { Bars } from "../src/charts/bars";
import { BARS, costLine, SITE } from "./site";
import { all, fakeHass, mountCard, one, refuse, settle, textOf } from "./support";

const AMOUNTS: Record<string, [number | null, number | null]> = { D1: [3000, 5000], D2: [1000, null], D3: [1, 1] };

/** As the server answers: what has no kind of energy in common is compared by cost. */
function compare(message: Message): unknown {
  const [first, second] = message.keys as [string, string];
  const only = (first === "D3") !== (second === "D3");
  const by = only ? "cost" : message.by;
  const sum = (values: (number | null)[]): number => values.reduce<number>((all, value) => all + (value ?? 0), 0);
  const amounts = [first, second].map((key) => AMOUNTS[key] ?? [10, 10]);
  const difference = sum(amounts[0] ?? []) - sum(amounts[1] ?? []);
  const common = { ...BARS, by, comparable_by: only ? "cost" : "amount" };
  const euro = (value: number | null): number | null => value && value / 1000;
  if (by === "cost")
    return {
      ...common,
      series: [first, second].map((key, place) =>
        costLine({ key, costs: amounts[place]?.map(euro), sum: sum(amounts[place] ?? []) / 1000, unpriced_sum: 400 }),
      ),
      differences: [{ currency: "EUR", costs: [null, null], sum: difference / 1000 }],
    };
  return {
    ...common,
    series: [first, second].map((key, place) => ({
      ...costLine({ key }),
      amounts: amounts[place],
      estimated: [0, 0],
      sum: sum(amounts[place] ?? []),
      estimated_sum: 0,
      ...(message.previous === true && { previous_amounts: [1, 1], previous_sum: 2000 }),
    })),
    differences: [
      { commodity: "electricity", quantity: "energy_import", unit: "Wh", amounts: [2000, null], sum: difference },
    ],
  };
}

const house = (answers: Record<string, unknown> = {}) => fakeHass({ answers: { site: SITE, compare, ...answers } });
const show = (hass = house(), config: Record<string, unknown> = {}) =>
  mountCard(tag, hass, { period: "month", ...config });
const press = async (card: Element, name: string): Promise<void> => {
  const found = all<HTMLButtonElement>(card, "button").find((button) => button.textContent?.trim() === name);
  if (found === undefined) throw new Error(`no button ${name}`);
  found.click();
  await settle(card);
};
const asked = (hass: ReturnType<typeof house>) => hass.sent.filter((message) => message.type === "compare");

afterEach(() => {
  document.body.replaceChildren();
  vi.restoreAllMocks();
});

describe("the compare card", () => {
  it("begins with the first two devices, and says who had more", async () => {
    const hass = house();
    const card = await show(hass);
    expect(asked(hass)[0]).toMatchObject({ scope: "device", keys: ["D1", "D2"], by: "amount", span: "month" });
    expect(textOf(card)).toContain("Ovens: 7.00\u00a0kWh more than Freezer (+700%).".replace("\u00a0", " "));
  });

  it("names the one that had more first, whichever was chosen first", async () => {
    const card = await show(house(), { pair: ["D2", "D1"] });
    expect(textOf(card)).toContain("Ovens: 7.00 kWh more than Freezer");
  });

  it("has the period before beside the sums, unless that is switched off", async () => {
    expect(textOf(await show())).toContain("2.00 kWh in the period before (+300%)");
    const hass = house();
    expect(textOf(await show(hass, { previous: false }))).not.toContain("period before");
    expect(asked(hass)[0]).not.toHaveProperty("previous");
  });

  it("compares loads, by what they cost", async () => {
    const hass = house();
    const card = await show(hass);
    await press(card, "Loads");
    await press(card, "Costs");
    expect(asked(hass).at(-1)).toMatchObject({ scope: "load", keys: ["heating", "lighting"], by: "cost" });
    expect(textOf(card)).toContain("There is no difference between Heating and Lighting.");
    expect(textOf(card)).toContain("400 Wh without a price");
  });

  it("offers no kind of which there is only one", async () => {
    expect(textOf(await show())).not.toContain("Groups");
  });

  it("says why amounts cannot be compared, and that way cannot be chosen", async () => {
    const card = await show(house(), { pair: ["D1", "D3"] });
    expect(textOf(card)).toContain("Ovens and Boiler count different things");
    const chip = all<HTMLButtonElement>(card, ".chip").find((one) => one.textContent?.trim() === "Consumption");
    expect(chip?.disabled).toBe(true);
  });

  it("exchanges the two when the other one is picked", async () => {
    const hass = house();
    const card = await show(hass);
    const list = one<HTMLSelectElement>(card, "select[aria-label=First]");
    list.value = "D2";
    list.dispatchEvent(new Event("change"));
    await settle(card);
    expect(asked(hass).at(-1)?.keys).toEqual(["D2", "D1"]);
  });

  it("puts bars beside each other, and goes into one", async () => {
    const hass = house();
    const card = await show(hass);
    await press(card, "Details");
    const bars = one<Bars>(card, "ews-bars");
    expect(bars.beside).toBe(true);
    expect(bars.series.map((one) => [one.name, one.values])).toEqual([
      ["Ovens", [3000, 5000]],
      ["Freezer", [1000, null]],
    ]);
    expect([bars.head?.(0), bars.head?.(1)]).toEqual(["Difference 2.00\u00a0kWh", "Difference –"]);
    bars.dispatchEvent(new CustomEvent("bar", { detail: { index: 1 } }));
    await settle(card);
    expect(asked(hass).at(-1)).toMatchObject({ span: "day", date: "2026-01-02" });
  });

  it("hands over exactly what is shown", async () => {
    const files: Blob[] = [];
    vi.spyOn(URL, "createObjectURL").mockImplementation((file) => {
      files.push(file as Blob);
      return "blob:x";
    });
    const card = await show(house(), { previous: false });
    one(card, "[aria-label='Download as CSV']").click();
    await press(card, "Details");
    one(card, "[aria-label='Download as CSV']").click();
    const [total, details] = await Promise.all(files.map((file) => file.text()));
    const rows = (text?: string): string[] => (text ?? "").replace("\ufeff", "").trim().split("\r\n");
    expect(rows(total)).toEqual([";Ovens [kWh];Freezer [kWh];Difference [kWh]", "Sum;8;1;7"]);
    expect(rows(details)).toEqual([
      "Time;Ovens [kWh];Freezer [kWh];Difference [kWh]",
      "2026-01-01;3;1;2",
      "2026-01-02;5;;",
    ]);
  });

  it("says that there is nothing to compare, and asks for nothing", async () => {
    const hass = house({ site: { ...SITE, devices: SITE.devices.slice(0, 1), loads: {}, groups: {} } });
    expect(textOf(await show(hass))).toContain("There are not two things to compare yet.");
    expect(asked(hass)).toEqual([]);
  });

  it("says what the server refused, and lets people choose others", async () => {
    const hass = house({ compare: () => refuse("unknown_keys", "Nobody knows it") });
    const card = await show(hass);
    expect(textOf(card)).toContain("Nobody knows it");
    expect(all(card, "select[aria-label=First]")).toHaveLength(1);
  });

  it("lets nobody choose where that is switched off", async () => {
    expect(all(await show(house(), { choose: false }), "select[aria-label=First]")).toEqual([]);
  });

  it("has an editor with the things of the site", async () => {
    const { schema } = await form(house());
    expect(schema.map((field) => field.name)).toEqual(
      expect.arrayContaining(["title", "pair", "mode", "by", "choose"]),
    );
    expect(JSON.stringify(schema)).toContain("Ovens");
  });
});
