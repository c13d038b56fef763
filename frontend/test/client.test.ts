/** What is asked of the server, and what is known without asking. */

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { client } from "../src/client";
import { refusal } from "../src/errors";
import { type FakeHass, fakeHass, refuse } from "./support";

const BEGIN = { since: null, revision: 1, begin: true };
const turn = (): Promise<unknown> => vi.advanceTimersByTimeAsync(0);

/** A house whose every answer is another one; bars end when they are asked to. */
function house(): FakeHass {
  let count = 0;
  const next = (): number => {
    count += 1;
    return count;
  };
  return fakeHass({
    answers: {
      site: () => ({ name: next() }),
      consumption: ({ end }: { end?: number }) => ({ end, turn: next() }),
      nothing: () => null,
      follow: BEGIN,
    },
  });
}

const asked = (hass: FakeHass): number => hass.sent.filter(({ type }) => type !== "follow").length;

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe("a question", () => {
  it("is asked once, whoever asks, and with our domain", async () => {
    const hass = house();
    const spy = vi.spyOn(hass, "callWS");
    const answers = await Promise.all([client(hass).ask("site"), client({ ...hass }).ask("site")]);
    expect(answers[0]).toBe(answers[1]);
    expect(spy.mock.calls).toEqual([[{ type: "legrand_ews/site" }]]);
  });

  it("with other fields is another one", async () => {
    const hass = house();
    await client(hass).ask("consumption", { end: 1 });
    await client(hass).ask("consumption", { end: 2 });
    expect(asked(hass)).toBe(2);
  });

  it("can be asked anew, and that answer is the one that is known then", async () => {
    const hass = house();
    await client(hass).ask("site");
    expect(await client(hass).ask("site", {}, true)).toEqual({ name: 2 });
    expect(await client(hass).ask("site")).toEqual({ name: 2 });
  });

  it("that is refused is asked again", async () => {
    const hass = house();
    hass.answer("site", () => refuse("not_found"));
    await expect(client(hass).ask("site")).rejects.toMatchObject({ code: "not_found" });
    hass.answer("site", { name: "there" });
    expect(await client(hass).ask("site")).toEqual({ name: "there" });
  });

  it("that is refused says why in the user's language", async () => {
    const refused = { code: "no_installation", message: "No installation", translation_key: "no_installation" };
    const fail = (): never => {
      throw refused;
    };
    const hass = fakeHass({ answers: { site: fail }, loadBackendTranslation: async () => () => "Pas d'installation" });
    await expect(client(hass).ask("site")).rejects.toEqual({
      code: "no_installation",
      message: "Pas d'installation",
    });
  });

  it("that is refused late leaves the newer answer alone", async () => {
    const hass = house();
    let fail = (_: unknown): void => undefined;
    hass.answer("site", () => new Promise((_, reject) => (fail = reject)));
    const first = client(hass).ask("site");
    first.catch(() => undefined);
    hass.answer("site", { name: "newer" });
    await client(hass).ask("site", {}, true);
    fail(new Error("late"));
    await turn();
    await client(hass).ask("site");
    expect(asked(hass)).toBe(2);
  });

  it("may be answered with nothing", async () => {
    expect(await client(house()).ask("nothing")).toBeNull();
  });

  it("is known among the eighty last ones that were of use", async () => {
    const hass = house();
    for (let end = 0; end < 80; end += 1) await client(hass).ask("consumption", { end });
    await client(hass).ask("consumption", { end: 0 });
    await client(hass).ask("site");
    expect(asked(hass)).toBe(81);
    await client(hass).ask("consumption", { end: 0 });
    expect(asked(hass)).toBe(81);
    await client(hass).ask("consumption", { end: 1 });
    expect(asked(hass)).toBe(82);
  });
});

describe("news", () => {
  async function followed(): Promise<{ hass: FakeHass; heard: ReturnType<typeof vi.fn>; leave: () => void }> {
    const hass = house();
    const heard = vi.fn();
    const leave = client(hass).follow(heard);
    await client(hass).ask("consumption", { end: 100 });
    await client(hass).ask("consumption", { end: 200 });
    await client(hass).ask("site");
    await turn();
    hass.sent.length = 0;
    return { hass, heard, leave };
  }

  /** Which of the three questions have to be asked again. */
  async function forgotten(hass: FakeHass): Promise<unknown[]> {
    await client(hass).ask("consumption", { end: 100 });
    await client(hass).ask("consumption", { end: 200 });
    await client(hass).ask("site");
    return hass.sent.map(({ end }) => end ?? "site");
  }

  it("are subscribed to once, and the beginning forgets nothing", async () => {
    const { hass, heard } = await followed();
    client(hass).follow(vi.fn());
    expect(hass.subscribed).toEqual(["follow"]);
    expect(heard).not.toHaveBeenCalled();
    expect(await forgotten(hass)).toEqual([]);
  });

  it.each([
    ["of consumption: answers that reach beyond it", { since: 150, revision: 1 }, [200, "site"]],
    ["of consumption where an answer ends: that one is complete", { since: 100, revision: 1 }, [200, "site"]],
    ["of another site: all", { since: null, revision: 2 }, [100, 200, "site"]],
    ["after the connection was lost: all", BEGIN, [100, 200, "site"]],
  ])("%s", async (_, news, gone) => {
    const { hass, heard } = await followed();
    hass.push("follow", news);
    expect(heard).toHaveBeenCalledTimes(1);
    expect(await forgotten(hass)).toEqual(gone);
  });

  it("of nothing disturb nobody", async () => {
    const { hass, heard } = await followed();
    hass.push("follow", { since: null, revision: 1 });
    expect(heard).not.toHaveBeenCalled();
    expect(await forgotten(hass)).toEqual([]);
  });

  it("that come before the answer make it old", async () => {
    const { hass } = await followed();
    const early = client(hass).ask("consumption", { end: 50 });
    hass.push("follow", { since: 60, revision: 1 });
    await early;
    await client(hass).ask("consumption", { end: 50 });
    expect(asked(hass)).toBe(2);
  });

  it("are no longer told to those who left", async () => {
    const { hass, heard, leave } = await followed();
    leave();
    hass.push("follow", { since: 1, revision: 1 });
    expect(heard).not.toHaveBeenCalled();
  });

  it("are followed for a minute after the last one left", async () => {
    const { hass, leave } = await followed();
    leave();
    await vi.advanceTimersByTimeAsync(59_000);
    expect(hass.subscribed).toEqual(["follow"]);
    expect(await forgotten(hass)).toEqual([]);
    await vi.advanceTimersByTimeAsync(2000);
    expect(hass.subscribed).toEqual([]);
    expect(await forgotten(hass)).toEqual([100, 200, "site"]);
  });

  it("go on for a whole minute after whoever left last, and for those who come meanwhile", async () => {
    const { hass, leave } = await followed();
    leave();
    await vi.advanceTimersByTimeAsync(50_000);
    const again = client(hass).follow(vi.fn());
    await vi.advanceTimersByTimeAsync(50_000);
    expect(hass.subscribed).toEqual(["follow"]);
    again();
    await vi.advanceTimersByTimeAsync(50_000);
    expect(hass.subscribed).toEqual(["follow"]);
    await vi.advanceTimersByTimeAsync(11_000);
    expect(hass.subscribed).toEqual([]);
  });

  it("begin again after a rest", async () => {
    const { hass, leave } = await followed();
    leave();
    await vi.advanceTimersByTimeAsync(61_000);
    const heard = vi.fn();
    client(hass).follow(heard);
    await turn();
    expect([hass.subscribed, heard.mock.calls.length]).toEqual([["follow"], 0]);
    hass.push("follow", { since: 1, revision: 1 });
    expect(heard).toHaveBeenCalledTimes(1);
  });

  it("that cannot be subscribed to are tried again by the next one", async () => {
    const hass = house();
    const subscribe = vi.spyOn(hass.connection, "subscribeMessage").mockRejectedValueOnce({ code: "unauthorized" });
    client(hass).follow(vi.fn());
    await turn();
    client(hass).follow(vi.fn());
    await turn();
    expect(subscribe).toHaveBeenCalledTimes(2);
    expect(hass.subscribed).toEqual(["follow"]);
  });

  it("that nobody follows: answers are known for a minute after the last question", async () => {
    const hass = house();
    await client(hass).ask("site");
    await vi.advanceTimersByTimeAsync(59_000);
    await client(hass).ask("consumption", { end: 1 });
    await client(hass).ask("site");
    expect(asked(hass)).toBe(2);
    await vi.advanceTimersByTimeAsync(61_000);
    await client(hass).ask("site");
    expect(asked(hass)).toBe(3);
  });
});

it.each([
  [
    { code: "unauthorized", message: "Not yours" },
    { code: "unauthorized", message: "Not yours" },
  ],
  [new Error("lost"), { code: "unknown_error", message: "lost" }],
  ["lost", { code: "unknown_error", message: "lost" }],
  [undefined, { code: "unknown_error", message: "undefined" }],
])("why something failed is told: %s", (error, told) => {
  expect(refusal(error)).toEqual(told);
});
