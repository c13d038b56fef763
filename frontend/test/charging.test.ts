/** The queue, and the one subscription of it. */

import { describe, expect, it } from "vitest";
import { type ChargeState, followCharging, type News, queueOf } from "../src/charging";
import { charging, house, manager, station } from "./charging-samples";
import { numbersFrom, refuse, settle } from "./support";

const STATES: ChargeState[] = ["free", "waiting", "starting", "charging", "done", "held", "fault", "offline"];

describe("queue", () => {
  it("has each station once, whatever its state", () => {
    const any = numbersFrom(7);
    for (let round = 0; round < 50; round += 1) {
      const alone = { id: "alone", name: "Yard", device_id: null, managed: false };
      const stations = [...Array(any(12)).keys()].map((n) =>
        station(`${n}`, { state: STATES[any(8)], waited: any(2) ? any(900) : null, plugged_for: any(900) }),
      );
      const ids = Object.values(queueOf([alone, ...stations])).flatMap((line: { id: string }[]) =>
        line.map(({ id }) => id),
      );
      expect(ids.sort()).toEqual(["alone", ...stations.map(({ id }) => id)].sort());
    }
  });

  it("has the next one first: by place, then priority, then who waits longest", () => {
    const waits = (id: string, place: number | undefined, waited: number, priority = false) =>
      station(id, { state: "waiting", values: place === undefined ? {} : { place }, waited, priority });
    const stations = [waits("d", 3, 900), waits("c", 2, 10), waits("b", undefined, 90), waits("a", undefined, 5, true)];
    expect(queueOf(stations).waiting.map(({ id }) => id)).toEqual(["a", "b", "c", "d"]);
  });
});

describe("feed", () => {
  const told = { manager: manager(), stations: [charging("a")] };

  it("is subscribed to once, and left with the last listener", async () => {
    const hass = house(told);
    const heard: News[] = [];
    const first = followCharging(hass, (news) => heard.push(news));
    await settle();
    const second = followCharging(hass, (news) => heard.push(news));
    expect(heard).toEqual([{ charging: told }, { charging: told }]);
    expect(hass.subscribed).toEqual(["charging/subscribe"]);
    first();
    await settle();
    expect(hass.subscribed).toEqual(["charging/subscribe"]);
    second();
    await settle();
    expect(hass.subscribed).toEqual([]);
  });

  it("tells a refusal, and the next listener asks again", async () => {
    const hass = house(told);
    const subscribe = hass.connection.subscribeMessage;
    hass.connection.subscribeMessage = async () => refuse("unauthorized");
    const heard: News[] = [];
    const listen = () => followCharging(hass, (news) => heard.push(news));
    listen();
    await settle();
    expect(heard).toEqual([{ error: { code: "unauthorized", message: "unauthorized" } }]);
    hass.connection.subscribeMessage = subscribe;
    listen();
    await settle();
    expect(heard.at(-1)).toEqual({ charging: told });
  });
});
