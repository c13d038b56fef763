/** The views that the dashboard makes: of what is installed, for who may see it; and what it says where nothing is. */

import { describe, expect, it, test } from "vitest";
import type { Access, Board, Right, Site } from "../src/answers";
import type { CardOf, View } from "../src/strategy/config";
import { dashboard, view } from "../src/strategy/dashboard";
import { VIEWS } from "../src/strategy/views";
import { type FakeHass, fakeHass, refuse } from "./support";

const ALL: Right[] = [
  "panel",
  "consumption",
  "tariffs",
  "charging",
  "alarms",
  "system",
  "reports",
  "command",
  "charge",
  "acknowledge",
  "configure",
];
const NAMES = ["panel", "consumption", "tariffs", "charging", "alarms", "system"];
const ADMINISTRATOR: Access = { role: "administrator", rights: ALL, administrator: true };
const linked = (entities: Record<string, string> = {}) => ({ device_id: null, entities });

const NOTHING: Board = {
  installation: null,
  gateways: [],
  devices: [],
  totals: null,
  prices: {},
  loads: {},
  groups: {},
  load_manager: null,
  stations: {},
  active_alarms: null,
};
const GATEWAY: Board = {
  ...NOTHING,
  gateways: [
    {
      id: "g",
      name: "Panel",
      device_id: null,
      area: null,
      endpoint: "192.0.2.1:502",
      loaded: true,
      entities: { bus_load: "sensor.bus_load" },
    },
  ],
};
const DEVICES: Board = { ...GATEWAY, devices: [{ id: "d" } as Board["devices"][number]] };
const INSTALLED: Board = { ...DEVICES, installation: { id: "i", name: "Works", device_id: null } };
const WHOLE: Board = {
  ...INSTALLED,
  active_alarms: "sensor.alarms",
  prices: {
    electricity: { price: "sensor.price", tariff: "sensor.tariff", calendar: "calendar.tariffs" },
    gas: { price: "sensor.gas_price" },
  },
  load_manager: linked({ zone: "sensor.zone", headroom_l1: "sensor.l1", headroom_l3: "sensor.l3" }),
  stations: { a: linked(), b: linked() },
};
const SITE = {
  groups: { hall: "Hall" },
  devices: [
    { id: "relay", commodity: null },
    { id: "meter", commodity: "electricity" },
  ],
} as unknown as Site;
const PRICED = { plans: { electricity: { tariffs: [{ id: "t" }] }, gas: { tariffs: [] } } };
const UNPRICED = { plans: { electricity: { tariffs: [] } } };

interface Home {
  board?: Board;
  access?: Access;
  answers?: Record<string, unknown>;
}

const home = ({ board = WHOLE, access = ADMINISTRATOR, answers = {} }: Home = {}): FakeHass =>
  fakeHass({ answers: { access, board, site: SITE, tariffs: PRICED, ...answers } });

const rights = (...some: Right[]): Access => ({ role: "user", rights: some, administrator: false });
const made = (name: string, given: Home = {}): Promise<View> => view({ view: name }, home(given));
const cardsOf = ({ cards = [], sections = [] }: View): CardOf[] => [
  ...cards,
  ...sections.flatMap((section) => section.cards),
];

/** The cards of a view without headings, each as its type and what it is told. */
function placed(shown: View): string[] {
  return cardsOf(shown)
    .filter(({ type }) => type !== "heading")
    .map(({ type, grid_options, title, hours_to_show, ...told }) => {
      const said = Object.entries(told).map(([name, value]) => `${name}=${String(value)}`);
      return [type.replace("custom:legrand-ews-", "ews:"), ...said].join(" ");
    });
}

describe("the dashboard", () => {
  interface Made {
    views: { title: string; path?: string; strategy?: object; cards?: CardOf[] }[];
  }
  const views = async (given: Home = {}): Promise<Made["views"]> => ((await dashboard({}, home(given))) as Made).views;

  it("has all views for an administrator, made when they are opened", async () => {
    const shown = await views();
    expect(shown.map(({ path }) => path)).toEqual(NAMES);
    expect(shown.map(({ strategy }) => strategy)).toEqual(
      NAMES.map((name) => ({ type: "custom:legrand-ews", view: name })),
    );
    expect(shown.map(({ title }) => title)).toEqual([
      "My panel board",
      "Consumption",
      "Tariffs",
      "Green'Up",
      "Alarms",
      "System",
    ]);
  });

  it.each(VIEWS)("has the view $name for those with the right $right, and no other", async ({ name, right }) => {
    const own = await views({ access: rights(right, "reports") });
    expect(own.map(({ path }) => path)).toEqual([name]);
    const others = await views({ access: rights(...ALL.filter((each) => each !== right)) });
    expect(others.map(({ path }) => path)).toEqual(NAMES.filter((each) => each !== name));
  });

  it("has the same views where nothing is installed yet", async () => {
    expect((await views({ board: NOTHING })).map(({ path }) => path)).toEqual(NAMES);
  });

  it.each([
    ["no right", rights()],
    ["rights to no page", rights("reports", "command")],
  ])("says so to those with %s", async (_, access) => {
    const [only, ...more] = await views({ access });
    expect(more).toEqual([]);
    expect(only).toMatchObject({ title: "No access", cards: [{ type: "empty-state", title: "Nothing to see here" }] });
  });

  it("asks nothing that would be refused", async () => {
    const asked = async (access: Access): Promise<string[]> => {
      const hass = home({ access });
      await dashboard({}, hass);
      expect(hass.sent.map(({ type }) => type)).toEqual(["access"]);
      await view({ view: "alarms" }, hass);
      return [...new Set(hass.sent.map(({ type }) => type))].sort();
    };
    expect(await asked(rights())).toEqual(["access"]);
    expect(await asked(rights("alarms"))).toEqual(["access", "board", "site"]);
    expect(await asked(rights("tariffs"))).toEqual(["access", "board", "site", "tariffs"]);
  });

  it("knows what was installed since it was opened last", async () => {
    const hass = home({ board: NOTHING });
    expect(cardsOf(await view({ view: "panel" }, hass))[0]?.type).toBe("empty-state");
    hass.answer("board", WHOLE);
    expect(cardsOf(await view({ view: "panel" }, hass))[0]?.type).toBe("custom:legrand-ews-panel");
  });
});

describe("a view", () => {
  it("that there is not is an error", async () => {
    await expect(made("weather")).rejects.toThrow('There is no view "weather"');
  });

  it.each(VIEWS)("$name is closed to those without the right $right", async ({ name, right }) => {
    const shown = await made(name, { access: rights(...ALL.filter((each) => each !== right)) });
    expect(cardsOf(shown)).toMatchObject([{ type: "empty-state", title: "Nothing to see here" }]);
  });

  it.each<[string, Board, string]>([
    ...NAMES.map((name): [string, Board, string] => [name, NOTHING, "Connect your panel"]),
    ...["panel", "consumption", "tariffs", "charging"].map((name): [string, Board, string] => [
      name,
      GATEWAY,
      "Add your devices",
    ]),
    ...["consumption", "tariffs", "charging"].map((name): [string, Board, string] => [
      name,
      DEVICES,
      "Add the installation",
    ]),
    ["tariffs", INSTALLED, "Enter what energy costs"],
    ["charging", INSTALLED, "Charge cars safely"],
  ])("%s tells what to do next, and leads there those who may (case %#)", async (name, board, title) => {
    const answers = { tariffs: UNPRICED };
    const shown = await made(name, { board, answers });
    expect(shown.type).toBe("panel");
    expect(cardsOf(shown)).toMatchObject([
      {
        type: "empty-state",
        title,
        buttons: [
          { tap_action: { action: "navigate", navigation_path: expect.stringMatching(/^\/config\/.*legrand_ews$/) } },
        ],
      },
    ]);
    const [said] = cardsOf(await made(name, { board, answers, access: rights(...ALL) }));
    expect(said).toMatchObject({ title, content: expect.stringMatching(/^Please ask/) });
    expect(said).not.toHaveProperty("buttons");
  });

  it.each(NAMES)("%s has words for all its titles, and sections that it has room for", async (name) => {
    const { sections = [], max_columns = 0, ...rest } = await made(name);
    expect(sections.length).toBeGreaterThan(0);
    for (const { title, heading } of cardsOf({ sections, ...rest })) {
      for (const word of [title, heading]) expect(word ?? "Words").not.toMatch(/^[a-z]+_|^$/);
    }
    for (const { column_span } of sections) expect(column_span).toBeLessThanOrEqual(max_columns);
  });

  it.each(["consumption", "tariffs"])("%s has the period at its foot", async (name) => {
    expect((await made(name)).footer?.card.type).toBe("custom:legrand-ews-period");
  });

  it.each(["panel", "charging", "alarms", "system"])("%s is of now: it has no period", async (name) => {
    expect((await made(name)).footer).toBeUndefined();
  });
});

describe("what is installed decides", () => {
  test("panel: the badge of alarms is there where its entity is", async () => {
    const shown = await made("panel");
    expect([placed(shown), shown.badges]).toEqual([
      ["ews:panel"],
      [expect.objectContaining({ type: "entity", entity: "sensor.alarms" })],
    ]);
    expect((await made("panel", { board: DEVICES })).badges).toEqual([]);
  });

  test("consumption: the details are of the first device that measures something", async () => {
    const details = async (answers: Record<string, unknown> = {}): Promise<CardOf[]> =>
      cardsOf(await made("consumption", { answers })).filter(({ scope }) => scope === "device");
    expect(await details()).toMatchObject([{ keys: ["meter"], choose: true }]);
    for (const site of [{ ...SITE, devices: [] }, () => refuse("not_found")]) {
      expect((await details({ site })).map(({ keys }) => keys)).toEqual([undefined]);
    }
  });

  test("consumption: loads, kinds of energy, a comparison and the table of all devices", async () => {
    expect(placed(await made("consumption"))).toEqual(
      expect.arrayContaining([
        "ews:histogram scope=load",
        "ews:pie of=load",
        "ews:pie of=commodity",
        "ews:compare",
        "ews:totals of=device",
      ]),
    );
  });

  test("tariffs: a tile for each price and tariff that there is", async () => {
    const modes = ["ews:tariffs mode=total", "ews:tariffs mode=details", "ews:tariffs mode=week"];
    expect(placed(await made("tariffs"))).toEqual([
      ...modes,
      ...["sensor.price", "sensor.tariff", "sensor.gas_price"].map((entity) => `tile entity=${entity}`),
    ]);
    expect(placed(await made("tariffs", { board: INSTALLED }))).toEqual(modes);
  });

  test("tariffs: without an answer nothing has a price", async () => {
    const [said] = cardsOf(await made("tariffs", { answers: { tariffs: () => refuse("not_found") } }));
    expect(said).toMatchObject({ title: "Enter what energy costs" });
  });

  test("charging: a card for each station, the headroom of the phases that there are", async () => {
    expect(placed(await made("charging"))).toEqual([
      "ews:load-manager",
      "history-graph entities=sensor.l1,sensor.l3",
      "ews:station station=a",
      "ews:station station=b",
    ]);
  });

  test("charging: a load manager without stations, stations without a load manager", async () => {
    const alone = placed(await made("charging", { board: { ...WHOLE, stations: {} } }));
    expect(alone).toEqual(["ews:load-manager", "history-graph entities=sensor.l1,sensor.l3"]);
    const unmanaged = placed(await made("charging", { board: { ...WHOLE, load_manager: null } }));
    expect(unmanaged).toEqual(expect.arrayContaining(["ews:station station=a", "ews:station station=b"]));
    expect(unmanaged).not.toContainEqual(expect.stringMatching(/^history-graph/));
  });

  test("alarms need no more than a gateway", async () => {
    expect(placed(await made("alarms", { board: GATEWAY }))).toEqual(["ews:alarms"]);
  });

  test("system: the bus load of gateways that have it", async () => {
    const parts = (cards: string[]): string[] => cards.filter((card) => card.startsWith("ews:system"));
    const shown = placed(await made("system"));
    expect(parts(shown)).toEqual(["gateways", "archive", "versions", "links"].map((part) => `ews:system part=${part}`));
    expect(shown).toContain("history-graph entities=sensor.bus_load");
    const gateways = GATEWAY.gateways.map((gateway) => ({ ...gateway, entities: {} }));
    const without = placed(await made("system", { board: { ...GATEWAY, gateways } }));
    expect(without).toEqual(parts(shown));
  });
});
