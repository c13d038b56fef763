/** What a card shows as a file for spreadsheets, written as the CSV folders are (docs/csv.md). */

export type Cell = string | number | null;

const SEPARATOR = ";";
const DECIMAL = ",";
const DIGITS = 12;
const MARK = "\ufeff";
/** Where a cell would begin that a spreadsheet calculates, whichever separator it takes. */
const FORMULA = /(^|[,;])(?=[\s"']*[=+\-@\uff1d\uff0b\uff0d\uff20])/g;
const UNPRINTABLE = /[\p{C}\p{Zl}\p{Zp}\s]+/gu;

/** Returns the file's text; nothing in a cell means that nothing is known. */
export function csvText(rows: readonly (readonly Cell[])[]): string {
  return MARK + rows.map((row) => `${row.map(cell).join(SEPARATOR)}\r\n`).join("");
}

/** Hands a text to the browser as a file to keep. */
export function download(text: string, name = "datalogger.csv"): void {
  const address = URL.createObjectURL(new Blob([text], { type: "text/csv;charset=utf-8" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  // The browser reads the file after the click.
  window.setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

function cell(value: Cell): string {
  if (value === null) return "";
  return quoted(typeof value === "number" ? number(value) : plain(value));
}

/** A number without exponent, of as many digits as amounts and costs can have: more are noise of the arithmetic. */
function number(value: number): string {
  if (!Number.isFinite(value)) return "";
  if (Number.isInteger(value)) return BigInt(value).toString();
  const exact = Number(value.toPrecision(DIGITS));
  const decimals = DIGITS - 1 - Math.floor(Math.log10(Math.abs(exact)));
  const text = exact.toFixed(Math.min(Math.max(decimals, 0), 100));
  return (text.includes(".") ? text.replace(/\.?0+$/, "") : text).replace(".", DECIMAL);
}

function plain(value: string): string {
  return value.replace(UNPRINTABLE, " ").trim().replace(FORMULA, "$1'");
}

function quoted(text: string): string {
  return /[";\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
