import { afterEach, describe, expect, test } from "vitest";
import type { Bars } from "../src/charts/bars";
import "../src/charts/bars";
import { energyUnit } from "../src/format";
import { all, fakeHass, mount, one, settle, textOf } from "./support";

const unit = energyUnit(fakeHass(), 5000);
const HEATING = { key: "heating", name: "Heating", color: "#c33500", values: [1000, null, 2000, 0] };
const SOCKETS = { key: "sockets", name: "Sockets", color: "#7965ed", values: [500, null, 1500, 250] };

afterEach(() => document.body.replaceChildren());

async function chart(properties: Partial<Bars> = {}): Promise<{ bars: Bars; gone: number[] }> {
  const labels = ["1", "2", "3", "4"];
  const titles = ["Sun", "Mon", "Tue", "Wed"];
  const series = [HEATING, SOCKETS];
  const bars = await mount<Bars>("ews-bars", {
    labels,
    titles,
    series,
    unit,
    label: "Week",
    drill: true,
    ...properties,
  });
  const gone: number[] = [];
  bars.addEventListener("bar", (event) => gone.push((event as CustomEvent<{ index: number }>).detail.index));
  return { bars, gone };
}

const plot = (bars: Bars): HTMLElement => one(bars, ".plot");
const tip = (bars: Bars): string => textOf(one(bars, "ews-tip")).replaceAll("\u00a0", " ");

async function press(bars: Bars, ...keys: string[]): Promise<void> {
  for (const key of keys)
    plot(bars).dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
  await settle(bars);
}

/** Where a bar is in the window. */
function middle(bars: Bars, index: number): { clientX: number; clientY: number } {
  const option = all(bars, "[role=option]")[index] as HTMLElement;
  return { clientX: Number(option.getAttribute("x")) + Number(option.getAttribute("width")) / 2, clientY: 100 };
}

async function point(bars: Bars, type: string, index: number, pointerType = "mouse"): Promise<void> {
  plot(bars).dispatchEvent(new PointerEvent(type, { ...middle(bars, index), pointerType, bubbles: true }));
  await settle(bars);
}

describe("what is drawn", () => {
  test("a path for each series, a label below each bar, and the unit", async () => {
    const { bars } = await chart();
    expect(all(bars, "path.series").map((path) => path.getAttribute("fill"))).toEqual(["#c33500", "#7965ed"]);
    expect(all(bars, "text.middle").map((text) => text.textContent)).toEqual(["1", "2", "3", "4"]);
    expect(all(bars, "text").map((text) => text.textContent)).toContain("kWh");
  });

  test("nothing is drawn of what is unknown or nothing", async () => {
    const { bars } = await chart();
    const outlines = all(bars, "path.series").map((path) => path.getAttribute("d")?.split("M").length);
    expect(outlines).toEqual([3, 4]);
  });

  test("the period before has bars of its own, to the left", async () => {
    const { bars } = await chart({ series: [{ ...HEATING, previous: [800, 900, 1000, 1100] }] });
    const [before, now] = all(bars, "path.series");
    const left = (path?: Element): number => Number(/^M([\d.]+)/.exec(path?.getAttribute("d") ?? "")?.[1]);
    expect(before?.classList.contains("past")).toBe(true);
    expect(left(before)).toBeLessThan(left(now));
  });

  test("values below zero lie below the line of zero", async () => {
    const { bars } = await chart({ series: [{ ...HEATING, values: [-1000, 500, 0, 0] }] });
    const zero = Number(one(bars, ".zero").getAttribute("y1"));
    const path = one(bars, "path.series").getAttribute("d") ?? "";
    const lowest = Math.max(
      ...[...path.matchAll(/[MV ](-?[\d.]+)/g)].map((found) => Number(found[1])).filter((y) => y < 290),
    );
    expect(lowest).toBeGreaterThan(zero);
  });

  test("without data there is a chart without bars", async () => {
    const { bars } = await chart({ series: [], labels: [], titles: [] });
    expect(all(bars, "[role=option]")).toEqual([]);
    expect(textOf(bars)).not.toContain("NaN");
    await press(bars, "ArrowRight");
    expect(tip(bars)).toBe("");
  });
});

describe("in words", () => {
  test("each bar is an option that says all of its parts", async () => {
    const { bars } = await chart();
    const said = all(bars, "[role=option]").map((option) =>
      option.getAttribute("aria-label")?.replaceAll("\u00a0", " "),
    );
    expect(plot(bars).getAttribute("aria-label")).toBe("Week");
    expect(said[0]).toBe("Sun: 1.50 kWh; Sockets 0.50 kWh; Heating 1.00 kWh");
    expect(said[1]).toBe("Mon: –");
  });

  test("with the period before it says both", async () => {
    const series = [{ ...HEATING, previous: [800, 900, null, 1100] }];
    const { bars } = await chart({ series, previousTitles: ["a", "b", "c", "d"] });
    const said = all(bars, "[role=option]").map((option) =>
      option.getAttribute("aria-label")?.replaceAll("\u00a0", " "),
    );
    expect(said[0]).toBe("Sun: 1.00 kWh; a: 0.80 kWh");
    expect(said[2]).toBe("Tue: 2.00 kWh; c: –");
  });
});

describe("the keyboard", () => {
  test("walks through the bars, and shows each", async () => {
    const { bars } = await chart();
    await press(bars, "ArrowRight");
    expect(tip(bars)).toBe("Sun 1.50 kWh Sockets 0.50 kWh Heating 1.00 kWh");
    expect(plot(bars).getAttribute("aria-activedescendant")).toBe("bar-0");
    await press(bars, "ArrowRight", "ArrowRight", "ArrowRight", "ArrowRight");
    expect(plot(bars).getAttribute("aria-activedescendant")).toBe("bar-3");
    await press(bars, "Home");
    expect(plot(bars).getAttribute("aria-activedescendant")).toBe("bar-0");
    await press(bars, "End", "ArrowLeft");
    expect(plot(bars).getAttribute("aria-activedescendant")).toBe("bar-2");
    await press(bars, "Escape");
    expect(tip(bars)).toBe("");
  });

  test("goes into a bar with Enter", async () => {
    const { bars, gone } = await chart();
    await press(bars, "Enter");
    await press(bars, "End", "ArrowLeft", "Enter");
    expect(gone).toEqual([2]);
  });

  test("goes nowhere where bars cannot be gone into", async () => {
    const { bars, gone } = await chart({ drill: false });
    await press(bars, "ArrowRight", "Enter");
    await point(bars, "click", 1);
    expect(gone).toEqual([]);
  });

  test("leaves keys alone that are not its own", async () => {
    const { bars } = await chart();
    const event = new KeyboardEvent("keydown", { key: "Tab", bubbles: true, cancelable: true });
    plot(bars).dispatchEvent(event);
    expect(event.defaultPrevented).toBe(false);
  });
});

describe("the pointer", () => {
  test("shows the bar it is over, until it leaves", async () => {
    const { bars } = await chart();
    await point(bars, "pointermove", 2);
    expect(tip(bars)).toContain("Tue 3.50 kWh");
    await point(bars, "pointerleave", 2);
    expect(tip(bars)).toBe("");
  });

  test("goes into a bar with a click", async () => {
    const { bars, gone } = await chart();
    await point(bars, "click", 3);
    expect(gone).toEqual([3]);
  });

  test("as a finger shows a bar first, and goes into it with the second tap", async () => {
    const { bars, gone } = await chart();
    for (const type of ["pointerdown", "pointerleave", "click"]) await point(bars, type, 2, "touch");
    expect(gone).toEqual([]);
    expect(tip(bars)).toContain("Tue");
    for (const type of ["pointerdown", "pointerleave", "click"]) await point(bars, type, 2, "touch");
    expect(gone).toEqual([2]);
  });

  test("shows the largest number of rows that can be read, the rest as one", async () => {
    const series = Array.from({ length: 20 }, (_, n) => ({
      ...HEATING,
      key: `${n}`,
      name: `N${n}`,
      values: [100, 0, 0, 0],
    }));
    const { bars } = await chart({ series });
    await point(bars, "pointermove", 0);
    expect(all(bars, "tr").length).toBe(15);
    expect(tip(bars)).toContain("+ 6 0.60 kWh");
  });
});

test("what is marked is forgotten when the chart gets fewer bars", async () => {
  const { bars } = await chart();
  await press(bars, "End");
  bars.labels = ["1", "2"];
  bars.titles = ["Sun", "Mon"];
  await settle(bars);
  expect(tip(bars)).toBe("");
});

describe("series beside each other", () => {
  const left = (path: Element): number => Number(/M\s*([\d.]+)/.exec(path.getAttribute("d") ?? "")?.[1]);

  test("begin at zero, each in its own place", async () => {
    const ticks = async (beside: boolean): Promise<number> => {
      const { bars } = await chart({ beside });
      return Math.max(...all(bars, "text.end").map((text) => Number(text.textContent)));
    };
    expect(await ticks(true)).toBeLessThan(await ticks(false));
    const { bars } = await chart({ beside: true });
    const [first, second] = all(bars, "path.series").map(left);
    expect(first).toBeLessThan(second as number);
  });

  test("are told in their order, with what stands for their sum", async () => {
    const { bars } = await chart({ beside: true, head: (bar) => `Difference ${bar}` });
    await point(bars, "pointermove", 2);
    expect(tip(bars)).toBe("Tue Difference 2 Heating 2.00 kWh Sockets 1.50 kWh");
  });
});
