"""Who may what: the role of a user, and every door of the integration for every role."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import pytest
from homeassistant.core import Context
from homeassistant.exceptions import Unauthorized, UnknownUser
from pytest_homeassistant_custom_component.common import MockConfigEntry  # type: ignore[import-untyped]

from custom_components.legrand_ews.access import (
    PAGES,
    ROLES,
    MissingRightError,
    Right,
    Role,
    async_check_context,
    check,
    rights_of,
    role_of,
)
from custom_components.legrand_ews.alarms import Kind
from custom_components.legrand_ews.const import DOMAIN
from custom_components.legrand_ews.installation import find_installation
from custom_components.legrand_ews.journal import DATA_JOURNAL

from .access_support import keep, person
from .bill_support import ENGLISH
from .support import METER
from .test_command_services import ALLOWED, HEATER, MAPS, MOULDED, SIGNALS, install_profiles

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant

    from .support import Panel

DAYS: Final = {"start": "2025-06-10", "end": "2025-06-10"}
CONTACTOR: Final = ("Water heater", "contactor")
DOORS: Final[tuple[tuple[Right, str, str, tuple[str, str] | None, dict[str, Any]], ...]] = (
    (Right.COMMAND, DOMAIN, "open_breaker", CONTACTOR, {}),
    (Right.COMMAND, DOMAIN, "close_breaker", CONTACTOR, {}),
    (Right.COMMAND, DOMAIN, "switch_output", ("Garden panel", "output_2"), {"turn_on": True}),
    (Right.COMMAND, DOMAIN, "pulse_output", ("Garden panel", "output_2"), {"duration": 1}),
    (Right.COMMAND, DOMAIN, "blink_output", ("Garden panel", "output_2"), {"cadence": 1}),
    (Right.COMMAND, DOMAIN, "configure_output", ("Garden panel", "output_2"), {"on_time": 3}),
    (Right.COMMAND, DOMAIN, "sync_clock", ("Moulded case", "sync_clock"), {}),
    (Right.COMMAND, "switch", "turn_off", CONTACTOR, {}),
    (Right.COMMAND, "switch", "turn_on", CONTACTOR, {}),
    (Right.COMMAND, "button", "press", ("Garden panel", "output_2_pulse"), {}),
    (Right.COMMAND, "button", "press", ("Moulded case", "sync_clock"), {}),
    (Right.COMMAND, "select", "select_option", ("Garden panel", "output_1_mode"), {"option": "blinking"}),
    (Right.COMMAND, "number", "set_value", ("Garden panel", "output_1_on_time"), {"value": 4}),
    (Right.ALARMS, DOMAIN, "list_alarms", None, {}),
    (Right.ACKNOWLEDGE, DOMAIN, "acknowledge_alarms", None, {"all": True}),
    (Right.REPORTS, DOMAIN, "download_data", None, {"all": True, **DAYS}),
)
"""The right, the action, the entity, the fields."""
ANSWERING: Final = {"list_alarms", "download_data"}


async def use(
    panel: Panel, context: Context, door: tuple[Right, str, str, tuple[str, str] | None, dict[str, Any]]
) -> None:
    """Go through a door."""
    _, domain, action, entity, fields = door
    target = {} if entity is None else {"entity_id": panel.entity(*entity)}
    await panel.hass.services.async_call(
        domain, action, {**target, **fields}, blocking=True, context=context, return_response=action in ANSWERING
    )


@pytest.fixture
async def house(hass: HomeAssistant, panel: Panel) -> Panel:
    """Return a panel with everything that can be commanded, and an installation."""
    install_profiles(hass, *MAPS)
    signals = replace(SIGNALS, name="Garden panel")
    await panel.start(HEATER, signals, MOULDED, METER, settings=ALLOWED)
    MockConfigEntry(domain=DOMAIN, title="Site", data={"kind": "installation"}).add_to_hass(hass)
    entry = find_installation(hass)
    assert entry is not None
    await hass.config_entries.async_setup(entry.entry_id)
    await panel.settle()
    return panel


@pytest.mark.parametrize("role", Role)
async def test_each_role_goes_through_the_doors_that_are_its(house: Panel, role: Role) -> None:
    user = await person(house.hass, role)
    await house.settle()
    opened = []
    for door in DOORS:
        try:
            await use(house, Context(user_id=user.id), door)
        except MissingRightError:
            continue
        opened.append(door)
    assert opened == [door for door in DOORS if door[0] in ROLES[role]]


async def test_what_has_no_user_goes_through_all_doors(house: Panel) -> None:
    keep(house.hass, default="none", users={})
    await house.settle()
    for door in DOORS:
        await use(house, Context(), door)


async def test_who_is_refused_a_command_is_in_the_journal_and_nothing_is_sent(house: Panel) -> None:
    user = await person(house.hass, Role.USER, "Bert")
    await house.settle()
    for door in DOORS:
        if door[2] in ("turn_off", "sync_clock"):
            with pytest.raises(Unauthorized, match=r"Bert .*Command devices.*User"):
                await use(house, Context(user_id=user.id), door)
    assert house.state(*CONTACTOR) == "on"
    journal = house.hass.data[DATA_JOURNAL].journal
    command, clock = journal.select(kinds=[Kind.COMMAND]), journal.select(kinds=[Kind.CLOCK])
    assert [(entry.event, entry.user) for entry in (*command, *clock)] == [
        ("command_failed", "Bert"),
        ("clock_failed", "Bert"),
    ]
    assert all("role of the user does not allow" in entry.text for entry in (*command, *clock))


async def test_changed_roles_hold_at_once(hass: HomeAssistant) -> None:
    user = await person(hass, Role.NONE)
    assert rights_of(hass, user) == frozenset()
    for role in (Role.GREENUP, Role.INSTALLER):
        keep(hass, default="none", users={user.id: role.value})
        assert (role_of(hass, user), rights_of(hass, user)) == (role, ROLES[role])
    keep(hass, default="user", users={})
    assert role_of(hass, user) is Role.USER


async def test_administrators_and_the_owner_may_everything_whatever_is_stored(hass: HomeAssistant) -> None:
    await person(hass, Role.ADMINISTRATOR)
    users = [user for user in await hass.auth.async_get_users() if not user.system_generated]
    assert [user.is_owner for user in users] == [True, False]
    keep(hass, default="none", users={user.id: "none" for user in users})
    for user in users:
        assert role_of(hass, user) is Role.ADMINISTRATOR
        check(hass, user, Right.CONFIGURE)


async def test_without_an_installation_people_are_users(hass: HomeAssistant) -> None:
    await person(hass, Role.ADMINISTRATOR)
    user = await hass.auth.async_create_user("Anna", group_ids=["system-users"])
    assert find_installation(hass) is None
    assert role_of(hass, user) is Role.USER


async def test_one_of_several_rights_is_enough(hass: HomeAssistant) -> None:
    user = await person(hass, Role.USER)
    check(hass, user, Right.PANEL, Right.CONSUMPTION)
    check(hass, user, *PAGES)
    with pytest.raises(MissingRightError) as info:
        check(hass, user, Right.PANEL, Right.SYSTEM)
    assert (info.value.translation_domain, info.value.translation_key) == (DOMAIN, "missing_right")
    assert info.value.user_id == user.id


async def test_where_no_right_is_named_nobody_is_refused(hass: HomeAssistant) -> None:
    check(hass, await person(hass, Role.NONE))


async def test_a_user_who_is_gone_is_nobody(hass: HomeAssistant) -> None:
    with pytest.raises(UnknownUser):
        await async_check_context(hass, Context(user_id="gone"), Right.ALARMS)
    await async_check_context(hass, None, Right.ALARMS)


def test_every_right_has_words() -> None:
    assert set(ENGLISH["selector"]["right"]["options"]) == set(Right)
