/** Colours of what has none of its own on the server: devices, kinds of energy, and what is gone. */

import type { Commodity, Site } from "./answers";

/** Stand out on a white and on a dark page (3:1); neighbours differ for colour-blind people too. */
const PALETTE = [
  "#339cd9",
  "#c33500",
  "#007753",
  "#c78700",
  "#7965ed",
  "#ae379a",
  "#819e61",
  "#be6928",
  "#0f6ccd",
  "#926578",
  "#4a8f57",
  "#b066ae",
  "#71682b",
  "#6784ed",
  "#8550be",
  "#ba83af",
] as const;

/** For what was deleted, or has no load. */
export const UNKNOWN_COLOR = "#8a8a8a";

export const COMMODITY_COLORS: Record<Commodity, string> = {
  electricity: "var(--ews-electricity, #488fc2)",
  gas: "var(--ews-gas, #8e021b)",
  water: "var(--ews-water, #00bcd4)",
};

/** The colour of a device: by its place among the site's. */
export function deviceColor(site: Site, id: string): string {
  const place = site.devices.findIndex((device) => device.id === id);
  return place < 0 ? UNKNOWN_COLOR : (PALETTE[place % PALETTE.length] as string);
}
