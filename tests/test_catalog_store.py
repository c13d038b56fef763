"""The catalogue of a Home Assistant, and what is said where a user's register map has an error."""

from __future__ import annotations

from typing import TYPE_CHECKING

from homeassistant.helpers import issue_registry as ir

from custom_components.legrand_ews.catalog_store import (
    DATA_CATALOG,
    async_load_catalog,
    async_write_template,
    profiles_folder,
)
from custom_components.legrand_ews.const import DOMAIN

from .support import COUNTER, METER, install_profiles, subentry_id

if TYPE_CHECKING:
    from pathlib import Path

    import pytest
    from homeassistant.core import HomeAssistant

    from .support import Panel

GOOD = """\
id: mine
name: Mine
source: my paper
confidence: manufacturer
models: ["700043"]
measures:
  power: {address: 0x1E, type: u32, unit: W}
"""
BAD = GOOD.replace("u32", "u31")
TWICE = BAD + "  energy_import: {address: -1, type: u32}\n"


def issues(hass: HomeAssistant) -> dict[str, dict[str, str] | None]:
    """Return what the issues of the integration fill into their texts."""
    return {
        issue_id: issue.translation_placeholders
        for (domain, issue_id), issue in ir.async_get(hass).issues.items()
        if domain == DOMAIN
    }


def write(hass: HomeAssistant, text: str, name: str = "mine.yaml") -> Path:
    """Put a file where users keep their maps."""
    path = install_profiles(hass) / name
    path.write_text(text, encoding="utf-8")
    return path


async def test_maps_of_users_lie_in_the_folder_of_the_configuration(hass: HomeAssistant) -> None:
    assert str(profiles_folder(hass)) == hass.config.path("legrand_ews", "profiles")
    assert not profiles_folder(hass).exists()
    catalog = await async_load_catalog(hass)
    assert hass.data[DATA_CATALOG] is catalog
    assert "412045" in catalog.models
    assert issues(hass) == {}


async def test_a_users_map_is_in_the_catalogue(hass: HomeAssistant) -> None:
    write(hass, GOOD)
    catalog = await async_load_catalog(hass)
    assert catalog.profile_for("700043") is catalog.profiles["mine"]


async def test_an_error_is_a_repair_with_file_line_and_key_until_it_is_mended(
    hass: HomeAssistant, caplog: pytest.LogCaptureFixture
) -> None:
    path = write(hass, BAD)
    await async_load_catalog(hass)
    (told,) = issues(hass).values()
    assert told is not None
    assert (told["file"], told["line"], told["key"]) == (str(path), "7", "measures.power.type")
    assert "u31" in told["reason"]
    assert f"{path}:7: measures.power.type" in caplog.text
    issue = ir.async_get(hass).async_get_issue(DOMAIN, "profile_error_mine.yaml")
    assert issue is not None
    assert (issue.severity, issue.is_fixable, issue.translation_key) == (ir.IssueSeverity.ERROR, False, "profile_error")
    write(hass, GOOD)
    await async_load_catalog(hass)
    assert issues(hass) == {}


async def test_a_file_with_several_errors_is_one_repair_and_names_the_first(hass: HomeAssistant) -> None:
    write(hass, TWICE)
    catalog = await async_load_catalog(hass)
    assert len(catalog.errors) == 2
    (told,) = issues(hass).values()
    assert told is not None
    assert told["line"] == "7"


async def test_each_faulty_file_is_a_repair_of_its_own(hass: HomeAssistant) -> None:
    write(hass, BAD, "one.yaml")
    write(hass, BAD, "two.yaml")
    write(hass, GOOD, "three.yaml")
    ir.async_create_issue(
        hass,
        "other",
        "profile_error_elsewhere",
        is_fixable=False,
        severity=ir.IssueSeverity.WARNING,
        translation_key="another",
    )
    catalog = await async_load_catalog(hass)
    assert set(issues(hass)) == {"profile_error_one.yaml", "profile_error_two.yaml"}
    assert "mine" in catalog.profiles
    (profiles_folder(hass) / "one.yaml").unlink()
    await async_load_catalog(hass)
    assert set(issues(hass)) == {"profile_error_two.yaml"}
    assert ir.async_get(hass).async_get_issue("other", "profile_error_elsewhere") is not None


async def test_a_device_keeps_its_last_good_map(panel: Panel) -> None:
    write(panel.hass, GOOD)
    await panel.start(COUNTER)
    before = panel.number("Counter", "power")
    write(panel.hass, BAD)
    await panel.hass.services.async_call(DOMAIN, "reload", blocking=True)
    await panel.settle()
    assert panel.number("Counter", "power") == before
    assert set(issues(panel.hass)) == {"profile_error_mine.yaml"}
    write(
        panel.hass, GOOD.replace("0x1E, type: u32, unit: W", "0x21, type: u16, unit: V").replace("power", "voltage_l1")
    )
    await panel.hass.services.async_call(DOMAIN, "reload", blocking=True)
    await panel.settle()
    assert issues(panel.hass) == {}
    assert panel.number("Counter", "voltage_l1") > 2000


async def test_a_bad_file_does_not_stop_the_others(panel: Panel) -> None:
    write(panel.hass, BAD)
    entry = await panel.start(METER, COUNTER)
    assert panel.number("Mains", "power") != 0
    missing = f"profile_missing_{entry.entry_id}_{subentry_id('Counter')}"
    assert set(issues(panel.hass)) == {"profile_error_mine.yaml", missing}


async def test_a_template_is_written_once(hass: HomeAssistant) -> None:
    catalog = await async_load_catalog(hass)
    model = catalog.models["MP2.10"]
    path = await async_write_template(hass, model)
    assert path == profiles_folder(hass) / "mp2.10.yaml"
    catalog = await async_load_catalog(hass)
    assert catalog.errors == []
    assert "MP2.10" in path.read_text(encoding="utf-8")
    path.write_text("# mine\n", encoding="utf-8")
    assert await async_write_template(hass, model) == path
    assert path.read_text(encoding="utf-8") == "# mine\n"
