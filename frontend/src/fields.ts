/** Fields of the editors of cards, with what the site has to choose from. */

import type { Site } from "./answers";
import { client } from "./client";
import type { FormField, HomeAssistant } from "./ha";
import { SPANS } from "./period";
import { text } from "./texts";

interface Option {
  value: string;
  label: string;
}

export const titleField: FormField = { name: "title", selector: { text: {} } };
export const collectionField: FormField = { name: "collection_key", selector: { text: {} } };

/** A field for one of several values; their labels are the texts of `prefix` and the value. */
export function choice(hass: HomeAssistant, name: string, values: readonly string[], prefix = "word_"): FormField {
  return picked(
    name,
    values.map((value) => ({ value, label: text(hass, `${prefix}${value}`) })),
  );
}

/** A field for yes or no. */
export function flag(name: string, initial: boolean): FormField {
  return { name, default: initial, selector: { boolean: {} } };
}

/** The period of a card: that of the page, or one of its own. */
export function periodField(hass: HomeAssistant): FormField {
  return choice(hass, "period", ["shared", ...SPANS], "period_");
}

/** The fields of every card with a period. */
export function periodFields(hass: HomeAssistant): FormField[] {
  return [periodField(hass), flag("previous", true), collectionField];
}

/** The site, for the fields that choose of it; nothing is to be chosen of where it cannot be asked. */
export async function siteOf(hass: HomeAssistant): Promise<Site | undefined> {
  return client(hass)
    .ask<Site>("site")
    .catch(() => undefined);
}

/** A field for one group of the site; none if it has none. */
export function groupField(site: Site | undefined): FormField[] {
  const options = Object.entries(site?.groups ?? {}).map(([value, label]) => ({ value, label }));
  return options.length > 0 ? [picked("group", options)] : [];
}

/** A field for any loads, groups and devices; each card takes those of its scope. */
export function keysField(hass: HomeAssistant, site: Site | undefined): FormField[] {
  if (site === undefined) return [];
  const kind = (scope: string, name: string): string => `${text(hass, `word_${scope}`)}: ${name}`;
  const options = [
    ...Object.entries(site.loads).map(([value, name]) => ({ value, label: kind("load", name) })),
    ...Object.entries(site.groups).map(([value, name]) => ({ value, label: kind("group", name) })),
    ...site.devices.map(({ id, name }) => ({ value: id, label: kind("device", name) })),
  ];
  return [{ ...picked("keys", options), selector: { select: { options, multiple: true, mode: "dropdown" } } }];
}

function picked(name: string, options: Option[]): FormField {
  return { name, selector: { select: { options, mode: "dropdown" } } };
}
