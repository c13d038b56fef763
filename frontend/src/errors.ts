/** Errors of the server, as the user reads them. */

import { DOMAIN, type HomeAssistant } from "./ha";

/** Why something was refused: the server's code, and a sentence. */
export interface Refusal {
  code: string;
  message: string;
}

interface Told extends Partial<Refusal> {
  translation_domain?: string;
  translation_key?: string;
  translation_placeholders?: Record<string, string>;
}

/** Returns why something failed, as the server said it. */
export function refusal(error: unknown): Refusal {
  const told = error as Partial<Refusal> | undefined;
  return { code: told?.code ?? "unknown_error", message: told?.message ?? String(error) };
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
