/** The configuration of dashboards as Home Assistant takes it, as far as ours has it; and its small parts. */

import { PREFIX } from "../shell";

export interface CardOf {
  type: string;
  [option: string]: unknown;
}

export interface Section {
  type?: "grid";
  column_span?: number;
  cards: CardOf[];
}

export interface View {
  type: "sections" | "panel";
  max_columns?: number;
  dense_section_placement?: boolean;
  badges?: object[];
  sections?: Section[];
  cards?: CardOf[];
  footer?: { card: CardOf; max_width: number };
}

const FULL = { columns: "full" };

/** A card of ours. */
export function own(name: string, options: Record<string, unknown> = {}): CardOf {
  return { type: `custom:${PREFIX}${name}`, grid_options: FULL, ...options };
}

/** A heading over a section. */
export function heading(text: string, icon: string, badges: object[] = []): CardOf {
  return { type: "heading", heading: text, heading_style: "title", icon, ...(badges.length > 0 && { badges }) };
}

/** A tile of Home Assistant's own for each entity that there is. */
export function tiles(entities: (string | undefined)[], options: Record<string, unknown> = {}): CardOf[] {
  const known = entities.filter((entity): entity is string => entity !== undefined);
  return known.map((entity) => ({ type: "tile", entity, ...options }));
}

/** Home Assistant's own graph of the last day, where there is anything to show. */
export function graph(title: string, entities: (string | undefined)[]): CardOf[] {
  const known = entities.filter((entity) => entity !== undefined);
  if (known.length === 0) return [];
  return [{ type: "history-graph", title, entities: known, hours_to_show: 24, grid_options: FULL }];
}

/** A section, where it has any card; with a heading for several small ones. */
export function section(span: number, cards: CardOf[], title?: CardOf): Section[] {
  if (cards.length === 0) return [];
  return [{ type: "grid", column_span: span, cards: title === undefined ? cards : [title, ...cards] }];
}

/** The bar at the bottom that chooses the period of a view, where Home Assistant's energy pages have theirs. */
export function periodFooter(): NonNullable<View["footer"]> {
  return { card: own("period"), max_width: 860 };
}

export interface NextStep {
  icon: string;
  title: string;
  content: string;
  button?: { text: string; path: string };
}

/** A view that has nothing to show yet, and says what to do. */
export function emptyView(step: NextStep): View {
  const { button, ...said } = step;
  const buttons = button && [
    {
      text: button.text,
      appearance: "filled",
      variant: "brand",
      tap_action: { action: "navigate", navigation_path: button.path },
    },
  ];
  return { type: "panel", cards: [{ type: "empty-state", content_only: true, ...said, ...(buttons && { buttons }) }] };
}
