import { afterEach, expect, test } from "vitest";
import type { Pie, Slice } from "../src/charts/pie";
import "../src/charts/pie";
import { energyUnit } from "../src/format";
import { all, fakeHass, mount, one, settle, textOf } from "./support";

const unit = energyUnit(fakeHass(), 5000);
const SLICES: Slice[] = [
  { key: "heating", name: "Heating", color: "#c33500", value: 3000, note: "12 kWh estimated" },
  { key: "sockets", name: "Sockets", color: "#7965ed", value: 990 },
  { key: "lighting", name: "Lighting", color: "#c78700", value: 10 },
  { key: "others", name: "Others", color: "#918888", value: null },
];

afterEach(() => document.body.replaceChildren());

async function chart(properties: Partial<Pie> = {}): Promise<{ pie: Pie; chosen: string[] }> {
  const pie = await mount<Pie>("ews-pie", { slices: SLICES, unit, label: "Shares", ...properties });
  const chosen: string[] = [];
  pie.addEventListener("slice", (event) => chosen.push((event as CustomEvent<{ key: string }>).detail.key));
  return { pie, chosen };
}

const rows = (pie: Pie): string[] => all(pie, "button").map((row) => textOf(row).replaceAll("\u00a0", " "));

test("says name, value and share of each slice", async () => {
  const { pie } = await chart();
  expect(rows(pie)).toEqual([
    "Heating 12 kWh estimated 3.00 kWh 75%",
    "Sockets 0.99 kWh 25%",
    "Lighting 0.01 kWh 0.3%",
    "Others – –",
  ]);
});

test("draws what is more than nothing", async () => {
  const { pie } = await chart();
  expect(all(pie, "path").map((path) => path.getAttribute("fill"))).toEqual(["#c33500", "#7965ed", "#c78700"]);
});

test("has the sum in the middle, or what it is told", async () => {
  expect(textOf(one((await chart()).pie, ".center")).replaceAll("\u00a0", " ")).toBe("4.00 kWh");
  expect(textOf(one((await chart({ center: "€3" })).pie, ".center"))).toBe("€3");
});

test("small slices can be chosen in the legend, all by the keyboard", async () => {
  const { pie, chosen } = await chart();
  for (const button of all(pie, "button")) button.click();
  expect(chosen).toEqual(["heating", "sockets", "lighting", "others"]);
});

test("a slice of the ring can be chosen, and is the same as its row", async () => {
  const { pie, chosen } = await chart();
  const ring = all(pie, "path")[1] as HTMLElement;
  ring.dispatchEvent(new PointerEvent("pointerenter"));
  await settle(pie);
  expect(all(pie, "button.here").map((row) => textOf(row))[0]).toContain("Sockets");
  expect(textOf(one(pie, ".center"))).toBe("25% Sockets");
  ring.dispatchEvent(new MouseEvent("click", { bubbles: true }));
  ring.dispatchEvent(new PointerEvent("pointerleave"));
  await settle(pie);
  expect(chosen).toEqual(["sockets"]);
  expect(all(pie, ".here")).toEqual([]);
});

test("the focus marks a slice as the pointer does", async () => {
  const { pie } = await chart();
  (all(pie, "button")[0] as HTMLElement).dispatchEvent(new FocusEvent("focus"));
  await settle(pie);
  expect(all(pie, "path.dim").length).toBe(2);
  expect(all(pie, "path.here")[0]?.getAttribute("fill")).toBe("#c33500");
});

test("of nothing known is an empty ring", async () => {
  const { pie } = await chart({ slices: [{ key: "a", name: "A", color: "#000", value: null }] });
  expect(all(pie, "path")).toEqual([]);
  expect(all(pie, ".empty").length).toBe(1);
  expect(textOf(one(pie, ".center"))).toBe("–");
});

test("what is paid back takes no part of the ring, but counts in the sum", async () => {
  const { pie } = await chart({
    slices: [
      { key: "a", name: "A", color: "#000", value: 3000 },
      { key: "b", name: "B", color: "#111", value: -1000 },
    ],
  });
  expect(all(pie, "path").length).toBe(1);
  expect(textOf(one(pie, ".center")).replaceAll("\u00a0", " ")).toBe("2.00 kWh");
});
