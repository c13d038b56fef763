/** The views of the dashboard. Each is made from what is installed; where that is nothing, it says what to do next. */

import type { Right } from "../answers";
import {
  emptyView,
  graph,
  heading,
  type NextStep,
  own,
  periodFooter,
  type Section,
  section,
  tiles,
  type View,
} from "./config";
import type { Model } from "./model";

const INTEGRATION = "/config/integrations/integration/legrand_ews";
const ADD = "/config/integrations/dashboard/add?domain=legrand_ews";

export interface ViewKind {
  name: string;
  icon: string;
  right: Right;
  make(model: Model): View;
}

export const VIEWS: readonly ViewKind[] = [
  { name: "panel", icon: "mdi:electric-switch", right: "panel", make: panel },
  { name: "consumption", icon: "mdi:chart-bar", right: "consumption", make: consumption },
  { name: "tariffs", icon: "mdi:cash-clock", right: "tariffs", make: tariffs },
  { name: "charging", icon: "mdi:ev-station", right: "charging", make: charging },
  { name: "alarms", icon: "mdi:bell-alert", right: "alarms", make: alarms },
  { name: "system", icon: "mdi:server-network", right: "system", make: system },
];

/** What to do, and the button that leads there for those who may. */
function next(model: Model, key: string, icon: string, path: string): View {
  const step: NextStep = {
    icon,
    title: model.t(`next_${key}_title`),
    content: model.t(model.access.administrator ? `next_${key}` : "next_ask"),
  };
  if (model.access.administrator) step.button = { text: model.t(`next_${key}_button`), path };
  return emptyView(step);
}

/** What has to be there before any figures are: a gateway, devices, the installation. */
function missing(model: Model): View | undefined {
  const { board } = model;
  if (board.gateways.length === 0) return next(model, "gateway", "mdi:lan-connect", ADD);
  if (board.devices.length === 0) return next(model, "devices", "mdi:meter-electric-outline", INTEGRATION);
  if (board.installation === null) return next(model, "installation", "mdi:home-lightning-bolt-outline", INTEGRATION);
  return undefined;
}

/** The panel board (manual 8.2.1). */
function panel(model: Model): View {
  const { board } = model;
  if (board.gateways.length === 0) return next(model, "gateway", "mdi:lan-connect", ADD);
  if (board.devices.length === 0) return next(model, "devices", "mdi:meter-electric-outline", INTEGRATION);
  const badges = board.active_alarms === null ? [] : [alarmBadge(board.active_alarms, model.may("alarms"))];
  return { type: "sections", max_columns: 4, badges, sections: section(4, [own("panel")]) };
}

/** How many alarms are on, as long as there are any; leads to them where the user may see them. */
function alarmBadge(entity: string, linked: boolean): object {
  return {
    type: "entity",
    entity,
    show_name: true,
    color: "red",
    visibility: [{ condition: "numeric_state", entity, above: 0 }],
    tap_action: linked ? { action: "navigate", navigation_path: "alarms" } : { action: "none" },
  };
}

/** Grand total, overall, partials, compare, details (manual 8.2.2). */
function consumption(model: Model): View {
  const nothing = missing(model);
  if (nothing !== undefined) return nothing;
  const { t, site } = model;
  const first = site?.devices.find((device) => device.commodity !== null)?.id;
  const sections: Section[] = [
    ...section(2, [own("histogram", { scope: "load", title: t("view_grand_total") })]),
    ...section(1, [own("pie", { of: "load", title: t("view_shares") })]),
    ...section(1, [own("pie", { of: "commodity", title: t("view_overall") })]),
    ...section(2, [own("histogram", { scope: "load", choose: true, title: t("view_partials") })]),
    ...section(2, [own("totals", { of: "load", title: t("view_sums") })]),
    ...section(2, [own("compare", { title: t("view_compare") })]),
    ...section(2, [
      own("histogram", { scope: "device", keys: first && [first], choose: true, title: t("view_details") }),
    ]),
    ...section(4, [own("totals", { of: "device", title: t("view_table") })]),
  ];
  return { type: "sections", max_columns: 4, sections, footer: periodFooter() };
}

/** Costs by tariff (manual 8.2.2.5). */
function tariffs(model: Model): View {
  const nothing = missing(model);
  if (nothing !== undefined) return nothing;
  if (!model.priced) return next(model, "tariffs", "mdi:cash-clock", INTEGRATION);
  const { t, board } = model;
  const prices = Object.values(board.prices);
  const now = tiles(prices.flatMap((plan) => [plan.price, plan.tariff]));
  const sections: Section[] = [
    ...section(2, [own("tariffs", { mode: "total", title: t("view_tariffs_total") })]),
    ...section(2, [own("tariffs", { mode: "details", title: t("view_tariffs_details") })]),
    ...section(2, [own("tariffs", { mode: "week", title: t("view_week") })]),
    ...section(2, now, heading(t("view_now"), "mdi:clock-outline")),
  ];
  return { type: "sections", max_columns: 4, sections, footer: periodFooter() };
}

/** The load manager and its stations (manual 8.3). */
function charging(model: Model): View {
  const { board, t } = model;
  const stations = Object.keys(board.stations);
  if (board.load_manager === null && stations.length === 0) {
    return missing(model) ?? next(model, "charging", "mdi:ev-station", INTEGRATION);
  }
  const headroom = ["headroom_l1", "headroom_l2", "headroom_l3"].map((key) => board.load_manager?.entities[key]);
  const sections: Section[] = [
    ...section(2, [own("load-manager")]),
    ...section(2, graph(t("view_headroom"), headroom)),
    ...section(
      4,
      stations.map((station) => own("station", { station, grid_options: { columns: 12 } })),
      heading(t("view_stations"), "mdi:ev-station"),
    ),
  ];
  return { type: "sections", max_columns: 4, sections };
}

/** The journal (manual 8.7). */
function alarms(model: Model): View {
  if (model.board.gateways.length === 0) return next(model, "gateway", "mdi:lan-connect", ADD);
  return { type: "sections", max_columns: 4, sections: section(4, [own("alarms")]) };
}

/** Gateways, archive, versions, links between modules (manual 8.8, 8.2.3). */
function system(model: Model): View {
  const { t, board } = model;
  if (board.gateways.length === 0) return next(model, "gateway", "mdi:lan-connect", ADD);
  const sections: Section[] = [
    ...section(2, [own("system", { part: "gateways" })]),
    ...section(
      2,
      graph(
        t("view_bus_load"),
        board.gateways.map((gateway) => gateway.entities.bus_load),
      ),
    ),
    ...section(2, [own("system", { part: "archive" })]),
    ...section(1, [own("system", { part: "versions" })]),
    ...section(1, [own("system", { part: "links" })]),
  ];
  return { type: "sections", max_columns: 4, sections };
}
