import { describe, expect, it } from "vitest";
import { asksForCode, give, press, rightFor, turn, write } from "../src/parts/board-commands";
import { filterOf, namesOf, sectionsOf, usefulGroupings, usefulShows } from "../src/parts/board-groups";
import { lookOf, troubleOf, valueText } from "../src/parts/board-look";
import { devicePages } from "../src/parts/device-pages";
import { phaseOf, phaseTables } from "../src/parts/phase-tables";
import { loadTexts } from "../src/texts";
import { boardDevice, boardOf } from "./board-support";
import { fakeHass, numbersFrom } from "./support";

describe("how a device is", () => {
  const main = { communication: "binary_sensor.c", state: "sensor.b", trip: "binary_sensor.t", power: "sensor.p" };
  const breaker = boardDevice("Pump", { kind: "breaker", main, pages: { state: ["sensor.b", "binary_sensor.alarm"] } });
  const states = {
    "binary_sensor.c": "on",
    "sensor.b": "closed",
    "binary_sensor.t": "off",
    "sensor.p": { state: "5", attributes: { unit_of_measurement: "W" } },
    "binary_sensor.alarm": { state: "off", attributes: { device_class: "problem", friendly_name: "Pump Upper limit" } },
  };
  const look = (changes: Record<string, unknown> = {}, device = breaker, loaded = true) => {
    const hass = fakeHass({ states: { ...states, ...changes } as typeof states });
    return { ...lookOf(hass, device, loaded), trouble: troubleOf(hass, device, loaded) };
  };

  it("shows the position of a breaker", () => {
    expect(look()).toMatchObject({ word: "closed", tone: "active", icon: "mdi:electric-switch-closed" });
    expect(look({ "sensor.b": "open" })).toMatchObject({ word: "open", tone: "plain", icon: "mdi:electric-switch" });
  });

  it.each([
    ["silent", { "binary_sensor.c": "off", "sensor.b": "tripped" }, "No answer"],
    ["tripped", { "sensor.b": "tripped" }, "tripped"],
    ["problem", { "binary_sensor.alarm": { ...states["binary_sensor.alarm"], state: "on" } }, "Upper limit"],
  ])("says what is wrong: %s", (trouble, changes, word) => {
    expect(look(changes)).toMatchObject({ trouble, word });
  });

  it("is no trouble where it is out of service by intention", () => {
    const off = boardDevice("Pump", { ...breaker, enabled: false });
    expect(look({ "binary_sensor.c": "off" }, off)).toMatchObject({ trouble: undefined, word: "Switched off" });
    expect(look({ "binary_sensor.c": "off" }, breaker, false)).toMatchObject({ word: "Gateway not running" });
  });

  it("has a figure only where one is known", () => {
    expect(valueText(fakeHass({ states }), breaker)).toBe("5 W");
    expect(valueText(fakeHass({ states: { ...states, "sensor.p": "unavailable" } }), breaker)).toBe("");
    expect(valueText(fakeHass(), boardDevice("x"))).toBe("");
  });

  it("is the fault of a charging station", () => {
    const main = { communication: "binary_sensor.c", charge: "sensor.charge" };
    const station = boardDevice("Station", { kind: "station", main });
    expect(look({ "sensor.charge": "fault" }, station)).toMatchObject({ trouble: "fault", word: "fault" });
    expect(look({ "sensor.charge": "charging" }, station)).toMatchObject({ tone: "active", icon: "mdi:ev-station" });
  });
});

describe("headings", () => {
  const devices = ["10", "2", "5-2", "5"].map((address, index) =>
    boardDevice(`d${index}`, { address, load: index ? "heating" : null, groups: index === 1 ? ["a", "b"] : [] }),
  );
  const hass = fakeHass({ devices: { h: { id: "h", name: "Heating" } } });
  const board = boardOf(devices, { loads: { heating: { device_id: "h", entities: {} } } });

  it("orders addresses as people count", () => {
    const [all] = sectionsOf(devices, "gateway", namesOf(hass, board, undefined, "gateway"));
    expect(all?.name).toBe("Panel");
    expect(all?.devices.map(({ address }) => address)).toEqual(["2", "5", "5-2", "10"]);
  });

  it("puts what belongs nowhere last, and names loads without the archive too", () => {
    const sections = sectionsOf(devices, "load", namesOf(hass, board, undefined, "load"));
    expect(sections.map(({ name, devices }) => [name, devices.length])).toEqual([
      ["Heating", 3],
      [undefined, 1],
    ]);
  });

  it("offers what divides, and what there is", () => {
    expect(usefulGroupings(board)).toEqual(["gateway", "load", "group"]);
    expect(usefulShows(board)).toEqual(["all", "trouble", "meter"]);
  });

  it("loses no device, and shows one twice only in two groups", () => {
    const random = numbersFrom(7);
    for (let turn = 0; turn < 50; turn += 1) {
      const some = Array.from({ length: random(30) }, (_, index) =>
        boardDevice(`d${index}`, {
          address: String(random(40)),
          area: [null, "x", "y", "gone"][random(4)] ?? null,
          groups: ["a", "b", "gone"].filter(() => random(2) === 1),
        }),
      );
      const home = fakeHass({ areas: { x: { area_id: "x", name: "X" }, y: { area_id: "y", name: "Y" } } });
      const names = (key: string) => ({ a: "A", b: "B" })[key];
      const areas = sectionsOf(some, "area", namesOf(home, boardOf(some), undefined, "area"));
      expect(areas.flatMap(({ devices }) => devices.map(({ id }) => id)).sort()).toEqual(
        some.map(({ id }) => id).sort(),
      );
      const groups = sectionsOf(some, "group", names);
      for (const one of some) {
        const places = groups.filter(({ devices }) => devices.includes(one)).map(({ key }) => key);
        const known = new Set(one.groups.map((key) => (names(key) === undefined ? "" : key)));
        expect(new Set(places)).toEqual(known.size === 0 ? new Set([""]) : known);
      }
    }
  });

  it("finds by all words, in any order and case", () => {
    const found = (words: string) => devices.filter(filterOf(hass, board, "all", words)).map(({ id }) => id);
    expect(found("MULTIfunction d1")).toEqual(["d1"]);
    expect(found("5-2")).toEqual(["d2"]);
    expect(found(" ")).toHaveLength(4);
    expect(found("d1 nothing")).toEqual([]);
  });
});

describe("tables by phase", () => {
  const named = (...names: string[]) => names.map((name) => ({ id: name, name }));

  it("splits names, also before a comma", () => {
    expect(phaseOf("Voltage L1-L2")).toEqual(["Voltage", "L1-L2"]);
    expect(phaseOf("Voltage L1, maximum")).toEqual(["Voltage, maximum", "L1"]);
    expect(phaseOf("Power")).toEqual(["Power", ""]);
    expect(phaseOf("Contact L12")).toEqual(["Contact L12", ""]);
  });

  it("has the total beside the phases, and pairs in a table of their own", () => {
    const tables = phaseTables(named("Power", "Power L1", "Power L3", "Voltage L1", "Voltage L1-L2", "Frequency"));
    expect(tables).toEqual([
      {
        columns: ["", "L1", "L3"],
        lines: [
          { name: "Power", cells: ["Power", "Power L1", "Power L3"] },
          { name: "Voltage", cells: [undefined, "Voltage L1", undefined] },
        ],
      },
      { columns: ["L1-L2"], lines: [{ name: "Voltage", cells: ["Voltage L1-L2"] }] },
      { columns: [""], lines: [{ name: "Frequency", cells: ["Frequency"] }] },
    ]);
  });

  it("shows each value exactly once", () => {
    const random = numbersFrom(3);
    const tails = ["", " L1", " L2", " L3", " L1-L2", " L3-L1", " L1, maximum"];
    for (let turn = 0; turn < 100; turn += 1) {
      const values = Array.from({ length: random(20) }, (_, index) => ({
        id: `e${index}`,
        name: `${["Power", "Current"][random(2)]}${tails[random(tails.length)]}`,
      }));
      const cells = phaseTables(values).flatMap(({ lines }) => lines.flatMap((line) => line.cells));
      expect(cells.filter((cell) => cell !== undefined).sort()).toEqual(values.map(({ id }) => id).sort());
    }
  });
});

describe("pages", () => {
  it("are those of a station, its errors apart", () => {
    const entities = { "binary_sensor.a": "station_error_n", "binary_sensor.b": "charge_error", "sensor.c": "charge" };
    const hass = fakeHass({
      entities: Object.fromEntries(Object.entries(entities).map(([id, key]) => [id, { translation_key: key }])),
    });
    const pages = devicePages(hass, boardDevice("s", { kind: "station", pages: { charge: Object.keys(entities) } }));
    expect(pages.map(({ key, parts }) => [key, parts.flatMap((part) => part.entities)])).toEqual([
      ["charge", ["sensor.c"]],
      ["station_errors", ["binary_sensor.a"]],
      ["charge_errors", ["binary_sensor.b"]],
    ]);
  });

  it("have everything that a device has", () => {
    const names = "energy power voltage distortion volume other state charge command settings clock cost".split(" ");
    const pages = Object.fromEntries(names.map((name) => [name, [`sensor.${name}`]]));
    const found = (kind: string) =>
      devicePages(fakeHass(), boardDevice("d", { kind, pages })).flatMap(({ parts }) =>
        parts.flatMap((one) => one.entities),
      );
    expect(found("meter").sort()).toEqual(Object.values(pages).flat().sort());
    expect(found("station").sort()).toEqual(Object.values(pages).flat().sort());
  });
});

describe("commands", () => {
  const pump = boardDevice("Pump");
  const refusal = (key: string) => () => {
    throw { code: "service_validation_error", message: key, translation_key: key, translation_domain: "legrand_ews" };
  };
  const entities = {
    "button.close": { translation_key: "command_close" },
    "switch.output": { translation_key: "output_n" },
    "switch.socket": { translation_key: "ev_socket" },
    "select.mode": { translation_key: "mode" },
    "button.start": { translation_key: "start_charge" },
  };
  const states = { "button.close": { attributes: { friendly_name: "Pump Breaker close" } }, "switch.output": "on" };

  it("are given by the entity where no code is asked for", async () => {
    const hass = fakeHass({ entities, states });
    await loadTexts(hass);
    const command = press(hass, pump, "button.close");
    expect(command.label).toBe("Breaker close");
    expect(await give(hass, command)).toBeUndefined();
    expect(hass.called).toEqual([
      { domain: "button", service: "press", data: {}, target: { entity_id: "button.close" } },
    ]);
    expect(asksForCode(hass)).toBe(false);
  });

  it.each([
    [press, ["button.close"], "close_breaker", {}],
    [turn, ["switch.output", false], "switch_output", { turn_on: false }],
    [write, ["select.mode", "blinking", "Blinking"], "configure_output", { mode: "blinking" }],
  ] as const)("are given by an action with a code: %#", async (make, rest, service, data) => {
    const hass = fakeHass({ entities, states });
    const command = (make as (...all: unknown[]) => ReturnType<typeof press>)(hass, pump, ...rest);
    expect(await give(hass, command, "2580")).toBeUndefined();
    expect(hass.called[0]).toMatchObject({ domain: "legrand_ews", service, data: { ...data, code: "2580" } });
  });

  it("tell that a code is needed, and remember it", async () => {
    const hass = fakeHass({ entities, states, services: { "button.press": refusal("code_required") } });
    const refused = await give(hass, press(hass, pump, "button.close"));
    expect(refused).toEqual({ message: "code_required", code: true });
    expect(asksForCode(hass)).toBe(true);
  });

  it("ask for no code where nothing takes one", async () => {
    const hass = fakeHass({ entities, states, services: { "switch.turn_on": refusal("code_required") } });
    const refused = await give(hass, turn(hass, pump, "switch.socket", true));
    expect(refused).toEqual({ message: "code_required", code: false });
  });

  it("tell why they were not done", async () => {
    const hass = fakeHass({ entities, states, services: { "button.press": refusal("command_lost") } });
    expect(await give(hass, press(hass, pump, "button.close"))).toEqual({ message: "command_lost", code: false });
  });

  it("need the right of what they are about", () => {
    const hass = fakeHass({ entities });
    expect(rightFor(hass, "button.start")).toBe("charge");
    expect(rightFor(hass, "button.close")).toBe("command");
  });
});
