/** The bars of a chart as rows of a file: a row for each bar, a column for each line and for the period before. */

import type { Amounts, BarLength, Bars } from "./answers";
import { sumOf } from "./charts/stack";
import type { Cell } from "./csv";
import type { Unit } from "./format";

export interface Column {
  name: string;
  values: Amounts;
  previous?: Amounts;
}

const STAMP: Intl.DateTimeFormatOptions = {
  year: "numeric",
  month: "2-digit",
  day: "2-digit",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  hourCycle: "h23",
  timeZoneName: "longOffset",
};
/** How much of "2026-01-31T14:00:00+01:00" names a bar. */
const LENGTHS: Record<BarLength, number | undefined> = { hour: undefined, day: 10, month: 7, year: 4 };

/** The beginning of a bar as files have it: the local day, month or year, of an hour with the offset. */
export function stamp(bar: number, length: BarLength, zone: string): string {
  const parts = new Intl.DateTimeFormat("en-GB", { ...STAMP, timeZone: zone }).formatToParts(bar * 1000);
  const part = (type: string): string => parts.find((one) => one.type === type)?.value ?? "";
  const offset = part("timeZoneName").slice(3) || "+00:00";
  const day = `${part("year")}-${part("month")}-${part("day")}`;
  return `${day}T${part("hour")}:${part("minute")}:${part("second")}${offset}`.slice(0, LENGTHS[length]);
}

/** Returns a heading and a row for each bar; several columns get their sum. `words`: `table_time`, `table_before`, `table_sum`. */
export function barRows(
  answer: Bars,
  columns: readonly Column[],
  unit: Unit,
  words: (key: string, values?: Record<string, unknown>) => string,
  summed = true,
): Cell[][] {
  const before = columns.some((column) => column.previous !== undefined);
  const total = summed && columns.length > 1;
  const named = (name: string): string => (unit.name === "" ? name : `${name} [${unit.name}]`);
  const heads = (write: (name: string) => string): string[] =>
    [...columns.map((column) => column.name), ...(total ? [words("table_sum")] : [])].map((name) => named(write(name)));
  const cells = (values: (number | null)[]): Cell[] =>
    [...values, ...(total ? [sumOf(values)] : [])].map((value) => (value === null ? null : unit.value(value)));
  const time = (bars: Bars["bars"] | undefined, index: number): Cell => {
    const bar = bars?.[index] ?? null;
    return bar === null ? null : stamp(bar, answer.period, answer.time_zone);
  };
  const head: Cell[] = [words("table_time"), ...heads((name) => name)];
  if (before) head.push(words("table_time_before"), ...heads((name) => words("table_before", { name })));
  const rows = answer.bars.map((_, index): Cell[] => {
    const row = [time(answer.bars, index), ...cells(columns.map((column) => column.values[index] ?? null))];
    if (!before) return row;
    return [...row, time(answer.previous_bars, index), ...cells(columns.map((one) => one.previous?.[index] ?? null))];
  });
  return [head, ...rows];
}
