import { expect, test } from "vitest";
import { barRows, stamp } from "../src/bar-table";
import type { Unit } from "../src/format";
import { days, NOVEMBER } from "./answers";

const unit: Unit = { name: "kWh", percent: String, write: String, tick: String, value: (value) => value / 1000 };
const words = (key: string, values?: Record<string, unknown>): string => [values?.name, key].filter(Boolean).join(" ");

test("a bar begins at its local time; the hour that comes twice can be told apart", () => {
  const twice = Date.UTC(2026, 9, 25, 0) / 1000;
  expect(stamp(twice, "hour", "Europe/Paris")).toBe("2026-10-25T02:00:00+02:00");
  expect(stamp(twice + 3600, "hour", "Europe/Paris")).toBe("2026-10-25T02:00:00+01:00");
  expect(stamp(twice, "hour", "UTC")).toBe("2026-10-25T00:00:00+00:00");
  expect(["day", "month", "year"].map((length) => stamp(NOVEMBER, length as "day", "Europe/Paris"))).toEqual([
    "2026-11-01",
    "2026-11",
    "2026",
  ]);
});

test("a row is a bar, with sums and the period before", () => {
  const columns = [
    { name: "A", values: [1000, null], previous: [500, null] },
    { name: "B", values: [2000, null], previous: [null, null] },
  ];
  const bars = { ...days(2), bars: [NOVEMBER, null] };
  expect(barRows(bars, columns, unit, words)).toEqual([
    [
      "table_time",
      "A [kWh]",
      "B [kWh]",
      "table_sum [kWh]",
      "table_time_before",
      "A table_before [kWh]",
      "B table_before [kWh]",
      "table_sum table_before [kWh]",
    ],
    ["2026-11-01", 1, 2, 3, "2026-10-01", 0.5, null, 0.5],
    [null, null, null, null, "2026-10-02", null, null, null],
  ]);
});

test("one column is its own sum", () => {
  const rows = barRows(days(1, "load", false), [{ name: "A", values: [1000] }], unit, words);
  expect(rows).toEqual([
    ["table_time", "A [kWh]"],
    ["2026-11-01", 1],
  ]);
});
