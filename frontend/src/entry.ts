/**
 * What every page of Home Assistant loads: the names of our cards and of the dashboard. All else is loaded when it is
 * needed.
 */

import { type CardEntry, defineShell, PREFIX } from "./shell";

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

for (const { title, description, ...entry } of CARDS) {
  defineShell(entry);
  registries.customCards ??= [];
  registries.customCards.push({
    type: `${PREFIX}${entry.name}`,
    name: `Energy Web Server: ${title}`,
    description,
    preview: false,
    documentationURL: DOCUMENTATION,
  });
}
registries.customStrategies ??= [];
registries.customStrategies.push({
  type: "legrand-ews",
  strategyType: "dashboard",
  name: "Energy Web Server",
  description: "Panel board, consumption, tariffs, charging and alarms of Legrand panels",
  documentationURL: DOCUMENTATION,
});

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
