/** What a system tells of itself, for tests: all is well but for what is told. */

import type { ArchiveInfo, GatewayReport, LinkEnd, SystemReport } from "../src/parts/system-report";

export function gateway(fields: Partial<GatewayReport> = {}): GatewayReport {
  const figures = { connected: true, bus_load: 34.2, cycle_time: 1.24, requests: 4000, errors: 0, units: 24 };
  return { id: "g", name: "Panel", silent: [], problem: null, ...figures, ...fields };
}

export function archive(fields: Partial<ArchiveInfo> = {}): ArchiveInfo {
  const rows = { intervals: 1234, samples: 5678, alarms: 41, sessions: 8, queued: 0, dropped: {} };
  const times = { last_interval: 1_780_000_000, last_write: 1_780_000_060, kept_since: null };
  return { engine: "SQLite", schema_version: 7, size: 84_500_000, error: null, ...rows, ...times, ...fields };
}

export function linkEnd(fields: Partial<LinkEnd> = {}): LinkEnd {
  return { device: "d1", name: "Push button", function: "io", gateway: "Panel", address: "12", ...fields };
}

export function report(fields: Partial<SystemReport> = {}): SystemReport {
  return {
    version: "1.0.0",
    home_assistant: "2026.10.4",
    python: "3.14.1",
    started_at: Date.now() / 1000 - 7200,
    gateways: [gateway()],
    disk: { free: 80e9, total: 256e9 },
    catalog: { models: 153, maps: 42, user_maps: 0, errors: [] },
    links: [],
    ...fields,
  };
}
