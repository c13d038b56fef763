import { afterEach, expect, test, vi } from "vitest";
import { csvText, download } from "../src/csv";
import { numbersFrom } from "./support";

const line = (...cells: (string | number | null)[]): string => csvText([cells]).slice(1);

afterEach(() => vi.restoreAllMocks());

test("begins with the mark, and ends each line as spreadsheets want it", () => {
  expect(
    csvText([
      ["a", 1.5],
      ["b", null],
    ]),
  ).toBe("\ufeffa;1,5\r\nb;\r\n");
});

test.each([
  [0, "0"],
  [-0, "0"],
  [1234567890123, "1234567890123"],
  [12.345, "12,345"],
  [0.1 + 0.2, "0,3"],
  [1 / 3, "0,333333333333"],
  [1.5e-9, "0,0000000015"],
  [12_345_678.9, "12345678,9"],
  [-2.5, "-2,5"],
  [9.9999999999999, "10"],
  [Number.NaN, ""],
  [Number.POSITIVE_INFINITY, ""],
])("the number %d is %s", (value, text) => {
  expect(line(value)).toBe(`${text}\r\n`);
});

test("numbers come back as they were, to twelve digits", () => {
  const next = numbersFrom(3);
  for (let turn = 0; turn < 1000; turn += 1) {
    const value = (next(2_000_000) - 1_000_000) / 10 ** next(9);
    const text = line(value).trimEnd();
    expect(text).toMatch(/^-?\d+(,\d*[1-9])?$/);
    expect(Math.abs(Number(text.replace(",", ".")) - value)).toBeLessThanOrEqual(Math.abs(value) * 1e-11);
  }
});

test.each([
  ["=SUM(A1)", "'=SUM(A1)"],
  ["+3", "'+3"],
  ["-x", "'-x"],
  ["@cmd", "'@cmd"],
  [" =1", "'=1"],
  ["a,=1", "a,'=1"],
  ["a;=1", '"a;\'=1"'],
  ["12-3", "12-3"],
  ["Kitchen; oven", '"Kitchen; oven"'],
  ['9" pipe', '"9"" pipe"'],
  ["two\nlines\u2028here", "two lines here"],
  ["Éclairage", "Éclairage"],
])("the text %j is %s", (value, text) => {
  expect(line(value)).toBe(`${text}\r\n`);
});

test("is handed over under the name of the original", async () => {
  const made: Blob[] = [];
  const names: string[] = [];
  vi.spyOn(URL, "createObjectURL").mockImplementation((blob) => `blob:${made.push(blob as Blob)}`);
  vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(function (this: HTMLAnchorElement) {
    names.push(this.download);
  });
  download(csvText([["a"]]));
  expect(names).toEqual(["datalogger.csv"]);
  expect(made[0]?.type).toContain("text/csv");
  const bytes = new Uint8Array(await (made[0] as Blob).arrayBuffer());
  expect([...bytes]).toEqual([0xef, 0xbb, 0xbf, 0x61, 0x0d, 0x0a]);
  expect(document.querySelector("a")).toBeNull();
});
