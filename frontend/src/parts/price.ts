/** How the price of a unit is written: with as many decimals as it has, unlike a sum of money. */

import { numberText } from "../format";
import type { HomeAssistant } from "../ha";

const MOST = 5;

/** "0.144 €/kWh". */
export function priceText(hass: HomeAssistant, price: number, currency: string, unit: string): string {
  const exact = Number(price.toFixed(MOST)).toString();
  const digits = exact.includes("e") ? MOST : (exact.split(".")[1]?.length ?? 0);
  return `${numberText(hass, price, Math.max(2, digits))}\u00a0${symbolOf(hass, currency)}/${unit}`;
}

function symbolOf(hass: HomeAssistant, currency: string): string {
  if (!/^[A-Z]{3}$/.test(currency)) return currency;
  const form = new Intl.NumberFormat(hass.locale.language, {
    style: "currency",
    currency,
    currencyDisplay: "narrowSymbol",
  });
  return form.formatToParts(0).find((part) => part.type === "currency")?.value ?? currency;
}
