/** The picture of phases: its scale, and what a screen reader is told. */

import { expect, it } from "vitest";
import "../src/parts/phase-bars";
import { placeOf, scaleOf } from "../src/parts/phase-bars";
import { all, mount, numbersFrom } from "./support";

it("has room for all limits and currents", () => {
  const any = numbersFrom(3);
  for (let round = 0; round < 300; round += 1) {
    const limits = [...Array(any(3)).keys()].map(() => any(4000) / 10);
    const currents = [0, 1, 2].map(() => (any(5) ? any(6000) / 10 - 100 : null));
    const scale = scaleOf(limits, currents);
    for (const value of [...limits, ...currents]) expect(scale).toBeGreaterThanOrEqual(value ?? 0);
    for (const limit of limits.filter(Boolean)) expect(placeOf(limit, scale)).toBeLessThan(90);
    for (const current of currents) expect(placeOf(current ?? 0, scale)).toBeLessThanOrEqual(100);
  }
});

it("keeps its scale while nothing is above the highest limit", () => {
  expect(scaleOf([80, 100], [99, 3, null])).toBe(scaleOf([80, 100], [0, 0, -50]));
});

it("tells each phase as a meter, in words; what is unknown has no value", async () => {
  const bars = [
    { name: "L1", current: 61.2, cars: 13, text: "61.2 A", note: "38.8 A left" },
    { name: "L2", current: null, cars: null, text: "–" },
  ];
  const limits = [{ value: 100, color: "red", name: "Maximum 100 A" }];
  const meters = all(await mount("ews-phase-bars", { bars, limits }), '[role="meter"]');
  const told = (name: string) => meters.map((meter) => meter.getAttribute(name));
  expect(told("aria-label")).toEqual(["L1", "L2"]);
  expect(told("aria-valuetext")).toEqual(["61.2 A, 38.8 A left", "–"]);
  expect(told("aria-valuenow")).toEqual(["61.2", null]);
});
