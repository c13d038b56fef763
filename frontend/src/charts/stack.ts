/** How the values of several series lie on top of each other. Knows neither pixels nor pictures. */

export type Values = readonly (number | null)[];

export interface Part {
  from: number;
  to: number;
  /** The outermost of its side of zero. */
  outer: boolean;
}

/** The parts of each series by bar; `null` where there is nothing to draw. Negative values go down from zero. */
export function stacked(series: readonly Values[], bars: number): (Part | null)[][] {
  const parts: (Part | null)[][] = series.map(() => new Array<Part | null>(bars).fill(null));
  for (let bar = 0; bar < bars; bar += 1) {
    const ends: Record<"up" | "down", number> = { up: 0, down: 0 };
    const outer: Partial<Record<"up" | "down", Part>> = {};
    series.forEach((values, row) => {
      const value = values[bar] ?? 0;
      if (value === 0) return;
      const side = value > 0 ? "up" : "down";
      const part: Part = { from: ends[side], to: ends[side] + value, outer: false };
      ends[side] = part.to;
      outer[side] = part;
      (parts[row] as (Part | null)[])[bar] = part;
    });
    for (const part of Object.values(outer)) part.outer = true;
  }
  return parts;
}

/** The lowest and highest ends of stacks. */
export function extent(...stacks: readonly (Part | null)[][][]): [least: number, most: number] {
  let least = 0;
  let most = 0;
  for (const part of stacks.flat(2)) {
    if (part === null) continue;
    least = Math.min(least, part.to);
    most = Math.max(most, part.to);
  }
  return [least, most];
}

/** The sum of what is known; `null` where nothing is. */
export function sumOf(values: Iterable<number | null | undefined>): number | null {
  let sum: number | null = null;
  for (const value of values) if (value != null) sum = (sum ?? 0) + value;
  return sum;
}
