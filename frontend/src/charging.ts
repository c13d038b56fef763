/**
 * How charging goes, as `charging` and `sessions` answer (docs/queries.md), and one subscription of it for all cards.
 *
 * Owns the shapes, the feed and the order of the queue; which car is served first is decided on the server.
 */

import { DOMAIN, type HomeAssistant } from "./ha";

export type Zone = "green" | "yellow" | "red" | "blind";
export type ChargeState = "free" | "waiting" | "starting" | "charging" | "done" | "held" | "fault" | "offline";
export type Phase = "l1" | "l2" | "l3";

/** A of L1 to L3. */
export type Currents = [number, number, number];

export const PHASES: readonly Phase[] = ["l1", "l2", "l3"];

export interface Manager {
  zone: Zone | null;
  currents: Currents | null;
  headroom: Currents | null;
  charging: number;
  waiting: number;
  mode: "continuous" | "steps";
  max_current: number;
  charge_current: number;
  load_control: boolean;
  control_logic: boolean;
}

/** A station that nobody manages, and any before the first step. */
export interface Station {
  id: string;
  name: string;
  device_id: string | null;
  managed: boolean;
}

export interface ManagedStation extends Station {
  state: ChargeState;
  limit: number | null;
  reason: string | null;
  values: Record<string, unknown> | null;
  text: string | null;
  priority: boolean;
  default_priority: boolean;
  phases: Phase[];
  drawn: Currents | null;
  plugged_for: number | null;
  waited: number | null;
  session: OpenSession | null;
}

export interface OpenSession {
  id: string;
  start: number;
  energy: number | null;
  charge: number | null;
  card: string | null;
  cost: number | null;
  currency: string;
  interruptions: number;
}

export interface Charging {
  manager: Manager | null;
  stations: (Station | ManagedStation)[];
}

interface Priced {
  energy: number | null;
  charge: number | null;
  costs: Record<string, number | null>;
  unpriced: number;
  tariffs: {
    tariff: string;
    tariff_name: string;
    price: number | null;
    currency: string;
    energy: number;
    cost: number | null;
  }[];
}

export interface Interruption {
  start: number;
  seconds: number;
  reason: string;
  values: Record<string, unknown>;
}

export interface Session extends Priced {
  id: string;
  station: string;
  name: string;
  start: number;
  end: number | null;
  card: string | null;
  priority: boolean;
  interruptions: Interruption[];
}

export interface SessionSum extends Priced {
  station: string;
  name: string;
  count: number;
}

export interface Sessions {
  time_zone: string;
  start: number;
  end: number;
  sessions: Session[];
  stations: SessionSum[];
}

export function isManaged(station: Station | ManagedStation): station is ManagedStation {
  return "state" in station;
}

/** Where the cars of a site stand. */
export interface Queue {
  charging: ManagedStation[];
  waiting: ManagedStation[];
  /** With a car that neither charges nor waits, or without an answer. */
  standing: ManagedStation[];
  free: Station[];
  /** Left alone, or not looked at yet. */
  alone: Station[];
}

const LINES: Record<ChargeState, Exclude<keyof Queue, "alone">> = {
  charging: "charging",
  starting: "charging",
  waiting: "waiting",
  held: "standing",
  done: "standing",
  fault: "standing",
  offline: "standing",
  free: "free",
};

/** Sorts the stations: who charges, longest there first; who waits, next one first. */
export function queueOf(stations: Charging["stations"]): Queue {
  const queue: Queue = { charging: [], waiting: [], standing: [], free: [], alone: [] };
  for (const station of stations) {
    if (isManaged(station)) (queue[LINES[station.state]] as Station[]).push(station);
    else queue.alone.push(station);
  }
  queue.charging.sort((one, other) => (other.plugged_for ?? 0) - (one.plugged_for ?? 0));
  queue.waiting.sort(
    (one, other) =>
      place(one) - place(other) ||
      Number(other.priority) - Number(one.priority) ||
      (other.waited ?? 0) - (one.waited ?? 0),
  );
  return queue;
}

/** The place that the server tells; who waits for something else than his turn is before those. */
function place({ values }: ManagedStation): number {
  return typeof values?.place === "number" ? values.place : 0;
}

export interface News {
  charging?: Charging;
  error?: unknown;
}

type Listener = (news: News) => void;

/** One subscription for all that listen, as long as somebody does. */
class Feed {
  private listeners = new Set<Listener>();
  private leave: Promise<() => void> | undefined;
  private last: News | undefined;

  constructor(private hass: HomeAssistant) {}

  listen(listener: Listener): () => void {
    this.listeners.add(listener);
    if (this.last !== undefined) listener(this.last);
    if (this.leave === undefined) this.begin();
    return () => {
      this.listeners.delete(listener);
      if (this.listeners.size === 0) this.end();
    };
  }

  private begin(): void {
    const leave = this.hass.connection.subscribeMessage<Charging>((charging) => this.tell({ charging }), {
      type: `${DOMAIN}/charging/subscribe`,
    });
    this.leave = leave;
    leave.catch((error: unknown) => {
      if (this.leave !== leave) return;
      this.leave = undefined;
      this.tell({ error });
    });
  }

  private end(): void {
    const leave = this.leave;
    this.leave = undefined;
    this.last = undefined;
    leave?.then((stop) => stop()).catch(() => undefined);
  }

  private tell(news: News): void {
    if (this.listeners.size === 0) return;
    this.last = news.error === undefined ? news : undefined;
    for (const listener of [...this.listeners]) listener(news);
  }
}

const feeds = new WeakMap<object, Feed>();

/** Follows how charging goes, until what is returned is called; at once where it is known. */
export function followCharging(hass: HomeAssistant, listener: Listener): () => void {
  let feed = feeds.get(hass.connection);
  if (feed === undefined) {
    feed = new Feed(hass);
    feeds.set(hass.connection, feed);
  }
  return feed.listen(listener);
}
