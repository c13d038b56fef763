/**
 * Values of a device as the tables of a panel meter: a line for each quantity, a column for each phase.
 *
 * Phases are found at the end of names or before a comma, as the names of our entities have them in every language.
 */

export interface Named {
  id: string;
  name: string;
}

/** A line: its name, and its values in the order of the table's columns. */
export interface PhaseLine {
  name: string;
  cells: (string | undefined)[];
}

/** `columns`: "" is the total; a table of one column needs no heading. */
export interface PhaseTable {
  columns: string[];
  lines: PhaseLine[];
}

const PHASE = /\s+(L[123](?:-L[123])?)(?=,|$)/;
const SETS: readonly (readonly string[])[] = [
  ["", "L1", "L2", "L3"],
  ["L1-L2", "L2-L3", "L3-L1"],
];

/** Splits a name into that of the quantity and the phase, which is "" for none. */
export function phaseOf(name: string): [quantity: string, phase: string] {
  const found = PHASE.exec(name);
  return found === null ? [name, ""] : [name.replace(PHASE, ""), found[1] as string];
}

/** Returns the tables of some values, in their order: phases, pairs of phases, and what has neither. */
export function phaseTables(values: readonly Named[]): PhaseTable[] {
  const lines = new Map<string, Map<string, string>>();
  for (const { id, name } of values) {
    const [quantity, phase] = phaseOf(name);
    const line = lines.get(quantity) ?? new Map<string, string>();
    // A second one of the same name must not hide the first.
    if (line.has(phase)) lines.set(`${name} (${id})`, new Map([["", id]]));
    else lines.set(quantity, line.set(phase, id));
  }
  const plain: PhaseLine[] = [];
  const tables = SETS.map((columns) => ({ columns: [...columns], lines: [] as PhaseLine[] }));
  for (const [name, line] of lines) {
    if ([...line.keys()].every((phase) => phase === "")) plain.push({ name, cells: [line.get("")] });
    else
      for (const table of tables) {
        const cells = table.columns.map((phase) => line.get(phase));
        if (cells.some((cell) => cell !== undefined)) table.lines.push({ name, cells });
      }
  }
  return [...tables.map(used), { columns: [""], lines: plain }].filter((table) => table.lines.length > 0);
}

/** The table without the columns that no line has. */
function used({ columns, lines }: PhaseTable): PhaseTable {
  const kept = columns.map((_, index) => lines.some((line) => line.cells[index] !== undefined));
  const some = <T>(list: T[]): T[] => list.filter((_, index) => kept[index]);
  return { columns: some(columns), lines: lines.map((line) => ({ ...line, cells: some(line.cells) })) };
}
