/** What of the site a chart shows: drop-down lists of loads, groups and devices, each with all of them first. */

import { html, nothing, type TemplateResult } from "lit";
import type { Scope, Site } from "../answers";
import type { Words } from "../lines";
import { type ChoiceGroup, choicesOf } from "./picker";

/** `undefined`: all of them. */
export interface Chosen {
  key?: string;
  group?: string;
}

/** Keys of a configuration that can be of a scope: those of another one are left out. */
export function keysOf(site: Site, scope: Scope, keys: readonly string[] | undefined): string[] {
  const devices = new Set(site.devices.map((device) => device.id));
  const owner = (key: string): Scope | undefined =>
    devices.has(key) ? "device" : key in site.loads ? "load" : key in site.groups ? "group" : undefined;
  // What nobody knows can have been deleted: the archive may still know it.
  return (keys ?? []).filter((key) => (owner(key) ?? scope) === scope);
}

/** Draws the lists that a scope has; a list with nothing to choose from is left out. */
export function scopeChoice(
  site: Site,
  scope: Scope,
  chosen: Chosen,
  words: Words,
  pick: (chosen: Chosen) => void,
): TemplateResult {
  const inGroup = (choices: ChoiceGroup[]): ChoiceGroup[] => {
    if (scope !== "device" || chosen.group === undefined) return choices;
    const members = new Set(site.devices.filter((one) => one.groups.includes(chosen.group ?? "")).map((one) => one.id));
    return choices
      .map(({ label, choices }) => ({ label, choices: choices.filter(({ id }) => members.has(id)) }))
      .filter(({ choices }) => choices.length > 0);
  };
  const keys = inGroup(choicesOf(site, scope, words(`word_${scope}s`)));
  const groups = scope === "group" || scope === "total" ? [] : choicesOf(site, "group", words("word_groups"));
  return html`${list(words(`word_${scope}`), words(`choose_all_${scope}s`), keys, chosen.key, (key) =>
    pick({ ...chosen, key }),
  )}
  ${list(words("word_group"), words("choose_all_groups"), groups, chosen.group, (group) =>
    pick(scope === "device" ? { group } : { ...chosen, group }),
  )}`;
}

function list(
  label: string,
  all: string,
  groups: readonly ChoiceGroup[],
  chosen: string | undefined,
  pick: (id: string | undefined) => void,
): TemplateResult | typeof nothing {
  if (groups.length === 0) return nothing;
  const options = (group: ChoiceGroup): TemplateResult[] =>
    group.choices.map(({ id, name }) => html`<option value=${id} .selected=${id === chosen}>${name}</option>`);
  return html`<select
    aria-label=${label}
    @change=${(event: Event) => pick((event.target as HTMLSelectElement).value || undefined)}
  >
    <option value="" .selected=${chosen === undefined}>${all}</option>
    ${
      groups.length === 1
        ? options(groups[0] as ChoiceGroup)
        : groups.map((group) => html`<optgroup label=${group.label}>${options(group)}</optgroup>`)
    }
  </select>`;
}
