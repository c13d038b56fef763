/** Runs actions, and says in the user's language why one failed: beside the button, not in a passing message. */

import { type Refusal, told } from "./errors";
import type { HomeAssistant } from "./ha";

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
