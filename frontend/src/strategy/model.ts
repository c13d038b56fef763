/** What the views are made from: what is installed, what the user may, and his words. */

import type { Access, Board, Right, Site } from "../answers";
import { client } from "../client";
import type { HomeAssistant } from "../ha";
import { loadTexts, text } from "../texts";

/** What the user may, and his words. */
export interface Rights {
  access: Access;
  may(right: Right): boolean;
  t(key: string, values?: Record<string, unknown>): string;
}

export interface Model extends Rights {
  board: Board;
  /** Undefined: no installation is set up, or the user may see no page that needs it. */
  site: Site | undefined;
  /** Tells whether anything has a price. */
  priced: boolean;
}

interface Plans {
  plans: Record<string, { tariffs: unknown[] }>;
}

/** Asks for what the user may: all that the list of views is made from. */
export async function readRights(hass: HomeAssistant): Promise<Rights> {
  const [access] = await Promise.all([client(hass).ask<Access>("access", {}, true), loadTexts(hass)]);
  return { access, may: (right) => access.rights.includes(right), t: (key, values) => text(hass, key, values) };
}

/** Asks for all that the views are made from. */
export async function readModel(hass: HomeAssistant): Promise<Model> {
  const ask = <T>(command: string): Promise<T> => client(hass).ask<T>(command, {}, true);
  const unlessRefused = <T>(command: string): Promise<T | undefined> => ask<T>(command).catch(() => undefined);
  const rights = await readRights(hass);
  const any = rights.access.rights.length > 0;
  const [board, site, tariffs] = await Promise.all([
    any ? ask<Board>("board") : undefined,
    any ? unlessRefused<Site>("site") : undefined,
    rights.may("tariffs") ? unlessRefused<Plans>("tariffs") : undefined,
  ]);
  return {
    ...rights,
    board: board ?? NOTHING,
    site,
    priced: Object.values(tariffs?.plans ?? {}).some((plan) => plan.tariffs.length > 0),
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
