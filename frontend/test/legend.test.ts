import { afterEach, expect, test } from "vitest";
import "../src/parts/legend";
import type { Legend } from "../src/parts/legend";
import { all, mount, textOf } from "./support";

const ITEMS = [
  { key: "day", name: "Day", color: "#f00", value: "3 kWh" },
  { key: "night", name: "Night", color: "#00f" },
];

afterEach(() => document.body.replaceChildren());

test("is a button for each name, pressed where it is shown", async () => {
  const legend = await mount<Legend>("ews-legend", { items: ITEMS, hidden: new Set(["night"]) });
  expect(all(legend, "button").map((button) => [textOf(button), button.getAttribute("aria-pressed")])).toEqual([
    ["Day 3 kWh", "true"],
    ["Night", "false"],
  ]);
});

test("tells what is switched", async () => {
  const legend = await mount<Legend>("ews-legend", { items: ITEMS });
  const keys: string[] = [];
  legend.addEventListener("toggle", (event: Event) => keys.push((event as CustomEvent<{ key: string }>).detail.key));
  for (const button of all(legend, "button")) button.click();
  expect(keys).toEqual(["day", "night"]);
});

test("its set of hidden names does not hide the element itself", async () => {
  const legend = await mount<Legend>("ews-legend", { items: ITEMS, hidden: new Set(["night"]) });
  expect(legend.hasAttribute("hidden")).toBe(false);
});
