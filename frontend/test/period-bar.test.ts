import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { anchor, type PeriodBar } from "../src/parts/period-bar";
import { PeriodStore } from "../src/period-store";
import { loadTexts } from "../src/texts";
import { all, fakeHass, mount, one, settle, textOf } from "./support";

const hass = fakeHass();
let store: PeriodStore;
let bar: PeriodBar;

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ["Date"], now: new Date("2026-11-23T10:00:00Z") });
  await loadTexts(hass);
  store = new PeriodStore(hass, undefined, "month");
  bar = await mount<PeriodBar>("ews-period-bar", { hass, store });
});

afterEach(() => {
  vi.useRealTimers();
  document.body.replaceChildren();
});

const button = (label: string): HTMLButtonElement => one(bar, `button[aria-label="${label}"]`);

test("arrows go back and forward, not beyond today", async () => {
  expect(textOf(bar)).toContain("November 2026");
  expect(button("Forward").disabled).toBe(true);
  button("Back").click();
  await settle(bar);
  expect(textOf(bar)).toContain("October 2026");
  expect(button("Forward").disabled).toBe(false);
  button("Forward").click();
  expect(store.picked.period).toEqual({ span: "month", date: "2026-11-23" });
});

test("another length is that of the same day, and none that is to come", async () => {
  store.set({ period: { span: "year", date: "2026-12-05" } });
  await settle(bar);
  const [day, , year] = all<HTMLButtonElement>(bar, ".spans button");
  expect(year?.getAttribute("aria-pressed")).toBe("true");
  day?.click();
  expect(store.picked.period).toEqual({ span: "day", date: "2026-11-23" });
  expect(anchor({ start: "2026-01-05", end: "2026-01-12" }, "2026-11-23")).toBe("2026-01-11");
});

test("a day is picked from a calendar", async () => {
  const input = one<HTMLInputElement>(bar, "input");
  const pick = (value: string): void => {
    input.value = value;
    input.dispatchEvent(new Event("change"));
  };
  pick("2025-02-03");
  expect(store.picked.period).toEqual({ span: "month", date: "2025-02-03" });
  pick("2027-02-03");
  expect(store.picked.period).toEqual({ span: "month", date: "2026-11-23" });
});

test("the name opens the calendar", () => {
  const open = vi.fn();
  one<HTMLInputElement>(bar, "input").showPicker = open;
  one(bar, ".name").click();
  expect(open).toHaveBeenCalledOnce();
});

test("the way back to today is there where it is another time", async () => {
  const today = (): HTMLButtonElement => one(bar, ".more .button");
  expect(today().disabled).toBe(true);
  store.set({ period: { span: "day", date: "2026-01-01" } });
  await settle(bar);
  today().click();
  expect(store.picked.period).toEqual({ span: "day", date: "2026-11-23" });
});

test("the period before is switched on and off, where there is one", async () => {
  const compare = (): HTMLButtonElement => one(bar, "[role=switch]");
  expect(compare().getAttribute("aria-checked")).toBe("true");
  compare().click();
  await settle(bar);
  expect(store.picked.previous).toBe(false);
  expect(compare().getAttribute("aria-checked")).toBe("false");
  store.set({ period: { start: "2026-01-05", end: "2026-01-12" } });
  await settle(bar);
  expect(compare().disabled).toBe(true);
});

test("in a card the length is a list", async () => {
  bar.compact = true;
  await settle(bar);
  const list = one<HTMLSelectElement>(bar, "select");
  list.value = "ten_years";
  list.dispatchEvent(new Event("change"));
  expect(store.picked.period).toEqual({ span: "ten_years", date: "2026-11-23" });
});

test("what is gone from the page no longer follows", async () => {
  bar.remove();
  const draw = vi.spyOn(bar, "requestUpdate");
  store.shift(-1);
  expect(draw).not.toHaveBeenCalled();
  document.body.append(bar);
  await settle(bar);
  expect(textOf(bar)).toContain("October 2026");
});
