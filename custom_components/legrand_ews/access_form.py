"""The form of access: which role each user has (manual 8.1.2, 8.1.3).

This module owns the fields. Users are Home Assistant's, what a role may is told by ``roles``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import voluptuous as vol
from homeassistant.config_entries import ConfigFlowResult, OptionsFlow
from homeassistant.data_entry_flow import section

from .device_form import choice
from .roles import CONF_DEFAULT, CONF_USERS, OPT_ACCESS, Role, Roles

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from homeassistant.auth.models import User

_GIVEN: Final = tuple(role.value for role in Role if role is not Role.ADMINISTRATOR)
"""Roles that can be given: who administers is settled by Home Assistant."""
_AS_OTHERS: Final = "default"


class AccessForms(OptionsFlow):
    """Asks who may see and do what."""

    async def async_step_access(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask for the role of each user who is no administrator, and of all others."""
        users = await self.hass.auth.async_get_users()
        roles, fields = Roles.of(self.config_entry.options), user_fields(users)
        if user_input is not None:
            changed = read_roles(user_input, roles, fields, {user.id for user in users})
            return self.async_create_entry(data={**self.config_entry.options, OPT_ACCESS: changed.stored()})
        return self.async_show_form(
            step_id="access",
            data_schema=access_schema(roles, fields),
            description_placeholders={"administrators": ", ".join(sorted(map(_name, users_who(users, admin=True))))},
        )


def users_who(users: Iterable[User], *, admin: bool) -> list[User]:
    """Return the people who can log in, those who administer Home Assistant or the others."""
    return [user for user in users if user.is_active and not user.system_generated and user.is_admin is admin]


def user_fields(users: Iterable[User]) -> dict[str, str]:
    """Return the users that a role is given to: their ids by what their fields are called, each another."""
    fields: dict[str, str] = {}
    for user in sorted(users_who(users, admin=False), key=lambda user: (_name(user).casefold(), user.id)):
        name = _name(user)
        fields[name if name not in fields else f"{name} ({user.id})"] = user.id
    return fields


def access_schema(roles: Roles, fields: Mapping[str, str]) -> vol.Schema:
    """Return the form, with the roles that there are."""
    given = choice([_AS_OTHERS, *_GIVEN], translation_key="role")
    users = {
        vol.Required(name, default=roles.users[user_id].value if user_id in roles.users else _AS_OTHERS): given
        for name, user_id in fields.items()
    }
    default = {vol.Required(CONF_DEFAULT, default=roles.default.value): choice(list(_GIVEN), translation_key="role")}
    # A section, so that no name of a user is that of another field.
    return vol.Schema(default | ({vol.Required(CONF_USERS): section(vol.Schema(users))} if users else {}))


def read_roles(given: Mapping[str, Any], roles: Roles, fields: Mapping[str, str], known: set[str]) -> Roles:
    """Return the roles of a form that was filled in; users who are gone are forgotten, those not asked about kept."""
    users = {user_id: role for user_id, role in roles.users.items() if user_id in known}
    for name, word in given.get(CONF_USERS, {}).items():
        if name in fields:
            users.pop(fields[name], None)
            if word != _AS_OTHERS:
                users[fields[name]] = Role(word)
    return Roles(default=Role(given[CONF_DEFAULT]), users=users)


def _name(user: User) -> str:
    """Return what a user is called."""
    return user.name or user.id
