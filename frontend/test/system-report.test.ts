import { describe, expect, it } from "vitest";
import {
  type ArchiveInfo,
  archiveAdvice,
  errorsText,
  type GatewayReport,
  gatewayAdvice,
  gatewayState,
  sizeText,
} from "../src/parts/system-report";
import { fakeHass, numbersFrom } from "./support";
import { archive, gateway } from "./system-reports";

const keys = (list: { key: string }[]): string[] => list.map(({ key }) => key);

describe("a gateway", () => {
  it.each<[Partial<GatewayReport>, string, string[]]>([
    [{}, "connected", []],
    [{ connected: null }, "starting", []],
    [{ connected: false, silent: [1, 2], bus_load: 99 }, "disconnected", ["system_advice_disconnected"]],
    [{ connected: null, units: null }, "away", ["system_advice_away"]],
    [{ silent: [5] }, "connected", ["system_advice_silent"]],
    [{ bus_load: 89.9 }, "connected", []],
    [{ bus_load: 90, silent: [5] }, "connected", ["system_advice_silent", "system_advice_busy"]],
  ])("%o is %s, with advice %o", (fields, state, advice) => {
    expect(gatewayState(gateway(fields))).toBe(state);
    expect(keys(gatewayAdvice(gateway(fields)))).toEqual(advice);
  });

  it.each([
    [0, 0, "0"],
    [1000, 0, "0"],
    [1000, 12, "12 (1.2%)"],
    [1_000_000, 3, "3"],
    [null, null, "–"],
  ])("that asked %s times with %s errors says %s", (requests, errors, expected) => {
    expect(errorsText(fakeHass(), gateway({ requests, errors }))).toBe(expected);
  });
});

describe("the archive", () => {
  const disk = { free: 80e9, total: 256e9 };

  it.each<[Partial<ArchiveInfo>, { free: number; total: number } | null, string[]]>([
    [{}, disk, []],
    [{}, null, []],
    [{ error: "locked" }, disk, ["system_advice_archive"]],
    [{ dropped: { samples: 2, alarms: 1 } }, disk, ["system_advice_dropped"]],
    [{ dropped: { samples: 0 } }, disk, []],
    [{}, { free: 12e9, total: 256e9 }, ["system_advice_disk"]],
    [{}, { free: 0.9e9, total: 4e9 }, ["system_advice_disk"]],
  ])("%o on %o: %o", (fields, room, advice) => {
    expect(keys(archiveAdvice(archive(fields), room))).toEqual(advice);
  });
});

describe("a size", () => {
  it.each([
    [null, "–"],
    [0, "0 B"],
    [999, "999 B"],
    [1000, "1.00 kB"],
    [84_500_000, "84.5 MB"],
    [999_600_000, "1.00 GB"],
    [256e9, "256 GB"],
    [5e15, "5,000 TB"],
  ])("of %s bytes is %s", (bytes, expected) => {
    expect(sizeText(fakeHass(), bytes).replace("\u00a0", " ")).toBe(expected);
  });

  it("is told to half a percent, with at most three digits", () => {
    const below = numbersFrom(3);
    const factors: Record<string, number> = { B: 1, kB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12 };
    for (let round = 0; round < 300; round += 1) {
      const bytes = Math.round(10 ** (below(14_000) / 1000));
      const [number = "", unit = ""] = sizeText(fakeHass(), bytes).split("\u00a0");
      expect(number.replace(/\D/g, "").length).toBeLessThanOrEqual(3);
      expect(Math.abs(Number(number) * (factors[unit] ?? 0) - bytes)).toBeLessThanOrEqual(bytes * 0.0051);
    }
  });
});
