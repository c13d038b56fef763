/**
 * Why a station gives what it gives, in the user's language.
 *
 * The sentences are those of the server's translations, which live events have in the server's own language only, and
 * past sessions not at all.
 */

import { numberText } from "./format";
import { DOMAIN, type HomeAssistant } from "./ha";
import { hasText, text } from "./texts";

const loading = new Map<string, Promise<void>>();
const sentences = new Map<string, (key: string, values?: Record<string, unknown>) => string>();

/** Loads the sentences of the user's language. */
export function loadReasons(hass: HomeAssistant): Promise<void> {
  let known = loading.get(hass.language);
  if (known === undefined) {
    known = hass.loadBackendTranslation("selector", DOMAIN).then((localize) => {
      sentences.set(hass.language, localize);
    });
    known.catch(() => loading.delete(hass.language));
    loading.set(hass.language, known);
  }
  return known;
}

/** A reason with its values as a sentence; `said`: as the server told it, where there is none in this language. */
export function reasonText(
  hass: HomeAssistant,
  reason: string,
  values: Record<string, unknown> | null,
  said?: string | null,
): string {
  const shown = Object.fromEntries(Object.entries(values ?? {}).map(([key, value]) => [key, write(hass, key, value)]));
  const localize = sentences.get(hass.language) ?? hass.localize;
  const sentence = localize(`component.${DOMAIN}.selector.charging_reason.options.${reason}`, shown);
  if (sentence) return sentence;
  const own = `charge_reason_${reason}`;
  return said || (hasText(hass, own) ? text(hass, own) : text(hass, "charge_reason_unknown"));
}

/** Why a car did not charge meanwhile. */
export function interruptionText(hass: HomeAssistant, reason: string, values: Record<string, unknown>): string {
  const own = `charge_reason_${reason}`;
  return hasText(hass, own) ? text(hass, own) : reasonText(hass, reason, values);
}

/** Limits to a tenth, whole shortages, tens of seconds: a sentence is no counter. */
function write(hass: HomeAssistant, key: string, value: unknown): unknown {
  if (typeof value !== "number") return value;
  if (key === "seconds") return numberText(hass, Math.ceil(value / 10) * 10, 0);
  return key === "limit" ? numberText(hass, Math.round(value * 10) / 10) : numberText(hass, value, 0);
}
