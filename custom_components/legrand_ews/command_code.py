"""The code that commands can ask for: kept as a salted hash."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from typing import Final

_COST: Final = {"n": 2**14, "r": 8, "p": 1}
_SALT_BYTES: Final = 16


def hashed_code(code: str) -> str:
    """Return what is kept of a code. Takes tens of milliseconds: not for the event loop."""
    salt = secrets.token_bytes(_SALT_BYTES)
    return f"{salt.hex()}${_hash(code, salt).hex()}"


def code_matches(kept: str, code: str) -> bool:
    """Tell whether a code is the one that is kept. Takes tens of milliseconds: not for the event loop."""
    salt, _, digest = kept.partition("$")
    return hmac.compare_digest(_hash(code, bytes.fromhex(salt)), bytes.fromhex(digest))


def _hash(code: str, salt: bytes) -> bytes:
    """Return the hash of a code."""
    return hashlib.scrypt(code.encode(), salt=salt, **_COST)
