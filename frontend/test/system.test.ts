import { afterEach, describe, expect, it } from "vitest";
import { form, tag } from "../src/cards/system";
import type { SystemReport } from "../src/parts/system-report";
import { all, type FakeHass, fakeHass, mountCard, one, refuse, settle, textOf } from "./support";
import { archive, gateway, linkEnd, report } from "./system-reports";

function site(fields: Partial<SystemReport> = {}, answers: object = {}, parts: object = {}): FakeHass {
  const known = {
    "system/subscribe": report(fields),
    "archive/info": archive(),
    follow: { since: null, until: 1, revision: 1 },
  };
  return fakeHass({ answers: { ...known, ...answers }, ...parts });
}

afterEach(() => document.body.replaceChildren());

describe("the system card", () => {
  it("shows all sections, or one", async () => {
    const card = await mountCard(tag, site());
    expect(all(card, "h3").map(textOf)).toEqual(["Gateways", "Archive", "Versions", "Links between modules"]);
    const part = await mountCard(tag, site(), { part: "versions" });
    expect(textOf(one(part, "h2"))).toBe("Versions");
    expect(textOf(part)).toContain("Energy Web Server 1.0.0 Home Assistant 2026.10.4 Python 3.14.1");
    expect(textOf(part)).not.toContain("Bus load");
  });

  it("shows gateways as they are now, and what to do", async () => {
    const hass = site();
    const card = await mountCard(tag, hass, { part: "gateways" });
    expect(textOf(card)).toMatch(/Panel Connected .*Bus load 34\s% Cycle time 1\.2\ss .*Errors 0/);
    expect(all(card, ".advice")).toEqual([]);
    hass.push("system/subscribe", report({ gateways: [gateway({ silent: [5, 12] }), gateway({ connected: false })] }));
    await settle(card);
    expect(all(card, ".advice").map(textOf)).toEqual([
      expect.stringContaining("No answer from: 5, 12"),
      expect.stringContaining("The gateway does not answer"),
    ]);
  });

  it("tells why a gateway is not at work, in words where they are known", async () => {
    const away = { connected: null, units: null, bus_load: null, requests: null, errors: null };
    const gateways = [gateway({ ...away, problem: "not_loaded" }), gateway({ ...away, problem: "No route to host" })];
    const card = await mountCard(tag, site({ gateways }), { part: "gateways" });
    expect(textOf(card)).toContain("Not at work: not loaded");
    expect(textOf(card)).toContain("Not at work: No route to host");
    expect(textOf(card)).not.toContain("Bus load");
  });

  it("shows how the archive fares", async () => {
    const hass = site({}, { "archive/info": archive({ size: null, queued: 12, error: "The disk is full." }) });
    const card = await mountCard(tag, hass, { part: "archive" });
    expect(textOf(card)).toMatch(/Needs attention The disk is full\. New rows wait/);
    expect(textOf(card)).toMatch(/Size – Disk 80\.0\sGB of 256\sGB free/);
    expect(textOf(card)).toContain("Rows waiting 12");
    hass.answer("archive/info", archive());
    hass.push("follow", { since: 0, until: 2, revision: 1 });
    await settle(card);
    expect(textOf(card)).toMatch(/All is well .*Size 84\.5\sMB/);
  });

  it.each([true, false])("leads those who may (%s) to the settings where nothing is recorded", async (is_admin) => {
    const user = { id: "u", name: "Test", is_admin };
    const hass = site({ gateways: [] }, { "archive/info": () => refuse("no_installation") }, { user });
    const card = await mountCard(tag, hass);
    expect(textOf(card)).toContain("there is no installation yet");
    expect(textOf(card)).toContain("There is no gateway yet");
    expect(all(card, ".notice .button")).toHaveLength(is_admin ? 2 : 0);
  });

  it("shows what is wrong with own register maps", async () => {
    const errors = [{ file: "mine.yaml", line: 12, key: null, reason: "no number" }];
    const catalog = { models: 1, maps: 1, user_maps: 1, errors };
    const card = await mountCard(tag, site({ catalog }), { part: "versions" });
    expect(textOf(one(card, ".advice"))).toBe("Your register map is left out. mine.yaml, line 12: no number");
  });

  it("shows links from event to action, and those that fail", async () => {
    const stranger = linkEnd({ device: null, name: null, function: null, address: "44" });
    const links = [
      { event: linkEnd(), action: linkEnd({ name: "Lights", function: "control" }), error: false },
      { event: linkEnd(), action: stranger, error: true },
    ];
    const card = await mountCard(tag, site({ links }), { part: "links" });
    const rows = all(card, "li");
    expect(textOf(rows[0] as Element)).toBe(
      "Push button Inputs and outputs · Panel · address 12 Lights Control · Panel · address 12",
    );
    expect(textOf(rows[1] as Element)).toContain("Module that is not set up Panel · address 44");
    expect(all(card, "li [role=img]").map((sign) => sign.getAttribute("aria-label"))).toEqual([
      "leads to",
      "Link fails",
    ]);
    expect(textOf(card)).toContain("EMS configuration software");
  });

  it("says who may not see it", async () => {
    const hass = site();
    hass.connection.subscribeMessage = async () => refuse("unauthorized", "The right System is missing");
    expect(textOf(await mountCard(tag, hass))).toContain("The right System is missing");
  });

  it("follows no more once it is away", async () => {
    const hass = site();
    const card = await mountCard(tag, hass);
    expect(hass.subscribed).toContain("system/subscribe");
    card.remove();
    await settle();
    expect(hass.subscribed).not.toContain("system/subscribe");
  });

  it("refuses a part that there is not", () => {
    const card = document.createElement(tag) as unknown as { setConfig(config: object): void };
    expect(() => card.setConfig({ type: "x", part: "cpu" })).toThrow("part");
  });

  it("has an editor for the part", async () => {
    const hass = site();
    await mountCard(tag, hass);
    const part = form(hass).schema.find(({ name }) => name === "part");
    const links = { value: "links", label: "Links between modules" };
    expect(part?.selector).toMatchObject({ select: { options: expect.arrayContaining([links]) } });
  });
});
