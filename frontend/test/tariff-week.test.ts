import { afterEach, describe, expect, it } from "vitest";
import "../src/parts/tariff-week";
import { inkOn } from "../src/parts/tariff-week";
import { weekOf } from "../src/parts/week";
import { tariffsFrom } from "./site";
import { all, fakeHass, mount, one, settle, textOf } from "./support";

const START = Date.parse("2026-06-01T22:00:00Z") / 1000;
const ZONE = "Europe/Paris";

const show = () => {
  const { start, end, plans } = tariffsFrom(START);
  const tariffs = new Map(plans.electricity.tariffs.map(({ id, name, color }) => [id, { name, color }]));
  const days = weekOf(plans.electricity.segments, start, end, ZONE);
  const price = (value: number): string => `${value} €`;
  return mount("ews-tariff-week", { hass: fakeHass(), days, tariffs, zone: ZONE, price, now: START + 12 * 3600 });
};
const key = async (week: HTMLElement, name: string): Promise<void> => {
  one(week, ".strip").dispatchEvent(new KeyboardEvent("keydown", { key: name, bubbles: true }));
  await settle(week);
};
const said = (week: HTMLElement): string => textOf(one(week, "[aria-live]"));

afterEach(() => document.body.replaceChildren());

describe("the strips of tariffs", () => {
  it("mark this moment in the row of today", async () => {
    const rows = all(await show(), ".row");
    expect(rows.map((row) => row.querySelector(".now")?.getAttribute("style"))).toEqual([
      "inset-inline-start: 50.000%",
      undefined,
    ]);
  });

  it("name each price once, the cheapest first, and what has none", async () => {
    expect(all(await show(), "li").map((item) => textOf(item))).toEqual(["Night 0.144 €", "Day 0.25 €", "No price"]);
  });

  it("are gone through with arrow keys", async () => {
    const week = await show();
    await key(week, "ArrowRight");
    expect(said(week)).toBe("Tuesday, June 2, 00:00 – 06:00 Night, 0.144 €");
    await key(week, "ArrowRight");
    expect(said(week)).toContain("06:00 – 22:00 Day");
    await key(week, "ArrowLeft");
    await key(week, "ArrowLeft");
    expect(said(week)).toContain("00:00 – 06:00 Night");
    await key(week, "Escape");
    expect(said(week)).toBe("");
  });

  it("say what the pointer is on", async () => {
    const week = await show();
    all(week, ".row .piece").at(-1)?.dispatchEvent(new Event("pointerenter"));
    await settle(week);
    expect(said(week)).toBe("Wednesday, June 3, 06:00 – 00:00 No price");
  });
});

describe("ink", () => {
  it.each([
    ["#ffffff", "#000"],
    ["#000000", "#fff"],
    ["#ffff00", "#000"],
    ["#0000ff", "#fff"],
    ["red", "#000"],
  ])("is read on %s", (color, ink) => {
    expect(inkOn(color)).toBe(ink);
  });
});
