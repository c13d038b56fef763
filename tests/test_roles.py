"""Roles: what each may, and how they are stored."""

from __future__ import annotations

from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from custom_components.legrand_ews.roles import PAGES, ROLES, Right, Role, Roles

MAY: Final[dict[Right, str]] = {
    Right.PANEL: "AIG",
    Right.CONSUMPTION: "AIGU",
    Right.TARIFFS: "AIGU",
    Right.CHARGING: "AG",
    Right.ALARMS: "AIGU",
    Right.SYSTEM: "AIG",
    Right.REPORTS: "AG",
    Right.COMMAND: "AIG",
    Right.CHARGE: "AG",
    Right.ACKNOWLEDGE: "AIG",
    Right.CONFIGURE: "A",
}
"""The initials of the roles that have each right."""


@pytest.mark.parametrize("role", Role)
def test_each_role_has_its_rights(role: Role) -> None:
    initial = "" if role is Role.NONE else role.value[0].upper()
    assert ROLES[role] == {right for right, initials in MAY.items() if initial and initial in initials}


def test_every_right_is_a_page_or_an_action() -> None:
    assert set(Right) - set(PAGES) == {Right.COMMAND, Right.CHARGE, Right.ACKNOWLEDGE, Right.CONFIGURE}


@given(st.sampled_from(Role), st.dictionaries(st.text(), st.sampled_from(Role)), st.text())
def test_what_is_stored_is_read_again(default: Role, users: dict[str, Role], other: str) -> None:
    roles = Roles(default=default, users=users)
    assert Roles.of({"access": roles.stored()}) == roles
    assert roles.of_user(other) is users.get(other, default)


def test_without_anything_stored_everybody_is_a_user() -> None:
    assert Roles.of({}).of_user("anybody") is Role.USER
    assert Roles.of({"access": {}}) == Roles()


def test_a_word_that_is_no_role_gives_nothing() -> None:
    roles = Roles.of({"access": {"default": "guest", "users": {"a": "chief", "b": "greenup"}}})
    assert [roles.of_user(user) for user in ("a", "b", "c")] == [Role.NONE, Role.GREENUP, Role.NONE]
