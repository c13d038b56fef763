import { afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Board } from "../src/answers";
import "../src/cards/panel";
import type { LitElement } from "lit";
import { form, tag } from "../src/cards/panel";
import { boardDevice, boardOf } from "./board-support";
import { all, type FakeHass, fakeHass, mountCard, one, refuse, settle, textOf, withStates } from "./support";

const PUMP = boardDevice("pump", {
  name: "Pump",
  address: "7",
  kind: "breaker",
  load: "heating",
  functions: ["state", "command"],
  main: { state: "sensor.pump_breaker", communication: "binary_sensor.pump" },
  pages: {
    state: ["sensor.pump_breaker"],
    command: ["button.pump_open", "switch.pump_output"],
    settings: ["select.pump_mode"],
  },
});
const MAINS = boardDevice("mains", {
  name: "Mains",
  main: { power: "sensor.mains_power", communication: "binary_sensor.mains" },
  pages: { power: ["sensor.mains_power", "sensor.mains_power_l1"] },
});
const STATES = {
  "sensor.pump_breaker": { state: "closed", attributes: { friendly_name: "Pump Breaker" } },
  "binary_sensor.pump": "on",
  "binary_sensor.mains": "on",
  "button.pump_open": { state: "unknown", attributes: { friendly_name: "Pump Breaker open" } },
  "switch.pump_output": { state: "off", attributes: { friendly_name: "Pump Output 1" } },
  "select.pump_mode": {
    state: "impulsive",
    attributes: { friendly_name: "Pump Output 1 mode", options: ["impulsive", "blinking"] },
  },
  "sensor.mains_power": { state: "400", attributes: { friendly_name: "Mains Power", unit_of_measurement: "W" } },
  "sensor.mains_power_l1": { state: "100", attributes: { friendly_name: "Mains Power L1", unit_of_measurement: "W" } },
};
const ENTITIES = {
  "button.pump_open": { translation_key: "command_open" },
  "switch.pump_output": { translation_key: "output_n" },
  "select.pump_mode": { translation_key: "mode" },
};

function house(
  more: Record<string, unknown> = {},
  rights = ["panel", "command"],
  devices = [PUMP, MAINS],
  of: Partial<Board> = {},
): FakeHass {
  return fakeHass({
    answers: {
      board: boardOf(devices, of),
      access: { role: "installer", rights, administrator: false },
      site: { loads: { heating: "Heating" }, groups: {} },
      follow: { since: null, revision: 1 },
    },
    states: STATES,
    entities: ENTITIES,
    ...more,
  });
}

const names = (card: HTMLElement): string[] => all(card, ".name").map((name) => textOf(name));
const button = (root: Element, words: string): HTMLElement => {
  const found = all(root, "button").find((one) => textOf(one) === words);
  if (found === undefined) throw new Error(`no button ${words}`);
  return found;
};

async function open(hass: FakeHass, name: string): Promise<LitElement> {
  const card = await mountCard(tag, hass);
  const tile = all(card, "ews-board-tile").find((one) => textOf(one).includes(name));
  one(tile as HTMLElement, "button").click();
  await settle(card);
  return card;
}

async function press(card: LitElement, words: string): Promise<void> {
  button(card, words).click();
  await settle(card);
}

async function send(card: LitElement): Promise<void> {
  one(card, "ews-command-dialog")
    .shadowRoot?.querySelector("form")
    ?.dispatchEvent(new Event("submit", { cancelable: true }));
  await settle(card);
}

beforeAll(() => {
  HTMLDialogElement.prototype.showModal ??= function (this: HTMLDialogElement) {
    this.open = true;
  };
});
afterEach(() => document.body.replaceChildren());

describe("the board", () => {
  it("shows all devices by address, with value and state", async () => {
    const card = await mountCard(tag, house());
    expect(names(card)).toEqual(["Mains", "Pump"]);
    expect(textOf(one(card, ".tiles"))).toContain("400 W");
    expect(textOf(one(card, ".tiles"))).toContain("closed");
  });

  it("orders them otherwise", async () => {
    const card = await mountCard(tag, house(), { group_by: "load" });
    expect(all(card, "h3").map((title) => textOf(title).split(" Devices: ")[0])).toEqual(["Heating", "No load"]);
    await press(card, "Gateway");
    expect(all(card, "h3")).toHaveLength(1);
  });

  it("finds by words", async () => {
    const card = await mountCard(tag, house());
    const field = one<HTMLInputElement>(card, "input[type=search]");
    field.value = "pum";
    field.dispatchEvent(new Event("input"));
    await settle(card);
    expect(names(card)).toEqual(["Pump"]);
    field.value = "nothing";
    field.dispatchEvent(new Event("input"));
    await settle(card);
    await press(card, "Show all devices");
    expect(names(card)).toEqual(["Mains", "Pump"]);
  });

  it("leads to what has trouble", async () => {
    const card = await mountCard(tag, house({ states: { ...STATES, "binary_sensor.mains": "off" } }));
    await press(card, "1 with trouble");
    expect(names(card)).toEqual(["Mains"]);
    expect(textOf(card)).toContain("No answer");
  });

  it("draws only the tile whose entity changed", async () => {
    const hass = house();
    const card = await mountCard(tag, hass);
    const drawn: string[] = [];
    for (const tile of all<LitElement & { device: { id: string } }>(card, "ews-board-tile")) {
      const { id } = tile.device;
      tile.addController({ hostUpdated: () => drawn.push(id) });
    }
    const later = withStates(hass, {
      "sensor.mains_power": { state: "401", attributes: { unit_of_measurement: "W" } },
    });
    Object.assign(card, { hass: later });
    await settle(card);
    expect(drawn).toEqual(["mains"]);
    expect(textOf(card)).toContain("401 W");
    Object.assign(card, { hass: withStates(later, { "light.elsewhere": "on" }) });
    await settle(card);
    expect(drawn).toEqual(["mains"]);
  });

  it("tells a newcomer what to do, and where", async () => {
    const card = await mountCard(tag, house({ answers: { board: boardOf([], { gateways: [] }) } }));
    expect(one<HTMLAnchorElement>(card, "a").getAttribute("href")).toContain("domain=legrand_ews");
    const empty = house({ answers: { board: boardOf([]) }, user: { id: "u", name: "U", is_admin: false } });
    const other = await mountCard(tag, empty);
    expect(all(other, "a")).toHaveLength(0);
    expect(textOf(other)).toContain("Please ask");
  });

  it("says why it has nothing to show", async () => {
    const card = await mountCard(tag, house({ answers: { board: () => refuse("unauthorized", "You may not.") } }));
    expect(textOf(card)).toContain("You may not.");
  });

  it("shows one gateway only where it is told to", async () => {
    const other = boardDevice("far", { name: "Far", gateway: "elsewhere" });
    const card = await mountCard(tag, house({}, ["panel"], [PUMP, other]), { gateway: "g" });
    expect(names(card)).toEqual(["Pump"]);
    (card as unknown as { setConfig(config: object): void }).setConfig({ type: "x", gateway: "elsewhere" });
    await settle(card);
    expect(names(card)).toEqual(["Far"]);
  });

  it("refuses a grouping that there is not", () => {
    const card = document.createElement(tag) as unknown as { setConfig(config: object): void };
    expect(() => card.setConfig({ type: "x", group_by: "colour" })).toThrow("group_by");
  });

  it("has a form with the gateways", async () => {
    const { schema } = await form(house());
    expect(JSON.stringify(schema.find(({ name }) => name === "gateway"))).toContain("Panel");
  });
});

describe("the dialog of a device", () => {
  it("has the values by phase, and leads to more about each", async () => {
    const card = await open(house(), "Mains");
    const table = one(card, "table.phases");
    expect(textOf(table)).toBe("Quantity Total L1 Power 400 W 100 W");
    const asked: unknown[] = [];
    card.addEventListener("hass-more-info", (event) => asked.push((event as CustomEvent).detail));
    one(table, "button").click();
    expect(asked).toEqual([{ entityId: "sensor.mains_power" }]);
  });

  it("follows its values", async () => {
    const hass = house();
    const card = await open(hass, "Mains");
    Object.assign(card, {
      hass: withStates(hass, {
        "sensor.mains_power_l1": { state: "99", attributes: { friendly_name: "Mains Power L1" } },
      }),
    });
    await settle(card);
    expect(textOf(one(card, "table.phases"))).toContain("99");
  });

  it("asks before a command, and says that it was taken", async () => {
    const hass = house();
    const card = await open(hass, "Pump");
    await press(card, "Breaker open");
    expect(hass.called).toEqual([]);
    const question = textOf(one(card, "ews-command-dialog"));
    for (const said of ["Breaker open", "Pump", "Address 7", "Panel"]) expect(question).toContain(said);
    await send(card);
    expect(hass.called).toMatchObject([{ domain: "button", service: "press" }]);
    expect(textOf(one(card, ".done"))).toContain("Breaker open");
  });

  it("gives nothing that was cancelled", async () => {
    const hass = house();
    const card = await open(hass, "Pump");
    await press(card, "Breaker open");
    await press(card, "Cancel");
    expect(hass.called).toEqual([]);
    expect(all(card, "ews-command-dialog")).toHaveLength(0);
  });

  it("asks for the code that the site wants", async () => {
    const hass = house({
      services: {
        "switch.turn_on": () => {
          throw { code: "x", message: "A code is needed", translation_key: "code_required" };
        },
        "legrand_ews.switch_output": ({ code }: Record<string, unknown>) => {
          if (code !== "2580") throw { code: "x", message: "The code is wrong.", translation_key: "code_wrong" };
        },
      },
    });
    const card = await open(hass, "Pump");
    one(card, "[role=switch]").click();
    await settle(card);
    await send(card);
    const field = one<HTMLInputElement>(card, "input[type=password]");
    field.value = "1";
    await send(card);
    expect(textOf(one(card, ".failed"))).toContain("wrong");
    one<HTMLInputElement>(card, "input[type=password]").value = "2580";
    await send(card);
    expect(hass.called.at(-1)).toMatchObject({
      service: "switch_output",
      data: { turn_on: true, code: "2580" },
      target: { entity_id: "switch.pump_output" },
    });
    expect(all(card, "ews-command-dialog")).toHaveLength(0);
  });

  it("asks for the code at once where it is known that there is one", async () => {
    const hass = house({}, undefined, undefined, { code: true });
    const card = await open(hass, "Pump");
    one(card, "[role=switch]").click();
    await settle(card);
    one<HTMLInputElement>(card, "input[type=password]").value = "2580";
    await send(card);
    expect(hass.called.map(({ service }) => service)).toEqual(["switch_output"]);
  });

  it("shows a setting as it was read until it is read otherwise", async () => {
    const hass = house();
    const card = await open(hass, "Pump");
    await press(card, "Settings");
    const field = one<HTMLSelectElement>(one(card, "ews-device-dialog"), "select");
    field.value = "blinking";
    field.dispatchEvent(new Event("change"));
    await settle(card);
    expect(field.value).toBe("impulsive");
    await send(card);
    expect(hass.called).toMatchObject([{ domain: "select", service: "select_option", data: { option: "blinking" } }]);
  });

  it("has no buttons for those who may not command", async () => {
    const card = await open(house({}, ["panel"]), "Pump");
    const dialog = one(card, "ews-device-dialog");
    expect(textOf(dialog)).toContain("Output 1");
    expect(all(dialog, "[role=switch]")).toHaveLength(0);
    expect(textOf(dialog)).not.toContain("Breaker open");
  });

  it("goes when it is closed", async () => {
    const card = await open(house(), "Pump");
    one<HTMLButtonElement>(card, "ews-device-dialog")
      .shadowRoot?.querySelector<HTMLButtonElement>("button[aria-label=Close]")
      ?.click();
    await settle(card);
    expect(all(card, "ews-device-dialog")).toHaveLength(0);
  });
});
