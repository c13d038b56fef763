/** Stations, a manager and a board for the tests of charging. */

import type { Board } from "../src/answers";
import type { Charging, ManagedStation, Manager, Session, Sessions } from "../src/charging";
import { type FakeHass, type FakeOptions, fakeHass } from "./support";

export function station(id: string, more: Partial<ManagedStation> = {}): ManagedStation {
  return {
    id,
    name: `Bay ${id}`,
    device_id: `device_${id}`,
    managed: true,
    state: "free",
    limit: 0,
    reason: "free",
    values: {},
    text: "No car",
    priority: false,
    default_priority: false,
    phases: ["l1", "l2", "l3"],
    drawn: [0, 0, 0],
    plugged_for: null,
    waited: null,
    session: null,
    ...more,
  };
}

export function charging(id: string, more: Partial<ManagedStation> = {}): ManagedStation {
  const session = { start: 1_795_420_800, energy: 14_200, charge: 61.7, card: null, cost: 2.46, currency: "EUR" };
  return station(id, {
    state: "charging",
    limit: 13.4,
    reason: "shared",
    values: { limit: 13.4, phase: "L3" },
    text: "Charging at 13.4 A: L3 is shared",
    drawn: [13.1, 13.2, 13.1],
    plugged_for: 5400,
    session: { id: `session_${id}`, interruptions: 1, ...session },
    ...more,
  });
}

export function manager(more: Partial<Manager> = {}): Manager {
  return {
    zone: "green",
    currents: [61.2, 58.4, 70.9],
    headroom: [38.8, 41.6, 29.1],
    charging: 1,
    waiting: 0,
    mode: "continuous",
    max_current: 100,
    charge_current: 80,
    load_control: true,
    control_logic: true,
    ...more,
  };
}

export function session(id: string, more: Partial<Session> = {}): Session {
  return {
    id,
    station: "a",
    name: "Bay a",
    start: 1_795_420_800,
    end: 1_795_428_000,
    energy: 14_200,
    charge: 61.7,
    card: "04A2B7",
    priority: false,
    costs: { EUR: 2.4636 },
    unpriced: 0,
    tariffs: [],
    interruptions: [],
    ...more,
  };
}

export function sessions(...list: Session[]): Sessions {
  return { time_zone: "Europe/Paris", start: 0, end: 1_800_000_000, sessions: list, stations: [] };
}

export const BOARD = {
  load_manager: {
    device_id: "manager",
    entities: {
      zone: "sensor.zone",
      load_control: "switch.load_control",
      control_logic: "switch.control_logic",
      headroom_l2: "sensor.headroom_l2",
    },
  },
  gateways: [{ id: "gateway", name: "Car park", entities: {} }],
  devices: [
    {
      id: "a",
      name: "Bay a",
      gateway: "gateway",
      address: "5",
      model: "0 590 00",
      model_name: "Station",
      main: { communication: "binary_sensor.answers" },
      pages: {
        charge: ["sensor.station", "sensor.charge", "sensor.rated", "sensor.state"],
        power: ["sensor.power"],
        command: ["switch.priority"],
        other: ["sensor.firmware"],
      },
    },
  ],
  stations: {
    a: { device_id: "device_a", entities: { charging_state: "sensor.state", session_priority: "switch.priority" } },
  },
} as unknown as Board;

/** A house in which charging goes as told; `rights`: of the user. */
export function house(told: Charging, options: FakeOptions = {}, rights = ["charging", "charge"]): FakeHass {
  return fakeHass({
    ...options,
    answers: {
      board: BOARD,
      access: { role: "user", rights, administrator: false },
      follow: { begin: true, revision: 1, since: null, until: null },
      "charging/subscribe": told,
      charging: told,
      ...options.answers,
    },
  });
}
