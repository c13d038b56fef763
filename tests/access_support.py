"""People with roles, for tests of what they may."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from homeassistant.auth.const import GROUP_ID_ADMIN, GROUP_ID_USER
from pytest_homeassistant_custom_component.common import MockConfigEntry  # type: ignore[import-untyped]

from custom_components.legrand_ews.access import Role
from custom_components.legrand_ews.const import DOMAIN
from custom_components.legrand_ews.installation import find_installation

if TYPE_CHECKING:
    from homeassistant.auth.models import User
    from homeassistant.core import HomeAssistant


def keep(hass: HomeAssistant, **access: Any) -> None:
    """Let this be stored in the installation, which is made where there is none."""
    entry = find_installation(hass)
    if entry is None:
        entry = MockConfigEntry(domain=DOMAIN, title="Site", data={"kind": "installation"})
        entry.add_to_hass(hass)  # type: ignore[attr-defined]
    hass.config_entries.async_update_entry(entry, options={**entry.options, "access": access})


async def person(hass: HomeAssistant, role: Role, name: str = "Anna") -> User:
    """Return somebody with a role, whom Home Assistant itself lets control every entity."""
    if not any(user.is_owner for user in await hass.auth.async_get_users()):
        # The first one owns the place.
        await hass.auth.async_create_user("Owner", group_ids=[GROUP_ID_ADMIN])
    administers = role is Role.ADMINISTRATOR
    user = await hass.auth.async_create_user(name, group_ids=[GROUP_ID_ADMIN if administers else GROUP_ID_USER])
    if not administers:
        keep(hass, default="user", users={user.id: role.value})
    return user


async def token(hass: HomeAssistant, user: User) -> str:
    """Return what a user logs in with."""
    refresh = await hass.auth.async_create_refresh_token(user, "https://example.com/app")
    return hass.auth.async_create_access_token(refresh)
