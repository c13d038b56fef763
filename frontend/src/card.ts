/**
 * What all cards have in common: configuration, words, when they are drawn anew, the frame with title and tools.
 *
 * A card is drawn when its own properties change, and when an entity that it watches does: Home Assistant hands over a
 * new `hass` with every state of the house.
 */

import { type CSSResultGroup, css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { property, query, state } from "lit/decorators.js";
import { type Refusal, refusal } from "./errors";
import type { CardConfig, GridOptions, HomeAssistant } from "./ha";
import { frame } from "./styles";
import { loadTexts, text, textsLoaded } from "./texts";

/** Parts of `hass` whose change draws every card anew. */
const ALWAYS = ["language", "locale", "themes", "user", "connected"] as const;

export interface Tool {
  icon: string;
  label: string;
  press: () => void;
  pressed?: boolean;
}

export abstract class EwsCard<C extends CardConfig = CardConfig> extends LitElement {
  @property({ attribute: false }) hass!: HomeAssistant;
  /** "grid" in a section, "panel" where the card is the whole view. */
  @property({ attribute: false }) layout?: string;
  @property({ type: Boolean, reflect: true }) preview = false;
  @state() protected config!: C;
  @state() private large = false;
  private leave: (() => void)[] | undefined;
  @query(".card") private whole!: HTMLElement | null;
  /** There is something to draw when the card is on the page again. */
  private held = false;

  static override styles: CSSResultGroup = frame;

  /** Takes the configuration; throws an Error with what is wrong with it. */
  setConfig(config: C): void {
    this.config = config;
  }

  getCardSize(): number {
    return 6;
  }

  getGridOptions(): GridOptions {
    return { columns: 12, min_columns: 6 };
  }

  /** Entities whose states the card shows. */
  protected watched(): string[] {
    return [];
  }

  /** Draws the inside. */
  protected abstract content(): TemplateResult | typeof nothing;

  /** The title, where none is configured. */
  protected abstract heading(): string;

  /** Buttons beside the title. */
  protected tools(): Tool[] {
    return [];
  }

  /** A text of ours in the user's language. */
  protected t(key: string, values?: Record<string, unknown>): string {
    return text(this.hass, key, values);
  }

  /** Begins what the card listens to while it is on the page and drawn; returns the ways out. */
  protected listen(): (() => void)[] {
    return [];
  }

  /** Listens anew: what it listens to is another one. */
  protected relisten(): void {
    this.unlisten();
    this.leave = this.listen();
  }

  private unlisten(): void {
    const ways = this.leave ?? [];
    this.leave = undefined;
    for (const leave of ways) leave();
  }

  /** Tells whether the card listens. */
  protected get listening(): boolean {
    return this.leave !== undefined;
  }

  protected override firstUpdated(_changed: PropertyValues): void {
    this.relisten();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.hasUpdated) this.relisten();
    if (!this.held) return;
    this.held = false;
    queueMicrotask(() => this.scheduleUpdate());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.unlisten();
    this.large = false;
  }

  /** Draws on the page only, and once the words are there; what changes meanwhile is kept. */
  protected override async scheduleUpdate(): Promise<void> {
    this.held = !this.isConnected;
    if (this.held) return;
    if (this.hass !== undefined && !textsLoaded(this.hass)) {
      const there = await loadTexts(this.hass).then(
        () => true,
        () => false,
      );
      // Where they do not come they are asked for again with the next state of the house.
      if (there) return this.scheduleUpdate();
    }
    super.scheduleUpdate();
  }

  protected override shouldUpdate(changed: PropertyValues): boolean {
    if (this.hass === undefined || this.config === undefined) return false;
    if (!textsLoaded(this.hass)) return false;
    if (changed.size !== 1 || !changed.has("hass")) return true;
    const old = changed.get("hass") as HomeAssistant | undefined;
    if (old === undefined || ALWAYS.some((part) => old[part] !== this.hass[part])) return true;
    return this.concerns(old);
  }

  /** Tells whether what changed in `hass` is of this card's business. */
  protected concerns(old: HomeAssistant): boolean {
    return this.watched().some((id) => old.states[id] !== this.hass.states[id]);
  }

  /** Shows the card on the whole screen; where the browser cannot, on the whole page. */
  private async enlarge(): Promise<void> {
    if (this.large) {
      if (document.fullscreenElement) await document.exitFullscreen();
      this.large = false;
      return;
    }
    this.large = true;
    await this.updateComplete;
    const whole = this.whole;
    if (whole === null || typeof whole.requestFullscreen !== "function") return;
    await whole.requestFullscreen().catch(() => undefined);
  }

  /** The button of the full screen, for cards that can fill one. */
  protected enlarger(): Tool {
    return {
      icon: this.large ? "mdi:fullscreen-exit" : "mdi:fullscreen",
      label: this.t(this.large ? "action_leave_full_screen" : "action_full_screen"),
      press: () => void this.enlarge(),
      pressed: this.large,
    };
  }

  protected override render(): TemplateResult {
    return html`<ha-card>
      <div
        class="card ${this.large ? "large" : ""}"
        @fullscreenchange=${() => {
          if (document.fullscreenElement === null) this.large = false;
        }}
        @keydown=${(event: KeyboardEvent) => {
          if (event.key === "Escape" && this.large) void this.enlarge();
        }}
      >
        <header>
          <h2>${this.config.title ?? this.heading()}</h2>
          ${this.tools().map(
            (tool) => html`<button
              class="tool"
              title=${tool.label}
              aria-label=${tool.label}
              aria-pressed=${tool.pressed === undefined ? nothing : String(tool.pressed)}
              @click=${tool.press}
            >
              <ha-icon .icon=${tool.icon}></ha-icon>
            </button>`,
          )}
        </header>
        ${this.content()}
      </div>
    </ha-card>`;
  }

  /** Says why there is nothing to show. */
  protected trouble(error: unknown): TemplateResult {
    const why: Refusal = refusal(error);
    const icon = why.code === "unauthorized" ? "mdi:lock-outline" : "mdi:alert-circle-outline";
    return this.notice(icon, why.message);
  }

  /** Says something in place of the content; `action`: what to do next. */
  protected notice(icon: string, message: string, action?: TemplateResult): TemplateResult {
    return html`<div class="notice" role="status">
      <ha-icon .icon=${icon}></ha-icon>
      <p>${message}</p>
      ${action ?? nothing}
    </div>`;
  }
}

export { css, html, nothing };
