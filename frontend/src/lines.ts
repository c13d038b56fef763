/**
 * What charts and tables show of the lines of an answer: with a name, a colour, and what can be added up.
 *
 * Owns the reading of the answers to `consumption` and `cost` for bars, pies and tables. What is fed in counts against
 * the rest: it is below zero.
 */

import type {
  Amounts,
  Bars,
  ChargeLine,
  Commodity,
  Consumption,
  Cost,
  CostLine,
  Line,
  PlanKey,
  Scope,
  Site,
  Tariffs,
} from "./answers";
import { sumOf } from "./charts/stack";
import { COMMODITY_COLORS, deviceColor, UNKNOWN_COLOR } from "./colors";
import { moneyUnit, type Unit, unitOf } from "./format";
import type { HomeAssistant } from "./ha";

/** A text of ours by its key. */
export type Words = (key: string, values?: Record<string, unknown>) => string;

export interface Shown {
  /** Of its own among the lines of a chart. */
  id: string;
  /** Of the load, group, device or tariff. */
  key: string | null;
  name: string;
  color: string;
  /** Lines of the same one can be added up: a commodity, or a currency. */
  measure: string;
  /** Of the values: "Wh", "L", or a currency. */
  unit: string;
  /** False: it is a part of others, or no consumption; sums and shares leave it out. */
  counted: boolean;
  credit: boolean;
  values: Amounts;
  sum: number | null;
  previous?: Amounts;
  previousSum?: number | null;
  /** The part of the sum that was spread over gaps. */
  estimated: number | null;
}

const EXPORT = "energy_export";

/** The fields of a question for bars; the same question in all cards is asked once. */
export function question(
  scope: Scope,
  keys: readonly string[] | undefined,
  group: string | undefined,
  time: Record<string, unknown>,
  previous: boolean,
): Record<string, unknown> {
  return {
    scope,
    ...(keys !== undefined && keys.length > 0 && scope !== "total" ? { keys } : {}),
    ...(group !== undefined && scope !== "group" ? { group } : {}),
    ...time,
    previous,
  };
}

/** Returns the lines of consumption. `equivalents`: gas in Wh; lines without a factor stay as they are. */
export function amountLines(answer: Consumption, site: Site, words: Words, equivalents = false): Shown[] {
  const lines = answer.series.map((line): Shown => {
    const credit = line.quantity === EXPORT;
    const worth = equivalents && line.equivalents !== undefined;
    const sign = (values: Amounts | undefined): Amounts | undefined => (credit ? values?.map(negative) : values);
    return {
      ...titled(line, answer.scope, site, words),
      measure: line.commodity,
      unit: worth ? "Wh" : line.unit,
      credit,
      values: sign(worth ? line.equivalents : line.amounts) ?? [],
      sum: signed(worth ? line.equivalent_sum : line.sum, credit),
      previous: sign(worth ? line.previous_equivalents : line.previous_amounts),
      previousSum: signed(worth ? line.previous_equivalent_sum : line.previous_sum, credit),
      estimated: worth ? null : line.estimated_sum,
    };
  });
  return distinct(lines, words);
}

/** Returns the lines of costs, whatever the tariff, and the fixed charges; what has no price is left out. */
export function costLines(answer: Cost, site: Site, words: Words): Shown[] {
  const lines = answer.series
    .filter((line) => line.currency !== null)
    .map((line): Shown => ({ ...titled(line, answer.scope, site, words), ...money(line, line.currency ?? "") }));
  return [...distinct(lines, words), ...(answer.charges ?? []).map(chargeLine)];
}

/** Returns the costs of each tariff, of all keys together, in the colours of the tariffs, and the fixed charges. */
export function tariffLines(answer: Cost, tariffs: Tariffs | undefined, words: Words): Shown[] {
  const found = new Map<string, CostLine[]>();
  for (const line of answer.series) {
    if (line.tariff === null || line.currency === null) continue;
    const id = [line.tariff, line.quantity, line.commodity, line.currency].join("|");
    found.set(id, [...(found.get(id) ?? []), line]);
  }
  const lines = [...found].map(([id, parts]): Shown => {
    const [first] = parts as [CostLine];
    const plan: PlanKey = first.credit ? "export" : first.commodity;
    const known = tariffs?.plans[plan].tariffs.find((one) => one.id === first.tariff);
    const all = parts.map((part) => money(part, first.currency ?? ""));
    return {
      ...(all[0] as ReturnType<typeof money>),
      id,
      key: first.tariff,
      name: known?.name ?? first.tariff_name ?? words("word_deleted"),
      color: known?.color ?? UNKNOWN_COLOR,
      counted: true,
      values: addedBars(
        all.map((one) => one.values),
        answer.bars.length,
      ),
      sum: sumOf(all.map((one) => one.sum)),
      previous:
        first.previous_costs &&
        addedBars(
          all.map((one) => one.previous ?? []),
          answer.bars.length,
        ),
      previousSum: sumOf(all.map((one) => one.previousSum)),
    };
  });
  return [...distinct(lines, words), ...(answer.charges ?? []).map(chargeLine)];
}

/** Base units that have no price, by unit; what is fed in or counted elsewhere is left out. */
export function unpriced(answer: Cost): Record<"Wh" | "L", number> {
  const found = { Wh: 0, L: 0 };
  for (const line of answer.series) if (!line.credit) found[line.unit] += line.unpriced_sum ?? 0;
  return found;
}

/** What the lines can be added up by, in their order. */
export function measures(lines: readonly Shown[]): string[] {
  return [...new Set(lines.map((line) => line.measure))];
}

/** Returns at most so many lines: the smallest become one, named after how many they are. */
export function few(lines: readonly Shown[], most: number, words: Words): Shown[] {
  const size = (line: Shown): number => Math.abs(line.sum ?? 0);
  if (lines.length <= most) return [...lines];
  const kept = new Set([...lines].sort((a, b) => size(b) - size(a)).slice(0, most - 1));
  const rest = lines.filter((line) => !kept.has(line));
  const [first] = rest as [Shown];
  const bars = Math.max(...rest.map((line) => line.values.length));
  const one: Shown = {
    ...first,
    id: "rest",
    key: null,
    name: words("word_more", { count: rest.length }),
    color: UNKNOWN_COLOR,
    credit: false,
    values: addedBars(
      rest.map((line) => line.values),
      bars,
    ),
    sum: sumOf(rest.map((line) => line.sum)),
    previous:
      first.previous &&
      addedBars(
        rest.map((line) => line.previous ?? []),
        bars,
      ),
    previousSum: sumOf(rest.map((line) => line.previousSum)),
    estimated: sumOf(rest.map((line) => line.estimated)),
  };
  return [...lines.filter((line) => kept.has(line)), one];
}

/** The unit that all values of a chart are told in. `largest`: of what is shown, in base units. */
export function unitFor(hass: HomeAssistant, unit: string, largest: number): Unit {
  return unit === "Wh" || unit === "L" ? unitOf(hass, unit, largest) : moneyUnit(hass, unit);
}

/** The highest stack of a chart, upwards or downwards, also of the period before. */
export function peak(lines: readonly Shown[]): number {
  let most = 0;
  for (const side of [lines.map((line) => line.values), lines.map((line) => line.previous ?? [])]) {
    const bars = Math.max(0, ...side.map((values) => values.length));
    for (let bar = 0; bar < bars; bar += 1) {
      const here = side.map((values) => values[bar] ?? 0);
      const up = here.reduce((sum, value) => sum + Math.max(0, value), 0);
      const down = here.reduce((sum, value) => sum - Math.min(0, value), 0);
      most = Math.max(most, up, down);
    }
  }
  return most;
}

/** Adds lists bar by bar. */
function addedBars(lists: readonly Amounts[], bars: number): Amounts {
  return Array.from({ length: bars }, (_, bar) => sumOf(lists.map((list) => list[bar])));
}

/** Sums of lines, and what of them is set side by side. */
export interface Compared {
  sum: number | null;
  before: number | null;
  /** Like with like: of a period that goes on, of its whole bars and of the same ones before. */
  current: number | null;
  former: number | null;
  /** The period is over. */
  whole: boolean;
}

/** What of a line is compared. */
export type Comparable = Pick<Shown, "sum" | "previousSum" | "values" | "previous">;

/** Adds up lines, and the period before. `until`: POSIX s, how far everything is known. */
export function compared(lines: readonly Comparable[], answer: Bars, until: number | null): Compared {
  const sum = sumOf(lines.map((line) => line.sum));
  const before = sumOf(lines.map((line) => line.previousSum));
  if (until === null || answer.end <= until) return { sum, before, current: sum, former: before, whole: true };
  const ends = answer.bars.map((_, bar) => answer.bars.slice(bar + 1).find((next) => next !== null) ?? answer.end);
  const over = (values: Amounts = []): Amounts =>
    values.filter((_, bar) => answer.bars[bar] != null && (ends[bar] ?? answer.end) <= until);
  const current = sumOf(lines.flatMap((line) => over(line.values)));
  const former = sumOf(lines.flatMap((line) => over(line.previous)));
  return { sum, before, current, former, whole: false };
}

/** Tells whether some device is in several groups: then groups must not be added up. */
export function overlapping(site: Site, groups?: readonly string[]): boolean {
  const among = (key: string): boolean => groups === undefined || groups.length === 0 || groups.includes(key);
  return site.devices.some((device) => device.groups.filter(among).length > 1);
}

function negative(value: number | null): number | null {
  return value === null ? null : 0 - value;
}

function signed(value: number | null | undefined, credit: boolean): number | null {
  return value == null ? null : credit ? 0 - value : value;
}

type Titled = Pick<Shown, "id" | "key" | "name" | "color" | "counted">;

/** What of a line has nothing to do with its values. */
function titled(line: Line & { currency?: string | null }, scope: Scope, site: Site, words: Words): Titled {
  const { key, quantity, commodity } = line;
  const credit = quantity === EXPORT;
  const kind = words(credit ? "word_export" : `word_${commodity}`);
  const name = key === null ? kind : (line.name ?? words("word_deleted"));
  const device = scope === "device" ? site.devices.find((one) => one.id === key) : undefined;
  return {
    id: [key ?? "", quantity, commodity, line.currency ?? ""].join("|"),
    key,
    name: credit && key !== null ? words("word_fed_in", { name }) : name,
    color: colorOf(key, scope, site, commodity, credit),
    counted: (device?.counted ?? true) && !(credit && scope === "device"),
  };
}

function colorOf(key: string | null, scope: Scope, site: Site, commodity: Commodity, credit: boolean): string {
  if (credit) return "var(--energy-grid-return-color, #8353d1)";
  if (key === null) return COMMODITY_COLORS[commodity];
  return scope === "device" ? deviceColor(site, key) : (site.colors[key] ?? UNKNOWN_COLOR);
}

type Money = Omit<Shown, keyof Titled>;

function money(line: CostLine, currency: string): Money {
  const { credit } = line;
  return {
    measure: currency,
    unit: currency,
    credit,
    values: credit ? line.costs.map(negative) : line.costs,
    sum: signed(line.sum, credit),
    previous: credit ? line.previous_costs?.map(negative) : line.previous_costs,
    previousSum: signed(line.previous_sum, credit),
    estimated: null,
  };
}

function chargeLine(charge: ChargeLine): Shown {
  return {
    id: ["charge", charge.commodity, charge.charge, charge.name, charge.currency].join("|"),
    key: charge.charge,
    name: charge.name,
    color: UNKNOWN_COLOR,
    measure: charge.currency,
    unit: charge.currency,
    counted: true,
    credit: false,
    values: charge.costs,
    sum: charge.sum,
    previous: charge.previous_costs,
    previousSum: charge.previous_sum,
    estimated: null,
  };
}

/** Tells lines of one name apart by what they are of: a load can have electricity and gas. */
function distinct(lines: Shown[], words: Words): Shown[] {
  const times = new Map<string, number>();
  const label = (line: Shown): string => `${line.measure}|${line.name}`;
  for (const line of lines) times.set(label(line), (times.get(label(line)) ?? 0) + 1);
  const told = (line: Shown): string => words(`word_${line.id.split("|")[2]}`);
  return lines.map((line) =>
    (times.get(label(line)) ?? 0) > 1 && line.key !== null ? { ...line, name: `${line.name} (${told(line)})` } : line,
  );
}
