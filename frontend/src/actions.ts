/** Runs actions, and says in the user's language why one failed: beside the button, not in a passing message. */

import { type Refusal, refusal } from "./client";
import { DOMAIN, type HomeAssistant } from "./ha";

interface Told extends Partial<Refusal> {
  translation_domain?: string;
  translation_key?: string;
  translation_placeholders?: Record<string, string>;
}

/** What an action is for: devices or entities, by their ids. */
export interface Target {
  entity_id?: string | string[];
  device_id?: string | string[];
}

/** Runs an action; returns why it failed, nothing where it did not. */
export async function act(
  hass: HomeAssistant,
  domain: string,
  action: string,
  data: Record<string, unknown>,
  target: Target,
): Promise<Refusal | undefined> {
  try {
    await hass.callService(domain, action, data, target, false);
    return undefined;
  } catch (error) {
    return told(hass, error);
  }
}

/** Returns an error of the server as the user reads it; in English where it has no translation. */
export async function told(hass: HomeAssistant, error: unknown): Promise<Refusal> {
  const { code, message } = refusal(error);
  const {
    translation_domain: domain = DOMAIN,
    translation_key: key,
    translation_placeholders: values,
  } = (error ?? {}) as Told;
  if (key === undefined) return { code, message };
  const localize = await hass.loadBackendTranslation("exceptions", domain).catch(() => hass.localize);
  return { code, message: localize(`component.${domain}.exceptions.${key}.message`, values) || message };
}
