import { afterEach, describe, expect, it, vi } from "vitest";
import { form, tag } from "../src/cards/alarms";
import { entry } from "./alarm-entries";
import { all, type FakeHass, fakeHass, mountCard, one, refuse, settle, textOf } from "./support";

const NOW = Date.now() / 1000;
const ENTRIES = [
  entry({ id: 3, at: NOW - 60, last_at: NOW - 30, count: 4 }),
  entry({ id: 2, at: NOW - 7200, ended_at: NOW - 3600, device_id: "d2", device: "Ovens", text: "Does not answer" }),
  entry({ id: 1, at: NOW - 9e5, alarm: null, kind: "command", event: "command_done", text: "Opened", user: "Anna" }),
];
const PAGE = {
  entries: ENTRIES,
  more: false,
  active: 1,
  unacknowledged: 2,
  devices: { d1: "Cold store", d2: "Ovens" },
};

function site(rights: string[] = ["alarms", "acknowledge"], answers: object = {}): FakeHass {
  return fakeHass({
    states: { "sensor.cold_store": "closed" },
    answers: {
      access: { role: "user", rights, administrator: false },
      board: {
        gateways: [],
        devices: [{ id: "d1", name: "Cold store", main: { state: "sensor.cold_store" }, pages: {} }],
      },
      follow: { since: null, until: 1, revision: 1 },
      alarms: PAGE,
      "alarms/subscribe": { active: 1, unacknowledged: 2, newest: 3, changed: [] },
      "alarms/acknowledge": { acknowledged: [] },
      ...answers,
    },
  });
}

const asked = (hass: FakeHass) => hass.sent.filter(({ type }) => type === "alarms").at(-1);
const acknowledged = (hass: FakeHass) => hass.sent.filter(({ type }) => type === "alarms/acknowledge");

function choose(card: Element, label: string, value: string): void {
  const field = all<HTMLLabelElement>(card, "label").find((each) => each.textContent?.includes(label));
  const input = field?.querySelector<HTMLInputElement>("select, input");
  if (!input) throw new Error(`no field ${label}`);
  input.value = value;
  input.dispatchEvent(new Event("change"));
}

const press = (card: Element, label: string): void => one(card, `[aria-label="${label}"]`).click();

afterEach(() => {
  document.body.replaceChildren();
  vi.useRealTimers();
});

describe("the alarms card", () => {
  it("shows entries by day, with place, state, end and who", async () => {
    const card = await mountCard(tag, site());
    const rows = all(card, ".entry").map(textOf);
    expect(rows[0]).toContain("Breaker tripped Active Cold store · Panel · address 7");
    expect(rows[0]).toContain("4 times, last at");
    expect(rows[1]).toMatch(/Does not answer Ovens .* over at .*, after 1\sh/);
    expect(rows[2]).toContain("by Anna");
    expect(all(card, "h3").length).toBeGreaterThan(1);
  });

  it("asks for what the filters say", async () => {
    const hass = site();
    const card = await mountCard(tag, hass, { kinds: ["state", "command"] });
    expect(asked(hass)).toEqual({ type: "alarms", kinds: ["state", "command"], limit: 50 });
    for (const chip of all(card, ".chip")) chip.click();
    press(card, "Filter");
    await settle(card);
    choose(card, "Kind", "command");
    choose(card, "Device", "d2");
    choose(card, "From", "2026-01-01");
    choose(card, "Until", "2026-01-31");
    await settle(card);
    const chosen = { kinds: ["command"], device: "d2", since: "2026-01-01", until: "2026-02-01" };
    const chips = { active: true, unacknowledged: true };
    expect(asked(hass)).toEqual({ type: "alarms", ...chosen, ...chips, limit: 50 });
    one(card, ".fields .button").click();
    await settle(card);
    expect(asked(hass)).toEqual({ type: "alarms", kinds: ["state", "command"], limit: 50 });
  });

  it("searches once typing pauses", async () => {
    const hass = site();
    const card = await mountCard(tag, hass);
    const input = one<HTMLInputElement>(card, ".search");
    vi.useFakeTimers();
    for (const text of ["o", "ov", "oven "]) {
      input.value = text;
      input.dispatchEvent(new Event("input"));
    }
    const before = hass.sent.length;
    await vi.advanceTimersByTimeAsync(400);
    expect(hass.sent.slice(before)).toEqual([{ type: "alarms", text: "oven", limit: 50 }]);
    expect(input.value).toBe("oven ");
  });

  it("acknowledges one alarm, and says what went wrong", async () => {
    const hass = site();
    const card = await mountCard(tag, hass);
    expect(all(card, ".entry .button")).toHaveLength(2);
    press(card, "Acknowledge: Breaker tripped");
    await settle(card);
    expect(acknowledged(hass)).toEqual([{ type: "alarms/acknowledge", ids: [3] }]);
    hass.push("alarms/subscribe", {
      active: 1,
      unacknowledged: 1,
      newest: 3,
      changed: [{ ...ENTRIES[0], acknowledged_at: NOW, acknowledged_by: "Anna" }],
    });
    await settle(card);
    expect(textOf(all(card, ".entry")[0] as Element)).toContain("acknowledged by Anna at");
    hass.answer("alarms/acknowledge", () => refuse("unauthorized", "Not for you"));
    press(card, "Acknowledge: Does not answer");
    await settle(card);
    expect(textOf(one(card, '[role="alert"]'))).toBe("Not for you");
    expect(one<HTMLButtonElement>(card, ".entry .button").disabled).toBe(false);
  });

  it("acknowledges all after a second thought", async () => {
    const hass = site();
    const card = await mountCard(tag, hass);
    press(card, "Acknowledge all");
    await settle(card);
    expect(one<HTMLDialogElement>(card, "dialog").open).toBe(true);
    expect(textOf(one(card, "dialog"))).toContain("Acknowledge all alarms (2)?");
    one(card, "dialog form .button").click();
    expect(acknowledged(hass)).toEqual([]);
    press(card, "Acknowledge all");
    one(card, "dialog .agree").click();
    await settle(card);
    expect(acknowledged(hass)).toEqual([{ type: "alarms/acknowledge", all: true }]);
    expect(one<HTMLDialogElement>(card, "dialog").open).toBe(false);
  });

  it("has nothing to acknowledge with for those who may not", async () => {
    const card = await mountCard(tag, site(["alarms"]));
    expect(all(card, ".entry .button")).toEqual([]);
    expect(all(card, '[aria-label="Acknowledge all"]')).toEqual([]);
  });

  it("opens the dialog of a device that has an entity", async () => {
    const card = await mountCard(tag, site());
    const opened: string[] = [];
    card.addEventListener("hass-more-info", (event) => opened.push((event as CustomEvent).detail.entityId));
    const names = all(card, ".secondary button");
    expect(names.map((name) => name.textContent)).toEqual(["Cold store", "Cold store"]);
    names[0]?.click();
    expect(opened).toEqual(["sensor.cold_store"]);
  });

  it("loads older entries", async () => {
    const pages = ({ before }: { before?: unknown }) =>
      before === undefined ? { ...PAGE, more: true } : { ...PAGE, entries: [entry({ id: 0, text: "Long ago" })] };
    const hass = site(undefined, { alarms: pages });
    const card = await mountCard(tag, hass);
    one(card, ".older .button").click();
    await settle(card);
    expect(asked(hass)).toEqual({ type: "alarms", before: 1, limit: 50 });
    expect(textOf(card)).toContain("Long ago");
    expect(all(card, ".older")).toEqual([]);
  });

  it.each([
    [{}, "Nothing has happened yet"],
    [{ show: "active" }, "No alarm is active"],
    [{ show: "unacknowledged" }, "All alarms are acknowledged"],
  ])("says why it is empty: %o", async (config, expected) => {
    const card = await mountCard(tag, site(undefined, { alarms: { ...PAGE, entries: [] } }), config);
    expect(textOf(card)).toContain(expected);
  });

  it("says who may not read it", async () => {
    const hass = site();
    hass.connection.subscribeMessage = async () => refuse("unauthorized", "The right Alarms is missing");
    const card = await mountCard(tag, hass);
    expect(textOf(card)).toContain("The right Alarms is missing");
  });

  it("writes what is shown into the file", async () => {
    const card = await mountCard(tag, site());
    const written: Blob[] = [];
    const made = vi.spyOn(URL, "createObjectURL").mockImplementation((blob) => {
      written.push(blob as Blob);
      return "blob:x";
    });
    press(card, "Download as CSV");
    made.mockRestore();
    const lines = ((await written[0]?.text()) ?? "").trim().split(/\r?\n/);
    expect(lines).toHaveLength(1 + ENTRIES.length);
    expect(lines[2]).toContain("Ovens");
  });

  it("follows no more once it is away, and again when it is back", async () => {
    const hass = site();
    const card = await mountCard(tag, hass);
    expect(hass.subscribed).toContain("alarms/subscribe");
    card.remove();
    await settle();
    expect(hass.subscribed).not.toContain("alarms/subscribe");
    document.body.append(card);
    await settle(card);
    expect(all(card, ".entry")).toHaveLength(3);
  });

  it("refuses kinds that are no list", () => {
    const card = document.createElement(tag) as unknown as { setConfig(config: object): void };
    expect(() => card.setConfig({ type: "x", kinds: "state" })).toThrow();
  });
});

describe("the editor", () => {
  it("offers kinds and devices", async () => {
    const { schema } = await form(site());
    const device = schema.find(({ name }) => name === "device");
    expect(device?.selector).toMatchObject({ select: { options: [{ value: "d1", label: "Cold store" }] } });
  });
});
