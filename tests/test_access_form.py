"""The form of access: who is in it, what it stores, who is forgotten."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from homeassistant.data_entry_flow import FlowResultType, InvalidData

from custom_components.legrand_ews.access import Role
from custom_components.legrand_ews.installation import find_installation

from .access_support import keep, person
from .bill_support import ENGLISH
from .test_bill_form import Dialog

if TYPE_CHECKING:
    from homeassistant.auth.models import User
    from homeassistant.core import HomeAssistant

    from .support import Panel


@pytest.fixture
async def anna(hass: HomeAssistant, panel: Panel) -> User:
    """Return a user; there are an owner and an installation too."""
    await panel.load_integration()
    return await person(hass, Role.INSTALLER)


@pytest.fixture
def dialog(hass: HomeAssistant, anna: User) -> Dialog:
    """Somebody before the forms of the installation."""
    assert anna.is_active
    entry = find_installation(hass)
    assert entry is not None
    return Dialog(hass, entry)


def fields(dialog: Dialog) -> dict[str, Any]:
    """Return the fields for users, with the roles that they show."""
    schema = dialog.result["data_schema"]
    assert schema is not None
    if "users" not in schema.schema:
        return {}
    return {str(key): key.default() for key in schema.schema["users"].schema.schema}


def options(dialog: Dialog) -> list[str]:
    """Return the roles that all others can be given."""
    schema = dialog.result["data_schema"]
    assert schema is not None
    return list(schema.schema["default"].config["options"])


async def test_people_who_do_not_administer_have_a_field_and_the_others_are_named(
    hass: HomeAssistant, dialog: Dialog
) -> None:
    await person(hass, Role.ADMINISTRATOR, "Chief")
    await hass.auth.async_create_system_user("Content", group_ids=["system-users"])
    left = await hass.auth.async_create_user("Left", group_ids=["system-users"])
    await hass.auth.async_update_user(left, is_active=False)
    await hass.auth.async_create_user("bert", group_ids=["system-read-only"])
    await dialog.go("access")
    assert fields(dialog) == {"Anna": "installer", "bert": "default"}
    assert dialog.shown == {"administrators": "Chief, Owner"}
    assert options(dialog) == ["installer", "greenup", "user", "none"]


async def test_roles_are_stored_beside_everything_else(hass: HomeAssistant, dialog: Dialog, anna: User) -> None:
    hass.config_entries.async_update_entry(dialog.entry, options={**dialog.entry.options, "loads_off": ["cooling"]})
    bert = await hass.auth.async_create_user("Bert", group_ids=["system-users"])
    await dialog.go("access")
    await dialog.fill(default="none", users={"Anna": "default", "Bert": "greenup"})
    assert dialog.result["type"] is FlowResultType.CREATE_ENTRY
    access = {"default": "none", "users": {bert.id: "greenup"}}
    assert dialog.entry.options == {"loads_off": ["cooling"], "access": access}
    await dialog.go("access")
    await dialog.fill(default="user", users={"Anna": "user", "Bert": "greenup"})
    assert dialog.entry.options["access"] == {"default": "user", "users": {bert.id: "greenup", anna.id: "user"}}


async def test_users_who_are_gone_are_forgotten_and_those_who_are_not_asked_about_kept(
    hass: HomeAssistant, dialog: Dialog, anna: User
) -> None:
    away = await hass.auth.async_create_user("Away", group_ids=["system-users"])
    await hass.auth.async_update_user(away, is_active=False)
    keep(hass, default="user", users={"gone": "greenup", away.id: "installer", anna.id: "none"})
    await dialog.go("access")
    await dialog.fill(default="user", users={"Anna": "none"})
    assert dialog.entry.options["access"]["users"] == {away.id: "installer", anna.id: "none"}


async def test_names_that_are_there_twice_or_that_of_another_field_are_told_apart(
    hass: HomeAssistant, dialog: Dialog, anna: User
) -> None:
    second = await hass.auth.async_create_user("Anna", group_ids=["system-users"])
    odd = await hass.auth.async_create_user("default", group_ids=["system-users"])
    await dialog.go("access")
    shown = fields(dialog)
    first, other = sorted((anna, second), key=lambda user: user.id)
    assert list(shown) == ["Anna", f"Anna ({other.id})", "default"]
    await dialog.fill(default="user", users={"Anna": "none", f"Anna ({other.id})": "greenup", "default": "installer"})
    users = dialog.entry.options["access"]["users"]
    assert users == {first.id: "none", other.id: "greenup", odd.id: "installer"}


async def test_without_anybody_else_there_is_only_the_default(hass: HomeAssistant, dialog: Dialog, anna: User) -> None:
    await hass.auth.async_remove_user(anna)
    await dialog.go("access")
    assert fields(dialog) == {}
    await dialog.fill(default="greenup")
    assert dialog.entry.options["access"] == {"default": "greenup", "users": {}}


@pytest.mark.parametrize(
    "given", [{"default": "administrator"}, {"default": "default"}, {"default": "user", "users": {"Anna": "chief"}}]
)
async def test_what_is_no_role_that_can_be_given_is_refused(dialog: Dialog, given: dict[str, Any]) -> None:
    await dialog.go("access")
    with pytest.raises(InvalidData):
        await dialog.fill(**{"users": {"Anna": "user"}, **given})


async def test_every_field_and_role_has_strings(dialog: Dialog) -> None:
    await dialog.go("access")
    strings = ENGLISH["options"]["step"]["access"]
    schema = dialog.result["data_schema"]
    assert schema is not None
    assert set(schema.schema) == set(strings["data"]) | set(strings["sections"])
    assert set(strings["data"]) == set(strings["data_description"])
    assert set(ENGLISH["selector"]["role"]["options"]) == {*Role, "default"}
