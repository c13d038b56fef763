/** Which devices of the board are shown, and under which headings. */

import type { Board, BoardDevice, Site } from "../answers";
import type { HomeAssistant } from "../ha";
import { troubleOf } from "./board-look";

export const GROUPINGS = ["gateway", "area", "load", "group"] as const;
export type Grouping = (typeof GROUPINGS)[number];

export const SHOWS = ["all", "trouble", "breaker", "meter", "station", "io"] as const;
export type Show = (typeof SHOWS)[number];

/** Devices under one heading; without a name: those that belong nowhere. */
export interface Section {
  key: string;
  name: string | undefined;
  devices: BoardDevice[];
}

const KINDS: Record<Exclude<Show, "all" | "trouble">, readonly string[]> = {
  breaker: ["breaker", "state", "control"],
  meter: ["meter", "counter", "pulse_meter", "concentrator"],
  station: ["station"],
  io: ["io"],
};

const KEYS: Record<Grouping, (device: BoardDevice) => readonly (string | null)[]> = {
  gateway: ({ gateway }) => [gateway],
  area: ({ area }) => [area],
  load: ({ load }) => [load],
  group: ({ groups }) => (groups.length > 0 ? groups : [null]),
};

/** Orders addresses as people count: 2, 5, 5-2, 10. */
const order = new Intl.Collator("en", { numeric: true });

/** The gateways that run. */
export function running({ gateways }: Board): ReadonlySet<string> {
  return new Set(gateways.filter(({ loaded }) => loaded).map(({ id }) => id));
}

/** Tells which groupings say something: those that divide the devices. */
export function usefulGroupings({ devices }: Board): Grouping[] {
  return GROUPINGS.filter(
    (grouping) => grouping === "gateway" || devices.some((one) => KEYS[grouping](one)[0] !== null),
  );
}

/** Tells which choices there is anything of; "all" and "trouble" always. */
export function usefulShows({ devices }: Board): Show[] {
  const kinds = new Set(devices.map(({ kind }) => kind));
  return SHOWS.filter((show) => show === "all" || show === "trouble" || KINDS[show].some((kind) => kinds.has(kind)));
}

/** Returns what a device has to be to be shown. */
export function filterOf(
  hass: HomeAssistant,
  board: Board,
  show: Show,
  words: string,
): (device: BoardDevice) => boolean {
  const loaded = running(board);
  const wanted = words.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  const fits = (device: BoardDevice): boolean => {
    if (show === "all") return true;
    if (show === "trouble") return troubleOf(hass, device, loaded.has(device.gateway)) !== undefined;
    return KINDS[show].includes(device.kind);
  };
  return (device) => {
    if (!fits(device)) return false;
    const told = `${device.address} ${device.name} ${device.model} ${device.model_name}`.toLocaleLowerCase();
    return wanted.every((word) => told.includes(word));
  };
}

/** Puts devices under headings in the order of names, those that belong nowhere last; each by its address. */
export function sectionsOf(
  devices: readonly BoardDevice[],
  grouping: Grouping,
  nameOf: (key: string) => string | undefined,
): Section[] {
  const found = new Map<string, BoardDevice[]>();
  for (const device of devices) {
    for (const key of KEYS[grouping](device)) {
      const known = key !== null && nameOf(key) !== undefined ? key : "";
      const members = found.get(known) ?? [];
      found.set(known, members);
      if (!members.includes(device)) members.push(device);
    }
  }
  return [...found]
    .map(([key, members]) => ({
      key,
      name: key === "" ? undefined : nameOf(key),
      devices: members.sort((one, other) => order.compare(one.address, other.address)),
    }))
    .sort(
      (one, other) =>
        Number(one.key === "") - Number(other.key === "") || order.compare(one.name ?? "", other.name ?? ""),
    );
}

/** Returns the names of the headings of a grouping. */
export function namesOf(
  hass: HomeAssistant,
  board: Board,
  site: Site | undefined,
  grouping: Grouping,
): (key: string) => string | undefined {
  const device = (id: string | null | undefined): string | undefined => {
    const known = id ? hass.devices[id] : undefined;
    return known?.name_by_user ?? known?.name;
  };
  const gateways = new Map(board.gateways.map(({ id, name }) => [id, name]));
  const names: Record<Grouping, (key: string) => string | undefined> = {
    gateway: (key) => gateways.get(key),
    area: (key) => hass.areas[key]?.name,
    load: (key) => site?.loads[key] ?? device(board.loads[key]?.device_id),
    group: (key) => site?.groups[key] ?? device(board.groups[key]?.device_id),
  };
  return names[grouping];
}
