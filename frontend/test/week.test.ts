import { describe, expect, it } from "vitest";
import type { Segment } from "../src/answers";
import { nextDay, pricesAt, shareOfDay, weekOf, zoneOf } from "../src/parts/week";
import { numbersFrom } from "./support";

const ZONES = ["Europe/Paris", "America/New_York", "Australia/Lord_Howe", "America/Havana", "+01:00", "Asia/Kathmandu"];
const at = (iso: string): number => Date.parse(iso) / 1000;

/** The first instant of the day in a zone, by looking at every quarter of an hour before. */
function midnight(instant: number, zone: string): number {
  const format = new Intl.DateTimeFormat("en-CA", { timeZone: zone });
  const day = (time: number): string => format.format(time * 1000);
  let first = Math.floor(instant / 900) * 900;
  while (day(first - 900) === day(first)) first -= 900;
  return first;
}

describe("days", () => {
  it.each(ZONES)("begin where the date changes: %s", (zone) => {
    const random = numbersFrom(3);
    for (let turn = 0; turn < 25; turn += 1) {
      const start = midnight(at("2026-01-01T00:00:00Z") + random(365 * 86_400), zone);
      expect(nextDay(start, zone)).toBe(midnight(start + 26 * 3600, zone));
    }
  });

  it.each([
    ["2026-03-28T23:00:00Z", 23],
    ["2026-10-24T22:00:00Z", 25],
    ["2026-06-01T22:00:00Z", 24],
  ])("of the clock change have their own length: %s", (iso, hours) => {
    expect(nextDay(at(iso), "Europe/Paris") - at(iso)).toBe(hours * 3600);
  });

  it("lie under the hours that the clock shows, also when it changes", () => {
    expect(shareOfDay(at("2026-10-25T17:00:00Z"), "Europe/Paris")).toBe(0.75);
    expect(shareOfDay(at("2026-03-29T16:00:00Z"), "Europe/Paris")).toBe(0.75);
  });

  it("take a fixed offset as browsers write it", () => {
    expect(zoneOf("UTC+01:00")).toBe("+01:00");
    expect(zoneOf("Europe/Paris")).toBe("Europe/Paris");
    expect(zoneOf("UTC")).toBe("UTC");
  });
});

describe("a week", () => {
  it("keeps all of the segments, day by day", () => {
    const random = numbersFrom(11);
    for (let turn = 0; turn < 40; turn += 1) {
      const start = at("2026-06-07T22:00:00Z");
      const end = start + 8 * 86_400;
      const segments: Segment[] = [];
      for (let from = start; from < end; ) {
        const until = Math.min(from + (1 + random(200)) * 900, end);
        segments.push({ start: from, end: until, tariff: `T${random(3)}`, price: random(3) / 10 });
        from = until;
      }
      const days = weekOf(segments, start, end, "Europe/Paris");
      expect(days.map((day) => day.date)).toEqual(
        ["08", "09", "10", "11", "12", "13", "14", "15"].map((day) => `2026-06-${day}`),
      );
      const pieces = days.flatMap((day) => day.pieces);
      for (const day of days) {
        expect(day.pieces[0]?.from).toBe(0);
        expect(day.pieces.at(-1)?.to).toBe(1);
        day.pieces.slice(1).forEach((piece, index) => {
          expect(piece.from).toBe(day.pieces[index]?.to);
        });
      }
      for (const { start, end, tariff, price } of segments) {
        const mine = pieces.filter((piece) => piece.start >= start && piece.end <= end);
        expect(mine.reduce((sum, piece) => sum + piece.end - piece.start, 0)).toBe(end - start);
        expect(mine.every((piece) => piece.tariff === tariff && piece.price === price)).toBe(true);
      }
    }
  });
});

describe("the price of a moment", () => {
  const segments: Segment[] = [
    { start: 0, end: 10, tariff: "A", price: 1 },
    { start: 10, end: 20, tariff: "A", price: 1 },
    { start: 20, end: 30, tariff: null, price: null },
  ];

  it("is that of its segment; the next is the first that differs", () => {
    expect(pricesAt(segments, 0)).toEqual({ active: segments[0], next: segments[2] });
    expect(pricesAt(segments, 20)).toEqual({ active: segments[2], next: undefined });
  });

  it("is not known before and after", () => {
    expect(pricesAt(segments, 30)).toEqual({});
    expect(pricesAt([], 5)).toEqual({});
  });
});
