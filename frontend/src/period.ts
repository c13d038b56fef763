/**
 * Which time is looked at: the site's calendar days, months and years, and ranges of days.
 *
 * Dates are ISO texts ("2026-01-31") of the site's calendar: arithmetic with them knows no time zone. Which instants
 * they mean is the server's matter.
 */

import type { BarLength, Span } from "./answers";

export interface Spanned {
  span: Span;
  /** A day within the span. */
  date: string;
}

export interface Ranged {
  /** First day, and the day after the last one. */
  start: string;
  end: string;
}

export type Period = Spanned | Ranged;

export const SPANS: readonly Span[] = ["day", "month", "year", "ten_years"];

const DAY = 86_400_000;
const YEARS: Record<"year" | "ten_years", number> = { year: 1, ten_years: 10 };

const utc = (date: string): Date => new Date(`${date}T00:00:00Z`);
const iso = (date: Date): string => date.toISOString().slice(0, 10);

/** Making a format takes longer than using it a hundred times. */
const dayFormats = new Map<string, Intl.DateTimeFormat>();

/** The day that it is now in a time zone. */
export function today(timeZone: string, now: Date = new Date()): string {
  return dayOf(now, timeZone);
}

/** The day that an instant lies in. */
export function dayOf(instant: Date, timeZone: string): string {
  let format = dayFormats.get(timeZone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat("en-CA", { timeZone, year: "numeric", month: "2-digit", day: "2-digit" });
    dayFormats.set(timeZone, format);
  }
  return format.format(instant);
}

/** The first instant of a day in a time zone: what of the day is there where midnight is skipped. */
export function beginOf(day: string, timeZone: string): Date {
  let before = utc(day).getTime() - DAY;
  let from = before + 2 * DAY;
  while (from - before > 1) {
    const half = Math.floor((before + from) / 2);
    if (dayOf(new Date(half), timeZone) < day) before = half;
    else from = half;
  }
  return new Date(from);
}

export function isSpanned(period: Period): period is Spanned {
  return "span" in period;
}

/** A day so many days, months or years later; where the month is too short, its last day. */
export function moved(date: string, days: number, months = 0): string {
  const then = utc(date);
  if (months !== 0) {
    const day = then.getUTCDate();
    then.setUTCDate(1);
    then.setUTCMonth(then.getUTCMonth() + months);
    const last = new Date(Date.UTC(then.getUTCFullYear(), then.getUTCMonth() + 1, 0)).getUTCDate();
    then.setUTCDate(Math.min(day, last));
  }
  return iso(new Date(then.getTime() + days * DAY));
}

/** The first day of a period, and the day after its last one. Ten years end with the year of their day. */
export function bounds(period: Period): [start: string, end: string] {
  if (!isSpanned(period)) return [period.start, period.end];
  const year = Number(period.date.slice(0, 4));
  const pad = (value: number): string => String(value).padStart(4, "0");
  switch (period.span) {
    case "day":
      return [period.date, moved(period.date, 1)];
    case "month": {
      const first = `${period.date.slice(0, 7)}-01`;
      return [first, moved(first, 0, 1)];
    }
    default:
      return [`${pad(year + 1 - YEARS[period.span])}-01-01`, `${pad(year + 1)}-01-01`];
  }
}

/** The period so many of its own lengths later. */
export function shifted(period: Period, by: number): Period {
  if (!isSpanned(period)) {
    const days = Math.round((utc(period.end).getTime() - utc(period.start).getTime()) / DAY) * by;
    return { start: moved(period.start, days), end: moved(period.end, days) };
  }
  const { span, date } = period;
  if (span === "day") return { span, date: moved(date, by) };
  return { span, date: moved(date, 0, by * (span === "month" ? 1 : 12 * YEARS[span])) };
}

/** Tells whether a day lies in a period. */
export function holds(period: Period, day: string): boolean {
  const [start, end] = bounds(period);
  return start <= day && day < end;
}

/** The period of one bar: its hours, days or months in turn. `undefined`: an hour has no shorter bars. */
export function within(length: BarLength, day: string): Spanned | undefined {
  const spans: Partial<Record<BarLength, Span>> = { day: "day", month: "month", year: "year" };
  const span = spans[length];
  return span && { span, date: day };
}

/** The period of two instants: a span where they are one of the calendar, else the range of days. */
export function between(first: string, last: string): Period {
  const range: Ranged = { start: first, end: moved(last, 1) };
  for (const span of SPANS) {
    const period: Spanned = { span, date: first };
    const [start, end] = bounds(span === "ten_years" ? { span, date: moved(last, 0) } : period);
    if (start === range.start && end === range.end) return span === "ten_years" ? { span, date: last } : period;
  }
  return range;
}

/** The fields of a question for bars of a period. */
export function asked(period: Period): Record<string, unknown> {
  if (isSpanned(period)) return { span: period.span, date: period.date };
  const days = (utc(period.end).getTime() - utc(period.start).getTime()) / DAY;
  const length: BarLength = days <= 2 ? "hour" : days <= 92 ? "day" : days <= 1100 ? "month" : "year";
  return { start: period.start, end: period.end, period: length };
}

/**
 * The fields of a question for the sums of a period. `until`: where what is known ends, POSIX s; a period that still
 * runs is cut after its last finished bar, so that it can be compared with the same part of the period before.
 */
export function askedWhole(period: Period, until: number | null): Record<string, unknown> {
  return { ...asked(period), period: "whole", ...(until !== null && { until }) };
}

/** The name of a period as people write it: "23 November 2026", "November 2026", "2026", "2017 – 2026". */
export function named(period: Period, language: string): string {
  const write = (date: string, options: Intl.DateTimeFormatOptions): string =>
    new Intl.DateTimeFormat(language, { ...options, timeZone: "UTC" }).format(utc(date));
  const [start, end] = bounds(period);
  const last = moved(end, -1);
  const whole: Intl.DateTimeFormatOptions = { day: "numeric", month: "long", year: "numeric" };
  if (!isSpanned(period))
    return `${write(start, { ...whole, month: "short" })} – ${write(last, { ...whole, month: "short" })}`;
  switch (period.span) {
    case "day":
      return write(start, { ...whole, weekday: "short" });
    case "month":
      return write(start, { month: "long", year: "numeric" });
    case "year":
      return start.slice(0, 4);
    default:
      return `${start.slice(0, 4)} – ${last.slice(0, 4)}`;
  }
}
