import { render } from "lit";
import { describe, expect, it } from "vitest";
import { chips, choicesOf, colorOf, nameOf, picker, scopeOf } from "../src/parts/picker";
import { SITE } from "./site";

describe("choices", () => {
  it("of devices are by gateway, and leave out what counts nothing", () => {
    expect(
      choicesOf(SITE, "device", "Devices").map(({ label, choices }) => [label, choices.map((one) => one.id)]),
    ).toEqual([
      ["Panel", ["D1", "D2"]],
      ["Cellar", ["D3"]],
    ]);
  });

  it("of one kind of energy are called by what they are, where they have one gateway", () => {
    expect(choicesOf(SITE, "device", "Devices", "gas")).toEqual([
      { label: "Devices", choices: [{ id: "D3", scope: "device", name: "Boiler" }] },
    ]);
    expect(choicesOf(SITE, "device", "Devices", "water")).toEqual([]);
  });

  it("of loads and groups have their names", () => {
    expect(choicesOf(SITE, "load", "Loads")[0]?.choices.map((one) => one.name)).toEqual(["Heating", "Lighting"]);
    expect(choicesOf({ ...SITE, groups: {} }, "group", "Groups")).toEqual([]);
    expect(choicesOf(SITE, "total", "Total")).toEqual([]);
  });

  it("have a kind, a name and a colour, also when they are gone", () => {
    expect(["D1", "heating", "G1", "gone"].map((id) => scopeOf(SITE, id))).toEqual([
      "device",
      "load",
      "group",
      undefined,
    ]);
    expect(["D1", "heating", "G1", "gone"].map((id) => nameOf(SITE, id))).toEqual([
      "Ovens",
      "Heating",
      "East",
      undefined,
    ]);
    expect(colorOf(SITE, "heating")).toBe("#ff0000");
    expect(colorOf(SITE, "D1")).not.toBe(colorOf(SITE, "D2"));
    expect(colorOf(SITE, "gone")).toBe("#8a8a8a");
  });
});

describe("a list", () => {
  it("shows what is chosen, and tells what is picked", () => {
    const place = document.createElement("div");
    const picked: string[] = [];
    render(
      picker("First", choicesOf(SITE, "device", "Devices"), "D2", (id) => picked.push(id)),
      place,
    );
    const list = place.querySelector("select") as HTMLSelectElement;
    expect(list.value).toBe("D2");
    list.value = "D3";
    list.dispatchEvent(new Event("change"));
    expect(picked).toEqual(["D3"]);
  });

  it("of buttons has one pressed", () => {
    const place = document.createElement("div");
    const picked: string[] = [];
    const choices = [
      { key: "a", name: "A" },
      { key: "b", name: "B" },
    ];
    render(
      chips("View", choices, "a", (key) => picked.push(key)),
      place,
    );
    const buttons = [...place.querySelectorAll("button")];
    expect(buttons.map((button) => button.getAttribute("aria-pressed"))).toEqual(["true", "false"]);
    buttons[1]?.click();
    expect(picked).toEqual(["b"]);
  });
});
