"""The diagnostics download: what a report needs, and nothing that leads to the house."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from homeassistant.helpers.json import JSONEncoder
from pytest_homeassistant_custom_component.common import MockConfigEntry  # type: ignore[import-untyped]

from custom_components.legrand_ews.archive import Archive, WriterStatus
from custom_components.legrand_ews.const import DOMAIN
from custom_components.legrand_ews.diagnostics import async_get_config_entry_diagnostics
from custom_components.legrand_ews.history import History
from custom_components.legrand_ews.history_settings import file_url
from plant.scenario import RTU_TCP, SERIAL, TCP

from .support import COUNTER, METER, PULSES, SOCKETS, install_profiles
from .test_history import begin, count, history, intervals

if TYPE_CHECKING:
    from custom_components.legrand_ews.coordinator import GatewayConfigEntry

    from .support import Panel


async def downloaded(panel: Panel, entry: GatewayConfigEntry) -> dict[str, Any]:
    """Return the diagnostics as a file has them."""
    diagnostics = await async_get_config_entry_diagnostics(panel.hass, entry)
    read: dict[str, Any] = json.loads(json.dumps(diagnostics, cls=JSONEncoder))
    return read


async def test_each_device_is_described(panel: Panel) -> None:
    entry = await panel.start(METER, replace(SOCKETS, supply="downstream"), PULSES, COUNTER)
    file = await downloaded(panel, entry)
    assert file["options"] == {"frame_interval": 0}
    assert file["link"]["requests"] == panel.gateway().stats.transactions
    assert file["link"]["queued"] == 0
    assert file["profile_errors"] == []
    assert set(file["units"]) == {"1", "2", "3", "6"}
    meter, sockets, counter, pulses = (file["units"][unit]["devices"][0] for unit in ("1", "2", "3", "6"))
    assert meter["model"] == "412045"
    assert meter["profile"] == {"id": "ime_nemo_0x1000", "confidence": "manufacturer", "user": False}
    assert float(meter["values"]["power"]) != 0
    assert sockets["supply"] == "downstream"
    assert (pulses["place"], set(pulses["values"])) == ("6-1", {"energy_import"})
    assert (counter["profile"], counter["values"]) == (None, {})


@pytest.mark.parametrize("kind", [TCP, RTU_TCP, SERIAL])
async def test_nothing_tells_where_the_gateway_is(panel: Panel, kind: str) -> None:
    await panel.serve(METER, kind=kind)
    entry = await panel.set_up()
    if kind == TCP:
        await panel.plant.refuse(panel.gateway())
        for _ in range(2):
            await panel.wait()
        assert "127.0.0.1" in str(entry.runtime_data.link.statistics.last_error)
    file = await downloaded(panel, entry)
    text = json.dumps(file)
    secret = panel.gateway().device if kind == SERIAL else "127.0.0.1"
    assert secret
    assert secret not in text
    assert file["entry"]["connection"] == kind


async def test_what_is_wrong_is_told(panel: Panel) -> None:
    (install_profiles(panel.hass) / "mine.yaml").write_text("id: [\n", encoding="utf-8")
    entry = await panel.start(METER, SOCKETS)
    panel.unit(2).faults.silent = True
    await panel.wait()
    file = await downloaded(panel, entry)
    assert (file["units"]["1"]["problem"], file["units"]["2"]["problem"]) == (None, "silent")
    assert file["units"]["2"]["failures"] == 1
    assert file["link"]["errors"] == {"GatewayTarget": 2}
    (error,) = file["profile_errors"]
    assert "mine.yaml:" in error
    assert panel.hass.config.config_dir not in error


async def test_a_gateway_that_is_not_loaded_has_diagnostics_too(panel: Panel) -> None:
    entry = await panel.start(METER)
    await panel.hass.config_entries.async_unload(entry.entry_id)
    file = await downloaded(panel, entry)
    assert file["entry"]["host"] == "**REDACTED**"
    assert "units" not in file


async def test_the_installation_tells_of_its_journal_and_keeps_its_code(panel: Panel) -> None:
    await panel.start()
    site = MockConfigEntry(domain=DOMAIN, title="Site", data={"kind": "installation"}, options={"code": "secret"})
    site.add_to_hass(panel.hass)
    await panel.hass.config_entries.async_setup(site.entry_id)
    told = await async_get_config_entry_diagnostics(panel.hass, site)
    assert told["journal"] == {"entries": 0, "active": [], "damaged": 0, "pending": 0}
    assert "secret" not in str(told)


async def test_the_installation_tells_how_its_archive_is(panel: Panel) -> None:
    await panel.start(METER)
    entry = await begin(panel, sample_rate=5)
    await count(panel)
    told = (await downloaded(panel, entry))["archive"]
    assert (told["period"], told["health"]) == (300, "ok")
    assert told["info"]["engine"] == "sqlite"
    assert told["info"]["intervals"] == len(await intervals(panel.hass)) > 0
    assert told["info"]["size"] > 0
    assert told["writer"]["queued"] == 0
    assert told["writer"]["error"] is None


async def test_an_archive_that_is_damaged_is_told(panel: Panel, monkeypatch: pytest.MonkeyPatch) -> None:
    await panel.start(METER)
    entry = await begin(panel)
    monkeypatch.setattr(Archive, "check", lambda _: "row 7 missing from index")
    assert (await downloaded(panel, entry))["archive"]["health"] == "row 7 missing from index"


async def test_an_installation_that_is_not_loaded_has_diagnostics_too(panel: Panel) -> None:
    await panel.start(METER)
    entry = await begin(panel)
    await panel.hass.config_entries.async_unload(entry.entry_id)
    assert (await downloaded(panel, entry))["archive"] is None


@pytest.mark.parametrize(
    "said",
    [
        'connection to server at "vault.home" (10.1.2.3), port 5432 failed: FATAL:  no password for user "keeper"',
        "failed to resolve host 'vault.home': Name or service not known",
        "[Errno 2] No such file or directory: '/config/vault/archive.db'",
    ],
)
async def test_nothing_tells_where_the_archive_is(panel: Panel, monkeypatch: pytest.MonkeyPatch, said: str) -> None:
    def open_file(of: History) -> Archive:
        """Open an archive that is there."""
        return Archive.open(file_url(of.folder), site=of.site_id, zone=of.zone)

    monkeypatch.setattr(History, "open_archive", open_file)
    await panel.start(METER)
    entry = await begin(panel, archive_url="postgresql://keeper:hush@vault.home/cellar")
    status = WriterStatus(queued=3, error=f"OperationalError: {said}")
    monkeypatch.setattr(type(history(panel.hass).writer), "status", status)
    file = await downloaded(panel, entry)
    assert file["archive"]["writer"]["queued"] == 3
    assert file["archive"]["writer"]["error"].startswith("OperationalError: ")
    assert file["options"] == {"archive_url": "**REDACTED**"}
    text = json.dumps(file)
    assert [word for word in ("keeper", "hush", "vault", "10.1.2.3", "cellar") if word in text] == []
