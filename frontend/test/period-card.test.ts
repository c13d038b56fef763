import { afterEach, expect, test } from "vitest";
import "../src/cards/period";
import { form } from "../src/cards/period";
import { periodStore } from "../src/period-store";
import { fakeHass, mountCard, settle, textOf } from "./support";

afterEach(() => document.body.replaceChildren());

test("the card controls the page's period as long as it is there", async () => {
  const hass = fakeHass();
  const store = periodStore(hass);
  const card = await mountCard("ews-period-card", hass);
  expect(store.controlled).toBe(true);
  card.remove();
  expect(store.controlled).toBe(false);
  document.body.append(card);
  await settle(card);
  expect(store.controlled).toBe(true);
});

test("the first length is set once: what people choose stays", async () => {
  const hass = fakeHass();
  const card = await mountCard("ews-period-card", hass, { span: "year" });
  const store = periodStore(hass);
  expect(store.picked.period).toMatchObject({ span: "year" });
  store.set({ period: { span: "day", date: "2026-01-01" } });
  card.remove();
  await mountCard("ews-period-card", hass, { span: "year" });
  expect(store.picked.period).toEqual({ span: "day", date: "2026-01-01" });
});

test("another selection is controlled by its key", async () => {
  const hass = fakeHass();
  await mountCard("ews-period-card", hass, { collection_key: "energy_other" });
  expect(periodStore(hass, "energy_other").controlled).toBe(true);
  expect(periodStore(hass).controlled).toBe(false);
});

test("a title is shown where one is configured", async () => {
  const card = await mountCard("ews-period-card", fakeHass(), { title: "Which time" });
  expect(textOf(card)).toContain("Which time");
  expect(form(fakeHass()).schema.map((field) => field.name)).toEqual(["title", "span", "collection_key"]);
});
