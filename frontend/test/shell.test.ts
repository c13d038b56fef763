/** The light card that dashboards know: what it passes on, what it does until the module is there, what goes wrong. */

import { afterEach, describe, expect, it, vi } from "vitest";
import type { CardConfig, FormField, HomeAssistant } from "../src/ha";
import { type CardModule, defineShell } from "../src/shell";
import { fakeHass, settle } from "./support";

const GRID = { columns: 6, min_columns: 3 } as const;

/** What is inside a shell: it keeps what it is told, in order. */
class Inside extends HTMLElement {
  told: [string, unknown][] = [];
  setConfig(config: CardConfig): void {
    if (config.wrong) throw new Error("That is wrong");
    this.told.push(["config", config]);
  }
  set hass(hass: HomeAssistant) {
    this.told.push(["hass", hass]);
  }
  set layout(layout: string) {
    this.told.push(["layout", layout]);
  }
  set preview(preview: boolean) {
    this.told.push(["preview", preview]);
  }
  getCardSize = (): number => 3;
  getGridOptions = (): object => ({ columns: 4 });
}
customElements.define("test-inside", Inside);

type Shell = HTMLElement & {
  hass: HomeAssistant;
  layout: string;
  preview: boolean;
  setConfig(config: unknown): void;
  getCardSize(): number;
  getGridOptions(): object;
};
interface ShellClass {
  getConfigForm(): Promise<{
    schema: FormField[];
    assertConfig?: (config: object) => void;
    computeLabel(field: FormField): string;
    computeHelper(field: FormField): string | undefined;
  }>;
  getStubConfig(hass: HomeAssistant): Promise<object>;
}

let made = 0;

/** A shell of its own, with what gives its module. */
function define(module: Partial<CardModule> = {}) {
  made += 1;
  const name = `trial-${made}`;
  let arrive = (): void => undefined;
  let fail = (_: unknown): void => undefined;
  const coming = new Promise<CardModule>((done, broken) => {
    arrive = () => done({ tag: "test-inside", form: () => ({ schema: [] }), ...module });
    fail = broken;
  });
  const load = vi.fn(() => coming);
  defineShell({ name, load, grid: GRID });
  const tag = `legrand-ews-${name}`;
  return { load, arrive, fail, tag, kind: customElements.get(tag) as unknown as ShellClass };
}

function place(tag: string): Shell {
  const shell = document.createElement(tag) as Shell;
  document.body.append(shell);
  return shell;
}

const inside = (shell: Shell): Inside => shell.firstElementChild as Inside;
const config = (more: object = {}): CardConfig => ({ type: "custom:x", ...more });

afterEach(() => document.body.replaceChildren());

describe("until its module is there", () => {
  it("a card that is only defined loads nothing", () => {
    const { load, tag } = define();
    place(tag);
    expect(load).not.toHaveBeenCalled();
  });

  it("keeps the last of what it is told, and hands it over at once", async () => {
    const { arrive, tag } = define();
    const [first, last] = [fakeHass(), fakeHass()];
    const shell = place(tag);
    shell.setConfig(config());
    shell.setConfig(config({ title: "Newer" }));
    shell.hass = first;
    shell.layout = "grid";
    shell.preview = true;
    shell.hass = last;
    await settle();
    expect([shell.childElementCount, shell.getCardSize(), shell.getGridOptions()]).toEqual([0, 6, GRID]);
    arrive();
    await settle();
    expect(inside(shell).told).toEqual([
      ["config", config({ title: "Newer" })],
      ["layout", "grid"],
      ["preview", true],
      ["hass", last],
    ]);
    expect(inside(shell).told.at(-1)?.[1]).toBe(last);
    expect([shell.childElementCount, shell.getCardSize(), shell.getGridOptions()]).toEqual([1, 3, { columns: 4 }]);
  });

  it("says nothing of what it was not told", async () => {
    const { arrive, tag } = define();
    const shell = place(tag);
    shell.setConfig(config());
    arrive();
    await settle();
    expect(inside(shell).told).toEqual([["config", config()]]);
  });
});

it("a card passes on what comes later", async () => {
  const { arrive, tag } = define();
  const shell = place(tag);
  shell.setConfig(config());
  arrive();
  await settle();
  const card = inside(shell);
  const hass = fakeHass();
  shell.hass = hass;
  shell.layout = "panel";
  shell.preview = false;
  shell.setConfig(config({ title: "New" }));
  expect(inside(shell)).toBe(card);
  expect(card.told.slice(1)).toEqual([
    ["hass", hass],
    ["layout", "panel"],
    ["preview", false],
    ["config", config({ title: "New" })],
  ]);
});

describe("what is wrong", () => {
  it.each([null, "text", undefined])("is told at once where it is no configuration: %s", (wrong) => {
    expect(() => place(define().tag).setConfig(wrong)).toThrow("no object");
  });

  it("is told by the card where it is there already", async () => {
    const { arrive, tag } = define();
    const shell = place(tag);
    shell.setConfig(config());
    arrive();
    await settle();
    expect(() => shell.setConfig(config({ wrong: true }))).toThrow("That is wrong");
  });

  it("is shown by Home Assistant's error card, also where that one is defined later; and mended", async () => {
    const { arrive, tag } = define();
    arrive();
    const shell = place(tag);
    shell.setConfig(config({ wrong: true }));
    await settle();
    expect(shell.firstElementChild?.localName).toBe("hui-error-card");
    const shown: object[] = [];
    customElements.define(
      "hui-error-card",
      class extends HTMLElement {
        setConfig(said: object): void {
          shown.push(said);
        }
      },
    );
    await settle();
    expect(shown).toEqual([{ type: "error", message: "That is wrong", error: "That is wrong" }]);
    shell.setConfig(config());
    await settle();
    expect(inside(shell).told).toEqual([["config", config()]]);
    expect(shell.childElementCount).toBe(1);
  });

  it("can be the module: it did not come", async () => {
    const { fail, tag } = define();
    const shell = place(tag);
    shell.setConfig(config());
    fail(new TypeError("Failed to fetch"));
    await settle();
    expect(shell.firstElementChild?.localName).toBe("hui-error-card");
  });
});

describe("the editor", () => {
  const FIELDS: FormField[] = [{ name: "keys" }, { name: "title" }, { name: "no_such_field" }];

  function page(hass?: HomeAssistant): void {
    document.body.append(Object.assign(document.createElement("home-assistant"), { hass }));
  }

  it("has the module's fields, with our words for labels and help", async () => {
    const assertConfig = vi.fn();
    const form = vi.fn(() => ({ schema: FIELDS, assertConfig }));
    const { arrive, kind } = define({ form });
    const hass = fakeHass();
    page(hass);
    arrive();
    const { schema, computeLabel, computeHelper, ...more } = await kind.getConfigForm();
    expect(form).toHaveBeenCalledWith(hass);
    expect(schema).toBe(FIELDS);
    expect(more.assertConfig).toBe(assertConfig);
    expect(FIELDS.map(computeLabel)).toEqual(["Only these", "Title", "editor_no_such_field"]);
    expect(FIELDS.map(computeHelper)).toEqual(["All if nothing is chosen", undefined, undefined]);
  });

  it("is empty where there is no page to ask", async () => {
    const { arrive, kind } = define({ form: () => expect.fail("not without a house") });
    arrive();
    expect(await kind.getConfigForm()).toEqual({ schema: [] });
  });

  it("begins with the module's configuration, or with none", async () => {
    const hass = fakeHass();
    const [some, none] = [define({ stub: async (house) => ({ same: house === hass }) }), define()];
    some.arrive();
    none.arrive();
    expect(await some.kind.getStubConfig(hass)).toEqual({ same: true });
    expect(await none.kind.getStubConfig(hass)).toEqual({});
  });
});

it("a card that is defined twice stays the first one", () => {
  const { tag, kind } = define();
  defineShell({ name: tag.replace("legrand-ews-", ""), load: () => expect.fail("never"), grid: {} });
  expect(customElements.get(tag)).toBe(kind);
});
