/** The words of the dashboard, in the user's language: `common` of our translations, through Home Assistant. */

import { DOMAIN, type HomeAssistant } from "./ha";

const loading = new Map<string, Promise<void>>();
const loaded = new Set<string>();

/** Loads the words of the user's language; at once where they are there. */
export function loadTexts(hass: HomeAssistant): Promise<void> {
  let known = loading.get(hass.language);
  if (known === undefined) {
    known = hass.loadBackendTranslation("common", DOMAIN).then(() => {
      loaded.add(hass.language);
    });
    known.catch(() => loading.delete(hass.language));
    loading.set(hass.language, known);
  }
  return known;
}

/** Tells whether the words of the user's language are there. */
export function textsLoaded(hass: HomeAssistant): boolean {
  return loaded.has(hass.language);
}

/** A text by its key; the key where there is none, so that what is missing is seen. */
export function text(hass: HomeAssistant, key: string, values?: Record<string, unknown>): string {
  return hass.localize(`component.${DOMAIN}.common.${key}`, values) || key;
}

/** Tells whether there is a text of this key. */
export function hasText(hass: HomeAssistant, key: string): boolean {
  return Boolean(hass.localize(`component.${DOMAIN}.common.${key}`));
}
