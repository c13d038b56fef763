/**
 * What the server tells of itself (`system`, `archive/info`), what is wrong in it, and sizes as people write them.
 *
 * Owns when something deserves advice, not how it looks. Advice is named by the key of its text.
 */

import { numberText, percentText, UNKNOWN } from "../format";
import type { HomeAssistant } from "../ha";

export interface GatewayReport {
  id: string;
  name: string;
  /** null before the first request, and while the gateway is not at work. */
  connected: boolean | null;
  /** Percent. */
  bus_load: number | null;
  /** Seconds. */
  cycle_time: number | null;
  requests: number | null;
  errors: number | null;
  /** How many addresses are asked; null while the gateway is not at work. */
  units: number | null;
  /** Addresses that do not answer. */
  silent: number[];
  problem: string | null;
}

export interface LinkEnd {
  device: string | null;
  name: string | null;
  /** The kind of the module. */
  function: string | null;
  gateway: string;
  address: string;
}

export interface SystemReport {
  version: string;
  home_assistant: string;
  python: string;
  /** POSIX s. */
  started_at: number;
  gateways: GatewayReport[];
  /** Bytes. */
  disk: { free: number; total: number } | null;
  catalog: {
    models: number;
    maps: number;
    user_maps: number;
    errors: { file: string; line: number | null; key: string | null; reason: string }[];
  };
  links: { event: LinkEnd; action: LinkEnd; error: boolean }[];
}

export interface ArchiveInfo {
  engine: string | null;
  schema_version: number | null;
  /** Bytes. */
  size: number | null;
  intervals: number | null;
  samples: number | null;
  alarms: number | null;
  sessions: number | null;
  last_interval: number | null;
  kept_since: number | null;
  queued: number;
  /** Rows by kind. */
  dropped: Record<string, number>;
  last_write: number | null;
  error: string | null;
}

export type GatewayState = "connected" | "disconnected" | "starting" | "empty" | "away";

/** How a gateway is, in one word. */
export function gatewayState({ connected, units }: GatewayReport): GatewayState {
  if (units === null) return "away";
  if (units === 0) return "empty";
  if (connected === null) return "starting";
  return connected ? "connected" : "disconnected";
}

/** What to do, and how bad it is. */
export interface Advice {
  key: string;
  values?: Record<string, unknown>;
  severe: boolean;
}

const BUSY = 90;
const LITTLE_ROOM = 0.05;
const LITTLE_BYTES = 1e9;

/** What is wrong with a gateway. While it does not answer itself, nothing is said of what is behind it. */
export function gatewayAdvice(gateway: GatewayReport): Advice[] {
  const state = gatewayState(gateway);
  if (state === "away") return [{ key: "system_advice_away", severe: true }];
  if (state === "disconnected") return [{ key: "system_advice_disconnected", severe: true }];
  const { silent, bus_load } = gateway;
  const list: Advice[] = [];
  if (silent.length > 0) {
    const values = { count: silent.length, addresses: silent.join(", ") };
    list.push({ key: "system_advice_silent", values, severe: true });
  }
  if (bus_load !== null && bus_load >= BUSY) list.push({ key: "system_advice_busy", severe: false });
  return list;
}

/** What is wrong with the archive and the room it has. */
export function archiveAdvice(info: ArchiveInfo, disk: SystemReport["disk"]): Advice[] {
  const dropped = Object.values(info.dropped).reduce((sum, rows) => sum + rows, 0);
  const list: Advice[] = [];
  if (info.error !== null) list.push({ key: "system_advice_archive", values: { error: info.error }, severe: true });
  if (dropped > 0) list.push({ key: "system_advice_dropped", values: { count: dropped }, severe: true });
  if (disk !== null && disk.free < Math.max(LITTLE_ROOM * disk.total, LITTLE_BYTES)) {
    list.push({ key: "system_advice_disk", severe: true });
  }
  return list;
}

const SIZES = ["B", "kB", "MB", "GB", "TB"] as const;

/** Bytes with three digits that count: "84.5 MB"; "–" where they are unknown. */
export function sizeText(hass: HomeAssistant, bytes: number | null): string {
  if (bytes === null) return UNKNOWN;
  let size = bytes;
  let step = 0;
  while (size >= 999.5 && step < SIZES.length - 1) {
    size /= 1000;
    step += 1;
  }
  const digits = step === 0 || size >= 99.95 ? 0 : size >= 9.995 ? 1 : 2;
  return `${numberText(hass, size, digits)}\u00a0${SIZES[step]}`;
}

const SMALL_SHARE = 0.0005;

/** How many requests failed, with their share of all where it can be told from none. */
export function errorsText(hass: HomeAssistant, { requests, errors }: GatewayReport): string {
  if (errors === null) return UNKNOWN;
  const count = numberText(hass, errors);
  const share = requests ? errors / requests : 0;
  return share < SMALL_SHARE ? count : `${count} (${percentText(hass, share)})`;
}
