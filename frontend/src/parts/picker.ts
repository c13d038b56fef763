/** The choice of a device, load or group of the site. Owns what there is to choose from, and its order. */

import { html, type TemplateResult } from "lit";
import type { Commodity, Scope, Site, SiteDevice } from "../answers";
import { deviceColor, UNKNOWN_COLOR } from "../colors";

export interface Choice {
  id: string;
  scope: Scope;
  name: string;
}

export interface ChoiceGroup {
  label: string;
  choices: Choice[];
}

/** What of a scope can be chosen, devices by gateway; `commodity`: only devices that count it. */
export function choicesOf(site: Site, scope: Scope, label: string, commodity?: Commodity): ChoiceGroup[] {
  if (scope === "device") return devicesOf(site, label, commodity);
  const named = scope === "load" ? site.loads : scope === "group" ? site.groups : {};
  const choices = Object.entries(named).map(([id, name]) => ({ id, scope, name }));
  return choices.length === 0 ? [] : [{ label, choices }];
}

function devicesOf(site: Site, label: string, commodity?: Commodity): ChoiceGroup[] {
  const counting = site.devices.filter(
    (one) => one.commodity !== null && (commodity ?? one.commodity) === one.commodity,
  );
  const gateways = new Map<string, SiteDevice[]>();
  for (const one of counting) gateways.set(one.gateway, [...(gateways.get(one.gateway) ?? []), one]);
  return [...gateways].map(([gateway, devices]) => ({
    label: gateways.size > 1 ? gateway : label,
    choices: devices.map(({ id, name }) => ({ id, scope: "device", name })),
  }));
}

/** Which of the scopes an id is of; `undefined`: it is gone. */
export function scopeOf(site: Site, id: string): Exclude<Scope, "total"> | undefined {
  if (site.devices.some((device) => device.id === id)) return "device";
  if (id in site.loads) return "load";
  return id in site.groups ? "group" : undefined;
}

/** The name of a device, load or group; `undefined`: it is gone. */
export function nameOf(site: Site, id: string): string | undefined {
  return site.loads[id] ?? site.groups[id] ?? site.devices.find((device) => device.id === id)?.name;
}

/** The colour of a device, load or group. */
export function colorOf(site: Site, id: string): string {
  const own = site.colors?.[id];
  if (own !== undefined) return own;
  return scopeOf(site, id) === "device" ? deviceColor(site, id) : UNKNOWN_COLOR;
}

/** A drop-down list of what can be chosen. */
export function picker(
  label: string,
  groups: readonly ChoiceGroup[],
  chosen: string | undefined,
  pick: (id: string) => void,
): TemplateResult {
  const option = ({ id, name }: Choice): TemplateResult =>
    html`<option value=${id} .selected=${id === chosen}>${name}</option>`;
  return html`<select
    aria-label=${label}
    @change=${(event: Event) => pick((event.target as HTMLSelectElement).value)}
  >
    ${groups.map((group) => html`<optgroup label=${group.label}>${group.choices.map(option)}</optgroup>`)}
  </select>`;
}

/** Buttons of which one is pressed. */
export function chips<K extends string>(
  label: string,
  choices: readonly { key: K; name: string; disabled?: boolean }[],
  chosen: K | undefined,
  pick: (key: K) => void,
): TemplateResult {
  return html`<div class="chips" role="group" aria-label=${label}>
    ${choices.map(
      ({ key, name, disabled }) => html`<button
        class="chip"
        aria-pressed=${String(key === chosen)}
        ?disabled=${disabled ?? false}
        @click=${() => pick(key)}
      >
        ${name}
      </button>`,
    )}
  </div>`;
}
