/**
 * A Home Assistant for tests: answers as they are given, what was asked and called is kept, states and events come when
 * a test says so. Words are those of translations/en.json.
 */

import type { LitElement } from "lit";
import raw from "../../custom_components/legrand_ews/translations/en.json?raw";
import { type CardConfig, DOMAIN, type EntityState, type HomeAssistant, type Message } from "../src/ha";

/** An answer, or what works it out; one that throws is the server's refusal. */
export type Answer = unknown | ((message: Message) => unknown);

export interface FakeOptions {
  /** By command without the domain: {site: {...}, consumption: (message) => ({...})}; of a subscription its first event. */
  answers?: Record<string, Answer>;
  /** By entity: a state, or a state with attributes. */
  states?: Record<string, string | Partial<EntityState>>;
  /** What services answer or throw, by "domain.service". */
  services?: Record<string, Answer>;
  /** Parts of `hass` that are otherwise. */
  [part: string]: unknown;
}

export interface Call {
  domain: string;
  service: string;
  data?: Record<string, unknown>;
  target?: unknown;
}

export interface FakeHass extends HomeAssistant {
  /** Commands in their order, without the domain: {type: "site"}. */
  sent: Message[];
  called: Call[];
  /** Commands that are subscribed to now. */
  subscribed: string[];
  /** Replaces an answer. */
  answer(command: string, answer: Answer): void;
  /** Sends an event to those who subscribed to a command. */
  push(command: string, event: unknown): void;
}

const COMMON = (JSON.parse(raw) as { common?: Record<string, string> }).common ?? {};

/** Room for charts: the page of tests has no layout. */
const ROOM = new DOMRect(0, 0, 600, 300);
Element.prototype.getBoundingClientRect = () => ROOM;
window.ResizeObserver = class implements ResizeObserver {
  constructor(private tell: ResizeObserverCallback) {}
  observe(): void {
    queueMicrotask(() => this.tell([], this));
  }
  unobserve(): void {}
  disconnect(): void {}
};

/** Fails as the server does. */
export function refuse(code: string, message = code): never {
  throw { code, message };
}

export function fakeHass(options: FakeOptions = {}): FakeHass {
  const { answers = {}, states = {}, services = {}, ...parts } = options;
  const sent: Message[] = [];
  const called: Call[] = [];
  const listeners = new Map<string, Set<(event: unknown) => void>>();
  const subscribed: string[] = [];
  const home = {
    states: Object.fromEntries(Object.entries(states).map(([id, state]) => [id, entityState(id, state)])),
    entities: {},
    devices: {},
    areas: {},
    config: { time_zone: "Europe/Paris", currency: "EUR", language: "en", state: "RUNNING" },
    user: { id: "u", name: "Test", is_admin: true },
    locale: {
      language: "en",
      number_format: "language",
      time_format: "24",
      date_format: "language",
      first_weekday: "language",
      time_zone: "server",
    },
    language: "en",
    panelUrl: "test",
    connected: true,
    localize,
    loadBackendTranslation: async () => localize,
    formatEntityState: (state: EntityState, value?: string) =>
      [value ?? state.state, state.attributes.unit_of_measurement].filter(Boolean).join(" "),
    callWS: async (message: Message) => {
      const command = bare(message.type);
      sent.push({ ...message, type: command });
      if (!(command in answers)) throw { code: "unknown_command", message: `no answer to ${command}` };
      return reply(answers[command], message);
    },
    callService: async (domain: string, service: string, data?: Record<string, unknown>, target?: unknown) => {
      called.push({ domain, service, data, target });
      return { response: reply(services[`${domain}.${service}`], { type: service, ...data }) };
    },
    connection: {
      subscribeMessage: async (callback: (event: unknown) => void, message: Message) => {
        const command = bare(message.type);
        sent.push({ ...message, type: command });
        const known = listeners.get(command) ?? new Set();
        listeners.set(command, known.add(callback));
        subscribed.push(command);
        if (command in answers) queueMicrotask(() => known.has(callback) && callback(reply(answers[command], message)));
        return () => {
          known.delete(callback);
          subscribed.splice(subscribed.indexOf(command), 1);
        };
      },
    },
    ...parts,
    sent,
    called,
    subscribed,
    answer: (command: string, answer: Answer) => {
      answers[command] = answer;
    },
    push: (command: string, event: unknown) => {
      for (const listener of [...(listeners.get(command) ?? [])]) listener(event);
    },
  };
  return home as unknown as FakeHass;
}

/** The same house with other states: a new object, as Home Assistant makes one. */
export function withStates<H extends HomeAssistant>(hass: H, states: Required<FakeOptions>["states"]): H {
  const changed = Object.entries(states).map(([id, state]) => [id, entityState(id, state)]);
  return { ...hass, states: { ...hass.states, ...Object.fromEntries(changed) } };
}

/** Puts an element on the page, with its properties, and waits until it stands still. */
export async function mount<E extends HTMLElement = LitElement>(
  tag: string,
  properties: Record<string, unknown> = {},
): Promise<E> {
  const element = document.createElement(tag) as E;
  Object.assign(element, properties);
  document.body.append(element);
  await settle(element);
  return element;
}

/** Puts a card on the page, as a dashboard does. */
export async function mountCard<E extends HTMLElement = LitElement>(
  tag: string,
  hass: HomeAssistant,
  config: Partial<CardConfig> = {},
): Promise<E> {
  const card = document.createElement(tag) as E & { hass: HomeAssistant; setConfig(config: CardConfig): void };
  card.setConfig({ type: `custom:${tag}`, ...config });
  card.hass = hass;
  document.body.append(card);
  await settle(card);
  return card;
}

/** Waits for answers, and for what is drawn of them. */
export async function settle(element?: Element): Promise<void> {
  for (let turn = 0; turn < 6; turn += 1) {
    await new Promise((done) => setTimeout(done, 0));
    await (element as Partial<LitElement> | undefined)?.updateComplete;
  }
}

/** All elements that fit, also within the shadows of others. */
export function all<E extends Element = HTMLElement>(root: Element | ShadowRoot, selector: string): E[] {
  const inner = root instanceof Element && root.shadowRoot ? [root.shadowRoot, root] : [root];
  return inner.flatMap((tree) =>
    [...tree.querySelectorAll("*")].flatMap((node) => [
      ...(node.matches(selector) ? [node as E] : []),
      ...(node.shadowRoot ? all<E>(node.shadowRoot, selector) : []),
    ]),
  );
}

/** The one element that fits; fails where there is none. */
export function one<E extends Element = HTMLElement>(root: Element, selector: string): E {
  const found = all<E>(root, selector)[0];
  if (found === undefined) throw new Error(`nothing fits ${selector}`);
  return found;
}

/** All the text that is seen, also within the shadows of others, in single spaces. */
export function textOf(root: Element | ShadowRoot): string {
  const walk = (node: Node): string => {
    if (node.nodeType === 3) return node.textContent ?? "";
    if (node instanceof Element && node.tagName === "STYLE") return "";
    const tree = node instanceof Element && node.shadowRoot ? node.shadowRoot : node;
    return [...tree.childNodes].map(walk).join(" ");
  };
  return walk(root).replace(/\s+/g, " ").trim();
}

/** Whole numbers from 0 to below `end`, the same in every run. */
export function numbersFrom(seed: number): (end: number) => number {
  let state = seed >>> 0;
  return (end) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * end);
  };
}

function bare(type: string): string {
  return type.startsWith(`${DOMAIN}/`) ? type.slice(DOMAIN.length + 1) : type;
}

function reply(answer: Answer, message: Message): unknown {
  return typeof answer === "function" ? (answer as (message: Message) => unknown)(message) : structuredClone(answer);
}

function entityState(id: string, state: string | Partial<EntityState>): EntityState {
  const told = typeof state === "string" ? { state } : state;
  const now = "2026-11-23T12:00:00+00:00";
  return { entity_id: id, state: "unknown", attributes: {}, last_changed: now, last_updated: now, ...told };
}

/** Our texts by their keys; {x} and plurals are filled in. */
function localize(key: string, values: Record<string, unknown> = {}): string {
  const prefix = `component.${DOMAIN}.common.`;
  return key.startsWith(prefix) ? fill(COMMON[key.slice(prefix.length)] ?? "", values) : "";
}

const PLURAL = /\{(\w+), plural,((?:\s*(?:=\d+|\w+)\s*\{[^{}]*(?:\{\w+\}[^{}]*)*\})+)\s*\}/g;

function fill(text: string, values: Record<string, unknown>): string {
  const plural = text.replace(PLURAL, (_, name: string, forms: string) => {
    const value = Number(values[name]);
    const found = new Map(
      [...forms.matchAll(/(=\d+|\w+)\s*\{([^{}]*(?:\{\w+\}[^{}]*)*)\}/g)].map((form) => [form[1], form[2] ?? ""]),
    );
    const chosen = found.get(`=${value}`) ?? found.get(new Intl.PluralRules("en").select(value)) ?? found.get("other");
    return (chosen ?? "").replaceAll("#", String(value));
  });
  return plural.replace(/\{(\w+)\}/g, (whole, name: string) => (name in values ? String(values[name]) : whole));
}
