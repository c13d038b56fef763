/** What the views are made from: what is installed, what the user may, and his words. */

import type { Access, Board, Right, Site } from "../answers";
import { client } from "../client";
import type { HomeAssistant } from "../ha";
import { loadTexts, text } from "../texts";

export interface Model {
  access: Access;
  board: Board;
  /** Undefined: no installation is set up, or the user may see no page that needs it. */
  site: Site | undefined;
  /** Tells whether anything has a price. */
  priced: boolean;
  may(right: Right): boolean;
  t(key: string, values?: Record<string, unknown>): string;
}

interface Plans {
  plans: Record<string, { tariffs: unknown[] }>;
}

/** Asks for all that the views are made from. */
export async function readModel(hass: HomeAssistant): Promise<Model> {
  const ask = <T>(command: string): Promise<T> => client(hass).ask<T>(command, {}, true);
  const unlessRefused = <T>(command: string): Promise<T | undefined> => ask<T>(command).catch(() => undefined);
  const [access] = await Promise.all([ask<Access>("access"), loadTexts(hass)]);
  const may = (right: Right): boolean => access.rights.includes(right);
  const [board, site, tariffs] = await Promise.all([
    access.rights.length > 0 ? ask<Board>("board") : undefined,
    access.rights.length > 0 ? unlessRefused<Site>("site") : undefined,
    may("tariffs") ? unlessRefused<Plans>("tariffs") : undefined,
  ]);
  return {
    access,
    board: board ?? NOTHING,
    site,
    priced: Object.values(tariffs?.plans ?? {}).some((plan) => plan.tariffs.length > 0),
    may,
    t: (key, values) => text(hass, key, values),
  };
}

const NOTHING: Board = {
  installation: null,
  gateways: [],
  devices: [],
  totals: null,
  prices: {},
  loads: {},
  groups: {},
  load_manager: null,
  stations: {},
  active_alarms: null,
};
