/** The words of the dashboard, in the user's language: `common` of our translations, through Home Assistant. */

import { DOMAIN, type HomeAssistant, type Localize } from "./ha";

const loading = new Map<string, Promise<void>>();
const words = new Map<string, Localize>();

/** Loads the words of the user's language; at once where they are there. */
export function loadTexts(hass: HomeAssistant): Promise<void> {
  let known = loading.get(hass.language);
  if (known === undefined) {
    known = hass.loadBackendTranslation("common", DOMAIN).then((localize) => {
      words.set(hass.language, localize);
    });
    known.catch(() => loading.delete(hass.language));
    loading.set(hass.language, known);
  }
  return known;
}

/** Tells whether the words of the user's language are there. */
export function textsLoaded(hass: HomeAssistant): boolean {
  return words.has(hass.language);
}

/** Looks a key up; a `hass` that is older than the words does not know them. */
function find(hass: HomeAssistant, key: string, values?: Record<string, unknown>): string {
  return (words.get(hass.language) ?? hass.localize)(`component.${DOMAIN}.common.${key}`, values);
}

/** A text by its key; the key where there is none, so that what is missing is seen. */
export function text(hass: HomeAssistant, key: string, values?: Record<string, unknown>): string {
  return find(hass, key, values) || key;
}

/** Tells whether there is a text of this key. */
export function hasText(hass: HomeAssistant, key: string): boolean {
  return Boolean(find(hass, key));
}
