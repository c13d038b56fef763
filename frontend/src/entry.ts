/**
 * What every page of Home Assistant loads: the names of our cards and of the dashboard. All else is loaded when it is
 * needed.
 */

import { pageHass } from "./ha";
import { type CardEntry, defineShell, PREFIX } from "./shell";
import { hasText, loadTexts, text, textsLoaded } from "./texts";

const DOCUMENTATION = "https://github.com/legrand-ews/legrand_ews/blob/main/docs/cards.md";
const FULL = { columns: "full", min_columns: 6 } as const;
const WIDE = { columns: 12, min_columns: 6 } as const;

const CARDS: readonly (CardEntry & { title: string; description: string })[] = [
  {
    name: "period",
    title: "Period",
    description: "Day, month, year or ten years that the other cards show",
    load: () => import("./cards/period"),
    grid: FULL,
  },
  {
    name: "histogram",
    title: "Consumption",
    description: "Consumption or costs as bars, stacked by load, group, device or tariff",
    load: () => import("./cards/histogram"),
    grid: WIDE,
  },
  {
    name: "pie",
    title: "Shares",
    description: "How consumption or costs are shared between loads, groups, devices, kinds of energy",
    load: () => import("./cards/pie"),
    grid: WIDE,
  },
  {
    name: "totals",
    title: "Totals",
    description: "Consumption and costs as a table, with the period before",
    load: () => import("./cards/totals"),
    grid: WIDE,
  },
  {
    name: "compare",
    title: "Compare",
    description: "Two devices, loads or groups side by side",
    load: () => import("./cards/compare"),
    grid: WIDE,
  },
  {
    name: "tariffs",
    title: "Tariffs",
    description: "Costs by tariff, as a pie and over time",
    load: () => import("./cards/tariffs"),
    grid: WIDE,
  },
  {
    name: "alarms",
    title: "Alarms",
    description: "The journal of alarms and events",
    load: () => import("./cards/alarms"),
    grid: WIDE,
  },
  {
    name: "load-manager",
    title: "Load manager",
    description: "Zone, headroom of each phase, and the queue of cars",
    load: () => import("./cards/load-manager"),
    grid: WIDE,
  },
  {
    name: "station",
    title: "Charging station",
    description: "A station: its state, start, hold, priority, sessions",
    load: () => import("./cards/station"),
    grid: { columns: 6, min_columns: 6 },
  },
  {
    name: "panel",
    title: "Panel board",
    description: "All devices with values, states and commands",
    load: () => import("./cards/panel"),
    grid: FULL,
  },
  {
    name: "system",
    title: "System",
    description: "Gateways, archive, versions and links between modules",
    load: () => import("./cards/system"),
    grid: WIDE,
  },
];

interface Registries {
  customCards?: object[];
  customStrategies?: object[];
}

const registries = window as Window & Registries;

/** A text in the user's language as soon as our words are there; until then, and for the first reader, in English. */
function word(key: string, english: string): string {
  const hass = pageHass();
  if (hass === undefined) return english;
  if (!textsLoaded(hass)) loadTexts(hass).catch(() => undefined);
  return hasText(hass, key) ? text(hass, key) : english;
}

/** A line of Home Assistant's lists, which read it when they are shown. */
function listed(key: string, name: string, description: string, more: object): object {
  return {
    ...more,
    get name(): string {
      return word(key, name);
    },
    get description(): string {
      return word(`${key}_about`, description);
    },
    documentationURL: DOCUMENTATION,
  };
}

for (const { title, description, ...entry } of CARDS) {
  defineShell(entry);
  const type = `${PREFIX}${entry.name}`;
  const key = `card_${entry.name.replaceAll("-", "_")}`;
  registries.customCards ??= [];
  registries.customCards.push(listed(key, `Energy Web Server: ${title}`, description, { type, preview: false }));
}
registries.customStrategies ??= [];
registries.customStrategies.push(
  listed(
    "dashboard_title",
    "Energy Web Server",
    "Panel board, consumption, tariffs, charging and alarms of Legrand panels",
    { type: "legrand-ews", strategyType: "dashboard" },
  ),
);

type Config = Record<string, unknown>;
type Hass = import("./ha").HomeAssistant;

/** The dashboard: its views, as far as the user may see them. */
class DashboardStrategy extends HTMLElement {
  static async generate(config: Config, hass: Hass): Promise<object> {
    return (await import("./strategy/dashboard")).dashboard(config, hass);
  }

  static async getCreateSuggestions(hass: Hass): Promise<object> {
    return (await import("./strategy/dashboard")).suggestions(hass);
  }
}

/** One view, made when it is opened. */
class ViewStrategy extends HTMLElement {
  static async generate(config: Config, hass: Hass): Promise<object> {
    return (await import("./strategy/dashboard")).view(config, hass);
  }
}

const define = (tag: string, element: CustomElementConstructor): void => {
  if (customElements.get(tag) === undefined) customElements.define(tag, element);
};

define("ll-strategy-dashboard-legrand-ews", DashboardStrategy);
define("ll-strategy-view-legrand-ews", ViewStrategy);
