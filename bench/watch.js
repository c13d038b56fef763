/*
 * Looks on while Home Assistant's frontend draws our cards: what they asked, when they were drawn, what that took.
 * Runs in every page before all its scripts. `bench` is what the benchmark calls.
 */
window.bench = (() => {
  const OURS = /^(legrand-)?ews-/;
  const CARD = /^ews-.*-card$/;
  /** What is looked into: changes of states, and news of the history. */
  const TOLD = /"c":\{|"revision":/;
  const QUIET = 500;
  const LIMIT = 60_000;
  const cards = new Set();
  const observed = new WeakSet();
  const waiting = new Map();
  const subscriptions = {};
  let questions = [];
  let drawn = 0;
  let painted = 0;
  let framing = false;
  let work = 0;
  let updates = 0;
  let muted = false;
  let seen = [];
  let news = 0;
  let revision;
  let socket;

  const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

  /** The moment after the next picture. */
  const picture = () =>
    new Promise((resolve) => {
      requestAnimationFrame(() => {
        const channel = new MessageChannel();
        channel.port1.onmessage = () => resolve(performance.now());
        channel.port2.postMessage(0);
      });
    });

  const noteDrawn = () => {
    drawn = performance.now();
    if (framing) return;
    framing = true;
    picture().then((moment) => {
      framing = false;
      painted = moment;
    });
  };

  /** Wraps a method that an element may inherit. */
  const wrap = (prototype, name, around) => {
    const inner = prototype[name];
    prototype[name] = function wrapped(...given) {
      return around(this, () => inner?.apply(this, given));
    };
  };

  const observe = (prototype) => {
    observed.add(prototype);
    wrap(prototype, "performUpdate", (_, go) => {
      const begin = performance.now();
      try {
        return go();
      } finally {
        work += performance.now() - begin;
      }
    });
    wrap(prototype, "update", (_, go) => {
      updates += 1;
      go();
      noteDrawn();
    });
  };

  /** Notes an element of ours. Its prototype need not be that of the class that was defined: there is a polyfill. */
  const arrive = (element) => {
    if (CARD.test(element.localName)) cards.add(element);
    const prototype = Object.getPrototypeOf(element);
    if (prototype.performUpdate !== undefined && !observed.has(prototype)) observe(prototype);
  };

  const define = CustomElementRegistry.prototype.define;
  CustomElementRegistry.prototype.define = function watched(tag, element, options) {
    if (OURS.test(tag)) {
      wrap(element.prototype, "connectedCallback", (one, go) => (arrive(one), go()));
      wrap(element.prototype, "disconnectedCallback", (one, go) => (cards.delete(one), go()));
    }
    return define.call(this, tag, element, options);
  };

  /** Tells whether a text from the server has nothing but states. */
  const onlyStates = (messages) => messages.every(({ id, event }) => id === subscriptions.subscribe_entities && event);

  const hear = (event) => {
    const now = performance.now();
    if (event.isTrusted && (waiting.size > 0 || muted || TOLD.test(event.data))) {
      const messages = [JSON.parse(event.data)].flat();
      for (const { id, type, event: told } of messages) {
        if (told !== undefined && id === subscriptions["legrand_ews/follow"]) {
          news += 1;
          revision = told.revision;
        }
        if (type === "result" && waiting.has(id)) {
          questions.push({ ...waiting.get(id), answered: now });
          waiting.delete(id);
        }
      }
      if (onlyStates(messages)) {
        if (muted) event.stopImmediatePropagation();
        seen.push(messages.reduce((sum, one) => sum + Object.keys(one.event.c ?? {}).length, 0));
      }
    }
  };

  window.WebSocket = class extends WebSocket {
    constructor(...given) {
      super(...given);
      socket = this;
      this.addEventListener("message", hear);
    }

    send(text) {
      for (const { id, type } of [JSON.parse(text)].flat()) {
        if (type === "subscribe_entities" || type === "legrand_ews/follow") subscriptions[type] = id;
        else if (type?.startsWith("legrand_ews/") && !type.endsWith("subscribe"))
          waiting.set(id, { type: type.slice(12), asked: performance.now() });
      }
      super.send(text);
    }
  };

  const receive = (id, event) =>
    socket.dispatchEvent(new MessageEvent("message", { data: JSON.stringify({ id, type: "event", event }) }));

  const inner = (element, path) =>
    path.reduce((found, selector) => found?.shadowRoot?.querySelector(selector), element);

  const trouble = (card) => {
    const error = card.error;
    if (error !== undefined) throw new Error(`${card.localName}: ${error?.message ?? error}`);
  };

  /** Tells whether so many cards are there and show what they were asked for. */
  const complete = (count) =>
    cards.size >= count &&
    waiting.size === 0 &&
    [...cards].every((card) => {
      trouble(card);
      return card.hasUpdated && !card.isUpdatePending && card.loading !== true;
    });

  /** Waits until nothing is drawn any more; tells how long that took from a moment on, and what the server took. */
  const settled = async (count, since) => {
    const limit = performance.now() + LIMIT;
    while (!complete(count) || framing || performance.now() - drawn < QUIET) {
      if (performance.now() > limit)
        throw new Error(`not drawn: ${[...cards].map((card) => `${card.localName} ${card.loading}`).join(", ")}`);
      await sleep(20);
    }
    const mine = questions.filter((one) => one.asked >= since);
    const busy = mine.length === 0 ? 0 : Math.max(...mine.map((one) => one.answered)) - Math.min(...mine.map((one) => one.asked));
    const slowest = mine.reduce((most, one) => Math.max(most, one.answered - one.asked), 0);
    return { cards: cards.size, drawn: painted - since, questions: mine.length, asking: busy, slowest };
  };

  return {
    settled: (count) => settled(count, 0),

    /** Waits until the frontend is there. */
    async ready() {
      const limit = performance.now() + LIMIT;
      while (!document.querySelector("home-assistant")?.hass?.connected) {
        if (performance.now() > limit) throw new Error("no frontend");
        await sleep(50);
      }
    },

    /** The moment at which a part of the frontend is there, since the page began to load. */
    async shown(name) {
      const limit = performance.now() + LIMIT;
      for (;;) {
        const main = document.querySelector("home-assistant")?.shadowRoot?.querySelector("home-assistant-main");
        const panel = main?.shadowRoot?.querySelector("ha-panel-lovelace");
        const found = inner(panel, ["hui-root"])?.shadowRoot?.querySelector(name);
        if (found?.hasUpdated) return picture();
        if (performance.now() > limit) throw new Error(`no ${name}`);
        await sleep(5);
      }
    },

    /** Goes to another page without loading the frontend anew. */
    walk(path, count) {
      const since = performance.now();
      history.pushState(null, "", path);
      window.dispatchEvent(new CustomEvent("location-changed", { detail: { replace: false } }));
      return count === undefined ? undefined : settled(count, since);
    },

    /** Has all answers forgotten, as the server does when all of the history is new. */
    forget() {
      const since = performance.now();
      receive(subscriptions["legrand_ews/follow"], { since: 0, revision });
      return settled(cards.size, since);
    },

    /** How often the server itself had news. */
    news: () => news,

    /** Presses a button of the period bar: 0 day, 1 month, 2 year. */
    async span(place) {
      const period = [...cards].find((card) => card.localName === "ews-period-card");
      const buttons = inner(period, ["ews-period-bar"]).shadowRoot.querySelectorAll(".spans button");
      const since = performance.now();
      buttons[place].click();
      const told = await settled(cards.size, since);
      const histogram = [...cards].find((card) => card.localName === "ews-histogram-card");
      return { ...told, bars: inner(histogram, ["ews-bars"]).labels.length };
    },

    /** From now on no states come from the server. */
    mute() {
      muted = true;
    },

    /** How many states came at once lately. */
    bursts() {
      const found = seen;
      seen = [];
      return found;
    },

    /** Lets the states of so many devices change at once, so often; tells what our elements took for it. */
    async live(devices, times) {
      const { hass } = document.querySelector("home-assistant");
      const chosen = new Set();
      const ids = Object.keys(hass.states).filter((id) => {
        const { platform, device_id: device } = hass.entities[id] ?? {};
        if (platform !== "legrand_ews" || hass.states[id].state === "" || Number.isNaN(Number(hass.states[id].state))) return false;
        if (chosen.size < devices) chosen.add(device);
        return chosen.has(device);
      });
      work = updates = 0;
      for (let turn = 1; turn <= times; turn += 1) {
        const changes = ids.map((id) => {
          const value = (Number(hass.states[id].state) + turn / 10).toFixed(1);
          return [id, { "+": { s: value, lc: Date.now() / 1000, c: `burst${turn}` } }];
        });
        receive(subscriptions.subscribe_entities, { c: Object.fromEntries(changes) });
        await picture();
        await picture();
      }
      return { states: ids.length, work: work / times, updates: updates / times };
    },
  };
})();
