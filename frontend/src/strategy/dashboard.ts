/** The dashboard strategy: which views there are for this user, and each of them when it is opened. */

import type { HomeAssistant } from "../ha";
import { loadTexts, text } from "../texts";
import { emptyView, type View } from "./config";
import { readModel, readRights } from "./model";
import { VIEWS } from "./views";

const TYPE = "custom:legrand-ews";

/** The views that a user may see, to be made when they are opened. */
export async function dashboard(_config: Record<string, unknown>, hass: HomeAssistant): Promise<object> {
  const { may, t } = await readRights(hass);
  const shown = VIEWS.filter((view) => may(view.right));
  if (shown.length === 0) {
    return { views: [{ title: t("view_nothing"), ...nothing(t) }] };
  }
  return {
    views: shown.map(({ name, icon }) => ({
      title: t(`view_${name}`),
      path: name,
      icon,
      show_icon_and_title: true,
      strategy: { type: TYPE, view: name },
    })),
  };
}

/** One view. */
export async function view(config: Record<string, unknown>, hass: HomeAssistant): Promise<View> {
  const model = await readModel(hass);
  const kind = VIEWS.find((one) => one.name === config.view);
  if (kind === undefined) throw new Error(`There is no view "${String(config.view)}"`);
  return model.may(kind.right) ? kind.make(model) : nothing(model.t);
}

/** The name and icon of a new dashboard. */
export async function suggestions(hass: HomeAssistant): Promise<object> {
  await loadTexts(hass);
  return { title: text(hass, "dashboard_title"), icon: "mdi:meter-electric" };
}

function nothing(t: (key: string) => string): View {
  return emptyView({ icon: "mdi:lock-outline", title: t("next_rights_title"), content: t("next_rights") });
}
