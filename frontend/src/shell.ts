/**
 * A card as dashboards know it: light, there from the start. What it shows is loaded when the first one is needed.
 */

import type { CardConfig, FormField, GridOptions, HomeAssistant } from "./ha";
import { pageHass } from "./ha";
import { loadTexts, text } from "./texts";

export interface Form {
  schema: FormField[];
  assertConfig?: (config: CardConfig) => void;
}

/** What the module of a card gives. */
export interface CardModule {
  /** The element's name. */
  tag: string;
  /** The fields of the editor, with what the site has to choose from. */
  form(hass: HomeAssistant): Promise<Form> | Form;
  /** The configuration of a new card. */
  stub?(hass: HomeAssistant): Promise<Partial<CardConfig>> | Partial<CardConfig>;
}

interface Card extends HTMLElement {
  hass: HomeAssistant;
  layout?: string;
  preview?: boolean;
  setConfig(config: CardConfig): void;
  getCardSize(): number;
  getGridOptions(): GridOptions;
}

export interface CardEntry {
  /** Without the prefix: "histogram". */
  name: string;
  load: () => Promise<CardModule>;
  grid: GridOptions;
}

export const PREFIX = "legrand-ews-";

/** Makes the element of a card. */
export function defineShell({ name, load, grid }: CardEntry): void {
  const tag = `${PREFIX}${name}`;
  if (customElements.get(tag) !== undefined) return;

  class Shell extends HTMLElement {
    private card: Card | undefined;
    private told: { config?: CardConfig; hass?: HomeAssistant; layout?: string; preview?: boolean } = {};

    /** The form of the editor; labels and help are `editor_{field}` and `editor_{field}_help` of our texts. */
    static async getConfigForm(): Promise<object> {
      const hass = pageHass();
      const module = await load();
      if (hass === undefined) return { schema: [] };
      await loadTexts(hass);
      const { schema, assertConfig } = await module.form(hass);
      const label = (field: FormField): string => text(hass, `editor_${field.name}`);
      const help = (field: FormField): string | undefined => {
        const key = `editor_${field.name}_help`;
        const said = text(hass, key);
        return said === key ? undefined : said;
      };
      return { schema, assertConfig, computeLabel: label, computeHelper: help };
    }

    static async getStubConfig(hass: HomeAssistant): Promise<Partial<CardConfig>> {
      const module = await load();
      return (await module.stub?.(hass)) ?? {};
    }

    setConfig(config: CardConfig): void {
      if (config === null || typeof config !== "object") throw new Error("The configuration is no object");
      this.told.config = config;
      if (this.card !== undefined) this.card.setConfig(config);
      else void this.begin();
    }

    set hass(hass: HomeAssistant) {
      this.told.hass = hass;
      if (this.card !== undefined) this.card.hass = hass;
    }

    set layout(layout: string) {
      this.told.layout = layout;
      if (this.card !== undefined) this.card.layout = layout;
    }

    set preview(preview: boolean) {
      this.told.preview = preview;
      if (this.card !== undefined) this.card.preview = preview;
    }

    getCardSize(): number {
      return this.card?.getCardSize() ?? 6;
    }

    getGridOptions(): GridOptions {
      return this.card?.getGridOptions() ?? grid;
    }

    private async begin(): Promise<void> {
      try {
        const module = await load();
        if (this.card !== undefined || this.told.config === undefined) return;
        const card = document.createElement(module.tag) as Card;
        card.setConfig(this.told.config);
        if (this.told.layout !== undefined) card.layout = this.told.layout;
        if (this.told.preview !== undefined) card.preview = this.told.preview;
        if (this.told.hass !== undefined) card.hass = this.told.hass;
        this.card = card;
        this.style.display = "block";
        this.style.height = "100%";
        this.replaceChildren(card);
      } catch (error) {
        this.fail(error);
      }
    }

    private fail(error: unknown): void {
      const card = document.createElement("hui-error-card") as HTMLElement & { setConfig?(config: object): void };
      const message = error instanceof Error ? error.message : String(error);
      customElements.whenDefined("hui-error-card").then(() => {
        customElements.upgrade(card);
        card.setConfig?.({ type: "error", message, error: message });
      });
      this.replaceChildren(card);
    }
  }

  customElements.define(tag, Shell);
}
