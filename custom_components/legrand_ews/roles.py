"""Roles and the rights they have (manual 8.1.1, 12.1.1), and which user has which, as the installation stores it.

This module owns the tables and their stored form. Who a user is, and what he is refused, is ``access``'s matter.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, Self

if TYPE_CHECKING:
    from collections.abc import Mapping

OPT_ACCESS: Final = "access"
CONF_DEFAULT: Final = "default"
CONF_USERS: Final = "users"


class Right(StrEnum):
    """What a user may see, and what he may do."""

    PANEL = "panel"
    CONSUMPTION = "consumption"
    TARIFFS = "tariffs"
    CHARGING = "charging"
    ALARMS = "alarms"
    SYSTEM = "system"
    REPORTS = "reports"
    COMMAND = "command"
    """Breakers, outputs and their settings, clocks."""
    CHARGE = "charge"
    """Sessions, priorities and the switches of the load manager."""
    ACKNOWLEDGE = "acknowledge"
    CONFIGURE = "configure"


class Role(StrEnum):
    """What a user is, with the manual's words."""

    ADMINISTRATOR = "administrator"
    INSTALLER = "installer"
    GREENUP = "greenup"
    USER = "user"
    NONE = "none"


PAGES: Final = (
    Right.PANEL,
    Right.CONSUMPTION,
    Right.TARIFFS,
    Right.CHARGING,
    Right.ALARMS,
    Right.SYSTEM,
    Right.REPORTS,
)
"""The rights to see something; the others are to do something."""

ROLES: Final[Mapping[Role, frozenset[Right]]] = MappingProxyType(
    {
        Role.ADMINISTRATOR: frozenset(Right),
        Role.INSTALLER: frozenset(
            {
                Right.PANEL,
                Right.CONSUMPTION,
                Right.TARIFFS,
                Right.ALARMS,
                Right.SYSTEM,
                Right.COMMAND,
                Right.ACKNOWLEDGE,
            }
        ),
        Role.GREENUP: frozenset(Right) - {Right.CONFIGURE},
        Role.USER: frozenset({Right.CONSUMPTION, Right.TARIFFS, Right.ALARMS}),
        Role.NONE: frozenset(),
    }
)


@dataclass(frozen=True, kw_only=True)
class Roles:
    """Which user has which role."""

    default: Role = Role.USER
    """Of users that are given none."""
    users: Mapping[str, Role] = field(default_factory=dict)
    """By user id."""

    @classmethod
    def of(cls, options: Mapping[str, Any]) -> Self:
        """Read the options of the installation; a word that is no role gives no rights."""
        stored = options.get(OPT_ACCESS, {})
        users = {key: _role(word) for key, word in stored.get(CONF_USERS, {}).items()}
        return cls(default=_role(stored.get(CONF_DEFAULT, Role.USER)), users=users)

    def of_user(self, user_id: str) -> Role:
        """Return the role of a user who is no administrator of Home Assistant."""
        return self.users.get(user_id, self.default)

    def stored(self) -> dict[str, Any]:
        """Return what the options keep."""
        return {CONF_DEFAULT: self.default.value, CONF_USERS: {key: role.value for key, role in self.users.items()}}


def _role(word: str) -> Role:
    """Return the role that a stored word means."""
    return Role(word) if word in Role else Role.NONE
