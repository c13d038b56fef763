/** Boards and their devices for tests. */

import type { Board, BoardDevice } from "../src/answers";

export function boardDevice(id: string, more: Partial<BoardDevice> = {}): BoardDevice {
  return {
    id,
    name: id,
    gateway: "g",
    device_id: `ha_${id}`,
    enabled: true,
    area: null,
    address: "1",
    model: "4 120 45",
    model_name: "Multifunction meter",
    family: "emdx3",
    kind: "meter",
    commodity: "electricity",
    load: null,
    groups: [],
    counted: true,
    functions: ["measure"],
    main: {},
    pages: {},
    ...more,
  };
}

export function boardOf(devices: BoardDevice[], more: Partial<Board> = {}): Board {
  const gateway = { id: "g", name: "Panel", device_id: null, area: null, endpoint: "x", loaded: true, entities: {} };
  const empty = { installation: null, totals: null, prices: {}, loads: {}, groups: {}, load_manager: null };
  return { ...empty, gateways: [gateway], devices, stations: {}, active_alarms: null, ...more };
}
