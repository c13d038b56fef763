/** Past sessions: list and file. */

import { expect, it } from "vitest";
import "../src/parts/station-sessions";
import { costText, isoText, sessionsCsv } from "../src/parts/station-sessions";
import { loadTexts } from "../src/texts";
import { session } from "./charging-samples";
import { all, fakeHass, mount, textOf } from "./support";

const ZONE = "Europe/Paris";
const BREAK = { start: 1_795_421_700, seconds: 900, reason: "granted", values: {} };

async function list(...sessions: ReturnType<typeof session>[]) {
  const hass = fakeHass();
  await loadTexts(hass);
  return mount("ews-station-sessions", { hass, sessions, zone: ZONE });
}

it("tells tariffs, what has no price, and interruptions", async () => {
  const day = { tariff: "d", tariff_name: "Day", price: 0.18, currency: "EUR", energy: 11_900, cost: 2.18 };
  const text = textOf(await list(session("a", { tariffs: [day], unpriced: 300, interruptions: [BREAK] })));
  expect(text).toMatch(/Day 11.9\D*€2.18 Without a price 300.Wh –/);
  expect(text).toMatch(/Interruptions 09:15, 15.min: The car paused by itself/);
});

it("sums what was counted, each currency for itself", async () => {
  const other = session("b", { costs: { CHF: 1.5 }, energy: null });
  const text = textOf(await list(session("a"), session("c"), other));
  expect(text).toMatch(/^Sessions in 30 days: 3 · 28.4.kWh · €4.93 \+ CHF.1.50/);
});

it("shows the first five until all are asked for", async () => {
  const many = await list(...[1, 2, 3, 4, 5, 6, 7].map((n) => session(`${n}`)));
  expect(all(many, "details")).toHaveLength(5);
  all<HTMLButtonElement>(many, ".button")[0]?.click();
  await (many as unknown as { updateComplete: Promise<boolean> }).updateComplete;
  expect(all(many, "details")).toHaveLength(7);
});

it("says that there are none", async () => {
  expect(textOf(await list())).toBe("No sessions in the last 30 days.");
});

it("writes a column for each currency, and nothing where nothing is known", async () => {
  const hass = fakeHass();
  await loadTexts(hass);
  const unknown = session("b", { end: null, energy: null, charge: null, card: null, costs: { CHF: 1.5 } });
  const [head, first, second] = sessionsCsv(hass, [session("a"), unknown], ZONE)
    .slice(1)
    .split("\r\n");
  expect(head).toBe(
    "Start;End;Charging station;Card;Energy [kWh];Quantity [Ah];Cost [CHF];Cost [EUR];Without a price [kWh];Priority;Interruptions",
  );
  expect(first).toBe("2026-11-23T09:00:00+01:00;2026-11-23T11:00:00+01:00;Bay a;04A2B7;14,2;61,7;;2,4636;0;0;");
  expect(second).toBe("2026-11-23T09:00:00+01:00;;Bay a;;;;1,5;;0;0;");
});

it("tells the hour that is there twice apart", () => {
  expect(isoText(1_792_889_400, ZONE)).toBe("2026-10-25T02:50:00+02:00");
  expect(isoText(1_792_889_400 + 3600, ZONE)).toBe("2026-10-25T02:50:00+01:00");
  expect(isoText(0, "UTC")).toBe("1970-01-01T00:00:00+00:00");
});

it("has no cost where nothing has a price", () => {
  expect(costText(fakeHass(), {})).toBe("–");
  expect(costText(fakeHass(), { EUR: null })).toBe("–");
});
