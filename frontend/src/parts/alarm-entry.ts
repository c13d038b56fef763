/**
 * What an entry of the journal of alarms is, which ones a filter lets pass, and how they look in lists and tables.
 *
 * Knows nothing of where entries come from. The filter says the same here as on the server, so that what is new can be
 * put in its place without asking again.
 */

import { dateTimeText } from "../format";
import type { HomeAssistant } from "../ha";
import { dayOf, moved } from "../period";
import { hasText, text } from "../texts";

export interface AlarmEntry {
  id: number;
  /** POSIX s: first and last occurrence. */
  at: number;
  last_at: number;
  kind: string;
  event: string;
  /** Our own id of the device or gateway; null: the installation. */
  device_id: string | null;
  device: string;
  gateway: string;
  address: string;
  subject: string;
  text: string;
  user: string | null;
  /** true begins an alarm, false ends one, null has to do with none. */
  alarm: boolean | null;
  details: Record<string, string>;
  count: number;
  ended_at: number | null;
  acknowledged_at: number | null;
  acknowledged_by: string | null;
}

export interface AlarmFilter {
  kinds?: readonly string[];
  device?: string;
  /** First and last day, of the site's calendar. */
  since?: string;
  until?: string;
  active?: boolean;
  unacknowledged?: boolean;
  text?: string;
}

export const KINDS = ["state", "threshold", "configuration", "communication", "charging", "command", "clock"] as const;

export function isActive(entry: AlarmEntry): boolean {
  return entry.alarm === true && entry.ended_at === null;
}

/** Tells whether an entry is an alarm that nobody has acknowledged. */
export function isUnseen(entry: AlarmEntry): boolean {
  return entry.alarm === true && entry.acknowledged_at === null;
}

/** The fields of a question for what passes a filter. */
export function question(filter: AlarmFilter): Record<string, unknown> {
  const { since, until, ...others } = filter;
  const fields = { ...others, since, until: until && moved(until, 1) };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => isSet(value)));
}

function isSet(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : Boolean(value);
}

type Test = (entry: AlarmEntry, filter: AlarmFilter, zone: string) => boolean;

const day = (at: number, zone: string): string => dayOf(new Date(at * 1000), zone);

const TESTS: readonly Test[] = [
  ({ kind }, { kinds = [] }) => kinds.length === 0 || kinds.includes(kind),
  ({ device_id }, { device }) => !device || device_id === device,
  (entry, { active }) => !active || isActive(entry),
  (entry, { unacknowledged }) => !unacknowledged || isUnseen(entry),
  (entry, { text: wanted }) => !wanted || mentions(entry, wanted),
  ({ last_at }, { since }, zone) => !since || day(last_at, zone) >= since,
  ({ at }, { until }, zone) => !until || day(at, zone) <= until,
];

function mentions(entry: AlarmEntry, wanted: string): boolean {
  const found = wanted.toLowerCase();
  return [entry.text, entry.device, entry.gateway].some((one) => one.toLowerCase().includes(found));
}

/** Tells whether an entry passes a filter. */
export function passes(entry: AlarmEntry, filter: AlarmFilter, zone: string): boolean {
  return TESTS.every((test) => test(entry, filter, zone));
}

/**
 * What is shown once entries have changed: newest first, only what passes. `more`: there are older ones that are not
 * shown, so a changed entry older than all that are shown has its place beyond them.
 */
export function merged(
  shown: readonly AlarmEntry[],
  changed: readonly AlarmEntry[],
  filter: AlarmFilter,
  zone: string,
  more: boolean,
): AlarmEntry[] {
  const oldest = more ? (shown.at(-1)?.id ?? 0) : 0;
  const all = new Map(shown.map((entry) => [entry.id, entry]));
  for (const entry of changed) {
    if (passes(entry, filter, zone) && entry.id >= oldest) all.set(entry.id, entry);
    else all.delete(entry.id);
  }
  return [...all.values()].sort((one, other) => other.id - one.id);
}

export interface AlarmDay {
  /** ISO date of the site's calendar. */
  day: string;
  entries: AlarmEntry[];
}

/** Entries by the day they began, in their order: a clock that was set back makes a day come twice. */
export function byDay(entries: readonly AlarmEntry[], zone: string): AlarmDay[] {
  const days: AlarmDay[] = [];
  for (const entry of entries) {
    const began = day(entry.at, zone);
    const last = days.at(-1);
    if (last?.day === began) last.entries.push(entry);
    else days.push({ day: began, entries: [entry] });
  }
  return days;
}

const ICONS: Record<string, string> = {
  state: "mdi:electric-switch",
  threshold: "mdi:gauge",
  configuration: "mdi:wrench-outline",
  communication: "mdi:lan-disconnect",
  charging: "mdi:ev-station",
  command: "mdi:gesture-tap-button",
  clock: "mdi:clock-outline",
  breaker_tripped: "mdi:flash-alert",
  breaker_opened: "mdi:electric-switch",
  breaker_closed: "mdi:electric-switch-closed",
  contactor_on: "mdi:electric-switch-closed",
  input_on: "mdi:toggle-switch-outline",
  input_off: "mdi:toggle-switch-off-outline",
  output_on: "mdi:toggle-switch-outline",
  output_off: "mdi:toggle-switch-off-outline",
  communication_back: "mdi:lan-connect",
  command_failed: "mdi:close-octagon-outline",
  clock_failed: "mdi:clock-alert-outline",
  link_error: "mdi:link-variant-off",
  link_restored: "mdi:link-variant",
};

/** active: an alarm that is on; past: one that is over; failed: something not done; plain: all else. */
export type Tone = "active" | "past" | "failed" | "plain";

/** The icon of an entry, by event or kind, and how loud it is. */
export function look(entry: AlarmEntry): { icon: string; tone: Tone } {
  const icon = ICONS[entry.event] ?? ICONS[entry.kind] ?? "mdi:bell-outline";
  if (entry.alarm === true) return { icon, tone: isActive(entry) ? "active" : "past" };
  return { icon, tone: entry.event.endsWith("_failed") ? "failed" : "plain" };
}

/** The word for a kind; the key for one that is not known here. */
export function kindText(hass: HomeAssistant, kind: string): string {
  const key = `alarms_kind_${kind}`;
  return hasText(hass, key) ? text(hass, key) : kind;
}

/** The word for the state of an alarm; empty for what is none. */
export function stateText(hass: HomeAssistant, entry: AlarmEntry): string {
  if (entry.alarm !== true) return "";
  return text(hass, isActive(entry) ? "alarms_active" : "alarms_ended");
}

type Cell = string | number | null;

const COLUMNS: Record<string, (entry: AlarmEntry, hass: HomeAssistant, at: (posix: number | null) => Cell) => Cell> = {
  alarms_began: (entry, _, at) => at(entry.at),
  alarms_device: (entry) => entry.device,
  alarms_gateway: (entry) => entry.gateway,
  alarms_address: (entry) => entry.address,
  alarms_kind: (entry, hass) => kindText(hass, entry.kind),
  alarms_event: (entry) => entry.text,
  alarms_state: (entry, hass) => stateText(hass, entry),
  alarms_count: (entry) => entry.count,
  alarms_last: (entry, _, at) => at(entry.last_at),
  alarms_end: (entry, _, at) => at(entry.ended_at),
  alarms_user: (entry) => entry.user,
  alarms_acknowledged: (entry, _, at) => at(entry.acknowledged_at),
  alarms_acknowledged_by: (entry) => entry.acknowledged_by,
};

/** Entries as a table, with a line of titles. */
export function alarmTable(hass: HomeAssistant, entries: readonly AlarmEntry[], zone: string): Cell[][] {
  const at = (posix: number | null): Cell => (posix === null ? null : dateTimeText(hass, posix, zone));
  return [
    Object.keys(COLUMNS).map((key) => text(hass, key)),
    ...entries.map((entry) => Object.values(COLUMNS).map((cell) => cell(entry, hass, at))),
  ];
}
