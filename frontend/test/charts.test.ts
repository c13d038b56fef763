import { expect, test } from "vitest";
import { slice } from "../src/charts/paint";
import { scale, stride } from "../src/charts/scale";
import { extent, stacked, sumOf } from "../src/charts/stack";
import { numbersFrom } from "./support";

test("an axis holds all values, has the zero, and steps that people count in", () => {
  const next = numbersFrom(11);
  for (let turn = 0; turn < 2000; turn += 1) {
    const size = 10 ** (next(14) - 5);
    const least = next(3) === 0 ? (-next(1000) * size) / 1000 : 0;
    const most = (next(1000) * size) / 1000;
    const intervals = 2 + next(6);
    const { low, high, ticks } = scale(least, most, intervals);
    expect(low).toBeLessThanOrEqual(least + size * 1e-9);
    expect(high).toBeGreaterThanOrEqual(most - size * 1e-9);
    expect(high).toBeGreaterThan(low);
    expect(ticks).toContain(0);
    expect(ticks.length).toBeLessThanOrEqual(intervals + 1);
    const steps = ticks.slice(1).map((tick, index) => tick - (ticks[index] as number));
    for (const step of steps) {
      const lead = step / 10 ** Math.floor(Math.log10(step) + 1e-9);
      expect([1, 2, 2.5, 5].some((round) => Math.abs(lead - round) < 1e-6)).toBe(true);
    }
  }
});

test("an axis of nothing is there all the same", () => {
  expect(scale(0, 0, 5)).toEqual({ low: 0, high: 1, ticks: [0] });
});

test("labels never overlap, and one is always there", () => {
  const next = numbersFrom(5);
  for (let turn = 0; turn < 1000; turn += 1) {
    const count = 1 + next(400);
    const slot = (1 + next(400)) / 4;
    const label = 5 + next(80);
    const every = stride(count, slot, label);
    expect(every === count || every * slot >= label).toBe(true);
    expect(every).toBeGreaterThanOrEqual(1);
  }
  expect(stride(24, 100, 40)).toBe(1);
  expect(stride(24, 15, 40)).toBe(3);
});

test("parts lie on each other without gaps, and end at the sums of their side", () => {
  const next = numbersFrom(23);
  for (let turn = 0; turn < 300; turn += 1) {
    const bars = 1 + next(5);
    const series = Array.from({ length: 1 + next(6) }, () =>
      Array.from({ length: bars }, () => (next(5) === 0 ? null : next(2001) - 1000)),
    );
    const parts = stacked(series, bars);
    for (let bar = 0; bar < bars; bar += 1) {
      for (const sign of [1, -1]) {
        const values = series.map((row) => row[bar] ?? 0).filter((value) => value * sign > 0);
        const side = parts.map((row) => row[bar]).filter((part) => part && (part.to - part.from) * sign > 0);
        expect(side.map((part) => (part?.to ?? 0) - (part?.from ?? 0))).toEqual(values);
        expect(side.map((part) => part?.from)).toEqual(side.map((_, index) => (index === 0 ? 0 : side[index - 1]?.to)));
        expect(side.map((part) => part?.outer)).toEqual(side.map((_, index) => index === side.length - 1));
      }
    }
  }
});

test("the extent is that of all stacks", () => {
  const first = stacked(
    [
      [1, -2],
      [3, null],
    ],
    2,
  );
  const second = stacked([[7, 0]], 2);
  expect(extent(first, second)).toEqual([-2, 7]);
  expect(extent()).toEqual([0, 0]);
});

test("the sum of nothing known is unknown", () => {
  expect(sumOf([null, undefined])).toBeNull();
  expect(sumOf([])).toBeNull();
  expect(sumOf([0, null])).toBe(0);
  expect(sumOf([2, null, -5])).toBe(-3);
});

test("a slice that is all of the ring has an outline with two ends", () => {
  const path = slice(0, 1, 50, 30);
  expect(path).not.toContain("NaN");
  const [, start, end] = /^M([\d.-]+ [\d.-]+)A.* ([\d.-]+ [\d.-]+)L/.exec(path) ?? [];
  expect(start).toBe("0.000 -50.000");
  expect(end).not.toBe(start);
});

test("a quarter begins at the top and ends at the right", () => {
  expect(slice(0, 0.25, 50, 30)).toBe(
    "M0.000 -50.000A50 50 0 0 1 50.000 0.000L30.000 0.000A30 30 0 0 0 0.000 -30.000Z",
  );
});
