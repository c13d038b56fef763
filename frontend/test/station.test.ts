/** The card of a station. */

import type { LitElement } from "lit";
import { describe, expect, it } from "vitest";
import { endOf, form, stub, tag } from "../src/cards/station";
import type { CardConfig } from "../src/ha";
import { charging, house, manager, session, sessions, station } from "./charging-samples";
import { all, type FakeHass, mountCard, one, refuse, settle, textOf, withStates } from "./support";

const STATES = { "sensor.state": "charging", "sensor.station": "managed", "sensor.firmware": "2.14" };
const ALONE = { id: "d", name: "Yard", device_id: null, managed: false };
const TOLD = { manager: manager(), stations: [charging("a"), station("b"), ALONE] };

const card = (hass: FakeHass, config: Partial<CardConfig> = {}) => mountCard(tag, hass, { station: "a", ...config });

async function press(root: HTMLElement, word: string): Promise<void> {
  const found = all<HTMLButtonElement>(root, "button").find((button) => textOf(button) === word);
  if (found === undefined) throw new Error(`no button ${word}`);
  found.click();
  await settle(root);
}

describe("what is shown", () => {
  it("is the state, why, the limit, and what the session got", async () => {
    const text = textOf(await card(house(TOLD, { states: STATES })));
    expect(text).toMatch(/^Bay a charging Charging at 13.4 A: L3 is shared 13.4.A Limit/);
    expect(text).toMatch(/Energy 14.2.* Cost €2.46 Car for 1.h 30.min/);
    expect(text).toContain("Interruptions: 1");
  });

  it("has no session and no orders without a car", async () => {
    const free = await card(house(TOLD), { station: "b" });
    expect(textOf(free)).not.toContain("Energy");
    expect(all(free, ".orders")).toEqual([]);
  });

  it("says of others what they are", async () => {
    expect(textOf(await card(house(TOLD), { station: "d" }))).toContain("This station is not managed");
    expect(textOf(await card(house(TOLD), { station: "gone" }))).toContain("no longer there");
    expect(textOf(await card(house(TOLD), { station: undefined }))).toContain("Choose a station");
  });

  it("leaves unknown amounts unknown", async () => {
    const known = charging("a").session;
    const unknown = known === null ? null : { ...known, energy: null, cost: null, charge: null };
    const told = { ...TOLD, stations: [charging("a", { session: unknown, drawn: null })] };
    expect(textOf(await card(house(told)))).toContain("Energy – Cost –");
  });
});

describe("orders", () => {
  it("are for the device of the station", async () => {
    const hass = house(TOLD);
    const shown = await card(hass);
    await press(shown, "Hold");
    one<HTMLButtonElement>(shown, '[role="switch"]').click();
    await settle(shown);
    const target = { device_id: "device_a" };
    expect(hass.called).toEqual([
      { domain: "legrand_ews", service: "hold_charge", data: {}, target },
      { domain: "legrand_ews", service: "set_charge_priority", data: { priority: true }, target },
    ]);
  });

  it("that were refused say why in the card, until it is closed", async () => {
    const services = { "legrand_ews.hold_charge": () => refuse("service_validation_error", "No car at Bay a") };
    const shown = await card(house(TOLD, { services }));
    await press(shown, "Hold");
    const alert = one(shown, '[role="alert"]');
    expect(textOf(alert)).toBe("No car at Bay a");
    one<HTMLButtonElement>(alert, "button").click();
    await settle(shown);
    expect(textOf(alert)).toBe("");
  });

  it("are not there for who may not give them", async () => {
    const shown = await card(house(TOLD, {}, ["charging"]));
    expect(all(shown, ".orders, [role=switch]")).toEqual([]);
  });

  it("start what is held, and hold what is not", async () => {
    const held = { ...TOLD, stations: [charging("a", { state: "held", limit: 0, drawn: [0, 0, 0] })] };
    const idle = (root: HTMLElement) => all<HTMLButtonElement>(root, ".orders button").map((button) => button.disabled);
    expect(idle(await card(house(held)))).toEqual([false, true]);
    expect(idle(await card(house(TOLD)))).toEqual([true, false]);
  });
});

describe("sessions", () => {
  const past = sessions(session("session_a", { end: null }), session("old"), session("new", { start: 1_795_600_000 }));

  it("are asked for when they are opened: 30 days of this station, without the one that goes on", async () => {
    const hass = house(TOLD, { answers: { sessions: past } });
    const shown = await card(hass);
    const asked = () => hass.sent.filter((message) => message.type === "sessions");
    expect(asked()).toEqual([]);
    await press(shown, "Sessions");
    const [question] = asked();
    expect(question?.stations).toEqual(["a"]);
    expect((Date.parse(`${question?.end}`) - Date.parse(`${question?.start}`)) / 86_400_000).toBe(30);
    expect(textOf(shown)).toContain("Sessions in 30 days: 2 · 28.4");
    expect(all(shown, "details").map((one) => textOf(one).slice(0, 12))).toEqual(["Nov 25, 2026", "Nov 23, 2026"]);
  });

  it("say why they are not there", async () => {
    const answers = { sessions: () => refuse("archive_unavailable", "The archive does not answer") };
    const shown = await card(house(TOLD, { answers }));
    await press(shown, "Sessions");
    expect(textOf(shown)).toContain("The archive does not answer");
  });
});

describe("details", () => {
  it("follow their entities", async () => {
    const hass = house(TOLD, { states: STATES });
    const shown = await mountCard<LitElement & { hass: FakeHass }>(tag, hass, { station: "a" });
    await press(shown, "About");
    expect(textOf(shown)).toContain("2.14");
    shown.hass = withStates(hass, { "sensor.firmware": "2.15" });
    await settle(shown);
    expect(textOf(shown)).toContain("2.15");
  });

  it("can be left out", async () => {
    expect(all(await card(house(TOLD), { details: false }), ".chip")).toEqual([]);
  });
});

it("offers the stations in the editor, and begins with the first", async () => {
  const { schema } = await form(house(TOLD));
  const options = ["a", "b"].map((id) => ({ value: id, label: `Bay ${id}` }));
  expect(schema[0]?.selector).toMatchObject({ select: { options: [...options, { value: "d", label: "Yard" }] } });
  expect(await stub(house(TOLD))).toEqual({ station: "a" });
  expect(await stub(house({ manager: null, stations: [] }))).toEqual({});
});

it("ends its scale above all currents", () => {
  for (const top of [0, 6, 16, 16.1, 63, 200]) expect(endOf([top, 3])).toBeGreaterThanOrEqual(top);
  expect(endOf([6])).toBe(endOf([15]));
});
