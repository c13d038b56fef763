/**
 * What people may command of a device, and how a command is given.
 *
 * An entity of Home Assistant takes no code. Where the site asks for one, the command is given by the action of ours
 * that does the same (docs/commands.md, "The code").
 */

import type { BoardDevice, Right } from "../answers";
import { told } from "../errors";
import { DOMAIN, type HomeAssistant } from "../ha";
import { text } from "../texts";
import { entityName } from "./board-look";

type Data = Record<string, unknown>;

interface Doing {
  domain: string;
  action: string;
  data: Data;
}

export interface Command {
  entity: string;
  /** What it does: "Breaker close". */
  label: string;
  plain: Doing;
  /** The same with a code; `undefined`: nothing takes one for it. */
  coded?: Doing;
}

/** Why a command was not done. */
export interface Refused {
  message: string;
  /** The site asks for a code, or for another one. */
  code: boolean;
}

const ours = (action: string, data: Data = {}): Doing => ({ domain: DOMAIN, action, data });

const BUTTONS: Record<string, Doing> = {
  command_open: ours("open_breaker"),
  command_close: ours("close_breaker"),
  command_on: ours("switch_output", { turn_on: true }),
  command_off: ours("switch_output", { turn_on: false }),
  command_pulse: ours("pulse_output"),
  command_blink: ours("blink_output"),
};
const SWITCHES: readonly [kind: string, on: Doing, off: Doing][] = [
  ["contactor", ours("close_breaker"), ours("open_breaker")],
  ["output", ours("switch_output", { turn_on: true }), ours("switch_output", { turn_on: false })],
];
const OF_CHARGING: ReadonlySet<string> = new Set([
  "start_charge",
  "hold_charge",
  "session_priority",
  "default_priority",
]);
const CODE_REASONS: ReadonlySet<string> = new Set(["code_required", "code_wrong"]);

/** Connections whose site wants a code: it is asked for at once then. */
const coded = new WeakSet<object>();

/** Takes note of whether the site wants a code. */
export function noteCode(hass: HomeAssistant, wanted: boolean): void {
  if (wanted) coded.add(hass.connection);
  else coded.delete(hass.connection);
}

/** Tells whether this site is known to ask for a code. */
export function asksForCode(hass: HomeAssistant): boolean {
  return coded.has(hass.connection);
}

const keyOf = (hass: HomeAssistant, entity: string): string => hass.entities[entity]?.translation_key ?? "";

/** The right that commanding an entity needs. */
export function rightFor(hass: HomeAssistant, entity: string): Right {
  return OF_CHARGING.has(keyOf(hass, entity)) ? "charge" : "command";
}

/** The command of a button. */
export function press(hass: HomeAssistant, device: BoardDevice, entity: string): Command {
  return {
    entity,
    label: entityName(hass, entity, device),
    plain: { domain: "button", action: "press", data: {} },
    coded: BUTTONS[keyOf(hass, entity)],
  };
}

/** The command that turns a switch on or off. */
export function turn(hass: HomeAssistant, device: BoardDevice, entity: string, on: boolean): Command {
  const kind = keyOf(hass, entity).replace(/_n$/, "");
  const pair = SWITCHES.find(([name]) => name === kind);
  return {
    entity,
    label: text(hass, on ? "panel_turn_on" : "panel_turn_off", { name: entityName(hass, entity, device) }),
    plain: { domain: "switch", action: on ? "turn_on" : "turn_off", data: {} },
    coded: pair?.[on ? 1 : 2],
  };
}

/** The command that writes a setting of an output; `shown`: the value in words. */
export function write(
  hass: HomeAssistant,
  device: BoardDevice,
  entity: string,
  value: string | number,
  shown: string,
): Command {
  const select = typeof value === "string";
  return {
    entity,
    label: text(hass, "panel_choose", { name: entityName(hass, entity, device), value: shown }),
    plain: select
      ? { domain: "select", action: "select_option", data: { option: value } }
      : { domain: "number", action: "set_value", data: { value } },
    coded: ours("configure_output", { [keyOf(hass, entity) || "on_time"]: value }),
  };
}

/** Gives a command and waits until it is done; returns why it was not. An empty `code`: none. */
export async function give(hass: HomeAssistant, command: Command, code = ""): Promise<Refused | undefined> {
  const { domain, action, data } = code === "" ? command.plain : (command.coded ?? command.plain);
  const given = code === "" || command.coded === undefined ? data : { ...data, code };
  try {
    await hass.callService(domain, action, given, { entity_id: command.entity }, false);
    return undefined;
  } catch (error) {
    const reason = (error as { translation_key?: string } | undefined)?.translation_key ?? "";
    const code = CODE_REASONS.has(reason);
    if (code) coded.add(hass.connection);
    return { message: (await told(hass, error)).message, code: code && command.coded !== undefined };
  }
}
