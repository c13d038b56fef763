/**
 * Asks the server, and remembers the answers.
 *
 * The same question is asked once, whoever asks. An answer is forgotten when the server says that there is something
 * new in its time, or that the site has changed: nothing is asked by the clock.
 */

import { told } from "./errors";
import { DOMAIN, type HomeAssistant, type Message } from "./ha";

interface Known {
  answer: Promise<unknown>;
  /** POSIX s; where the answer's time ends. Infinity: it has none. */
  end: number;
}

interface News {
  /** Start of the earliest consumption that is new. */
  since: number | null;
  /** Another number: the site itself is another one. */
  revision: number;
  /** The subscription begins, for the first time or again after the connection was lost. */
  begin?: boolean;
}

const MOST = 80;
/** ms for which the server is followed after the last card has gone. */
const LINGER = 60_000;

class Client {
  private known = new Map<string, Known>();
  private listeners = new Set<() => void>();
  private revision: number | undefined;
  private unfollow: Promise<() => void> | undefined;
  private resting: number | undefined;

  constructor(public hass: HomeAssistant) {}

  /**
   * Returns the answer to a command of ours, named without the domain: `ask("consumption", {scope: "load"})`.
   *
   * `anew`: whatever is known. Fails with a `Refusal` in the user's language.
   */
  ask<T>(command: string, fields: Record<string, unknown> = {}, anew = false): Promise<T> {
    const message: Message = { type: `${DOMAIN}/${command}`, ...fields };
    const key = JSON.stringify(message);
    const known = this.known.get(key);
    if (known !== undefined && !anew) {
      this.known.delete(key);
      this.known.set(key, known);
      return known.answer as Promise<T>;
    }
    const { hass } = this;
    const answer = hass.callWS<T>(message).catch(async (error: unknown) => Promise.reject(await told(hass, error)));
    const entry: Known = { answer, end: Number.POSITIVE_INFINITY };
    this.known.set(key, entry);
    answer.then(
      (told) => {
        const end = (told as { end?: unknown } | null)?.end;
        if (typeof end === "number") entry.end = end;
      },
      () => this.known.get(key) === entry && this.known.delete(key),
    );
    if (this.unfollow === undefined) this.restLater();
    for (const old of this.known.keys()) {
      if (this.known.size <= MOST) break;
      this.known.delete(old);
    }
    return answer;
  }

  /** Calls `listener` when answers were forgotten, until what is returned is called. */
  follow(listener: () => void): () => void {
    this.listeners.add(listener);
    this.unfollow ??= this.hass.connection.subscribeMessage<News>((news) => this.hear(news), {
      type: `${DOMAIN}/follow`,
    });
    this.unfollow.catch(() => {
      this.unfollow = undefined;
    });
    return () => {
      this.listeners.delete(listener);
      this.restLater();
    };
  }

  /** Rests after a while: another view may follow at once, with the same questions. */
  private restLater(): void {
    window.clearTimeout(this.resting);
    this.resting = window.setTimeout(() => this.rest(), LINGER);
  }

  /** Ends the subscription where nobody needs it, and forgets: nobody hears of changes then. */
  private rest(): void {
    if (this.listeners.size > 0) return;
    this.known.clear();
    const end = this.unfollow;
    this.unfollow = undefined;
    this.revision = undefined;
    end?.then((leave) => leave()).catch(() => undefined);
  }

  private hear(news: News): void {
    const first = this.revision === undefined;
    const other = news.begin === true || this.revision !== news.revision;
    this.revision = news.revision;
    if (first) return;
    if (other) this.known.clear();
    else if (news.since === null) return;
    else for (const [key, one] of this.known) if (one.end > news.since) this.known.delete(key);
    this.tell();
  }

  private tell(): void {
    for (const listener of this.listeners) listener();
  }
}

const clients = new WeakMap<object, Client>();

/** Returns the one client of a connection. */
export function client(hass: HomeAssistant): Client {
  let known = clients.get(hass.connection);
  if (known === undefined) {
    known = new Client(hass);
    clients.set(hass.connection, known);
  }
  known.hass = hass;
  return known;
}
