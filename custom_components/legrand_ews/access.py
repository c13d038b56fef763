"""Who may see and do what: the role of a Home Assistant user, and what he is refused (manual 8.1.1).

This module is asked by every websocket command, action and entity of the integration. It does not own which rights a
role has, nor how roles are stored: ``roles`` does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from homeassistant.core import callback
from homeassistant.exceptions import HomeAssistantError, Unauthorized, UnknownUser

from .const import DOMAIN
from .installation import find_installation
from .names import selector_text
from .roles import PAGES, ROLES, Right, Role, Roles

if TYPE_CHECKING:
    from collections.abc import Iterable

    from homeassistant.auth.models import User
    from homeassistant.core import Context, HomeAssistant

__all__ = [
    "PAGES",
    "ROLES",
    "MissingRightError",
    "Right",
    "Role",
    "async_check_context",
    "check",
    "rights_of",
    "role_of",
]


class MissingRightError(Unauthorized):
    """The role of a user does not include what is asked for; says which right is missing."""

    def __init__(self, hass: HomeAssistant, user: User, rights: Iterable[Right]) -> None:
        """Take any of the rights that would do."""
        super().__init__(user_id=user.id)
        # Home Assistant's own error carries no text.
        HomeAssistantError.__init__(
            self,
            translation_domain=DOMAIN,
            translation_key="missing_right",
            translation_placeholders={
                "user": user.name or user.id,
                "role": selector_text(hass, "role", role_of(hass, user)),
                "right": " / ".join(selector_text(hass, "right", right) for right in rights),
            },
        )


@callback
def role_of(hass: HomeAssistant, user: User) -> Role:
    """Return the role of a user: administrators of Home Assistant are administrators here, and so is Home Assistant.

    A link that it signs for no user in particular is signed for a user of its own.
    """
    if user.is_admin or user.system_generated:
        return Role.ADMINISTRATOR
    installation = find_installation(hass)
    return Roles.of({} if installation is None else installation.options).of_user(user.id)


@callback
def rights_of(hass: HomeAssistant, user: User) -> frozenset[Right]:
    """Return the rights of a user."""
    return ROLES[role_of(hass, user)]


@callback
def check(hass: HomeAssistant, user: User, *rights: Right) -> None:
    """Raise ``MissingRightError`` where a user has none of these rights; where none is named, anybody may."""
    if rights and rights_of(hass, user).isdisjoint(rights):
        raise MissingRightError(hass, user, rights)


async def async_check_context(hass: HomeAssistant, context: Context | None, *rights: Right) -> None:
    """Raise ``Unauthorized`` where the user behind a context has none of these rights.

    Automations and the system have no user, and may everything.
    """
    if context is None or context.user_id is None:
        return
    user = await hass.auth.async_get_user(context.user_id)
    if user is None:
        raise UnknownUser(context=context)
    check(hass, user, *rights)
