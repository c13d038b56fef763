/** The period of a page: shared, in step with Home Assistant's selection, and of today where it was of today. */

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { beginOf } from "../src/period";
import { PeriodStore, periodStore } from "../src/period-store";
import { type FakeHass, fakeHass } from "./support";

const PARIS = "Europe/Paris";
const AUCKLAND = "Pacific/Auckland";
const NOON = new Date("2026-11-23T11:00:00Z");

/** As Home Assistant's energy collection. */
class Selection {
  listeners = new Set<() => void>();
  asked = 0;
  start: Date;
  end: Date | undefined;

  constructor(
    first: string,
    last: string | undefined,
    private zone = PARIS,
  ) {
    this.start = beginOf(first, zone);
    this.end = last === undefined ? undefined : this.endOf(last);
  }

  endOf(day: string): Date {
    return new Date(beginOf(day, this.zone).getTime() + 86_399_999);
  }

  setPeriod(start: Date, end?: Date): void {
    this.start = start;
    this.end = end;
  }

  refresh(): void {
    this.asked += 1;
    for (const listener of [...this.listeners]) listener();
  }

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  choose(first: string, last: string): void {
    this.setPeriod(beginOf(first, this.zone), this.endOf(last));
    this.refresh();
  }
}

function withSelection(selection: unknown, hass: FakeHass = fakeHass(), key = "energy_test"): FakeHass {
  hass.connection[`_${key}`] = selection;
  return hass;
}

beforeEach(() => {
  vi.useFakeTimers({ now: NOON });
});
afterEach(() => {
  vi.useRealTimers();
});

describe("a page's store", () => {
  it("is one for the cards of a page, another for another page or key", () => {
    const hass = fakeHass();
    const store = periodStore(hass);
    expect(periodStore({ ...hass })).toBe(store);
    expect(periodStore(hass, "energy_test")).toBe(store);
    expect(periodStore(hass, "energy_else")).not.toBe(store);
    expect(periodStore({ ...hass, panelUrl: "else" })).toBe(periodStore(hass, "energy_else"));
    expect(periodStore(fakeHass())).not.toBe(store);
  });

  it("begins with the site's today, with the period before", () => {
    vi.setSystemTime(new Date("2026-11-22T23:30:00Z"));
    expect(periodStore(fakeHass()).picked).toEqual({ period: { span: "day", date: "2026-11-23" }, previous: true });
    expect(new PeriodStore(fakeHass(), undefined, "year").picked.period).toMatchObject({ span: "year" });
  });

  it("tells everybody what is chosen, until they leave", () => {
    const hass = fakeHass();
    const store = periodStore(hass);
    const [one, other] = [vi.fn(), vi.fn()];
    const leave = store.subscribe(hass, one);
    store.subscribe(hass, other);
    store.shift(-1);
    expect(store.picked.period).toEqual({ span: "day", date: "2026-11-22" });
    store.set({ previous: false });
    expect(store.picked).toEqual({ period: { span: "day", date: "2026-11-22" }, previous: false });
    leave();
    store.shift(1);
    expect([one.mock.calls.length, other.mock.calls.length]).toEqual([2, 3]);
  });

  it("is controlled while something on the page lets people choose", () => {
    const hass = fakeHass();
    const store = periodStore(hass);
    const heard = vi.fn();
    store.subscribe(hass, heard);
    const ends = [store.control(), store.control()];
    expect(store.controlled).toBe(true);
    ends[0]?.();
    expect(store.controlled).toBe(true);
    ends[1]?.();
    expect(store.controlled).toBe(false);
    expect(heard).toHaveBeenCalledTimes(4);
  });
});

describe("Home Assistant's selection", () => {
  it("is followed from the start", () => {
    const hass = withSelection(new Selection("2026-10-01", "2026-10-31"));
    const store = periodStore(hass);
    const heard = vi.fn();
    store.subscribe(hass, heard);
    expect(store.picked).toEqual({ period: { span: "month", date: "2026-10-01" }, previous: true });
    expect(store.controlled).toBe(true);
    expect(heard).toHaveBeenCalled();
  });

  it("is followed when another period is chosen there", () => {
    const selection = new Selection("2026-11-23", "2026-11-23");
    const hass = withSelection(selection);
    const store = periodStore(hass);
    store.subscribe(hass, vi.fn());
    selection.choose("2026-01-01", "2026-12-31");
    expect(store.picked.period).toEqual({ span: "year", date: "2026-01-01" });
    selection.choose("2026-11-02", "2026-11-08");
    expect(store.picked.period).toEqual({ start: "2026-11-02", end: "2026-11-09" });
  });

  it("without an end goes until today", () => {
    const hass = withSelection(new Selection("2026-11-20", undefined));
    const store = periodStore(hass);
    store.subscribe(hass, vi.fn());
    expect(store.picked.period).toEqual({ start: "2026-11-20", end: "2026-11-24" });
  });

  it("that means the same period leaves its day alone", () => {
    const selection = new Selection("2026-11-01", "2026-11-30");
    const hass = withSelection(selection);
    const store = periodStore(hass);
    store.set({ period: { span: "month", date: "2026-11-23" } });
    store.subscribe(hass, vi.fn());
    selection.refresh();
    expect(store.picked.period).toEqual({ span: "month", date: "2026-11-23" });
  });

  it.each([PARIS, AUCKLAND, "America/Los_Angeles"])("hears what is chosen here, in days of %s", (zone) => {
    const selection = new Selection("2026-11-23", "2026-11-23", zone);
    const home = fakeHass();
    const hass = withSelection(selection, { ...home, config: { ...home.config, time_zone: zone } });
    const store = periodStore(hass);
    store.subscribe(hass, vi.fn());
    store.set({ period: { span: "month", date: "2026-10-15" } });
    expect(selection.start).toEqual(beginOf("2026-10-01", zone));
    expect(selection.end).toEqual(new Date(beginOf("2026-11-01", zone).getTime() - 1));
    expect(selection.asked).toBe(1);
    expect(store.picked.period).toEqual({ span: "month", date: "2026-10-15" });
  });

  it("has its days from the browser where the user's profile says so", () => {
    const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
    const site = own === AUCKLAND ? PARIS : AUCKLAND;
    const home = fakeHass();
    const hass = withSelection(new Selection("2026-11-10", "2026-11-10", own), {
      ...home,
      config: { ...home.config, time_zone: site },
      locale: { ...home.locale, time_zone: "local" },
    });
    const store = periodStore(hass);
    store.subscribe(hass, vi.fn());
    expect(store.picked.period).toEqual({ span: "day", date: "2026-11-10" });
  });

  it("is found when it comes a little later", () => {
    const hass = fakeHass();
    const store = periodStore(hass);
    store.subscribe(hass, vi.fn());
    expect(store.controlled).toBe(false);
    withSelection(new Selection("2026-10-01", "2026-10-31"), hass);
    vi.advanceTimersByTime(600);
    expect(store.picked.period).toEqual({ span: "month", date: "2026-10-01" });
  });

  it("is left when the last card has gone, and found again", () => {
    const selection = new Selection("2026-10-01", "2026-10-31");
    const hass = withSelection(selection);
    const store = periodStore(hass);
    const leaves = [store.subscribe(hass, vi.fn()), store.subscribe(hass, vi.fn())];
    expect(selection.listeners.size).toBe(1);
    leaves[0]?.();
    expect(selection.listeners.size).toBe(1);
    leaves[1]?.();
    expect(selection.listeners.size).toBe(0);
    expect(store.controlled).toBe(false);
    selection.choose("2026-09-01", "2026-09-30");
    expect(store.picked.period).toEqual({ span: "month", date: "2026-10-01" });
    store.subscribe(hass, vi.fn());
    expect(store.picked.period).toEqual({ span: "month", date: "2026-09-01" });
  });

  it.each([
    ["something else", {}],
    ["one without a subscription", { start: NOON }],
    ["one that cannot be subscribed to", { start: NOON, subscribe: () => expect.fail("not today") }],
  ])("that is %s is none: the store goes on alone", (_, thing) => {
    const hass = withSelection(thing);
    const store = periodStore(hass);
    store.subscribe(hass, vi.fn());
    store.shift(-1);
    expect(store.controlled).toBe(false);
    expect(store.picked.period).toEqual({ span: "day", date: "2026-11-22" });
  });

  it("does not concern a card with a period of its own", () => {
    const hass = withSelection(new Selection("2026-10-01", "2026-10-31"), fakeHass(), "undefined");
    const store = new PeriodStore(hass, undefined, "year");
    store.subscribe(hass, vi.fn());
    expect([store.controlled, store.picked.period]).toEqual([false, { span: "year", date: "2026-11-23" }]);
  });
});

describe("midnight", () => {
  const MIDNIGHT = new Date("2026-11-23T23:00:00Z");

  it("goes on to the new day where the old one was in view", () => {
    const hass = fakeHass();
    const store = periodStore(hass);
    const heard = vi.fn();
    store.subscribe(hass, heard);
    vi.advanceTimersByTime(MIDNIGHT.getTime() - NOON.getTime() - 1);
    expect(heard).not.toHaveBeenCalled();
    vi.advanceTimersByTime(2000);
    expect(heard).toHaveBeenCalledTimes(1);
    expect(store.picked.period).toEqual({ span: "day", date: "2026-11-24" });
    vi.advanceTimersByTime(86_400_000);
    expect(store.picked.period).toEqual({ span: "day", date: "2026-11-25" });
  });

  it("leaves alone what was in view of other days, and what holds the new day too", () => {
    for (const period of [
      { span: "day", date: "2026-11-20" },
      { span: "month", date: "2026-11-23" },
      { start: "2026-11-20", end: "2026-11-24" },
    ] as const) {
      vi.setSystemTime(NOON);
      const hass = fakeHass();
      const store = periodStore(hass);
      store.subscribe(hass, vi.fn());
      store.set({ period });
      vi.advanceTimersByTime(86_400_000);
      expect(store.picked.period).toEqual(period);
    }
  });

  it("passes unseen where no card is there: the next one begins with the new day", () => {
    const hass = fakeHass();
    const store = periodStore(hass);
    store.subscribe(hass, vi.fn())();
    expect(vi.getTimerCount()).toBe(0);
    vi.setSystemTime(new Date("2026-12-01T12:00:00Z"));
    expect(store.picked.period).toEqual({ span: "day", date: "2026-11-23" });
    store.subscribe(hass, vi.fn());
    expect(store.picked.period).toEqual({ span: "day", date: "2026-12-01" });
  });

  it("is Home Assistant's business where its selection is there", () => {
    const selection = new Selection("2026-11-23", "2026-11-23");
    const hass = withSelection(selection);
    const store = periodStore(hass);
    store.subscribe(hass, vi.fn());
    vi.advanceTimersByTime(86_400_000);
    expect([selection.asked, store.picked.period]).toEqual([0, { span: "day", date: "2026-11-23" }]);
  });
});
