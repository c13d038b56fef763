/** What the dashboard uses of Home Assistant's frontend; the objects have more. */

export interface EntityState {
  entity_id: string;
  state: string;
  attributes: Record<string, unknown> & { friendly_name?: string; unit_of_measurement?: string };
  last_changed: string;
  last_updated: string;
}

export interface EntityEntry {
  entity_id: string;
  device_id?: string;
  area_id?: string;
  name?: string;
  icon?: string;
  platform?: string;
  translation_key?: string;
  hidden?: boolean;
  entity_category?: string;
}

export interface Locale {
  language: string;
  number_format: string;
  time_format: string;
  date_format: string;
  first_weekday: string;
  time_zone: string;
}

export interface Connection {
  subscribeMessage<T>(callback: (event: T) => void, message: Message): Promise<() => void>;
  [collection: `_${string}`]: unknown;
}

export interface Message {
  type: string;
  [field: string]: unknown;
}

export type Localize = (key: string, values?: Record<string, unknown>) => string;

export interface HomeAssistant {
  states: Record<string, EntityState>;
  entities: Record<string, EntityEntry>;
  devices: Record<string, { id: string; name?: string; name_by_user?: string; area_id?: string }>;
  areas: Record<string, { area_id: string; name: string; icon?: string }>;
  config: { time_zone: string; currency: string; language: string; state: string };
  user?: { id: string; name: string; is_admin: boolean };
  locale: Locale;
  language: string;
  localize: Localize;
  panelUrl: string;
  connected: boolean;
  connection: Connection;
  themes?: { darkMode?: boolean };
  callWS<T>(message: Message): Promise<T>;
  callService(
    domain: string,
    service: string,
    data?: Record<string, unknown>,
    target?: { entity_id?: string | string[]; device_id?: string | string[] },
    notifyOnError?: boolean,
    returnResponse?: boolean,
  ): Promise<{ response?: unknown }>;
  loadBackendTranslation(category: string, integration?: string | string[]): Promise<Localize>;
  formatEntityState(state: EntityState, value?: string): string;
  formatEntityName?(state: EntityState, type: unknown): string;
}

/** A card's configuration as a dashboard stores it. */
export interface CardConfig {
  type: string;
  title?: string;
  grid_options?: Record<string, unknown>;
  [option: string]: unknown;
}

/** A field of Home Assistant's form, as `getConfigForm` gives it. */
export interface FormField {
  name: string;
  required?: boolean;
  default?: unknown;
  selector?: Record<string, unknown>;
  type?: string;
  schema?: FormField[];
  [more: string]: unknown;
}

export interface GridOptions {
  columns?: number | "full";
  rows?: number | "auto";
  min_columns?: number;
  min_rows?: number;
}

export const DOMAIN = "legrand_ews";

/** The page's own `hass`, for what is asked before an element has one. */
export function pageHass(): HomeAssistant | undefined {
  return (document.querySelector("home-assistant") as { hass?: HomeAssistant } | null)?.hass;
}

/** Fires an event as Home Assistant's elements do: it crosses shadow roots. */
export function fire(from: EventTarget, name: string, detail: unknown = {}): void {
  from.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
}

/** Opens Home Assistant's dialog about an entity. */
export function moreInfo(from: EventTarget, entityId: string): void {
  fire(from, "hass-more-info", { entityId });
}

/** Goes to another page of Home Assistant. */
export function walk(path: string): void {
  history.pushState(null, "", path);
  window.dispatchEvent(new CustomEvent("location-changed", { detail: { replace: false } }));
}
