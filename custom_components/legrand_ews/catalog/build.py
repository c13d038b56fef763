"""From the fields of a profile file to a ``Profile``.

This module owns what rows of measures mean to each other: sums, rollovers, repeated inputs. States and commands are
``build_states``'s, what a station can be told ``build_charging``'s, single registers ``rows``'s, the shape of the
fields ``schema``'s, files, lines and merging the ``loader``'s.
"""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from .build_charging import charging
from .build_states import StateBuilder
from .profile import Confidence, DataType, Inputs, Measure, Probe, Profile, Register, Scale
from .quantity import QUANTITIES, UNIT_FACTORS, Quantity, QuantityKind
from .references import condition, guess, refer
from .rows import NUMERIC, ONE, WHOLE, Rows, unit_factor
from .schema import PROFILE, checked

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .schema import Problem
    from .yaml_file import Place

type _Fields = Mapping[str, Any]

_FEWEST_PARTS: Final = 2
_STEP: Final = 2
"""A step of a scale is a limit and a factor."""


def build_profile(data: Any, *, path: str, user: bool) -> tuple[Profile | None, list[Problem]]:
    """Return the profile that a file's data describes and what is wrong with it; no profile where something is.

    ``data`` is the whole map: merged with the built-in one where a user's file changes that.
    """
    fields, problems = checked(PROFILE, data)
    if problems:
        return None, problems
    builder = _Builder(fields)
    profile = builder.profile(path=path, user=user)
    problems = builder.rows.problems
    return (None if problems else profile), problems


class _Builder:
    """Builds one profile from its checked fields."""

    def __init__(self, fields: _Fields) -> None:
        """Take the fields of one map."""
        self._fields = fields
        self._stride: int | None = fields.get("sides", {}).get("stride")
        self.rows = Rows(fields.get("read", {}), self._stride)
        self._note = self.rows.note

    def profile(self, *, path: str, user: bool) -> Profile:
        """Return the profile; worth using only where no problem was found."""
        fields = self._fields
        registers = self._registers(fields.get("registers", {}), ("registers",))
        scales = self._scales(fields.get("scales", {}), ("scales",), registers)
        controls = StateBuilder(fields, self.rows, registers)
        return Profile(
            id=fields["id"],
            name=fields["name"],
            source=fields["source"],
            confidence=Confidence(fields["confidence"]),
            models=tuple(fields.get("models", ())),
            read=self.rows.rules,
            probes=tuple(self._probe(row, ("probes", index)) for index, row in enumerate(fields.get("probes", []))),
            identity={key: self._plain(row, ("identity", key)) for key, row in fields.get("identity", {}).items()},
            registers=registers,
            scales=scales,
            measures={
                key: self._measure(key, row, ("measures", key), registers, scales)
                for key, row in fields.get("measures", {}).items()
            },
            inputs=self._inputs(fields["inputs"], registers, scales) if "inputs" in fields else None,
            states=controls.states,
            commands=controls.commands(),
            settings=controls.settings(),
            clock=controls.clock(),
            links=controls.links(),
            charging=charging(fields["charging"], self.rows, controls.states) if "charging" in fields else None,
            stride=self._stride,
            user=user,
            path=path,
        )

    def _plain(self, row: _Fields, place: Place, count: int = 1) -> Register:
        """Return a register that belongs to no quantity: any known unit will do."""
        factor = unit_factor(row["unit"], None) if "unit" in row else ONE
        if factor is None:
            self._note((*place, "unit"), f"{row['unit']} is no known unit")
        return self.rows.polled(row, place, factor or ONE, count)

    def _registers(self, rows: _Fields, place: Place, count: int = 1) -> dict[str, Register]:
        """Return the named registers of one level; other rows refer to them as numbers."""
        registers = {name: self._plain(row, (*place, name), count) for name, row in rows.items()}
        for name, register in registers.items():
            if register.type not in NUMERIC:
                self._note((*place, name, "type"), f"other rows refer to numbers, {register.type} is none")
        return registers

    def _scales(self, rows: _Fields, place: Place, registers: Mapping[str, Register]) -> dict[str, Scale]:
        """Return the scales of one level."""
        return {name: self._scale(row, (*place, name), registers) for name, row in rows.items()}

    def _scale(self, row: _Fields, place: Place, registers: Mapping[str, Register]) -> Scale:
        """Return a scale by steps of a product, or by code."""
        by_code = "code" in row or "values" in row
        by_product = ("product", "steps", "above")
        wanted, others = (("code", "values"), by_product) if by_code else (by_product, ("code", "values"))
        for field in wanted:
            if not row.get(field):
                self._note((*place, field), f"is missing: a scale needs {', '.join(wanted)}")
        for field in others:
            if field in row:
                self._note((*place, field), f"does not go together with {wanted[0]}")
        if by_code:
            code = row.get("code", "")
            if code:
                refer(self.rows, code, (*place, "code"), registers, WHOLE)
            return Scale(registers=(code,), values=row.get("values", {}))
        names = tuple(row.get("product", ()))
        for index, name in enumerate(names):
            refer(self.rows, name, (*place, "product", index), registers, NUMERIC)
        return Scale(registers=names, steps=self._steps(row, place))

    def _steps(self, row: _Fields, place: Place) -> tuple[tuple[Decimal, Decimal], ...]:
        """Return limits and factors, the factor above all limits last."""
        steps: list[tuple[Decimal, Decimal]] = []
        for index, step in enumerate(row.get("steps", [])):
            if len(step) != _STEP:
                self._note((*place, "steps", index), "expected a limit and a factor")
            elif steps and step[0] <= steps[-1][0]:
                self._note((*place, "steps", index), f"the limit {step[0]} is not above the one before")
            else:
                steps.append((step[0], step[1]))
        return (*steps, (Decimal("Infinity"), row.get("above", ONE)))

    def _probe(self, row: _Fields, place: Place) -> Probe:
        """Return a probe; it may lie outside the groups, being read by itself."""
        register = replace(self.rows.single(row, place), invalid=frozenset())
        equals, starts_with = row.get("equals"), row.get("starts_with")
        if (equals is None) == (starts_with is None):
            self._note(place, "expected one of equals and starts_with")
        elif starts_with is not None and register.type is not DataType.TEXT:
            self._note((*place, "starts_with"), f"{register.type} is no text")
        elif equals is not None and register.type not in WHOLE:
            self._note((*place, "equals"), f"{register.type} is no whole number")
        elif equals is not None and equals >= 1 << (1 if register.type is DataType.BIT else 16 * register.words):
            self._note((*place, "equals"), f"{equals} is more than {register.type} can hold")
        return Probe(register=register, equals=equals, starts_with=starts_with.lower() if starts_with else None)

    def _measure(
        self,
        key: str,
        row: _Fields,
        place: Place,
        registers: Mapping[str, Register],
        scales: Mapping[str, Scale],
        count: int = 1,
    ) -> Measure:
        """Return one quantity of the device."""
        quantity = QUANTITIES.get(key)
        self._check_key(key, quantity, row, place)
        rows = self._rows_of(row, quantity, place)
        factors = [self._unit_factor(part.get("unit"), quantity, (*where, "unit")) for part, where in rows]
        parts = tuple(
            self.rows.polled(part, where, factor, count) for (part, where), factor in zip(rows, factors, strict=True)
        )
        self._check_kind(quantity, row, parts, place)
        scale, sign = row.get("scale_from"), row.get("sign_from")
        if scale is not None and scale not in scales:
            self._note((*place, "scale_from"), f"there is no scale {scale}{guess(scale, scales)}")
        if sign is not None:
            refer(self.rows, sign, (*place, "sign_from"), registers, WHOLE)
        return Measure(
            key=key,
            parts=parts,
            scale=scale,
            sign=sign,
            valid_if=condition(self.rows, row, place, registers),
            values=row.get("values", {}),
            modulus=_modulus(quantity, row, parts, factors),
            name=row.get("name"),
            unit=row.get("unit") if quantity is None else None,
        )

    def _check_key(self, key: str, quantity: Quantity | None, row: _Fields, place: Place) -> None:
        """A known quantity has its own name, another one brings it."""
        if quantity is not None:
            if "name" in row:
                self._note((*place, "name"), f"{key} is a known quantity, it has its own name")
            return
        if not re.fullmatch(r"[a-z][a-z0-9_]*", key):
            self._note(place, "a quantity's key starts with a letter and may only hold a to z, 0 to 9 and _")
        if "name" not in row:
            hint = guess(key, QUANTITIES) or "; a quantity of your own needs a name"
            self._note((*place, "name"), f"is missing: {key} is no known quantity{hint}")

    def _rows_of(self, row: _Fields, quantity: Quantity | None, place: Place) -> list[tuple[_Fields, Place]]:
        """Return the rows of a measure's registers, each with its place: the measure itself or the parts of its sum."""
        if "sum" not in row:
            return [(row, place)]
        shared = {field: row[field] for field in ("unit", "slow") if field in row}
        parts: list[tuple[_Fields, Place]] = []
        for index, part in enumerate(row["sum"]):
            where = (*place, "sum", index)
            parts.append(({**shared, **part}, where))
            if quantity is None and "unit" in part:
                self._note((*where, "unit"), "a quantity of your own has one unit, beside its name")
        if len(parts) < _FEWEST_PARTS:
            self._note((*place, "sum"), "a sum has at least two parts")
        return parts

    def _unit_factor(self, unit: str | None, quantity: Quantity | None, place: Place) -> Decimal:
        """Return what turns the unit of a row into the base unit of its quantity."""
        if unit is None or quantity is None:
            return ONE
        if quantity.unit is None:
            self._note(place, f"{quantity.key} is a pure number, it has no unit")
            return ONE
        factor = unit_factor(unit, quantity.unit)
        if factor is None:
            units = [quantity.unit, *(name for name, (base, _) in UNIT_FACTORS.items() if base == quantity.unit)]
            self._note(place, f"{unit} is no unit of {quantity.key}: expected one of {', '.join(units)}")
        return factor or ONE

    def _check_kind(self, quantity: Quantity | None, row: _Fields, parts: tuple[Register, ...], place: Place) -> None:
        """Types, options and counters fit the kind of the quantity."""
        kind = quantity.kind if quantity else None
        name = quantity.key if quantity else "it"
        types = {part.type for part in parts}
        odd = ", ".join(sorted(types - NUMERIC))
        options = "values" in row
        scaled = [field for field in ("sum", "scale", "unit", "scale_from", "sign_from", "modulus") if field in row]
        counts, free = kind is not None and kind.counts, kind in (None, QuantityKind.TEXT)
        rules = (
            (bool(odd) and not free, "type", f"{name} is no {odd}"),
            (not odd and kind is QuantityKind.TEXT, "type", f"{name} is a text"),
            (bool(odd) and "sum" in row, "sum", f"{odd} cannot be added up"),
            (bool(odd) and "scale_from" in row, "scale_from", f"{odd} cannot be scaled"),
            (bool(odd) and "sign_from" in row, "sign_from", f"{odd} has no sign"),
            (kind is QuantityKind.ENUM and not row.get("values"), "values", "is missing: what each number means"),
            (options and kind not in (None, QuantityKind.ENUM), "values", f"{name} is no enumeration"),
            (options and not types <= WHOLE, "values", "only whole numbers have meanings"),
            (options and bool(scaled), "values", f"does not go together with {', '.join(scaled)}"),
            (kind is not None and not counts and "modulus" in row, "modulus", f"{name} does not count"),
            (bool(odd) and kind is None and "modulus" in row, "modulus", f"{odd} does not count"),
            (counts and any(part.scale < 0 for part in parts), "scale", f"{name} counts, it cannot be negative"),
        )
        for broken, field, reason in rules:
            if broken:
                self._note((*place, field), reason)

    def _inputs(self, fields: _Fields, registers: Mapping[str, Register], scales: Mapping[str, Scale]) -> Inputs:
        """Return the block that repeats per pulse input; its rows may refer to the map's own registers and scales."""
        count: int = fields["count"]
        of_registers, of_scales, of_measures = (fields.get(level, {}) for level in ("registers", "scales", "measures"))
        for level, rows, taken in (
            ("registers", of_registers, {*registers, *of_measures}),
            ("scales", of_scales, {*scales}),
        ):
            for name in sorted(rows.keys() & taken):
                self._note(("inputs", level, name), "the name is used twice")
        own = self._registers(of_registers, ("inputs", "registers"), count)
        known = {**registers, **own}
        own_scales = self._scales(of_scales, ("inputs", "scales"), known)
        return Inputs(
            count=count,
            registers=own,
            scales=own_scales,
            measures={
                key: self._measure(key, row, ("inputs", "measures", key), known, {**scales, **own_scales}, count)
                for key, row in of_measures.items()
            },
            strides={
                key: tuple(part["stride"] for part in row.get("sum", [row]))
                for key, row in {**of_registers, **of_measures}.items()
            },
        )


def _modulus(
    quantity: Quantity | None,
    row: _Fields,
    parts: tuple[Register, ...],
    factors: list[Decimal],
) -> Decimal | None:
    """Return where a counter rolls over, in the base unit; None for what does not count.

    A sum rolls over with its coarsest part.
    """
    if not parts:
        return None
    if "modulus" in row:
        return Decimal(row["modulus"]) * factors[0]
    if quantity is None or not quantity.kind.counts:
        return None
    coarsest = max(parts, key=lambda part: part.scale)
    return None if coarsest.modulus is None else coarsest.modulus * coarsest.scale
