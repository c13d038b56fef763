import { describe, expect, it } from "vitest";
import { priceText } from "../src/parts/price";
import { fakeHass } from "./support";

const hass = fakeHass();

describe("a price", () => {
  it.each([
    [0.144, "0.144\u00a0€/kWh"],
    [0.1, "0.10\u00a0€/kWh"],
    [0.2231049, "0.2231\u00a0€/kWh"],
    [0.123456, "0.12346\u00a0€/kWh"],
    [0, "0.00\u00a0€/kWh"],
    [-0.02, "-0.02\u00a0€/kWh"],
  ])("has the decimals that it needs: %f", (price, written) => {
    expect(priceText(hass, price, "EUR", "kWh")).toBe(written);
  });

  it("is written as the user writes numbers", () => {
    const german = fakeHass({ locale: { ...hass.locale, language: "de", number_format: "language" } });
    expect(priceText(german, 1234.5, "EUR", "m³")).toBe("1.234,50\u00a0€/m³");
  });

  it("keeps a currency that nobody knows", () => {
    expect(priceText(hass, 1, "points", "kWh")).toBe("1.00\u00a0points/kWh");
  });
});
