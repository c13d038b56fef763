/**
 * The period that the cards of a page share, and its bond with Home Assistant's energy date selection.
 *
 * The bond goes both ways, and only where a page has that selection (or another energy card) with the same
 * `collection_key`: its collection lies on the connection. That is Home Assistant's own affair and may change: where it
 * is not found, the store goes on alone.
 */

import type { HomeAssistant } from "./ha";
import {
  beginOf,
  between,
  bounds,
  dayOf,
  holds,
  isSpanned,
  moved,
  type Period,
  type Spanned,
  shifted,
  today,
} from "./period";

/** What of an energy collection is used. */
interface EnergyCollection {
  start: Date;
  end?: Date;
  setPeriod(start: Date, end?: Date): void;
  refresh(): Promise<void> | void;
  subscribe(listener: () => void): () => void;
}

export interface Picked {
  period: Period;
  /** The period before is set beside it. */
  previous: boolean;
}

export class PeriodStore {
  private listeners = new Set<() => void>();
  private controls = 0;
  private collection: EnergyCollection | undefined;
  private leave: (() => void) | undefined;
  private hass: HomeAssistant;
  /** The day that it was when this was looked at last, and the clock that looks again at midnight. */
  private seen: string;
  private midnight: number | undefined;
  picked: Picked;

  constructor(
    hass: HomeAssistant,
    private key?: string,
    start: Spanned["span"] = "day",
  ) {
    this.hass = hass;
    this.seen = this.today;
    this.picked = { period: { span: start, date: this.today }, previous: true };
  }

  get today(): string {
    return today(this.hass.config.time_zone);
  }

  /** True where something on the page lets people choose: then a card need not. */
  get controlled(): boolean {
    return this.controls > 0 || this.collection !== undefined;
  }

  /** Counts something that lets people choose, until what is returned is called. */
  control(): () => void {
    this.controls += 1;
    this.tell();
    return () => {
      this.controls -= 1;
      this.tell();
    };
  }

  set(picked: Partial<Picked>): void {
    this.picked = { ...this.picked, ...picked };
    if (picked.period !== undefined) this.pass(picked.period);
    this.tell();
  }

  shift(by: number): void {
    this.set({ period: shifted(this.picked.period, by) });
  }

  subscribe(hass: HomeAssistant, listener: () => void): () => void {
    this.hass = hass;
    this.listeners.add(listener);
    this.bind();
    this.wake();
    // Cards are made one after the other: the one with the collection may come last.
    const later = window.setTimeout(() => this.bind(), 500);
    return () => {
      window.clearTimeout(later);
      this.listeners.delete(listener);
      if (this.listeners.size === 0) this.rest();
    };
  }

  /** Goes on to the new day where the old one was in view: displays on walls are not touched. */
  private wake(): void {
    window.clearTimeout(this.midnight);
    const { today, seen } = this;
    const { period } = this.picked;
    this.seen = today;
    const gone = isSpanned(period) && holds(period, seen) && !holds(period, today);
    // Home Assistant's own selection goes on by itself.
    if (gone && this.collection === undefined) this.set({ period: { ...period, date: today } });
    const next = beginOf(moved(today, 1), this.hass.config.time_zone).getTime();
    this.midnight = window.setTimeout(() => this.wake(), Math.max(1000, next - Date.now()));
  }

  /** Looks for the page's energy collection, once, and follows it. */
  private bind(): void {
    if (this.collection !== undefined || this.key === undefined || this.listeners.size === 0) return;
    const found = this.hass.connection[`_${this.key}`] as EnergyCollection | undefined;
    if (found?.start === undefined || typeof found.subscribe !== "function") return;
    this.collection = found;
    try {
      this.leave = found.subscribe(() => this.hear());
    } catch {
      this.collection = undefined;
      return;
    }
    this.hear();
  }

  private rest(): void {
    window.clearTimeout(this.midnight);
    this.leave?.();
    this.leave = undefined;
    this.collection = undefined;
  }

  private hear(): void {
    if (this.collection === undefined) return;
    const zone = this.pickerZone;
    const first = dayOf(this.collection.start, zone);
    const last = this.collection.end === undefined ? this.today : dayOf(this.collection.end, zone);
    const [start, end] = bounds(this.picked.period);
    if (start !== first || end !== moved(last, 1)) this.picked = { ...this.picked, period: between(first, last) };
    this.tell();
  }

  /** The time zone that Home Assistant's selection takes its days from, as the user has it in his profile. */
  private get pickerZone(): string {
    const own = this.hass.locale.time_zone !== "server";
    return own ? Intl.DateTimeFormat().resolvedOptions().timeZone : this.hass.config.time_zone;
  }

  private pass(period: Period): void {
    if (this.collection === undefined) return;
    const [start, end] = bounds(period);
    const zone = this.pickerZone;
    // As the date selection itself has it: from the first instant to the last.
    this.collection.setPeriod(beginOf(start, zone), new Date(beginOf(end, zone).getTime() - 1));
    this.collection.refresh();
  }

  private tell(): void {
    for (const listener of [...this.listeners]) listener();
  }
}

const stores = new WeakMap<object, Map<string, PeriodStore>>();

/** Returns the store of a page, or of those cards that name the same energy collection. */
export function periodStore(hass: HomeAssistant, collectionKey?: string): PeriodStore {
  const key = collectionKey ?? `energy_${hass.panelUrl}`;
  let known = stores.get(hass.connection);
  if (known === undefined) {
    known = new Map();
    stores.set(hass.connection, known);
  }
  let store = known.get(key);
  if (store === undefined) {
    store = new PeriodStore(hass, key);
    known.set(key, store);
  }
  return store;
}
