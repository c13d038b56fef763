"""The dashboard's files are served where there is a frontend, at an address that tells their content."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from homeassistant.components import frontend
from homeassistant.setup import async_setup_component

from custom_components.legrand_ews import bundle

if TYPE_CHECKING:
    from pathlib import Path

    import pytest
    from homeassistant.core import HomeAssistant


async def serve(hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch) -> str:
    """Serve the files as if there were a frontend, and return the module that pages load."""
    modules: list[str] = []
    hass.config.components.add("frontend")
    monkeypatch.setattr(frontend, "add_extra_js_url", lambda _hass, url: modules.append(url))
    await bundle.async_serve_bundle(hass)
    (module,) = modules
    return module


async def test_without_a_frontend_nothing_is_served(hass: HomeAssistant) -> None:
    hass.http = SimpleNamespace()  # type: ignore[assignment]
    await bundle.async_serve_bundle(hass)


async def test_browsers_keep_the_files_until_they_are_others(
    hass: HomeAssistant, hass_client_no_auth: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert await async_setup_component(hass, "http", {})
    folder = bundle.FOLDER
    module = await serve(hass, monkeypatch)
    (tmp_path / "entry.js").write_text("export {};", encoding="utf-8")
    monkeypatch.setattr(bundle, "FOLDER", tmp_path)
    assert await serve(hass, monkeypatch) != module
    client = await hass_client_no_auth()
    answer = await client.get(module)
    assert answer.status == 200
    assert answer.content_type == "text/javascript"
    assert "max-age=" in answer.headers["Cache-Control"]
    assert await answer.text() == (folder / "entry.js").read_text(encoding="utf-8")
