"""The code of commands: what is kept of it, and what it is compared with."""

from __future__ import annotations

import pytest

from custom_components.legrand_ews.command_code import code_matches, hashed_code


@pytest.mark.parametrize("code", ["1234", "", "ключ 密码", "1" * 200])
def test_a_code_is_known_again_and_no_other_one(code: str) -> None:
    kept = hashed_code(code)
    assert code_matches(kept, code)
    assert not code_matches(kept, f"{code} ")


def test_the_same_code_is_never_kept_in_the_same_way() -> None:
    one, two = hashed_code("1234"), hashed_code("1234")
    assert one != two
    assert "1234" not in one
    assert code_matches(two, "1234")
