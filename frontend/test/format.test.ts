import { describe, expect, test } from "vitest";
import {
  barTexts,
  changeText,
  dateText,
  dateTimeText,
  durationText,
  energyUnit,
  moneyUnit,
  numberText,
  percentText,
  timeText,
  unitOf,
  volumeUnit,
} from "../src/format";
import { fakeHass, numbersFrom } from "./support";

const PARIS = "Europe/Paris";
const hass = fakeHass();
const at = (iso: string): number => Date.parse(iso) / 1000;
const plain = (text: string): string => text.replace(/[\u00a0\u202f]/g, " ").replace("’", "'");

function profile(locale: Record<string, string>): ReturnType<typeof fakeHass> {
  return fakeHass({ locale: { ...hass.locale, ...locale } });
}

describe("units", () => {
  test.each([
    [999, "Wh"],
    [1000, "kWh"],
    [9_999_999, "kWh"],
    [10_000_000, "MWh"],
    [9_999_999_999, "MWh"],
    [10_000_000_000, "GWh"],
    [-20_000, "kWh"],
    [0, "Wh"],
  ])("energies up to %d Wh are told in %s", (largest, name) => {
    expect(energyUnit(hass, largest).name).toBe(name);
  });

  test("volumes from 1 m³ on are told in m³", () => {
    expect(volumeUnit(hass, 999).write(999)).toBe("999\u00a0L");
    expect(volumeUnit(hass, 1000).write(1500)).toBe("1.50\u00a0m³");
    expect(unitOf(hass, "L", 2000).name).toBe("m³");
    expect(unitOf(hass, "Wh", 2000).name).toBe("kWh");
  });

  test.each([
    [9_000, 1_234, "1.23 kWh"],
    [99_000, 12_345, "12.3 kWh"],
    [2_500_000, 1_234_567, "1,235 kWh"],
    [99_000, 0, "0.0 kWh"],
    [99_000, 4, "0.004 kWh"],
    [99_000, -12_345, "-12.3 kWh"],
  ])("up to %d Wh, %d Wh are %s", (largest, value, text) => {
    expect(plain(energyUnit(hass, largest).write(value))).toBe(text);
  });

  test("what is unknown is no zero", () => {
    for (const unit of [energyUnit(hass, 5), volumeUnit(hass, 5), moneyUnit(hass, "EUR")]) {
      expect(unit.write(null)).toBe("–");
      expect(unit.write(undefined)).toBe("–");
    }
  });

  test("values in a unit are the base values again, and nothing known is written as nothing", () => {
    const next = numbersFrom(7);
    for (let turn = 0; turn < 500; turn += 1) {
      const largest = next(10 ** (1 + next(12)));
      const value = next(largest + 1);
      const unit = energyUnit(hass, largest);
      const factor = { Wh: 1, kWh: 1e3, MWh: 1e6, GWh: 1e9 }[unit.name] as number;
      expect(unit.value(value) * factor).toBeCloseTo(value, 3);
      if (value > 0) expect(unit.write(value)).toMatch(/[1-9]/);
    }
  });
});

describe("money", () => {
  test("is written as its currency is", () => {
    expect(moneyUnit(hass, "EUR").write(12.345)).toBe("€12.35");
    expect(moneyUnit(hass, "JPY").write(1234)).toBe("¥1,234");
    expect(plain(moneyUnit(profile({ language: "fr" }), "EUR").write(1234.5))).toBe("1 234,50 €");
  });

  test("of less than the smallest coin is not nothing", () => {
    expect(moneyUnit(hass, "EUR").write(0.0034)).toBe("€0.003");
    expect(moneyUnit(hass, "EUR").write(0)).toBe("€0.00");
  });

  test("without a currency is a number", () => {
    expect(moneyUnit(hass, null).write(3.5)).toBe("3.50");
    expect(moneyUnit(hass, null).name).toBe("");
    expect(moneyUnit(hass, "EUR").name).toBe("EUR");
  });
});

describe("numbers", () => {
  test.each([
    ["comma_decimal", "1,234.5"],
    ["decimal_comma", "1.234,5"],
    ["space_comma", "1 234,5"],
    ["quote_decimal", "1'234.5"],
    ["none", "1234.5"],
    ["language", "1,234.5"],
  ])("follow the profile: %s", (number_format, text) => {
    expect(plain(numberText(profile({ number_format }), 1234.5))).toBe(text);
  });

  test("have the decimals that are asked for", () => {
    expect(numberText(hass, 2, 3)).toBe("2.000");
    expect(numberText(hass, 2.345)).toBe("2.35");
  });

  test.each([
    [0.123, "12%"],
    [0.0123, "1.2%"],
    [0.0996, "10%"],
    [0, "0%"],
    [1, "100%"],
    [null, "–"],
  ])("a share of %s is %s", (share, text) => {
    expect(percentText(hass, share)).toBe(text);
  });

  test.each([
    [112, 100, "+12%"],
    [88, 100, "-12%"],
    [100, 100, "0%"],
    [5, 0, "–"],
    [null, 5, "–"],
    [5, null, "–"],
    [-50, -100, "+50%"],
  ])("%s after %s is %s", (now, before, text) => {
    expect(changeText(hass, now, before)).toBe(text);
  });
});

describe("times", () => {
  const noon = at("2026-11-23T13:05:00+01:00");

  test("are those of the site's zone, by the user's clock", () => {
    expect(timeText(hass, noon, PARIS)).toBe("13:05");
    expect(timeText(hass, noon, "UTC+05:30")).toBe("17:35");
    expect(plain(timeText(profile({ time_format: "12" }), noon, PARIS))).toBe("1:05 PM");
    expect(plain(timeText(profile({ time_format: "language" }), noon, PARIS))).toBe("1:05 PM");
    expect(timeText(profile({ time_format: "language", language: "de" }), noon, PARIS)).toBe("13:05");
  });

  test("midnight is 00:00", () => {
    expect(timeText(hass, at("2026-11-23T00:00:00+01:00"), PARIS)).toBe("00:00");
  });

  test("days are those of the user's language", () => {
    expect(dateText(profile({ language: "en-GB" }), noon, PARIS)).toBe("23 Nov 2026");
    expect(dateTimeText(profile({ language: "en-GB" }), noon, PARIS)).toBe("23 Nov 2026, 13:05");
  });

  test.each([
    [0, "0 s"],
    [59.4, "59 s"],
    [59.7, "1 min"],
    [1200, "20 min"],
    [4800, "1 h 20 min"],
    [7200, "2 h"],
    [3 * 86_400 + 4 * 3600, "3 days 4 h"],
  ])("%d s are %s", (seconds, text) => {
    expect(plain(durationText(hass, seconds))).toBe(text);
  });
});

describe("texts of bars", () => {
  const hours = (first: string, count: number): number[] =>
    Array.from({ length: count }, (_, n) => at(first) + n * 3600);
  const british = profile({ language: "en-GB" });

  test("hours of a day", () => {
    const { labels, titles } = barTexts(british, hours("2026-11-23T00:00:00+01:00", 24), "hour", PARIS);
    expect(labels[0]).toBe("00:00");
    expect(labels[23]).toBe("23:00");
    expect(titles[14]).toBe("Mon, 23 Nov 2026, 14:00 – 15:00");
    expect(titles[23]).toContain("23:00 – 00:00");
  });

  test("the hour that is there twice is told apart", () => {
    const { labels, titles } = barTexts(british, hours("2026-10-25T00:00:00+02:00", 25), "hour", PARIS);
    expect(new Set(labels).size).toBe(25);
    expect(new Set(titles).size).toBe(25);
    expect(labels.slice(1, 5)).toEqual(["01:00", "02:00", "02:00 (2)", "03:00"]);
    expect(titles[2]).toBe("Sun, 25 Oct 2026, 02:00 CEST – 02:00 CET");
    expect(titles[3]).toBe("Sun, 25 Oct 2026, 02:00 CET – 03:00 CET");
  });

  test("the hour that is left out has no bar, and the one before ends after it", () => {
    const { labels, titles } = barTexts(british, hours("2026-03-29T00:00:00+01:00", 23), "hour", PARIS);
    expect(labels.slice(0, 3)).toEqual(["00:00", "01:00", "03:00"]);
    expect(titles[1]).toContain("01:00 – 03:00");
  });

  test("hours of two days begin with the day", () => {
    const { labels } = barTexts(british, hours("2026-11-23T00:00:00+01:00", 48), "hour", PARIS);
    expect([labels[0], labels[1], labels[24]]).toEqual(["23 Nov", "01:00", "24 Nov"]);
  });

  test("twelve hours are short below the bars", () => {
    const { labels } = barTexts(profile({ time_format: "12" }), hours("2026-11-23T00:00:00+01:00", 24), "hour", PARIS);
    expect(plain(labels[14] as string)).toBe("2 PM");
  });

  test("days, months and years", () => {
    const days = ["2026-11-01", "2026-11-02"].map((day) => at(`${day}T00:00:00+01:00`));
    expect(barTexts(british, days, "day", PARIS).labels).toEqual(["1", "2"]);
    expect(barTexts(british, days, "day", PARIS).titles[0]).toBe("Sun, 1 November 2026");
    expect(barTexts(profile({ language: "de" }), days, "day", PARIS).labels).toEqual(["1", "2"]);
    const months = [at("2026-01-01T00:00:00+01:00"), at("2026-02-01T00:00:00+01:00")];
    expect(barTexts(british, months, "month", PARIS)).toEqual({
      labels: ["Jan", "Feb"],
      titles: ["January 2026", "February 2026"],
    });
    const years = [at("2025-01-01T00:00:00+01:00"), at("2026-01-01T00:00:00+01:00")];
    expect(barTexts(british, years, "year", PARIS).labels).toEqual(["2025", "2026"]);
  });

  test("days of two months, and months of two years, say which", () => {
    const days = [at("2026-10-31T00:00:00+01:00"), at("2026-11-01T00:00:00+01:00")];
    expect(barTexts(british, days, "day", PARIS).labels).toEqual(["31 Oct", "1 Nov"]);
    const months = [at("2025-12-01T00:00:00+01:00"), at("2026-01-01T00:00:00+01:00")];
    expect(barTexts(british, months, "month", PARIS).labels).toEqual(["Dec 25", "Jan 26"]);
  });

  test("a bar that the period has not is without text", () => {
    const { labels, titles } = barTexts(british, [at("2026-11-01T00:00:00+01:00"), null], "day", PARIS);
    expect([labels[1], titles[1]]).toEqual(["", ""]);
  });
});
