/** Why an action failed, in the user's language. */

import { expect, it } from "vitest";
import { act } from "../src/actions";
import { fakeHass } from "./support";

const KEY = "component.legrand_ews.exceptions.no_car.message";

const run = (thrown: unknown, loadBackendTranslation?: () => Promise<unknown>) => {
  const fail = (): never => {
    throw thrown;
  };
  const more = loadBackendTranslation === undefined ? {} : { loadBackendTranslation };
  const hass = fakeHass({ services: { "legrand_ews.start_charge": fail }, ...more });
  return act(hass, "legrand_ews", "start_charge", {}, { device_id: "d" });
};

it("is nothing where it did not fail", async () => {
  expect(await act(fakeHass(), "switch", "turn_on", {}, { entity_id: "switch.a" })).toBeUndefined();
});

it("is translated, with what it speaks of", async () => {
  const localize = (key: string, values?: Record<string, unknown>) =>
    key === KEY ? `Pas de voiture : ${values?.target}` : "";
  const told = { code: "service_validation_error", message: "No car", translation_domain: "legrand_ews" };
  const error = { ...told, translation_key: "no_car", translation_placeholders: { target: "Bay 1" } };
  expect((await run(error, async () => localize))?.message).toBe("Pas de voiture : Bay 1");
  expect((await run({ ...error, translation_key: "other" }, async () => localize))?.message).toBe("No car");
});

it("is the server's own sentence where the translations cannot be had", async () => {
  const error = { code: "x", message: "No car", translation_key: "no_car" };
  expect((await run(error, () => Promise.reject(new Error("gone"))))?.message).toBe("No car");
});
