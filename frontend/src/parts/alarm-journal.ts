/**
 * The part of the journal of alarms that is looked at: asked for in pages, kept up to date by what the server tells.
 *
 * Draws nothing. The first event of a subscription, also after the connection was lost, has no changes: that is when
 * the journal is read.
 */

import { DOMAIN, type HomeAssistant } from "../ha";
import { type AlarmEntry, type AlarmFilter, merged, question } from "./alarm-entry";

export const PAGE = 50;
const MOST = 500;

interface Counts {
  active: number;
  unacknowledged: number;
}

interface Page extends Counts {
  entries: AlarmEntry[];
  more: boolean;
  devices: Record<string, string>;
}

interface News extends Counts {
  newest: number | null;
  /** null: too many to tell. */
  changed: AlarmEntry[] | null;
}

export class AlarmJournal {
  entries: AlarmEntry[] = [];
  /** There are older ones than those that are here. */
  more = false;
  active = 0;
  unacknowledged = 0;
  /** Names by our own id, of whatever the journal is about. */
  devices: Record<string, string> = {};
  /** Why there is nothing, or nothing new. */
  error: unknown;
  /** An answer is waited for. */
  busy = true;
  /** Something was answered before. */
  known = false;
  private turn = 0;
  private over = true;
  private unsubscribe: Promise<() => void> | undefined;

  /** `tell` is called whenever something here has changed. */
  constructor(
    private hass: HomeAssistant,
    private tell: () => void,
    private filter: AlarmFilter = {},
  ) {}

  /** Follows the journal until `end`. */
  begin(): void {
    if (!this.over) return;
    this.over = false;
    this.unsubscribe = this.hass.connection.subscribeMessage<News>((news) => this.hear(news), {
      type: `${DOMAIN}/alarms/subscribe`,
    });
    this.unsubscribe.catch((error: unknown) => this.fail(error));
  }

  end(): void {
    this.over = true;
    this.turn += 1;
    this.unsubscribe?.then((leave) => leave()).catch(() => undefined);
    this.unsubscribe = undefined;
  }

  /** Shows what passes another filter. */
  show(filter: AlarmFilter): void {
    this.filter = filter;
    void this.read(PAGE);
  }

  /** Reads the next page of older entries. */
  async older(): Promise<void> {
    const last = this.entries.at(-1);
    if (last === undefined || !this.more || this.busy) return;
    await this.ask({ before: last.id, limit: PAGE }, (page) => {
      this.entries = [...this.entries, ...page.entries];
    });
  }

  /** Acknowledges entries, or all alarms; what changes by it is told as any change. */
  async acknowledge(ids?: number[]): Promise<void> {
    const which = ids === undefined ? { all: true } : { ids };
    await this.hass.callWS({ type: `${DOMAIN}/alarms/acknowledge`, ...which });
  }

  private async read(limit: number): Promise<void> {
    await this.ask({ limit }, (page) => {
      this.entries = page.entries;
    });
  }

  private async ask(fields: Record<string, unknown>, take: (page: Page) => void): Promise<void> {
    this.turn += 1;
    const turn = this.turn;
    this.busy = true;
    this.tell();
    try {
      const message = { type: `${DOMAIN}/alarms`, ...question(this.filter), ...fields };
      const page = await this.hass.callWS<Page>(message);
      if (turn !== this.turn) return;
      take(page);
      const { more, active, unacknowledged, devices } = page;
      Object.assign(this, { more, active, unacknowledged, devices, error: undefined, known: true });
    } catch (error) {
      if (turn !== this.turn) return;
      this.error = error;
      // What another filter let pass is no answer to this one.
      if (fields.before === undefined) this.entries = [];
    }
    if (turn !== this.turn) return;
    this.busy = false;
    this.tell();
  }

  private hear({ active, unacknowledged, changed }: News): void {
    if (this.over) return;
    Object.assign(this, { active, unacknowledged });
    if (changed === null || changed.length === 0) {
      this.renew();
      return;
    }
    this.entries = merged(this.entries, changed, this.filter, this.hass.config.time_zone, this.more);
    const names = changed.flatMap(({ device_id, device }) => (device_id === null ? [] : [[device_id, device]]));
    this.devices = { ...Object.fromEntries(names), ...this.devices };
    if (this.entries.length === 0 && this.more) this.renew();
    else this.tell();
  }

  /** Reads as much as is shown. */
  private renew(): void {
    void this.read(Math.min(Math.max(this.entries.length, PAGE), MOST));
  }

  private fail(error: unknown): void {
    if (this.over) return;
    Object.assign(this, { error, busy: false, over: true });
    this.tell();
  }
}
