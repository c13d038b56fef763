/** Which pages the dialog of a device has, and what is on them (manual 8.2.1, sections B and C). */

import type { BoardDevice } from "../answers";
import type { HomeAssistant } from "../ha";

/** How a part of a page shows its entities. */
export type Manner = "values" | "commands" | "settings";

export interface Part {
  /** Key of its heading in the texts, without the prefix. */
  title: string;
  manner: Manner;
  entities: string[];
}

export interface Page {
  key: string;
  parts: Part[];
}

type Source = (device: BoardDevice, keyOf: (entity: string) => string) => string[];

interface PartRow {
  title: string;
  manner?: Manner;
  of: Source;
}

const ERRORS = ["station_error", "charge_error"] as const;

const page =
  (name: string): Source =>
  ({ pages }) =>
    pages[name] ?? [];
const errors =
  (kind: (typeof ERRORS)[number]): Source =>
  ({ pages }, keyOf) =>
    (pages.charge ?? []).filter((entity) => keyOf(entity).startsWith(kind));
const charge: Source = ({ pages }, keyOf) =>
  (pages.charge ?? []).filter((entity) => !ERRORS.some((kind) => keyOf(entity).startsWith(kind)));
const communication: Source = ({ main }) => [main.communication, main.events].filter((entity) => entity !== undefined);

const MEASURE: PartRow[] = ["energy", "power", "voltage", "distortion", "volume", "other", "cost"].map((name) => ({
  title: name,
  of: page(name),
}));
const STATES: PartRow = { title: "states", of: page("state") };
const COMMANDS: PartRow = { title: "commands", manner: "commands", of: page("command") };
const COMMUNICATION: PartRow = { title: "communication", of: communication };
const CLOCK: PartRow = { title: "clock", manner: "commands", of: page("clock") };
const SETTINGS: PartRow = { title: "settings", manner: "settings", of: page("settings") };

const PAGES: Record<"station" | "device", [key: string, parts: PartRow[]][]> = {
  station: [
    ["charge", [{ title: "states", of: charge }, STATES, COMMUNICATION]],
    ["station_errors", [{ title: "page_station_errors", of: errors("station_error") }]],
    ["charge_errors", [{ title: "page_charge_errors", of: errors("charge_error") }]],
    ["commands", [COMMANDS, CLOCK]],
    ["measure", MEASURE],
    ["settings", [SETTINGS]],
  ],
  device: [
    ["measure", MEASURE],
    ["state", [STATES, { title: "charging", of: page("charge") }, COMMANDS, COMMUNICATION, CLOCK]],
    ["settings", [SETTINGS]],
  ],
};

/** Returns the pages of a device that have anything on them. */
export function devicePages(hass: HomeAssistant, device: BoardDevice): Page[] {
  const keyOf = (entity: string): string => hass.entities[entity]?.translation_key ?? "";
  return PAGES[device.kind === "station" ? "station" : "device"]
    .map(([key, rows]) => ({
      key,
      parts: rows
        .map(({ title, manner = "values", of }) => ({ title, manner, entities: of(device, keyOf) }))
        .filter(({ entities }) => entities.length > 0),
    }))
    .filter(({ parts }) => parts.length > 0);
}
