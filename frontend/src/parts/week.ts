/**
 * When which price holds: the days that the answer to `tariffs` looks ahead, and what holds at a moment.
 *
 * Pieces of a day lie where the clock shows them, so that a day of 23 or 25 hours fits under the same hours.
 */

import type { Segment } from "../answers";
import { dayOf } from "../period";

/** A time of one day with one price. */
export interface Piece {
  /** POSIX s. */
  start: number;
  end: number;
  /** Share of the day that the clock shows, 0 to 1. */
  from: number;
  to: number;
  tariff: string | null;
  price: number | null;
}

export interface Day {
  /** ISO date. */
  date: string;
  start: number;
  end: number;
  pieces: Piece[];
}

const QUARTER = 900;

/** A zone as the browser knows it: the server writes fixed offsets as "UTC+01:00". */
export function zoneOf(name: string): string {
  return /^UTC[+-]/.test(name) ? name.slice(3) : name;
}

/** The first instant of the day after the one that begins at `start`. */
export function nextDay(start: number, zone: string): number {
  const day = dayOf(new Date(start * 1000), zone);
  let [low, high] = [start / QUARTER + 80, start / QUARTER + 112];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (dayOf(new Date(middle * QUARTER * 1000), zone) === day) low = middle;
    else high = middle;
  }
  return high * QUARTER;
}

const clocks = new Map<string, Intl.DateTimeFormat>();

/** Making a format takes longer than using it a hundred times. */
function clockOf(zone: string): Intl.DateTimeFormat {
  let clock = clocks.get(zone);
  if (clock === undefined) {
    clock = new Intl.DateTimeFormat("en-GB", { timeZone: zone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
    clocks.set(zone, clock);
  }
  return clock;
}

/** Share of its day that the clock shows at an instant. */
export function shareOfDay(at: number, zone: string): number {
  const clock = clockOf(zone).format(at * 1000);
  return (Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3))) / 1440;
}

/** Cuts segments into the days from `start` to `end`. */
export function weekOf(segments: readonly Segment[], start: number, end: number, zone: string): Day[] {
  const days: Day[] = [];
  for (let from = start; from < end; ) {
    const until = Math.min(nextDay(from, zone), end);
    const pieces = segments
      .filter((one) => one.start < until && one.end > from)
      .map((one) => pieceOf(one, from, until, zone))
      .filter((piece) => piece.to > piece.from);
    days.push({ date: dayOf(new Date(from * 1000), zone), start: from, end: until, pieces });
    from = until;
  }
  return days;
}

function pieceOf({ start, end, tariff, price }: Segment, from: number, until: number, zone: string): Piece {
  const [first, last] = [Math.max(start, from), Math.min(end, until)];
  return {
    start: first,
    end: last,
    from: first === from ? 0 : shareOfDay(first, zone),
    to: last === until ? 1 : shareOfDay(last, zone),
    tariff,
    price,
  };
}

/** What holds at a moment, and the next that differs from it, as far as is known. */
export function pricesAt(segments: readonly Segment[], now: number): { active?: Segment; next?: Segment } {
  const place = segments.findIndex((one) => one.start <= now && now < one.end);
  const active = segments[place];
  if (active === undefined) return {};
  const next = segments.slice(place + 1).find((one) => one.tariff !== active.tariff || one.price !== active.price);
  return { active, next };
}
