"""From the list of products to ``Family`` and ``Model``.

This module owns the references inside the list. Which register maps a product may have in the end, users' files
considered, is the ``loader``'s.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .model import Candidate, Commodity, Family, Kind, Model, Option
from .profile import Confidence
from .schema import PRODUCTS, checked

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from .schema import Problem


@dataclass(frozen=True, kw_only=True)
class Products:
    """Families and models in the order of the file."""

    families: Mapping[str, Family]
    models: Mapping[str, Model]


def build_products(data: Any, profiles: Collection[str]) -> tuple[Products, list[Problem]]:
    """Return the products that a file's data lists and what is wrong with it; ``profiles`` are the known ids."""
    fields, problems = checked(PRODUCTS, data)
    families: dict[str, Family] = {}
    models: dict[str, Model] = {}
    for index, row in enumerate(fields["families"] if fields else ()):
        if row["id"] in families:
            problems.append((("families", index, "id"), f"{row['id']} is listed twice"))
        families[row["id"]] = Family(id=row["id"], name=row["name"])
    for index, row in enumerate(fields["models"] if fields else ()):
        if row["number"] in models:
            problems.append((("models", index, "number"), f"{row['number']} is listed twice"))
        if row["family"] not in families:
            problems.append((("models", index, "family"), f"there is no family {row['family']}"))
        for position, profile in enumerate(row.get("profiles", ())):
            if profile["id"] not in profiles:
                place = ("models", index, "profiles", position, "id")
                problems.append((place, f"there is no profile {profile['id']}"))
        models[row["number"]] = _model(row)
    return Products(families=families, models=models), problems


def _model(row: Mapping[str, Any]) -> Model:
    """Return one line of the list."""
    commodity = row.get("commodity")
    return Model(
        number=row["number"],
        name=row["name"],
        family=row["family"],
        kind=Kind(row["kind"]),
        phases=row.get("phases"),
        commodity=None if commodity is None else Commodity(commodity),
        measures=tuple(row.get("measures", ())),
        states=tuple(row.get("states", ())),
        commands=tuple(row.get("commands", ())),
        options=frozenset(Option(option) for option in row.get("options", ())),
        sides=row.get("sides", 1),
        inputs=row.get("inputs", 0),
        mid=row.get("mid", False),
        candidates=tuple(
            Candidate(profile=profile["id"], confidence=Confidence(profile["confidence"]))
            for profile in row.get("profiles", ())
        ),
    )
