import { describe, expect, it } from "vitest";
import {
  type AlarmEntry,
  type AlarmFilter,
  alarmTable,
  byDay,
  isActive,
  isUnseen,
  KINDS,
  look,
  merged,
  passes,
  question,
} from "../src/parts/alarm-entry";
import { entry, NIGHT } from "./alarm-entries";
import { fakeHass, numbersFrom } from "./support";

const ZONE = "Europe/Paris";

const pick = <T>(below: (end: number) => number, from: readonly T[]): T => from[below(from.length)] as T;

function anyEntry(below: (end: number) => number, id: number): AlarmEntry {
  const at = NIGHT + id * 1800;
  const ended = below(2) ? at + 900 : null;
  return entry({
    id,
    at,
    last_at: at + below(7200),
    kind: pick(below, KINDS),
    device_id: pick(below, ["d1", "d2", null]),
    text: pick(below, ["Breaker tripped", "Does not answer"]),
    alarm: pick(below, [true, false, null]),
    ended_at: ended,
    acknowledged_at: below(2) ? at + 60 : null,
  });
}

function anyFilter(below: (end: number) => number): AlarmFilter {
  return {
    kinds: pick(below, [undefined, [], ["state", "command"]]),
    device: pick(below, [undefined, "d1"]),
    active: pick(below, [undefined, false, true]),
    unacknowledged: pick(below, [undefined, true]),
    text: pick(below, [undefined, "", "TRIPPED"]),
    since: pick(below, [undefined, "2026-03-29"]),
    until: pick(below, [undefined, "2026-03-29"]),
  };
}

describe("a filter", () => {
  it.each<[AlarmFilter, Partial<AlarmEntry>, boolean]>([
    [{}, {}, true],
    [{ kinds: ["command"] }, {}, false],
    [{ kinds: [] }, {}, true],
    [{ device: "d2" }, {}, false],
    [{ active: true }, {}, true],
    [{ active: true }, { ended_at: NIGHT }, false],
    [{ active: true }, { alarm: false }, false],
    [{ unacknowledged: true }, { acknowledged_at: NIGHT }, false],
    [{ unacknowledged: true }, { alarm: null }, false],
    [{ text: "cold" }, {}, true],
    [{ text: "PANEL" }, {}, true],
    [{ text: "warm" }, {}, false],
    [{ since: "2026-03-29" }, { at: NIGHT }, false],
    [{ since: "2026-03-29" }, { at: NIGHT, last_at: NIGHT + 3600 }, true],
    [{ until: "2026-03-28" }, { at: NIGHT + 3599 }, true],
    [{ until: "2026-03-28" }, { at: NIGHT + 3600 }, false],
  ])("%o lets %o pass: %s", (filter, fields, expected) => {
    expect(passes(entry(fields), filter, ZONE)).toBe(expected);
  });

  it("is asked for without what does not matter, with the day after the last one", () => {
    const filter: AlarmFilter = { kinds: [], device: undefined, active: false, text: "", until: "2026-02-28" };
    expect(question(filter)).toEqual({ until: "2026-03-01" });
    expect(question({ kinds: ["state"], active: true, since: "2026-02-01" })).toEqual({
      kinds: ["state"],
      active: true,
      since: "2026-02-01",
    });
  });
});

describe("what changed", () => {
  it("leaves what a new question would have answered", () => {
    const below = numbersFrom(7);
    for (let round = 0; round < 200; round += 1) {
      const filter = anyFilter(below);
      const fits = (one: AlarmEntry): boolean => passes(one, filter, ZONE);
      const before = Array.from({ length: 12 }, (_, index) => anyEntry(below, index + 1)).reverse();
      const changed = [anyEntry(below, 1 + below(12)), anyEntry(below, 13), anyEntry(below, 14)];
      const now = new Map([...before, ...changed].map((one) => [one.id, one]));
      const after = [...now.values()].sort((one, other) => other.id - one.id).filter(fits);
      expect(merged(before.filter(fits), changed, filter, ZONE, false)).toEqual(after);
    }
  });

  it("has its place beyond what is shown where it is older", () => {
    const shown = [entry({ id: 9 }), entry({ id: 8 })];
    expect(merged(shown, [entry({ id: 3 })], {}, ZONE, true)).toEqual(shown);
    expect(merged(shown, [entry({ id: 3 })], {}, ZONE, false).map(({ id }) => id)).toEqual([9, 8, 3]);
  });
});

describe("days", () => {
  it("hold every entry once, in order, each on the day it began", () => {
    const entries = Array.from({ length: 60 }, (_, index) =>
      entry({ id: 60 - index, at: NIGHT + (60 - index) * 1800 }),
    );
    const days = byDay(entries, ZONE);
    expect(days.flatMap((day) => day.entries)).toEqual(entries);
    expect(days.map(({ day }) => day)).toEqual(["2026-03-30", "2026-03-29", "2026-03-28"]);
    // 23 hours of two entries each.
    expect(days[1]?.entries).toHaveLength(46);
  });
});

describe("an entry", () => {
  it("looks as what it is", () => {
    expect(look(entry()).tone).toBe("active");
    expect(look(entry({ ended_at: NIGHT })).tone).toBe("past");
    expect(look(entry({ alarm: null, event: "command_failed" })).tone).toBe("failed");
    expect(look(entry({ alarm: false, event: "communication_back" }))).toEqual({
      icon: "mdi:lan-connect",
      tone: "plain",
    });
    expect(look(entry({ kind: "of tomorrow", event: "new" })).icon).toBe("mdi:bell-outline");
  });

  it("is active and unseen as an alarm only", () => {
    expect([isActive(entry()), isUnseen(entry())]).toEqual([true, true]);
    expect([isActive(entry({ alarm: false })), isUnseen(entry({ alarm: null }))]).toEqual([false, false]);
  });
});

describe("the table", () => {
  it("has a title for each cell, and nothing where nothing is known", () => {
    const [titles, row] = alarmTable(fakeHass(), [entry({ ended_at: NIGHT + 3600 })], ZONE);
    expect(titles).toHaveLength(row?.length ?? 0);
    expect(titles?.slice(0, 6)).toEqual(["Time", "Device", "Gateway", "Address", "Kind", "Event"]);
    expect(row?.slice(1, 8)).toEqual(["Cold store", "Panel", "7", "States", "Breaker tripped", "Over", 1]);
    expect(row?.slice(-3)).toEqual([null, null, null]);
  });
});
