/** Reasons in the user's language. */

import { expect, it } from "vitest";
import { interruptionText, loadReasons, reasonText } from "../src/reason";
import { loadTexts } from "../src/texts";
import { fakeHass } from "./support";

const SHORT = "component.legrand_ews.selector.charging_reason.options.short";

function house(language: string) {
  const plain = fakeHass();
  const localize = (key: string, values?: Record<string, unknown>): string =>
    key === SHORT ? `Il manque ${values?.short} A sur ${values?.phase}` : plain.localize(key, values);
  return fakeHass({ language, localize: plain.localize, loadBackendTranslation: async () => localize });
}

it("are as the server told them until the sentences are there, then in the user's words", async () => {
  const hass = house("fr");
  await loadTexts(hass);
  const values = { short: 7.4, phase: "L2", limit: 0 };
  expect(reasonText(hass, "short", values, "7 A short")).toBe("7 A short");
  await loadReasons(hass);
  expect(reasonText(hass, "short", values, "7 A short")).toBe("Il manque 7 A sur L2");
  expect(interruptionText(hass, "short", values)).toBe("Il manque 7 A sur L2");
});

it("of a pause say that the car paused, and that what is not known is not known", async () => {
  const hass = house("en");
  await loadTexts(hass);
  expect(interruptionText(hass, "granted", { limit: 16 })).toBe("The car paused by itself");
  expect(interruptionText(hass, "no_such_reason", {})).toBe("Reason not known");
});
