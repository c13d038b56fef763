import { describe, expect, it } from "vitest";
import type { Message } from "../src/ha";
import type { AlarmEntry, AlarmFilter } from "../src/parts/alarm-entry";
import { AlarmJournal, PAGE } from "../src/parts/alarm-journal";
import { entry } from "./alarm-entries";
import { fakeHass, refuse, settle } from "./support";

const FIRST = { active: 1, unacknowledged: 2, newest: 120, changed: [] };

/** A server with so many entries, newest first. */
function journalOf(count: number): (message: Message) => object {
  const entries = Array.from({ length: count }, (_, index) => entry({ id: count - index }));
  return ({ before = Number.POSITIVE_INFINITY, limit }) => {
    const found = entries.filter(({ id }) => id < (before as number));
    const page = found.slice(0, limit as number);
    const more = found.length > page.length;
    return { entries: page, more, active: 1, unacknowledged: 2, devices: { d1: "Cold store" } };
  };
}

async function begun(count = 120, filter: AlarmFilter = {}) {
  const hass = fakeHass({ answers: { "alarms/subscribe": FIRST, alarms: journalOf(count), "alarms/acknowledge": {} } });
  let told = 0;
  const journal = new AlarmJournal(hass, () => (told += 1), filter);
  journal.begin();
  await settle();
  return { hass, journal, told: () => told };
}

const ids = (entries: readonly AlarmEntry[]): number[] => entries.map(({ id }) => id);

describe("the journal", () => {
  it("is read once the server tells of it, in pages, each entry once", async () => {
    const { journal } = await begun(120);
    expect(ids(journal.entries)).toHaveLength(PAGE);
    while (journal.more) await journal.older();
    expect(ids(journal.entries)).toEqual(Array.from({ length: 120 }, (_, index) => 120 - index));
    await journal.older();
    expect(journal.entries).toHaveLength(120);
  });

  it("takes in what is new and what has changed, without asking", async () => {
    const { hass, journal } = await begun(3);
    const asked = hass.sent.length;
    const seen = entry({ id: 2, acknowledged_at: 5 });
    const news = entry({ id: 4, device_id: "d9", device: "New one" });
    hass.push("alarms/subscribe", { active: 7, unacknowledged: 8, newest: 4, changed: [seen, news] });
    expect(ids(journal.entries)).toEqual([4, 3, 2, 1]);
    expect(journal.entries[2]).toEqual(seen);
    expect([journal.active, journal.unacknowledged]).toEqual([7, 8]);
    expect(journal.devices).toEqual({ d1: "Cold store", d9: "New one" });
    expect(hass.sent).toHaveLength(asked);
  });

  it.each([[null], [[]]])("is read again, as far as it is shown, after changes %o", async (changed) => {
    const { hass, journal } = await begun(120);
    await journal.older();
    hass.push("alarms/subscribe", { ...FIRST, changed });
    await settle();
    expect(hass.sent.at(-1)).toEqual({ type: "alarms", limit: 2 * PAGE });
    expect(journal.entries).toHaveLength(2 * PAGE);
  });

  it("is read on where all that was shown has gone", async () => {
    const { hass, journal } = await begun(60, { unacknowledged: true });
    const changed = journal.entries.map((one) => ({ ...one, acknowledged_at: 9 }));
    hass.push("alarms/subscribe", { ...FIRST, changed });
    await settle();
    expect(journal.entries.length).toBeGreaterThan(0);
  });

  it("shows the last filter, whatever answers first", async () => {
    const { hass, journal } = await begun(3);
    const answers: ((page: object) => void)[] = [];
    hass.callWS = (() => new Promise<object>((resolve) => answers.push(resolve))) as typeof hass.callWS;
    journal.show({ text: "one" });
    journal.show({ text: "two" });
    const page = (id: number) => ({ entries: [entry({ id })], more: false, active: 0, unacknowledged: 0, devices: {} });
    answers[1]?.(page(2));
    await settle();
    answers[0]?.(page(1));
    await settle();
    expect(ids(journal.entries)).toEqual([2]);
    expect(journal.busy).toBe(false);
  });

  it("says why it cannot be read, and keeps what was read where only older entries fail", async () => {
    const { hass, journal } = await begun(120);
    hass.answer("alarms", () => refuse("bad_date", "No date"));
    await journal.older();
    expect(journal.error).toEqual({ code: "bad_date", message: "No date" });
    expect(journal.entries).toHaveLength(PAGE);
    journal.show({ since: "2026-01-01" });
    await settle();
    expect(journal.entries).toEqual([]);
    hass.answer("alarms", journalOf(2));
    journal.show({});
    await settle();
    expect([journal.error, journal.entries.length]).toEqual([undefined, 2]);
  });

  it("says why it cannot be followed", async () => {
    const hass = fakeHass();
    hass.connection.subscribeMessage = async () => refuse("unauthorized", "Not for you");
    const journal = new AlarmJournal(hass, () => undefined);
    journal.begin();
    await settle();
    expect(journal.error).toEqual({ code: "unauthorized", message: "Not for you" });
    expect([journal.known, journal.busy]).toEqual([false, false]);
  });

  it("acknowledges some, or all", async () => {
    const { hass, journal } = await begun(3);
    await journal.acknowledge([2, 3]);
    expect(hass.sent.at(-1)).toEqual({ type: "alarms/acknowledge", ids: [2, 3] });
    await journal.acknowledge();
    expect(hass.sent.at(-1)).toEqual({ type: "alarms/acknowledge", all: true });
  });

  it("ends, and then tells nothing", async () => {
    const { hass, journal, told } = await begun(3);
    journal.end();
    await settle();
    const before = told();
    expect(hass.subscribed).toEqual([]);
    hass.push("alarms/subscribe", FIRST);
    await settle();
    expect(told()).toBe(before);
  });
});
