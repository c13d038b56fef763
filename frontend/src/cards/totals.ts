/** Consumption and costs as a table, with shares and the period before. */

import { html, nothing, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import type { Consumption, Cost, Site } from "../answers";
import { css, type Tool } from "../card";
import { client } from "../client";
import { type Cell, csvText, download } from "../csv";
import { choice, flag, groupField, periodFields, siteOf, titleField } from "../fields";
import { changeText, moneyUnit, percentText, unitOf } from "../format";
import type { HomeAssistant } from "../ha";
import { question } from "../lines";
import { chartStyles } from "../parts/parts-styles";
import { askedWhole } from "../period";
import { PeriodCard, type PeriodConfig } from "../period-card";
import type { Form } from "../shell";
import { type Block, currencies, type Of, type Row, type Table, tableOf } from "../totals";

export interface TotalsConfig extends PeriodConfig {
  /** What there is a row for. */
  of?: Of;
  /** Only what was in this group at the time. */
  group?: string;
  /** With costs, where there are any; default true. */
  cost?: boolean;
}

interface Column {
  name: "name" | "amount" | "part" | "cost" | "previous" | "change";
  /** What rows are put in order by; null comes last. */
  order(row: Row): string | number | null;
  write(row: Row): TemplateResult | string;
}

const KINDS: readonly Of[] = ["load", "group", "device", "commodity"];

@customElement("ews-totals-card")
export class TotalsCard extends PeriodCard<TotalsConfig> {
  @state() private table?: Table;
  @state() private sorted?: { column: Column["name"]; down: boolean };

  static override styles = [
    PeriodCard.styles,
    chartStyles,
    css`
      .table {
        overflow-x: auto;
      }
      .large table {
        font-size: 1em;
      }
      th,
      td {
        padding: 10px 8px;
      }
      :is(th, td):first-child {
        padding-inline-start: 0;
      }
      :is(th, td):last-child {
        padding-inline-end: 0;
      }
      th button {
        display: inline-flex;
        align-items: center;
        gap: 2px;
        min-height: 32px;
        padding: 0;
        border: 0;
        background: none;
        font-weight: inherit;
        --mdc-icon-size: 16px;
      }
      .what {
        display: flex;
        align-items: center;
        gap: 12px;
        overflow-wrap: break-word;
      }
      .number .secondary {
        display: block;
      }
      tr.sum > * {
        color: inherit;
        font-weight: 500;
      }
      tbody:has(.sum) tr:nth-last-child(2) > * {
        border-bottom: 2px solid var(--ews-line);
      }
      tbody:last-child tr:last-child > * {
        border-bottom: 0;
      }
      @container (max-width: 560px) {
        .previous {
          display: none;
        }
      }
      @container (max-width: 440px) {
        .part {
          display: none;
        }
        th,
        td {
          padding: 10px 4px;
        }
        .what {
          gap: 8px;
        }
      }
    `,
  ];

  private words = (key: string, values?: Record<string, unknown>): string => this.t(key, values);

  private get of(): Of {
    return this.config.of ?? "load";
  }

  protected override async load(mine: () => boolean): Promise<void> {
    const ours = client(this.hass);
    const scope = this.of === "commodity" ? "total" : this.of;
    const site = await ours.ask<Site>("site");
    const time = askedWhole(this.period, this.previous ? site.until : null);
    const fields = question(scope, undefined, this.config.group, time, this.previous);
    const costs = this.config.cost === false ? undefined : ours.ask<Cost>("cost", { ...fields, by_tariff: false });
    const [consumption, cost] = await Promise.all([ours.ask<Consumption>("consumption", fields), costs]);
    if (mine()) this.table = tableOf(this.of, consumption, cost, site, this.words);
  }

  protected heading(): string {
    return this.t(`title_totals_${this.of}`);
  }

  protected override tools(): Tool[] {
    return [{ icon: "mdi:download", label: this.t("action_csv"), press: () => this.save() }, this.enlarger()];
  }

  private columns(table: Table): Column[] {
    const { hass } = this;
    const amount = (row: Row, value: number | null): string =>
      row.unit === null ? "" : unitOf(hass, row.unit, Math.abs(value ?? 0)).write(value);
    const money = this.site === undefined ? [] : currencies(table, this.site);
    const costs = (row: Row): string =>
      money.flatMap((one) => (one in row.costs ? [moneyUnit(hass, one).write(row.costs[one])] : [])).join(" + ");
    const change = ({ current, former }: Row): number | null =>
      current === null || former === null || former === 0 ? null : (current - former) / Math.abs(former);
    const columns: (Column & { there: boolean })[] = [
      { name: "name", there: true, order: (row) => row.name, write: (row) => this.what(row) },
      {
        name: "amount",
        there: true,
        order: (row) => row.amount,
        write: (row) => html`${amount(row, row.amount)}${this.worth(row)}`,
      },
      {
        name: "part",
        there: true,
        order: (row) => row.part,
        write: (row) => (row.part === null ? "" : percentText(hass, row.part)),
      },
      {
        name: "cost",
        there: money.length > 0,
        order: (row) => row.costs[money[0] ?? ""] ?? null,
        write: (row) => costs(row),
      },
      {
        name: "previous",
        there: this.previous,
        order: (row) => row.before,
        write: (row) => (row.commodity === null ? "" : amount(row, row.before)),
      },
      {
        name: "change",
        there: this.previous,
        order: change,
        write: (row) => (row.commodity === null ? "" : changeText(hass, row.current, row.former)),
      },
    ];
    return columns.filter((column) => column.there);
  }

  private what(row: Row): TemplateResult {
    return html`<span class="what">
      ${row.color === "" ? nothing : html`<span class="dot" style="background: ${row.color}"></span>`}
      <span>${row.name}${row.counted ? nothing : html` <span class="secondary">${this.t("totals_not_counted")}</span>`}</span>
    </span>`;
  }

  private worth({ equivalent }: Row): TemplateResult | typeof nothing {
    if (equivalent === null) return nothing;
    return html`<span class="secondary">${unitOf(this.hass, "Wh", equivalent).write(equivalent)}</span>`;
  }

  protected content(): TemplateResult {
    return html`${this.navigation()} ${this.body()}`;
  }

  private body(): TemplateResult {
    const { table } = this;
    if (this.error !== undefined) return this.trouble(this.error);
    if (table === undefined || this.site === undefined) return html`<div class="chart" aria-busy="true"></div>`;
    if (table.blocks.length === 0)
      return this.notice("mdi:table", this.site.since === null ? this.yet() : this.t("chart_nothing"));
    const columns = this.columns(table);
    return html`<div class="table ${this.loading ? "waiting" : ""}">
        <table>
          <thead>
            <tr>${columns.map((column) => this.head(column))}</tr>
          </thead>
          ${table.blocks.map((block) => this.block(block, columns))}
          ${table.sum === undefined ? nothing : html`<tbody>${this.row(table.sum, columns, true)}</tbody>`}
        </table>
      </div>
      ${this.remark()}`;
  }

  private head({ name }: Column): TemplateResult {
    const here = this.sorted?.column === name ? this.sorted : undefined;
    const order = here === undefined ? "none" : here.down ? "descending" : "ascending";
    return html`<th scope="col" class="${name === "name" ? "" : "number"} ${name}" aria-sort=${order}>
      <button @click=${() => this.sort(name)}>
        ${this.t(`totals_${name}`)}
        ${
          here === undefined
            ? nothing
            : html`<ha-icon .icon=${here.down ? "mdi:arrow-down" : "mdi:arrow-up"}></ha-icon>`
        }
      </button>
    </th>`;
  }

  /** First the most, then the least, then as the site has them; names the other way round. */
  private sort(column: Column["name"]): void {
    const first = column !== "name";
    if (this.sorted?.column !== column) this.sorted = { column, down: first };
    else this.sorted = this.sorted.down === first ? { column, down: !first } : undefined;
  }

  private block(block: Block, columns: readonly Column[]): TemplateResult {
    return html`<tbody>
      ${this.inOrder(block.rows, columns).map((row) => this.row(row, columns))}
      ${block.sum === undefined ? nothing : this.row(block.sum, columns, true)}
    </tbody>`;
  }

  private inOrder(rows: readonly Row[], columns: readonly Column[]): Row[] {
    const { sorted } = this;
    const by = columns.find((column) => column.name === sorted?.column);
    if (by === undefined) return [...rows];
    const way = sorted?.down ? -1 : 1;
    return [...rows].sort((one, other) => {
      const [a, b] = [by.order(one), by.order(other)];
      if (a === null || b === null) return Number(a === null) - Number(b === null);
      return way * (typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b)));
    });
  }

  private row(row: Row, columns: readonly Column[], sum = false): TemplateResult {
    return html`<tr class=${sum ? "sum" : ""}>
      ${columns.map((column) =>
        column.name === "name"
          ? html`<th scope="row" style="color: inherit; font-weight: inherit">${column.write(row)}</th>`
          : html`<td class="number ${column.name}">${column.write(row)}</td>`,
      )}
    </tr>`;
  }

  private remark(): TemplateResult | typeof nothing {
    if (!this.previous || this.site?.until == null || this.over) return nothing;
    return html`<p class="remark secondary">${this.t("totals_so_far")}</p>`;
  }

  /** Tells whether the changes are those of the whole periods. */
  private get over(): boolean {
    const rows = this.table?.blocks.flatMap((block) => block.rows) ?? [];
    return rows.every((row) => row.current === row.amount && row.former === row.before);
  }

  private save(): void {
    const { table, site } = this;
    if (table === undefined || site === undefined) return;
    const columns = this.columns(table);
    const money = columns.some((column) => column.name === "cost") ? currencies(table, site) : [];
    const before = this.previous;
    const line = (row: Row): Cell[] => {
      const unit = row.unit === null ? undefined : unitOf(this.hass, row.unit, 1e3);
      const told = (value: number | null): Cell => (value === null || unit === undefined ? null : unit.value(value));
      return [
        row.name,
        told(row.amount),
        unit?.name ?? null,
        row.part === null ? null : row.part * 100,
        ...money.map((one) => row.costs[one] ?? null),
        ...(before ? [told(row.before)] : []),
      ];
    };
    const t = (name: string): string => this.t(`totals_${name}`);
    const head = [
      t("name"),
      t("amount"),
      t("unit"),
      `${t("part")} [%]`,
      ...money.map((one) => `${t("cost")} [${one}]`),
    ];
    const rows = table.blocks.flatMap((block) => [
      ...this.inOrder(block.rows, columns),
      ...(block.sum === undefined ? [] : [block.sum]),
    ]);
    const all = table.sum === undefined ? rows : [...rows, table.sum];
    download(csvText([[...head, ...(before ? [t("previous")] : [])], ...all.map(line)]));
  }
}

export const tag = "ews-totals-card";

/** The fields of the editor. */
export async function form(hass: HomeAssistant): Promise<Form> {
  const site = await siteOf(hass);
  return {
    schema: [titleField, choice(hass, "of", KINDS), ...groupField(site), flag("cost", true), ...periodFields(hass)],
  };
}

export function stub(): Partial<TotalsConfig> {
  return { of: "load" };
}
