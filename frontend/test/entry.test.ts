/** What every page of Home Assistant loads: names, the list of cards, and how little of it there is. */

import { afterEach, describe, expect, it } from "vitest";
import "../src/entry";
import type { CardModule } from "../src/shell";
import { fakeHass, settle } from "./support";

interface Listed {
  type: string;
  name: string;
  description: string;
  preview: boolean;
  documentationURL: string;
}
const { customCards, customStrategies } = window as Window & { customCards?: Listed[]; customStrategies?: object[] };

const MODULES = import.meta.glob<CardModule>("../src/cards/*.ts");
const SOURCES = import.meta.glob<string>("../src/**/*.ts", { query: "?raw", import: "default", eager: true });
const nameOf = (path: string): string => path.slice(path.lastIndexOf("/") + 1, -3);
const NAMES = Object.keys(MODULES).map(nameOf).sort();

const ACCESS = { role: "none", rights: [], administrator: false };

afterEach(() => document.body.replaceChildren());

/** Modules that come with one: those that it imports, and these import, but not what is loaded later. */
function comesWith(path: string, known = new Set<string>()): Set<string> {
  if (known.has(path)) return known;
  known.add(path);
  const source = SOURCES[path];
  if (source === undefined) return known;
  for (const [, from = ""] of source.matchAll(/^(?:import|export)\s(?!type\b)(?:[^;]*?\sfrom\s)?"([^"]+)";/gm)) {
    comesWith(
      from.startsWith(".") ? `${new URL(from, `file:///${path.slice(3)}`).pathname.replace("/", "../")}.ts` : from,
      known,
    );
  }
  return known;
}

describe("the entry", () => {
  it("lists a card for each module of a card, and no other", () => {
    expect(customCards?.map(({ type }) => type).sort()).toEqual(NAMES.map((name) => `legrand-ews-${name}`));
  });

  it("says what each card is", () => {
    for (const card of customCards ?? []) {
      expect(card.name).toMatch(/^Energy Web Server: \S/);
      expect(card.description.length).toBeGreaterThan(10);
      expect(card.documentationURL).toMatch(/^https:.*docs\/cards\.md$/);
    }
  });

  it("says it in the user's language, once its words are there", async () => {
    const words = { card_pie: "Énergie : parts", card_pie_about: "Qui consomme quoi" } as Record<string, string>;
    const localize = (key: string) => words[key.split(".").at(-1) ?? ""] ?? "";
    const hass = fakeHass({ language: "fr", localize: () => "", loadBackendTranslation: async () => localize });
    document.body.append(Object.assign(document.createElement("home-assistant"), { hass }));
    const pie = customCards?.find(({ type }) => type === "legrand-ews-pie");
    expect(pie?.name).toBe("Energy Web Server: Shares");
    await settle();
    expect(pie?.name).toBe("Énergie : parts");
    expect({ ...pie }.description).toBe("Qui consomme quoi");
    expect(customCards?.[0]?.name).toBe("Energy Web Server: Period");
  });

  it("lists the dashboard", () => {
    expect(customStrategies).toEqual([
      expect.objectContaining({ type: "legrand-ews", strategyType: "dashboard", name: "Energy Web Server" }),
    ]);
  });

  it("brings names only: nothing that draws", () => {
    expect([...comesWith("../src/entry.ts")].sort()).toEqual(
      ["entry", "ha", "shell", "texts"].map((name) => `../src/${name}.ts`),
    );
  });

  it("would be found out if it did", () => {
    expect([...comesWith("../src/cards/pie.ts")]).toEqual(expect.arrayContaining(["lit", "../src/period-card.ts"]));
  });
});

describe.each(NAMES)("the card %s", (name) => {
  const load = async (): Promise<CardModule> => {
    const module = await MODULES[`../src/cards/${name}.ts`]?.();
    if (module === undefined) throw new Error("There is no such module");
    return module;
  };
  const shell = customElements.get(`legrand-ews-${name}`) as unknown as {
    getConfigForm(): Promise<{ schema: { name: string }[]; computeLabel(field: object): string }>;
    getStubConfig(hass: object): Promise<object>;
  };

  it("is made of its own module", async () => {
    const { tag } = await load();
    expect(tag).toBe(`ews-${name}-card`);
    expect(customElements.get(tag)).toBeDefined();
    const card = document.createElement(`legrand-ews-${name}`) as HTMLElement & { setConfig(config: object): void };
    card.setConfig({ type: `custom:legrand-ews-${name}` });
    document.body.append(card);
    await settle();
    expect(card.firstElementChild?.localName).toBe(tag);
  });

  it("has an editor whose every field has a name, also where nothing is set up", async () => {
    document.body.append(Object.assign(document.createElement("home-assistant"), { hass: fakeHass() }));
    const { schema, computeLabel } = await shell.getConfigForm();
    expect(schema.length).toBeGreaterThan(0);
    for (const field of schema) expect(computeLabel(field)).not.toMatch(/^editor_|^$/);
  });

  it("has something to begin with, also where nothing is set up", async () => {
    expect(await shell.getStubConfig(fakeHass())).toBeTypeOf("object");
  });
});

describe("the dashboard's elements", () => {
  interface Strategy {
    generate(config: object, hass: object): Promise<{ views?: object[]; cards?: { icon: string }[] }>;
    getCreateSuggestions(hass: object): Promise<object>;
  }
  const strategy = (kind: string): Strategy =>
    customElements.get(`ll-strategy-${kind}-legrand-ews`) as unknown as Strategy;
  const hass = () => fakeHass({ answers: { access: ACCESS } });

  it("make the views, and one of them", async () => {
    expect((await strategy("dashboard").generate({}, hass())).views).toHaveLength(1);
    expect((await strategy("view").generate({ view: "panel" }, hass())).cards).toHaveLength(1);
  });

  it("name a new dashboard", async () => {
    expect(await strategy("dashboard").getCreateSuggestions(hass())).toEqual({
      title: "Energy Web Server",
      icon: "mdi:meter-electric",
    });
  });
});
