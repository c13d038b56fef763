/** The pages of a station. */

import { expect, it } from "vitest";
import "../src/parts/station-details";
import { PAGES, pagesOf } from "../src/parts/station-details";
import { loadTexts } from "../src/texts";
import { BOARD, charging } from "./charging-samples";
import { all, fakeHass, mount, textOf } from "./support";

const IDS = ["binary_sensor.answers", "sensor.station", "sensor.charge", "sensor.rated", "sensor.state"];
const KEYS: Record<string, string> = { "sensor.station": "station", "sensor.rated": "rated_current" };

function house() {
  const ids = [...IDS, "sensor.power", "switch.priority", "sensor.firmware"];
  const entry = (id: string) => ({ entity_id: id, name: `Name of ${id}`, translation_key: KEYS[id] });
  return fakeHass({
    states: Object.fromEntries(ids.map((id) => [id, "on"])),
    entities: Object.fromEntries(ids.map((id) => [id, entry(id)])),
  });
}

it("place each entity once; commands are no details", () => {
  const pages = pagesOf(house(), BOARD, "a");
  expect(pages).toEqual({
    station: ["binary_sensor.answers", "sensor.station"],
    charge: ["sensor.state", "sensor.charge", "sensor.power"],
    about: ["sensor.rated", "sensor.firmware"],
  });
});

it("leave out what has no state", () => {
  const pages = pagesOf(fakeHass(), BOARD, "a");
  expect(PAGES.flatMap((page) => pages[page])).toEqual([]);
});

it("tell of a charger of another make what is known", async () => {
  const hass = house();
  await loadTexts(hass);
  const shown = (id: string) =>
    mount("ews-station-details", { hass, board: BOARD, station: charging(id), page: "about" });
  expect(textOf(await shown("x"))).toBe("Model Charger of another integration Phases L1, L2, L3");
  expect(textOf(await shown("a"))).toContain("Model 0 590 00, Station Address 5 Gateway Car park Phases L1, L2, L3");
});

it("open Home Assistant's dialog of a value", async () => {
  const hass = house();
  await loadTexts(hass);
  const details = await mount("ews-station-details", { hass, board: BOARD, station: charging("a"), page: "station" });
  const opened: string[] = [];
  const hear = (event: Event) => opened.push((event as CustomEvent<{ entityId: string }>).detail.entityId);
  details.addEventListener("hass-more-info", hear);
  for (const button of all<HTMLButtonElement>(details, "button")) button.click();
  expect(opened).toEqual(["binary_sensor.answers", "sensor.station"]);
});
