"""The options of the installation, as a user goes through them: menus that lead to forms and back.

This module owns the way. What is entered is the matter of those who go it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Self

from .client import RefusedError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .client import Client

DOMAIN: Final = "legrand_ews"
_OPTIONS: Final = "/api/config/config_entries/options/flow"


async def installation_id(client: Client) -> str:
    """Return the id of the installation's entry."""
    entries = await client.command("config_entries/get", domain=DOMAIN)
    return str(next(entry["entry_id"] for entry in entries if "load" in entry["supported_subentry_types"]))


class Menus:
    """A dialogue with the options of the installation."""

    def __init__(self, client: Client, path: str) -> None:
        """Take a dialogue that was begun."""
        self._client = client
        self._path = path

    @classmethod
    async def open(cls, client: Client) -> Self:
        """Begin a dialogue."""
        flow = await client.post(_OPTIONS, {"handler": await installation_id(client)})
        return cls(client, f"{_OPTIONS}/{flow['flow_id']}")

    async def go(self, *steps: str) -> Any:
        """Choose one line after the other; return what is shown then."""
        shown = None
        for step in steps:
            shown = await self._client.post(self._path, {"next_step_id": step})
        return shown

    async def fill(self, form: Mapping[str, Any]) -> None:
        """Submit a form, which leads back to a menu; raises ``RefusedError``."""
        shown = await self._client.post(self._path, dict(form))
        if shown["type"] != "menu":
            raise RefusedError(f"{shown['step_id']}: {shown.get('errors')} {form}")

    async def close(self, *steps: str) -> None:
        """End the dialogue by the last of some lines; raises ``RefusedError`` where it does not end well."""
        shown = await self.go(*steps)
        if shown["type"] != "create_entry":
            raise RefusedError(f"{steps[-1]}: {shown}")

    async def leave(self) -> None:
        """End the dialogue wherever it is."""
        await self._client.delete(self._path)


def choices(form: Mapping[str, Any], field: str) -> dict[str, str]:
    """Return the values of a form's field by what a user sees."""
    row = next(row for row in form["data_schema"] if row["name"] == field)
    return {str(one["label"]): str(one["value"]) for one in row["selector"]["select"]["options"]}
