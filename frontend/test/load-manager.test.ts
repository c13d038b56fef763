/** The card of the load manager. */

import { describe, expect, it } from "vitest";
import { carsOf, limitsOf, tag } from "../src/cards/load-manager";
import { charging, house, manager, station } from "./charging-samples";
import { all, mountCard, one, refuse, settle, textOf } from "./support";

const STATIONS = [
  charging("a"),
  station("b", { state: "waiting", reason: "short", text: "Waiting: 7 A short on L2", waited: 700, plugged_for: 900 }),
  station("c"),
  { id: "d", name: "Yard", device_id: null, managed: false },
];
const STATES = { "sensor.zone": "green", "sensor.headroom_l2": "41.6" };
const TOLD = { manager: manager(), stations: STATIONS };

describe("what is shown", () => {
  it("is zone, phases and queue", async () => {
    const text = textOf(await mountCard(tag, house(TOLD, { states: STATES })));
    expect(text).toContain("green Cars may start and get more.");
    expect(text).toMatch(/L1 .*61.2.A 38.8.A left/);
    expect(text).toMatch(/Charging \(1\) .*Bay a.*Waiting \(1\) .*Bay b.*Waiting: 7 A short on L2.*waits 11.min/);
    expect(text).toMatch(/No car \(1\) ?: Bay c Not managed \(1\) ?: Yard/);
  });

  it("follows what comes, an overload in words", async () => {
    const hass = house(TOLD, { states: STATES });
    const card = await mountCard(tag, hass);
    const red = manager({ zone: "red", currents: [104.3, 0, 0], headroom: [-4.3, 100, 100] });
    hass.push("charging/subscribe", { ...TOLD, manager: red });
    await settle(card);
    expect(textOf(card)).toMatch(/red Too much current.*4.3.A too much/);
  });

  it("is no number while the meter does not answer", async () => {
    const blind = manager({ zone: "blind", currents: null, headroom: null });
    const card = await mountCard(tag, house({ ...TOLD, manager: blind }, { states: STATES }));
    expect(all(card, '[role="meter"]').map((meter) => meter.getAttribute("aria-valuetext"))).toEqual(["–", "–", "–"]);
  });

  it("leaves out a phase that the meter does not see", async () => {
    const states = { ...STATES, "sensor.headroom_l2": "unknown" };
    const card = await mountCard(tag, house(TOLD, { states }));
    expect(all(card, '[role="meter"]').map((meter) => meter.getAttribute("aria-label"))).toEqual(["L1", "L3"]);
  });

  it("is why there is nothing", async () => {
    const none = house({ manager: null, stations: [] });
    expect(textOf(await mountCard(tag, none))).toContain("No load manager is at work");
    const refused = house(TOLD);
    refused.connection.subscribeMessage = async () => refuse("unauthorized", "Not for you");
    expect(textOf(await mountCard(tag, refused))).toContain("Not for you");
  });
});

describe("switches", () => {
  it("are turned on at once, and off after a question", async () => {
    const off = manager({ load_control: false });
    const hass = house({ ...TOLD, manager: off }, { states: STATES });
    const card = await mountCard(tag, hass);
    const [load, logic] = all<HTMLButtonElement>(card, '[role="switch"]');
    load?.click();
    await settle(card);
    expect(hass.called.map(({ service, target }) => [service, target])).toEqual([
      ["turn_on", { entity_id: "switch.load_control" }],
    ]);
    logic?.click();
    await settle(card);
    expect(hass.called).toHaveLength(1);
    expect(one<HTMLDialogElement>(card, "dialog").open).toBe(true);
    one<HTMLButtonElement>(card, "dialog .danger").click();
    await settle(card);
    expect(hass.called[1]).toMatchObject({ service: "turn_off", target: { entity_id: "switch.control_logic" } });
  });

  it("are only told to who may not use them", async () => {
    const card = await mountCard(tag, house(TOLD, { states: STATES }, ["charging"]));
    expect(all(card, '[role="switch"]')).toEqual([]);
    expect(textOf(card)).toContain("Load control Cars share what is left up to the maximum.");
  });

  it("say in the card why they were refused", async () => {
    const services = { "switch.turn_off": () => refuse("unauthorized", "Not for you") };
    const card = await mountCard(tag, house(TOLD, { states: STATES, services }));
    one<HTMLButtonElement>(card, '[role="switch"]').click();
    await settle(card);
    one<HTMLButtonElement>(card, "dialog .danger").click();
    await settle(card);
    expect(textOf(one(card, '[role="alert"]'))).toBe("Not for you");
  });
});

it("adds up what cars draw; where one does not say, it is not known", () => {
  const two = [charging("a"), charging("b", { drawn: [0, 0, 15] })];
  expect(carsOf(two).map((sum) => sum?.toFixed(1))).toEqual(["13.1", "13.2", "28.1"]);
  expect(carsOf([...two, charging("c", { drawn: null })])).toEqual([null, null, null]);
});

it("has the limits that hold", () => {
  expect(limitsOf(manager())).toEqual({ charge: 80, max: 100 });
  expect(limitsOf(manager({ charge_current: 100 }))).toEqual({ max: 100 });
  expect(limitsOf(manager({ load_control: false }))).toEqual({});
});
