/** Icons and colours of the states of a station; words for them are Home Assistant's. */

import type { ChargeState } from "./charging";

const LOOKS: Record<ChargeState, { icon: string; color: string }> = {
  free: { icon: "mdi:ev-station", color: "var(--secondary-text-color)" },
  waiting: { icon: "mdi:timer-sand", color: "var(--warning-color)" },
  starting: { icon: "mdi:power-plug-outline", color: "var(--info-color)" },
  charging: { icon: "mdi:lightning-bolt", color: "var(--primary-color)" },
  done: { icon: "mdi:check", color: "var(--success-color)" },
  held: { icon: "mdi:pause", color: "var(--secondary-text-color)" },
  fault: { icon: "mdi:alert-circle-outline", color: "var(--error-color)" },
  offline: { icon: "mdi:lan-disconnect", color: "var(--error-color)" },
};

export const stateIcon = (state: ChargeState): string => LOOKS[state].icon;
export const stateColor = (state: ChargeState): string => LOOKS[state].color;
