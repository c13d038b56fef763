/** Where values lie on an axis. Knows neither units nor pictures. */

export interface Scale {
  low: number;
  high: number;
  /** Round values from low to high. */
  ticks: number[];
}

const ROUND = [1, 2, 2.5, 5, 10];
const STRIDES = [1, 2, 3, 4, 6, 8, 12, 24, 48, 96];

/** An axis with round ends from `least` to `most` that has the zero and at most so many intervals. */
export function scale(least: number, most: number, intervals: number): Scale {
  const low = Math.min(0, least);
  const high = Math.max(0, most);
  if (low === high) return { low: 0, high: 1, ticks: [0] };
  let step = rounded((high - low) / intervals);
  // The round ends may need an interval more than there is room for.
  while (Math.ceil(high / step - SLACK) - Math.floor(low / step + SLACK) > Math.max(intervals, 2)) {
    step = rounded(step * 1.01);
  }
  const first = Math.floor(low / step + SLACK);
  const last = Math.ceil(high / step - SLACK);
  const ticks = Array.from({ length: last - first + 1 }, (_, index) => exact((first + index) * step));
  return { low: ticks[0] as number, high: ticks.at(-1) as number, ticks };
}

/** What a division may be off by. */
const SLACK = 1e-9;

function rounded(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  return exact(power * (ROUND.find((factor) => factor * power >= rough * (1 - SLACK)) ?? 10));
}

function exact(value: number): number {
  return Number(value.toPrecision(12));
}

/** Every how many-th label has room, where each has `slot` px and the widest takes `label` px. */
export function stride(count: number, slot: number, label: number): number {
  const needed = label / Math.max(slot, 1e-6);
  const found = STRIDES.find((candidate) => candidate >= needed);
  return Math.min(found ?? Math.ceil(needed), Math.max(count, 1));
}
