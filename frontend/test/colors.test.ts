import { expect, test } from "vitest";
import type { Site } from "../src/answers";
import { deviceColor, UNKNOWN_COLOR } from "../src/colors";

const site = { devices: Array.from({ length: 40 }, (_, n) => ({ id: `d${n}` })) } as Site;

/** Relative luminance, WCAG 2.2. */
function luminance(color: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

test("a device keeps its colour, and its neighbours have others", () => {
  const colors = site.devices.map(({ id }) => deviceColor(site, id));
  expect(new Set(colors.slice(0, 16)).size).toBe(16);
  expect(colors.slice(1).filter((color, index) => color === colors[index])).toEqual([]);
});

test("a device that is gone is grey", () => {
  expect(deviceColor(site, "gone")).toBe(UNKNOWN_COLOR);
});

test("all stand out on a white and on a dark card", () => {
  for (const color of [UNKNOWN_COLOR, ...site.devices.map(({ id }) => deviceColor(site, id))]) {
    for (const page of ["#ffffff", "#1c1c1c"]) expect(contrast(color, page)).toBeGreaterThanOrEqual(3);
  }
});
