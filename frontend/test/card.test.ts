/** What all cards have in common, on cards that count how often they are drawn. */

import { html, type TemplateResult } from "lit";
import { afterEach, beforeEach, describe, expect, it, test, vi } from "vitest";
import { EwsCard } from "../src/card";
import { client } from "../src/client";
import type { CardConfig, HomeAssistant } from "../src/ha";
import { PeriodCard } from "../src/period-card";
import { periodStore } from "../src/period-store";
import { all, type FakeHass, fakeHass, mountCard, one, refuse, settle, textOf, withStates } from "./support";

class Plain extends EwsCard<CardConfig & { more?: string }> {
  drawn = 0;
  first = 0;
  changes: string[] = [];
  fault: unknown;
  protected override watched(): string[] {
    return ["sensor.ours"];
  }
  protected override tools() {
    return [this.enlarger(), { icon: "mdi:download", label: "Save", press: () => undefined }];
  }
  protected heading(): string {
    return "The heading";
  }
  protected override firstUpdated(): void {
    this.first += 1;
  }
  protected override updated(changed: Map<PropertyKey, unknown>): void {
    this.changes.push(...[...changed.keys()].map(String));
  }
  protected content(): TemplateResult {
    this.drawn += 1;
    return this.fault === undefined ? html`<p>${this.t("action_full_screen")}</p>` : this.trouble(this.fault);
  }
}
customElements.define("test-plain", Plain);

class Timed extends PeriodCard {
  asked: [span: string, previous: boolean][] = [];
  answers: (() => void)[] = [];
  shown = "";
  slow = false;
  protected heading(): string {
    return "Timed";
  }
  protected async load(mine: () => boolean): Promise<void> {
    const name = JSON.stringify(this.period);
    this.asked.push([name, this.previous]);
    if (this.slow) await new Promise<void>((done) => this.answers.push(done));
    await client(this.hass).ask("consumption", { name });
    if (mine()) this.shown = name;
  }
  protected content(): TemplateResult {
    if (this.error !== undefined) return this.trouble(this.error);
    return html`${this.loading ? "…" : ""}${this.shown} ${this.site?.name}${this.navigation()}`;
  }
}
customElements.define("test-timed", Timed);

const STATES = { "sensor.ours": "1", "sensor.other": "1" };
const house = (more: object = {}): FakeHass => fakeHass({ states: STATES, ...more });

afterEach(() => {
  document.body.replaceChildren();
  vi.restoreAllMocks();
});

describe("a card is drawn", () => {
  let card: Plain;
  let hass: FakeHass;

  beforeEach(async () => {
    hass = house();
    card = await mountCard<Plain>("test-plain", hass);
    card.drawn = 0;
  });

  const drawnWith = async (next: HomeAssistant): Promise<number> => {
    card.hass = next;
    await settle(card);
    return card.drawn;
  };

  it("when an entity that it watches changes", async () => {
    expect(await drawnWith(withStates(hass, { "sensor.ours": "2" }))).toBe(1);
  });

  it("not with the other states of the house", async () => {
    expect(await drawnWith(withStates(hass, { "sensor.other": "2" }))).toBe(0);
    expect(await drawnWith({ ...hass, areas: {} })).toBe(0);
  });

  it.each([
    ["locale", { locale: {} }],
    ["themes", { themes: { darkMode: true } }],
    ["user", { user: { id: "v", name: "V", is_admin: false } }],
    ["connection's state", { connected: false }],
  ])("with another %s", async (_, part) => {
    expect(await drawnWith({ ...hass, ...part } as HomeAssistant)).toBe(1);
  });

  it("when an entity is watched that comes or goes", async () => {
    expect(await drawnWith({ ...hass, states: {} })).toBe(1);
    expect(await drawnWith(hass)).toBe(2);
  });

  it("with another configuration, and with its own title", async () => {
    expect(one(card, "h2").textContent).toBe("The heading");
    card.setConfig({ type: "x", title: "Mine" });
    await settle(card);
    expect([one(card, "h2").textContent, card.drawn]).toEqual(["Mine", 1]);
  });

  it("once for a change of both", async () => {
    card.setConfig({ type: "x" });
    expect(await drawnWith(withStates(hass, { "sensor.other": "2" }))).toBe(1);
  });
});

test("a card without a configuration or a house is not drawn", async () => {
  const card = document.createElement("test-plain") as Plain;
  document.body.append(card);
  await settle(card);
  card.hass = house();
  await settle(card);
  expect(card.drawn).toBe(0);
  card.setConfig({ type: "x" });
  await settle(card);
  expect(card.drawn).toBe(1);
});

describe("words", () => {
  /** Another language for each test: words are kept for the page. */
  let languages = 0;
  function slow(): { hass: FakeHass; arrive: () => void; load: ReturnType<typeof vi.fn> } {
    languages += 1;
    let arrive = (): void => undefined;
    const coming = new Promise<unknown>((done) => {
      arrive = () => done((key: string) => `word of ${key.split(".").at(-1)}`);
    });
    const load = vi.fn(() => coming);
    return {
      hass: house({ language: `l${languages}`, loadBackendTranslation: load, localize: () => "" }),
      arrive,
      load,
    };
  }

  /** A card on the page that nobody waits for. */
  async function place(hass: FakeHass): Promise<Plain> {
    const card = document.createElement("test-plain") as Plain;
    card.setConfig({ type: "x" });
    card.hass = hass;
    document.body.append(card);
    await settle();
    return card;
  }

  it("are loaded first, once, and found though the house is older than they are", async () => {
    const { hass, arrive, load } = slow();
    const [card] = await Promise.all([place(hass), place(hass)]);
    expect(card.drawn).toBe(0);
    arrive();
    await settle();
    expect(load.mock.calls).toEqual([["common", "legrand_ews"]]);
    expect(one(card, "p").textContent).toBe("word of action_full_screen");
  });

  it("lose nothing of what changes meanwhile", async () => {
    const { hass, arrive } = slow();
    const card = await place(hass);
    card.layout = "grid";
    card.setConfig({ type: "x", title: "Newer" });
    card.hass = withStates(hass, { "sensor.ours": "2" });
    await settle();
    arrive();
    await settle();
    expect(card.drawn).toBe(1);
    expect(card.changes).toEqual(expect.arrayContaining(["config", "hass", "layout"]));
    expect(one(card, "h2").textContent).toBe("Newer");
  });

  it("that come when the card has gone: it is drawn when it is there again", async () => {
    const { hass, arrive } = slow();
    const card = await place(hass);
    card.remove();
    arrive();
    await settle();
    expect([card.drawn, card.first]).toEqual([0, 0]);
    document.body.append(card);
    await settle();
    expect([card.drawn, card.first]).toEqual([1, 1]);
    expect(card.changes).toContain("config");
  });

  it("of another language are waited for", async () => {
    const { hass, arrive } = slow();
    const card = await place(house());
    card.hass = hass;
    await settle();
    expect(card.drawn).toBe(1);
    arrive();
    await settle();
    expect([card.drawn, one(card, "p").textContent]).toEqual([2, "word of action_full_screen"]);
  });

  it("that do not come are asked for again with the next state", async () => {
    const { hass, arrive, load } = slow();
    load.mockRejectedValueOnce(new Error("lost"));
    const card = await place(hass);
    arrive();
    await settle();
    expect(card.drawn).toBe(0);
    card.hass = withStates(hass, { "sensor.other": "2" });
    await settle();
    expect([card.drawn, load.mock.calls.length]).toEqual([1, 2]);
  });
});

test("a card that is off the page waits, and is drawn once when it comes back", async () => {
  const hass = house();
  const card = await mountCard<Plain>("test-plain", hass);
  card.remove();
  for (const value of ["2", "3", "4"]) {
    card.hass = withStates(hass, { "sensor.ours": value });
    await settle(card);
  }
  expect(card.drawn).toBe(1);
  document.body.append(card);
  await settle(card);
  expect(card.drawn).toBe(2);
});

describe("the full screen", () => {
  const press = async (card: Plain): Promise<void> => {
    all(card, "button.tool")[0]?.click();
    await settle(card);
  };
  const large = (card: Plain): boolean => one(card, ".card").classList.contains("large");
  const screen = (element: unknown): void => {
    Object.defineProperty(document, "fullscreenElement", { configurable: true, value: element });
  };

  afterEach(() => {
    for (const part of ["fullscreenElement", "exitFullscreen"]) Reflect.deleteProperty(document, part);
    Reflect.deleteProperty(HTMLElement.prototype, "requestFullscreen");
  });

  it("is the whole page where the browser has none, and left by the button or Escape", async () => {
    const card = await mountCard<Plain>("test-plain", house());
    expect([large(card), all(card, "button.tool").map((each) => each.getAttribute("aria-pressed"))]).toEqual([
      false,
      ["false", null],
    ]);
    await press(card);
    expect([large(card), all(card, "button.tool")[0]?.getAttribute("aria-label")]).toEqual([true, "Leave full screen"]);
    await press(card);
    expect(large(card)).toBe(false);
    await press(card);
    one(card, ".card").dispatchEvent(new KeyboardEvent("keydown", { key: "Escape" }));
    await settle(card);
    expect(large(card)).toBe(false);
  });

  it("is the browser's, and follows when people leave it by its own means", async () => {
    const card = await mountCard<Plain>("test-plain", house());
    const whole = one(card, ".card");
    const ask = vi.fn(async () => screen(card));
    whole.requestFullscreen = ask;
    await press(card);
    whole.dispatchEvent(new Event("fullscreenchange"));
    await settle(card);
    expect([ask.mock.calls.length, large(card)]).toEqual([1, true]);
    screen(null);
    whole.dispatchEvent(new Event("fullscreenchange"));
    await settle(card);
    expect(large(card)).toBe(false);
  });

  it("is given back by the button", async () => {
    const card = await mountCard<Plain>("test-plain", house());
    const leave = vi.fn(async () => screen(null));
    document.exitFullscreen = leave;
    one(card, ".card").requestFullscreen = async () => screen(card);
    await press(card);
    await press(card);
    expect([leave.mock.calls.length, large(card)]).toEqual([1, false]);
  });

  it("that the browser refuses is the whole page", async () => {
    const card = await mountCard<Plain>("test-plain", house());
    one(card, ".card").requestFullscreen = () => Promise.reject(new TypeError("no gesture"));
    await press(card);
    expect(large(card)).toBe(true);
  });

  it("ends with the page", async () => {
    const card = await mountCard<Plain>("test-plain", house());
    await press(card);
    card.remove();
    document.body.append(card);
    await settle(card);
    expect(large(card)).toBe(false);
  });
});

test.each([
  ["a missing right", { code: "unauthorized", message: "Not yours" }, "mdi:lock-outline", "Not yours"],
  ["anything else", new Error("No answer"), "mdi:alert-circle-outline", "No answer"],
])("%s is said in place of the content", async (_, fault, icon, said) => {
  const card = await mountCard<Plain>("test-plain", house());
  card.fault = fault;
  card.requestUpdate();
  await settle(card);
  expect(textOf(one(card, "[role=status]"))).toBe(said);
  expect(one<HTMLElement & { icon: string }>(card, "[role=status] ha-icon").icon).toBe(icon);
});

describe("a card of a time", () => {
  const TODAY = JSON.stringify({ span: "day", date: "2026-11-23" });
  const YESTERDAY = JSON.stringify({ span: "day", date: "2026-11-22" });

  function site(answers: object = {}): FakeHass {
    return fakeHass({
      answers: {
        site: { name: "Works" },
        consumption: {},
        follow: { since: null, revision: 1, begin: true },
        ...answers,
      },
    });
  }

  beforeEach(() => {
    vi.useFakeTimers({ now: new Date("2026-11-23T11:00:00Z"), toFake: ["Date"] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("asks for the page's period, and again when it changes", async () => {
    const hass = site();
    const card = await mountCard<Timed>("test-timed", hass);
    expect(card.asked).toEqual([[TODAY, true]]);
    expect(textOf(card)).toContain("Works");
    periodStore(hass).shift(-1);
    await settle(card);
    expect([card.asked.at(-1), card.shown]).toEqual([[YESTERDAY, true], YESTERDAY]);
  });

  it("shows only the answer to what was asked last", async () => {
    const hass = site();
    const card = await mountCard<Timed>("test-timed", hass);
    card.slow = true;
    periodStore(hass).shift(-1);
    periodStore(hass).shift(1);
    await settle(card);
    expect(textOf(card)).toContain("…");
    card.answers[1]?.();
    await settle(card);
    card.answers[0]?.();
    await settle(card);
    expect(card.shown).toBe(TODAY);
    expect(textOf(card)).not.toContain("…");
  });

  it("has the period before where page and configuration say so, and no range has one", async () => {
    const hass = site();
    const [shared, without] = [
      await mountCard<Timed>("test-timed", hass),
      await mountCard<Timed>("test-timed", hass, { previous: false }),
    ];
    expect([shared.asked.at(-1)?.[1], without.asked.at(-1)?.[1]]).toEqual([true, false]);
    periodStore(hass).set({ previous: false });
    expect(shared.asked.at(-1)?.[1]).toBe(false);
    periodStore(hass).set({ previous: true, period: { start: "2026-11-02", end: "2026-11-09" } });
    expect(shared.asked.at(-1)?.[1]).toBe(false);
  });

  it("has a period of its own where that is configured, and another when that changes", async () => {
    const hass = site();
    const card = await mountCard<Timed>("test-timed", hass, { period: "year" });
    periodStore(hass).shift(-1);
    await settle(card);
    expect(card.asked).toEqual([[JSON.stringify({ span: "year", date: "2026-11-23" }), true]]);
    card.setConfig({ type: "x", period: "month" });
    await settle(card);
    card.setConfig({ type: "x" });
    await settle(card);
    expect(card.asked.slice(1).map(([period]) => period)).toEqual([
      JSON.stringify({ span: "month", date: "2026-11-23" }),
      YESTERDAY,
    ]);
  });

  it("asks again when there are news, and keeps what it shows until then", async () => {
    const hass = site();
    const card = await mountCard<Timed>("test-timed", hass);
    card.slow = true;
    hass.push("follow", { since: null, revision: 2 });
    await settle(card);
    expect([card.asked.length, card.shown]).toEqual([2, TODAY]);
  });

  it("says why there is no answer, until there is one", async () => {
    const hass = site({ consumption: () => refuse("unauthorized", "Not yours") });
    const card = await mountCard<Timed>("test-timed", hass);
    expect(textOf(card)).toContain("Not yours");
    hass.answer("consumption", {});
    hass.push("follow", { since: null, revision: 2 });
    await settle(card);
    expect(textOf(card)).not.toContain("Not yours");
  });

  it("has its own arrows only where the page has nothing to choose with", async () => {
    const hass = site();
    const card = await mountCard<Timed>("test-timed", hass);
    expect(all(card, "ews-period-bar")).toHaveLength(1);
    const end = periodStore(hass).control();
    await settle(card);
    expect(all(card, "ews-period-bar")).toHaveLength(0);
    end();
    await settle(card);
    expect(all(card, "ews-period-bar")).toHaveLength(1);
  });

  it("asks for nothing while it is off the page, and at once when it is back", async () => {
    const hass = site();
    const card = await mountCard<Timed>("test-timed", hass);
    card.remove();
    periodStore(hass).shift(-1);
    await settle(card);
    expect(card.asked).toHaveLength(1);
    document.body.append(card);
    await settle(card);
    expect(card.asked.at(-1)).toEqual([YESTERDAY, true]);
    expect(card.shown).toBe(YESTERDAY);
  });
});
