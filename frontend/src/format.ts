/**
 * How amounts, money and times are written: in the user's number, time and date formats, with units that fit.
 *
 * Amounts come in base units (Wh, L), instants in POSIX seconds of the site's time zone. Owns no words.
 */

import type { BarLength } from "./answers";
import type { HomeAssistant } from "./ha";

/** A unit that the values of one chart or table share. */
export interface Unit {
  /** "kWh"; for headings. */
  name: string;
  /** A base value as text with the unit; "–" where it is unknown. */
  write(value: number | null | undefined): string;
  /** A base value as text for an axis, without the unit. */
  tick(value: number): string;
  /** A base value in this unit. */
  value(value: number): number;
  /** A share from 0 to 1 as percent, for charts that show both. */
  percent(share: number | null): string;
}

interface Step {
  name: string;
  factor: number;
  /** From which largest value on, in base units. */
  from: number;
}

export const UNKNOWN = "–";

const ENERGY: readonly Step[] = [
  { name: "Wh", factor: 1, from: 0 },
  { name: "kWh", factor: 1e3, from: 1e3 },
  { name: "MWh", factor: 1e6, from: 1e7 },
  { name: "GWh", factor: 1e9, from: 1e10 },
];
const VOLUME: readonly Step[] = [
  { name: "L", factor: 1, from: 0 },
  { name: "m³", factor: 1e3, from: 1e3 },
];

/** A language that writes numbers, or dates in figures, as the user's profile asks for. */
const NUMBER_LOCALES: Record<string, string | undefined> = {
  comma_decimal: "en-US",
  decimal_comma: "de",
  space_comma: "fr",
  quote_decimal: "de-CH",
  none: "en-US",
  system: undefined,
};
const HOUR = 3600;
const DAY = 86_400;

const numberFormats = new Map<string, Intl.NumberFormat>();
const dateFormats = new Map<string, Intl.DateTimeFormat>();

/** Making a format takes longer than using it a hundred times. */
function numbers(hass: HomeAssistant, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const wanted = hass.locale.number_format;
  const locale = wanted in NUMBER_LOCALES ? NUMBER_LOCALES[wanted] : hass.locale.language;
  const key = `${locale}${wanted}${JSON.stringify(options)}`;
  let format = numberFormats.get(key);
  if (format === undefined) {
    format = new Intl.NumberFormat(locale, { ...(wanted === "none" && { useGrouping: false }), ...options });
    numberFormats.set(key, format);
  }
  return format;
}

function dates(hass: HomeAssistant, options: Intl.DateTimeFormatOptions, timeZone: string): Intl.DateTimeFormat {
  const { language } = hass.locale;
  const key = `${language}${timeZone}${JSON.stringify(options)}`;
  let format = dateFormats.get(key);
  if (format === undefined) {
    format = new Intl.DateTimeFormat(language, { ...options, timeZone: zoned(timeZone) });
    dateFormats.set(key, format);
  }
  return format;
}

/** A fixed offset as browsers know it: "UTC+01:00" is "+01:00". */
function zoned(zone: string): string {
  return zone.replace(/^UTC(?=[+-])/, "");
}

function unit(hass: HomeAssistant, steps: readonly Step[], largest: number): Unit {
  const size = Math.abs(largest);
  const { name, factor } = steps.findLast((step) => size >= step.from) ?? (steps[0] as Step);
  const shown = size / factor;
  const digits = factor === 1 ? 0 : shown < 10 ? 2 : shown < 1000 ? 1 : 0;
  return {
    name,
    // A space that does not break: the unit stays with its number.
    write: (value) => (value == null ? UNKNOWN : `${fitting(hass, value / factor, digits)}\u00a0${name}`),
    tick: (value) => numbers(hass, { maximumFractionDigits: 4 }).format(value / factor),
    value: (value) => value / factor,
    percent: (share) => percentText(hass, share),
  };
}

/** A number with so many decimals, or with more where it would look like nothing. */
function fitting(hass: HomeAssistant, value: number, digits: number): string {
  const size = Math.abs(value);
  const more = size > 0 && size < 0.5 * 10 ** -digits;
  const places: Intl.NumberFormatOptions = more
    ? { maximumSignificantDigits: 1 }
    : { minimumFractionDigits: digits, maximumFractionDigits: digits };
  return numbers(hass, places).format(value);
}

/** One unit for energies in Wh up to `largest`: Wh below 1 kWh, MWh from 10 MWh, GWh from 10 GWh. */
export function energyUnit(hass: HomeAssistant, largest: number): Unit {
  return unit(hass, ENERGY, largest);
}

/** One unit for volumes in L up to `largest`: L below 1 m³. */
export function volumeUnit(hass: HomeAssistant, largest: number): Unit {
  return unit(hass, VOLUME, largest);
}

/** The unit of a line of an answer. */
export function unitOf(hass: HomeAssistant, base: "Wh" | "L", largest: number): Unit {
  return base === "Wh" ? energyUnit(hass, largest) : volumeUnit(hass, largest);
}

/** Money as the currency is written; what is less than its smallest coin with the digits that it needs. */
export function moneyUnit(hass: HomeAssistant, currency: string | null): Unit {
  const money: Intl.NumberFormatOptions = isCurrency(currency)
    ? { style: "currency", currency, currencyDisplay: "narrowSymbol" }
    : { minimumFractionDigits: 2, maximumFractionDigits: 2 };
  const coin = 10 ** -(numbers(hass, money).resolvedOptions().maximumFractionDigits ?? 2);
  const write = (value: number): string => {
    const small = value !== 0 && Math.abs(value) < coin / 2;
    const places = { minimumFractionDigits: undefined, maximumFractionDigits: undefined, maximumSignificantDigits: 1 };
    return numbers(hass, small ? { ...money, ...places } : money).format(value);
  };
  return {
    name: currency ?? "",
    write: (value) => (value == null ? UNKNOWN : write(value)),
    tick: (value) => numbers(hass, { maximumFractionDigits: 4 }).format(value),
    value: (value) => value,
    percent: (share) => percentText(hass, share),
  };
}

function isCurrency(code: string | null): code is string {
  return code !== null && /^[A-Z]{3}$/.test(code);
}

/** A number in the user's format; `digits`: exactly so many decimals, by default up to two. */
export function numberText(hass: HomeAssistant, value: number, digits?: number): string {
  return numbers(hass, { minimumFractionDigits: digits ?? 0, maximumFractionDigits: digits ?? 2 }).format(value);
}

/** A share from 0 to 1 as percent: "12%"; with a decimal below a tenth. */
export function percentText(hass: HomeAssistant, share: number | null): string {
  if (share === null || !Number.isFinite(share)) return UNKNOWN;
  const digits = Math.abs(share) < 0.0995 ? 1 : 0;
  return percents(hass, { maximumFractionDigits: digits }).format(share);
}

/** How much more or less than before: "+12%"; "–" where one is unknown or before was nothing. */
export function changeText(hass: HomeAssistant, now: number | null, before: number | null): string {
  if (now === null || before === null || before === 0) return UNKNOWN;
  const change = (now - before) / Math.abs(before);
  return percents(hass, { maximumFractionDigits: 0, signDisplay: "exceptZero" }).format(change);
}

function percents(hass: HomeAssistant, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  return numbers(hass, { ...options, style: "percent" });
}

/** Twelve hours or twenty-four, as the user's profile or his language has it. */
function clock(hass: HomeAssistant): Intl.DateTimeFormatOptions {
  const wanted = hass.locale.time_format;
  if (wanted === "24") return { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  if (wanted === "12") return { hour: "numeric", minute: "2-digit", hour12: true };
  const locale = wanted === "system" ? undefined : hass.locale.language;
  const twelve = new Intl.DateTimeFormat(locale, { hour: "numeric" }).resolvedOptions().hour12 === true;
  return twelve
    ? { hour: "numeric", minute: "2-digit", hour12: true }
    : { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
}

function written(hass: HomeAssistant, posix: number, zone: string, options: Intl.DateTimeFormatOptions): string {
  return dates(hass, options, zone).format(posix * 1000);
}

/** The time of day: "14:05". */
export function timeText(hass: HomeAssistant, posix: number, zone: string): string {
  return written(hass, posix, zone, clock(hass));
}

/** The day: "23 Nov 2026". */
export function dateText(hass: HomeAssistant, posix: number, zone: string): string {
  return written(hass, posix, zone, { day: "numeric", month: "short", year: "numeric" });
}

/** Day and time. */
export function dateTimeText(hass: HomeAssistant, posix: number, zone: string): string {
  return `${dateText(hass, posix, zone)}, ${timeText(hass, posix, zone)}`;
}

/** How long: "45 s", "20 min", "1 h 20 min", from two days on "3 days 4 h". */
export function durationText(hass: HomeAssistant, seconds: number): string {
  if (seconds < 59.5) return `${Math.round(seconds)}\u00a0s`;
  const minutes = Math.max(Math.floor(seconds / 60), 1);
  if (minutes < 60) return `${minutes}\u00a0min`;
  const hours = Math.floor(minutes / 60);
  if (seconds < 2 * DAY) return minutes % 60 ? `${hours}\u00a0h ${minutes % 60}\u00a0min` : `${hours}\u00a0h`;
  const days = numbers(hass, { style: "unit", unit: "day", unitDisplay: "long" }).format(Math.floor(hours / 24));
  return hours % 24 ? `${days} ${hours % 24}\u00a0h` : days;
}

/** What stands below the bars, and what tooltips call them. */
export function barTexts(
  hass: HomeAssistant,
  bars: readonly (number | null)[],
  length: BarLength,
  zone: string,
): { labels: string[]; titles: string[] } {
  const write = length === "hour" ? hourTexts(hass, bars, zone) : dayTexts(hass, bars, length, zone);
  const pairs = bars.map((bar, index) => (bar === null ? { label: "", title: "" } : write(bar, index)));
  return { labels: pairs.map((pair) => pair.label), titles: pairs.map((pair) => pair.title) };
}

type Write = (bar: number, index: number) => { label: string; title: string };

/** Hours; those of a day that the clock shows twice say which they are. */
function hourTexts(hass: HomeAssistant, bars: readonly (number | null)[], zone: string): Write {
  const known = bars.filter((bar) => bar !== null);
  const daily = bars.map((bar) => (bar === null ? "" : dateText(hass, bar, zone)));
  const { minute, ...hourly } = clock(hass);
  const short: Intl.DateTimeFormatOptions = hourly.hour12 ? hourly : { ...hourly, minute };
  const times = bars.map((bar) => (bar === null ? "" : written(hass, bar, zone, short)));
  const seen = new Map<string, number[]>();
  bars.forEach((_, index) => {
    const key = `${daily[index]} ${times[index]}`;
    seen.set(key, [...(seen.get(key) ?? []), index]);
  });
  const several = new Set(daily.filter(Boolean)).size > 1;
  const day = several ? (bar: number) => written(hass, bar, zone, { day: "numeric", month: "short" }) : undefined;
  const whole: Intl.DateTimeFormatOptions = { weekday: "short", day: "numeric", month: "short", year: "numeric" };
  return (bar, index) => {
    const time = times[index] as string;
    const doubles = seen.get(`${daily[index]} ${time}`) ?? [];
    const doubled = doubles.length > 1;
    const end = known.find((other) => other > bar && other - bar <= 2 * HOUR) ?? bar + HOUR;
    const say = (at: number): string => timeText(hass, at, zone) + (doubled ? ` ${zoneName(hass, at, zone)}` : "");
    const first = bar === known[0] || daily[index] !== daily[index - 1];
    const plain = day !== undefined && first ? day(bar) : time;
    return {
      label: doubled && doubles[0] !== index ? `${plain} (${doubles.indexOf(index) + 1})` : plain,
      title: `${written(hass, bar, zone, whole)}, ${say(bar)} – ${say(end)}`,
    };
  };
}

function zoneName(hass: HomeAssistant, at: number, zone: string): string {
  const parts = dates(hass, { timeZoneName: "short" }, zone).formatToParts(at * 1000);
  return parts.find((part) => part.type === "timeZoneName")?.value ?? "";
}

const TITLES: Record<Exclude<BarLength, "hour">, Intl.DateTimeFormatOptions> = {
  day: { weekday: "short", day: "numeric", month: "long", year: "numeric" },
  month: { month: "long", year: "numeric" },
  year: { year: "numeric" },
};

/** Days, months and years; on the axis as short as what is in view allows. */
function dayTexts(
  hass: HomeAssistant,
  bars: readonly (number | null)[],
  length: Exclude<BarLength, "hour">,
  zone: string,
): Write {
  const outer: Intl.DateTimeFormatOptions =
    length === "day" ? { month: "short", year: "numeric" } : { year: "numeric" };
  const known = bars.filter((bar) => bar !== null);
  const several = length !== "year" && new Set(known.map((bar) => written(hass, bar, zone, outer))).size > 1;
  const short: Record<typeof length, Intl.DateTimeFormatOptions> = {
    day: several ? { day: "numeric", month: "short" } : { day: "numeric" },
    month: several ? { month: "short", year: "2-digit" } : { month: "short" },
    year: { year: "numeric" },
  };
  return (bar) => ({
    label: dayNumber(hass, bar, zone, short[length], length === "day" && !several),
    title: written(hass, bar, zone, TITLES[length]),
  });
}

/** Some languages write "23." or "23日" for a day alone: the figure is enough below a bar. */
function dayNumber(
  hass: HomeAssistant,
  bar: number,
  zone: string,
  options: Intl.DateTimeFormatOptions,
  bare: boolean,
): string {
  if (!bare) return written(hass, bar, zone, options);
  const parts = dates(hass, options, zone).formatToParts(bar * 1000);
  return parts.find((part) => part.type === "day")?.value ?? written(hass, bar, zone, options);
}
