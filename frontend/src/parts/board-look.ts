/** How a device of the board is: what is wrong with it, how it stands, and what one line shows of it. */

import type { BoardDevice } from "../answers";
import type { EntityState, HomeAssistant } from "../ha";
import { text } from "../texts";

export type Trouble = "silent" | "tripped" | "fault" | "problem";
export type Tone = "error" | "warning" | "active" | "plain" | "idle";

/** The state of a device in a word, with an icon and a colour that say the same. */
export interface Look {
  icon: string;
  tone: Tone;
  word: string;
}

const MISSING: ReadonlySet<string> = new Set(["unavailable", "unknown"]);
const VALUES = ["power", "volume", "energy"] as const;
const PROBLEM = "binary_sensor.";

const KIND_ICONS: Record<string, string> = {
  meter: "mdi:meter-electric-outline",
  counter: "mdi:meter-electric-outline",
  pulse_meter: "mdi:counter",
  concentrator: "mdi:counter",
  state: "mdi:electric-switch",
  control: "mdi:electric-switch",
  breaker: "mdi:electric-switch",
  io: "mdi:import",
  station: "mdi:ev-station",
};
const COMMODITY_ICONS: Record<string, string> = { gas: "mdi:meter-gas-outline", water: "mdi:water-outline" };
const TROUBLE_LOOKS: Record<Trouble, { icon: string; tone: Tone }> = {
  silent: { icon: "mdi:lan-disconnect", tone: "error" },
  tripped: { icon: "mdi:flash-alert", tone: "error" },
  fault: { icon: "mdi:alert-circle-outline", tone: "error" },
  problem: { icon: "mdi:alert-outline", tone: "warning" },
};
const POSITION_ICONS: Record<string, string> = {
  open: "mdi:electric-switch",
  off: "mdi:electric-switch",
  closed: "mdi:electric-switch-closed",
  on: "mdi:electric-switch-closed",
};
const ACTIVE: ReadonlySet<string> = new Set(["closed", "on", "charging"]);

/** Entities that decide how the line of a device looks. */
export function lineEntities(device: BoardDevice): string[] {
  return [...Object.values(device.main), ...problemEntities(device)];
}

/** All entities of a device. */
export function entitiesOf(device: BoardDevice): string[] {
  return [...new Set([...Object.values(device.main), ...Object.values(device.pages).flat()])];
}

function problemEntities({ pages }: BoardDevice): string[] {
  return [...(pages.state ?? []), ...(pages.charge ?? [])].filter((id) => id.startsWith(PROBLEM));
}

/** Whether an entity says that something is wrong. */
export function isProblem(state: EntityState | undefined): boolean {
  return state?.state === "on" && state.attributes.device_class === "problem";
}

/** What is wrong with a device; `undefined`: nothing, or it is out of service by intention. */
export function troubleOf(hass: HomeAssistant, device: BoardDevice, loaded: boolean): Trouble | undefined {
  if (!device.enabled || !loaded) return undefined;
  const { communication, state, trip, station, charge } = device.main;
  const is = (id: string | undefined, word: string): boolean => id !== undefined && hass.states[id]?.state === word;
  if (is(communication, "off")) return "silent";
  if (is(trip, "on") || is(state, "tripped")) return "tripped";
  if (is(station, "fault") || is(charge, "fault")) return "fault";
  return problemOf(hass, device) === undefined ? undefined : "problem";
}

/** The first entity of a device that says that something is wrong. */
function problemOf(hass: HomeAssistant, device: BoardDevice): EntityState | undefined {
  const { problem, link_error } = device.main;
  const ids = [problem, link_error, ...problemEntities(device)].filter((id) => id !== undefined);
  return ids.map((id) => hass.states[id]).find(isProblem);
}

/** How a device is; `loaded`: its gateway is running. */
export function lookOf(hass: HomeAssistant, device: BoardDevice, loaded: boolean): Look {
  const icon = kindIcon(device);
  if (!device.enabled) return { icon, tone: "idle", word: text(hass, "panel_switched_off") };
  if (!loaded) return { icon, tone: "idle", word: text(hass, "panel_gateway_stopped") };
  const trouble = troubleOf(hass, device, loaded);
  if (trouble !== undefined) return { ...TROUBLE_LOOKS[trouble], word: troubleWord(hass, device, trouble) };
  const { state, charge, station, communication } = device.main;
  const shown = [state, charge, station, communication].find((id) => known(hass, id) !== undefined);
  const told = known(hass, shown);
  if (told === undefined) return { icon, tone: "idle", word: "" };
  return {
    icon: shown === state ? (POSITION_ICONS[told.state] ?? icon) : icon,
    tone: shown !== communication && ACTIVE.has(told.state) ? "active" : "plain",
    word: hass.formatEntityState(told),
  };
}

function troubleWord(hass: HomeAssistant, device: BoardDevice, trouble: Trouble): string {
  const { state, trip, station, charge } = device.main;
  const having = (word: string, ...ids: (string | undefined)[]): EntityState | undefined =>
    ids.map((id) => (id === undefined ? undefined : hass.states[id])).find((one) => one?.state === word);
  if (trouble === "silent") return text(hass, "panel_no_answer");
  const tripped = trouble === "tripped" ? having("tripped", state) : having("fault", station, charge);
  if (trouble !== "problem" && tripped !== undefined) return hass.formatEntityState(tripped);
  const named = trouble === "tripped" ? having("on", trip) : problemOf(hass, device);
  return named === undefined ? "" : entityName(hass, named.entity_id, device);
}

/** The icon of what a device is. */
export function kindIcon({ kind, commodity }: BoardDevice): string {
  return COMMODITY_ICONS[commodity ?? ""] ?? KIND_ICONS[kind] ?? "mdi:electric-switch";
}

/** The figure of a device's line; nothing where it has none, or none is known. */
export function valueText(hass: HomeAssistant, { main }: BoardDevice): string {
  const first = VALUES.map((key) => main[key]).find((id) => id !== undefined);
  const told = known(hass, first);
  return told === undefined ? "" : hass.formatEntityState(told);
}

function known(hass: HomeAssistant, id: string | undefined): EntityState | undefined {
  const told = id === undefined ? undefined : hass.states[id];
  return told === undefined || MISSING.has(told.state) ? undefined : told;
}

/** What the state of an entity is in words; "–" where nothing is known. */
export function stateText(hass: HomeAssistant, id: string): string {
  const told = known(hass, id);
  return told === undefined ? "–" : hass.formatEntityState(told);
}

/** The name of an entity without that of its device. */
export function entityName(hass: HomeAssistant, id: string, device: BoardDevice): string {
  const told = hass.states[id];
  const own = told === undefined ? undefined : hass.formatEntityName?.(told, { type: "entity" });
  if (own) return own;
  const whole = told?.attributes.friendly_name ?? hass.entities[id]?.name ?? id;
  const prefix = `${device.name} `;
  return whole.startsWith(prefix) && whole.length > prefix.length ? whole.slice(prefix.length) : whole;
}
