/** The calendar of periods: what has to hold for any day, and days where calendars are odd. */

import { describe, expect, it, test } from "vitest";
import {
  asked,
  askedWhole,
  beginOf,
  between,
  bounds,
  dayOf,
  holds,
  isSpanned,
  moved,
  named,
  type Period,
  SPANS,
  type Spanned,
  shifted,
  today,
  within,
} from "../src/period";
import { numbersFrom } from "./support";

const random = numbersFrom(7);
const two = (value: number): string => String(value).padStart(2, "0");
const daysIn = (year: number, month: number): number => new Date(Date.UTC(year, month, 0)).getUTCDate();

function anyDay(): string {
  const [year, month] = [1980 + random(7020), 1 + random(12)];
  return `${year}-${two(month)}-${two(1 + random(daysIn(year, month)))}`;
}

const DAYS = [
  ...Array.from({ length: 400 }, anyDay),
  ...["1980-01-01", "2000-02-29", "2024-02-29", "2100-02-28", "2026-01-31", "2026-12-31", "8999-12-31"],
];
const SPANNED: Spanned[] = DAYS.flatMap((date) => SPANS.map((span) => ({ span, date })));
const RANGED: Period[] = DAYS.map((start) => ({ start, end: moved(start, 1 + random(800)) }));
const ALL: Period[] = [...SPANNED, ...RANGED];
const lengthOf = ([start, end]: [string, string]): number => (Date.parse(end) - Date.parse(start)) / 86_400_000;

describe("any period", () => {
  it("holds its own day, its first and its last one, and not those around it", () => {
    for (const period of ALL) {
      const [start, end] = bounds(period);
      expect(holds(period, isSpanned(period) ? period.date : start)).toBe(true);
      expect([start, moved(end, -1), moved(start, -1), end].map((day) => holds(period, day))).toEqual([
        true,
        true,
        false,
        false,
      ]);
    }
  });

  it("has whole months and years for bounds", () => {
    for (const { span, date } of SPANNED) {
      const [start, end] = bounds({ span, date });
      const [year, month] = date.split("-").map(Number) as [number, number];
      const years = Array.from({ length: span === "ten_years" ? 10 : 1 }, (_, back) => daysIn(year - back, 2) + 337);
      const days = { day: 1, month: daysIn(year, month), year: years[0], ten_years: years.reduce((a, b) => a + b) };
      expect(lengthOf([start, end])).toBe(days[span]);
      expect(end > date).toBe(true);
    }
  });

  it("is what its bounds tell", () => {
    for (const period of ALL) {
      const [start, end] = bounds(period);
      const found = between(start, moved(end, -1));
      expect(bounds(found)).toEqual([start, end]);
      if (isSpanned(period)) expect(found).toMatchObject({ span: period.span });
    }
  });

  it("is the same after a step forth and back, and its neighbour touches it", () => {
    for (const period of ALL) {
      const by = 1 + random(3);
      expect(bounds(shifted(shifted(period, by), -by))).toEqual(bounds(period));
      expect(bounds(shifted(period, 1))[0]).toBe(bounds(period)[1]);
      expect(bounds(shifted(period, -1))[1]).toBe(bounds(period)[0]);
      expect(shifted(period, 0)).toEqual(period);
    }
  });

  it("is asked for with what it is, ranges with bars that are neither few nor too many", () => {
    for (const period of ALL) {
      const fields = asked(period);
      if (isSpanned(period)) expect(fields).toEqual(period);
      else {
        const days = lengthOf(bounds(period));
        const hours = { hour: 1, day: 24, month: 24 * 28, year: 24 * 365 }[fields.period as "hour"];
        expect(fields).toMatchObject(period);
        expect((days * 24) / hours).toBeLessThanOrEqual(93);
      }
    }
  });
});

describe("days", () => {
  it("go on for as many as they are moved", () => {
    for (const day of DAYS) {
      const by = random(2000) - 1000;
      expect(lengthOf([day, moved(day, by)])).toBe(by);
    }
  });

  it("stay within a month that is too short", () => {
    expect(moved("2026-01-31", 0, 1)).toBe("2026-02-28");
    expect(moved("2024-01-31", 0, 1)).toBe("2024-02-29");
    expect(moved("2026-03-31", 0, -1)).toBe("2026-02-28");
    expect(moved("2024-02-29", 0, 12)).toBe("2025-02-28");
    expect(moved("2026-11-30", 1, 3)).toBe("2027-03-01");
  });

  it.each([
    ["2026-11-22T23:30:00Z", "Europe/Paris", "2026-11-23"],
    ["2026-11-23T10:59:59Z", "Pacific/Auckland", "2026-11-23"],
    ["2026-11-23T11:00:00Z", "Pacific/Auckland", "2026-11-24"],
    ["2026-11-23T04:59:59Z", "America/New_York", "2026-11-22"],
  ])("%s in %s is %s", (instant, zone, day) => {
    expect(dayOf(new Date(instant), zone)).toBe(day);
    expect(today(zone, new Date(instant))).toBe(day);
  });

  it.each([
    ["2026-11-23", "Europe/Paris", "2026-11-22T23:00:00.000Z"],
    ["2026-07-01", "Pacific/Kiritimati", "2026-06-30T10:00:00.000Z"],
    ["2026-07-01", "Etc/GMT+12", "2026-07-01T12:00:00.000Z"],
    // Clocks skip midnight, and the hour before it comes twice.
    ["2018-11-04", "America/Sao_Paulo", "2018-11-04T03:00:00.000Z"],
    ["2018-02-18", "America/Sao_Paulo", "2018-02-18T03:00:00.000Z"],
  ])("%s in %s begins at %s", (day, zone, instant) => {
    expect(beginOf(day, zone).toISOString()).toBe(instant);
  });

  it("begin where the one before ends", () => {
    for (const day of DAYS.slice(0, 40)) {
      for (const zone of ["Europe/Paris", "America/St_Johns", "Australia/Lord_Howe"]) {
        const begin = beginOf(day, zone).getTime();
        expect([dayOf(new Date(begin), zone), dayOf(new Date(begin - 1), zone)]).toEqual([day, moved(day, -1)]);
      }
    }
  });
});

test("two instants that make no period of the calendar are a range of days", () => {
  expect(between("2026-11-02", "2026-11-08")).toEqual({ start: "2026-11-02", end: "2026-11-09" });
  expect(between("2026-01-01", "2026-11-30")).toEqual({ start: "2026-01-01", end: "2026-12-01" });
  expect(between("2017-01-01", "2026-12-31")).toMatchObject({ span: "ten_years" });
});

test("a bar leads into its own time; an hour leads nowhere", () => {
  expect((["hour", "day", "month", "year"] as const).map((length) => within(length, "2026-11-23")?.span)).toEqual([
    undefined,
    "day",
    "month",
    "year",
  ]);
});

test.each<[Period, string, string]>([
  [{ span: "day", date: "2026-11-23" }, "en-GB", "Mon 23 November 2026"],
  [{ span: "month", date: "2026-11-23" }, "fr", "novembre 2026"],
  [{ span: "year", date: "2026-11-23" }, "de", "2026"],
  [{ span: "ten_years", date: "2026-11-23" }, "en", "2017 – 2026"],
  [{ start: "2026-11-02", end: "2026-11-09" }, "en-GB", "2 Nov 2026 – 8 Nov 2026"],
])("%j in %s is named %s", (period, language, name) => {
  expect(named(period, language).replace(",", "")).toBe(name);
});

describe("the sums of a period", () => {
  it("are asked for as its bars are, as one", () => {
    expect(askedWhole({ span: "month", date: "2026-01-31" }, null)).toEqual({
      span: "month",
      date: "2026-01-31",
      period: "whole",
    });
    expect(askedWhole({ start: "2026-01-03", end: "2026-01-10" }, 5)).toEqual({
      start: "2026-01-03",
      end: "2026-01-10",
      period: "whole",
      until: 5,
    });
  });
});
