/** Entries of the journal of alarms, for tests. */

import type { AlarmEntry } from "../src/parts/alarm-entry";

/** An hour before 2026-03-29 in Paris, the night the clocks go forward. */
export const NIGHT = Date.UTC(2026, 2, 28, 22) / 1000;

/** A breaker that tripped then, but for what is told. */
export function entry(fields: Partial<AlarmEntry> = {}): AlarmEntry {
  const at = fields.at ?? NIGHT;
  return {
    id: 1,
    at,
    last_at: at,
    kind: "state",
    event: "breaker_tripped",
    device_id: "d1",
    device: "Cold store",
    gateway: "Panel",
    address: "7",
    subject: "breaker",
    text: "Breaker tripped",
    user: null,
    alarm: true,
    details: {},
    count: 1,
    ended_at: null,
    acknowledged_at: null,
    acknowledged_by: null,
    ...fields,
  };
}
