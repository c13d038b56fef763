/** What the websocket queries answer (docs/queries.md). Times are POSIX seconds, amounts Wh and L, money as told. */

export type Commodity = "electricity" | "gas" | "water";
export type Scope = "device" | "load" | "group" | "total";
export type Span = "day" | "month" | "year" | "ten_years";
export type BarLength = "hour" | "day" | "month" | "year";
export type Amounts = (number | null)[];

export interface Site {
  name: string;
  time_zone: string;
  sample_rate: number;
  currency: string;
  since: number | null;
  until: number | null;
  devices: SiteDevice[];
  loads: Record<string, string>;
  groups: Record<string, string>;
  colors: Record<string, string>;
  gas_factor: number | null;
}

export interface SiteDevice {
  id: string;
  number: number | null;
  name: string;
  gateway: string;
  address: string;
  model: string;
  commodity: Commodity | null;
  load: string | null;
  groups: string[];
  counted: boolean;
  device_id: string | null;
  area: string | null;
}

export interface Bars {
  time_zone: string;
  scope: Scope;
  period: BarLength;
  start: number;
  end: number;
  /** First instants of the bars; `null` where only the period before has such a bar. */
  bars: (number | null)[];
  previous_start?: number;
  previous_end?: number;
  previous_bars?: (number | null)[];
}

export interface Line {
  key: string | null;
  name: string | null;
  quantity: "energy_import" | "energy_export" | "volume";
  commodity: Commodity;
  unit: "Wh" | "L";
}

export interface ConsumptionLine extends Line {
  amounts: Amounts;
  estimated: Amounts;
  sum: number | null;
  estimated_sum: number | null;
  previous_amounts?: Amounts;
  previous_sum?: number | null;
  equivalents?: Amounts;
  equivalent_sum?: number | null;
  previous_equivalents?: Amounts;
  previous_equivalent_sum?: number | null;
}

export interface Consumption extends Bars {
  series: ConsumptionLine[];
}

export interface CostLine extends Line {
  tariff: string | null;
  tariff_name: string | null;
  currency: string | null;
  credit: boolean;
  costs: Amounts;
  amounts: Amounts;
  sum: number | null;
  amount_sum: number | null;
  unpriced?: Amounts;
  unpriced_sum?: number | null;
  previous_costs?: Amounts;
  previous_amounts?: Amounts;
  previous_sum?: number | null;
  previous_amount_sum?: number | null;
}

export interface ChargeLine {
  commodity: Commodity;
  charge: string;
  name: string;
  currency: string;
  costs: Amounts;
  sum: number | null;
  previous_costs?: Amounts;
  previous_sum?: number | null;
}

export interface Cost extends Bars {
  series: CostLine[];
  charges?: ChargeLine[];
}

export interface Access {
  role: "administrator" | "installer" | "greenup" | "user" | "none";
  rights: Right[];
  administrator: boolean;
}

export type Right =
  | "panel"
  | "consumption"
  | "tariffs"
  | "charging"
  | "alarms"
  | "system"
  | "reports"
  | "command"
  | "charge"
  | "acknowledge"
  | "configure";

export interface BoardDevice {
  id: string;
  name: string;
  gateway: string;
  device_id: string | null;
  /** False: it is switched off in Home Assistant. */
  enabled: boolean;
  area: string | null;
  address: string;
  model: string;
  model_name: string;
  family: string;
  kind: string;
  commodity: Commodity | null;
  load: string | null;
  groups: string[];
  counted: boolean;
  functions: ("measure" | "state" | "command" | "link")[];
  main: Record<string, string>;
  pages: Record<string, string[]>;
}

export interface Linked {
  device_id: string | null;
  entities: Record<string, string>;
}

export interface Board {
  installation: { id: string; name: string; device_id: string | null } | null;
  gateways: {
    id: string;
    name: string;
    device_id: string | null;
    area: string | null;
    endpoint: string;
    loaded: boolean;
    entities: Record<string, string>;
  }[];
  devices: BoardDevice[];
  totals: Linked | null;
  prices: Partial<Record<"electricity" | "export" | "gas" | "water", Record<string, string>>>;
  loads: Record<string, Linked>;
  groups: Record<string, Linked>;
  load_manager: Linked | null;
  stations: Record<string, Linked>;
  active_alarms: string | null;
  /** Commands ask for a code. */
  code?: boolean;
}

/** What each of the two has, and by how much the first has more. */
export type Comparison =
  | (Consumption & { by: "amount"; comparable_by: "amount" | "cost"; differences: AmountDifference[] })
  | (Cost & { by: "cost"; comparable_by: "amount" | "cost"; differences: CostDifference[] });

export interface AmountDifference {
  commodity: Commodity;
  quantity: Line["quantity"];
  unit: Line["unit"];
  amounts: Amounts;
  sum: number | null;
}

export interface CostDifference {
  currency: string;
  costs: Amounts;
  sum: number | null;
}

export type PlanKey = Commodity | "export";

export interface Tariffs {
  currency: string;
  /** A zone, or a fixed offset such as "UTC+01:00". */
  time_zone: string;
  start: number;
  end: number;
  plans: Record<PlanKey, Plan>;
}

export interface Plan {
  unit: "kWh" | "m³";
  tariffs: { id: string; name: string; color: string; price: number | null }[];
  rules: unknown[];
  charges: { id: string; name: string; per: string; today: number | null }[];
  active: { tariff: string; name: string; price: number | null; rule: number } | null;
  next_change: number | null;
  segments: Segment[];
}

/** A time with one price. */
export interface Segment {
  start: number;
  end: number;
  tariff: string | null;
  price: number | null;
}
