"""From the fields of a profile file to its states, commands, settings, clock and links.

This module owns what these rows mean: which words a state can have, what can be commanded, what a write may carry.
Single registers are ``rows``'s, the shape of the fields ``schema``'s.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from .charging import LIMIT
from .profile import DataType
from .references import condition, guess
from .rows import ONE, WHOLE
from .schema import TIME_UNITS
from .state import (
    CLOSED,
    OPEN,
    OUTCOMES,
    SETTING_WORDS,
    VERBS,
    WORDS,
    AlarmGroup,
    Clock,
    Command,
    EmsLink,
    Setting,
    SettingKind,
    State,
    StateKind,
    Verb,
    known_state,
)
from .writes import writes_of, written_back

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .profile import Register
    from .rows import Rows
    from .yaml_file import Place

type _Fields = Mapping[str, Any]

_SETTABLE: Final = frozenset({DataType.U16, DataType.U32, DataType.BIT})
_CHOSEN: Final = frozenset({StateKind.CHARGE, StateKind.STATION})
"""Kinds whose words are more than on and off."""
_CLOCK_NEEDS: Final = (("day",), ("month",), ("year", "short_year"), ("hour",), ("minute",))


class StateBuilder:
    """Builds one map's states and what belongs to them, and notes what is wrong with ``rows``."""

    def __init__(self, fields: _Fields, rows: Rows, registers: Mapping[str, Register]) -> None:
        """Take the checked fields of one map and its named registers; the states are built at once."""
        self._fields = fields
        self._rows = rows
        self._registers = registers
        self.states: Mapping[str, State] = {key: self._state(key, row) for key, row in self._section("states").items()}
        self._check_keys()

    def commands(self) -> dict[tuple[str, Verb], Command]:
        """Return the commands by state and verb; the state need not be in the map."""
        commands: dict[tuple[str, Verb], Command] = {}
        for key, rows in self._section("commands").items():
            kind = self._kind(key)
            verbs = VERBS.get(kind, ()) if kind else ()
            if kind is None:
                self._rows.note(("commands", key), f"there is no state {key}{guess(key, self.states)}")
            elif not verbs:
                self._rows.note(("commands", key), f"{key} is of kind {kind}, that takes no commands")
            for word, row in rows.items():
                if word in verbs:
                    commands[key, Verb(word)] = self._command(key, kind, Verb(word), row)
                elif verbs:
                    self._rows.note(("commands", key, word), f"{key} can be told {', '.join(verbs)}")
        return commands

    def settings(self) -> dict[str, Setting]:
        """Return the settings of outputs."""
        settings = {key: self._setting(key, row) for key, row in self._section("settings").items()}
        return {key: setting for key, setting in settings.items() if setting is not None}

    def clock(self) -> Clock | None:
        """Return where the device keeps its time, None where the map does not say."""
        row = self._fields.get("clock")
        if row is None:
            return None
        clock = Clock(address=row["address"], fields=tuple(row.get("fields", ())))
        self._rows.written(clock.space, clock.address, clock.words, ("clock", "address"))
        if "fields" in row:
            self._check_clock(clock)
        elif self._rows.word_order != "big":
            self._rows.note(("clock", "type"), "a date is written with its high word first, this map has the low one")
        return clock

    def links(self) -> dict[str, EmsLink]:
        """Return the links between modules, numbered from 1."""
        links: dict[str, EmsLink] = {}
        for index, row in enumerate(self._fields.get("links", ())):
            place = ("links", index)
            links[_link(index)] = EmsLink(
                role=row["role"],
                partner=self._whole(row["partner"], (*place, "partner")),
                error=self._whole(row["error"], (*place, "error")) if "error" in row else None,
            )
        return links

    def _section(self, name: str) -> _Fields:
        """Return the rows of a section by key."""
        rows: _Fields = self._fields.get(name, {})
        return rows

    def _whole(self, row: _Fields, place: Place, factor: Decimal = ONE) -> Register:
        """Return a register that holds a whole number."""
        register = self._rows.polled(row, place, factor)
        self._rows.apply(place, [(register.type not in WHOLE, "type", f"{register.type} is no whole number")])
        return register

    def _check_keys(self) -> None:
        """No key means two things: a device's values are told apart by it."""
        taken = dict.fromkeys(self._section("measures"), "a measure")
        taken |= dict.fromkeys(self._section("inputs").get("measures", ()), "a measure of the inputs")
        if "charging" in self._fields and LIMIT in taken:
            self._rows.note(("charging",), f"{LIMIT} is the key of its limit and of {taken[LIMIT]}")
        elif "charging" in self._fields:
            taken[LIMIT] = "the limit of the charging"
        links = self._fields.get("links", ())
        for name, what in (("states", "a state"), ("settings", "a setting")):
            rows = self._section(name)
            for key in rows:
                if key in taken:
                    self._rows.note((name, key), f"{key} is also the key of {taken[key]}")
            taken |= dict.fromkeys(rows, what)
        for index in range(len(links)):
            if (key := _link(index)) in taken:
                self._rows.note(("links", index), f"{key} is also the key of {taken[key]}")

    def _state(self, key: str, row: _Fields) -> State:
        """Return one state: what its key says, or what its row does."""
        place = ("states", key)
        kind, number, alarm = known_state(key) or (_own_kind(row), None, _alarm(row))
        values, contacts = row.get("values", {}), row.get("contacts", {})
        register = None if "contacts" in row else self._whole(row, place)
        self._check_name(key, row, place)
        self._check_words(kind, row, place)
        if register is not None:
            odd = [raw for raw in values if raw > register.largest]
            self._rows.apply(place, [(bool(odd), "values", f"{register.type} cannot hold {', '.join(map(str, odd))}")])
        return State(
            key=key,
            kind=kind,
            number=number,
            register=register,
            values=values,
            contacts={word: self._whole(part, (*place, "contacts", word)) for word, part in contacts.items()},
            valid_if=condition(self._rows, row, place, self._registers),
            alarm=alarm,
            name=row.get("name"),
        )

    def _check_name(self, key: str, row: _Fields, place: Place) -> None:
        """A known state has its own name, another one brings it."""
        if known_state(key) is not None:
            self._rows.apply(
                place,
                [
                    (field in row, field, f"{key} is a known state, it has its own {field}")
                    for field in ("name", "alarm")
                ],
            )
            return
        if not re.fullmatch(r"[a-z][a-z0-9_]*", key):
            self._rows.note(place, "a state's key starts with a letter and may only hold a to z, 0 to 9 and _")
        if "name" not in row:
            self._rows.note((*place, "name"), f"is missing: {key} is no known state; a state of your own needs a name")

    def _check_words(self, kind: StateKind, row: _Fields, place: Place) -> None:
        """The words of a state fit its kind."""
        words, values, contacts = WORDS.get(kind), row.get("values", {}), row.get("contacts")
        breaker = kind is StateKind.BREAKER
        odd = [word for word in (*values.values(), *(contacts or ())) if words and word not in words]
        field = "values" if contacts is None else "contacts"
        needs = "values, or contacts: which say open, closed and tripped"
        rules = (
            (bool(odd), field, f"expected {', '.join(words or ())}, found {', '.join(odd)}"),
            (contacts is not None and not breaker, "contacts", "only a breaker is told by contacts"),
            (breaker and contacts is None and not values, "values", f"is missing: a breaker needs {needs}"),
            (
                kind in _CHOSEN and contacts is None and not values,
                "values",
                f"is missing: which number means {', '.join(words or ())}",
            ),
            (
                breaker and contacts is not None and not {OPEN, CLOSED} & {*contacts},
                "contacts",
                "open or closed needed",
            ),
        )
        self._rows.apply(place, rules)

    def _kind(self, key: str) -> StateKind | None:
        """Return the kind of a state of the map, or of one that needs no description."""
        if key in self.states:
            return self.states[key].kind
        known = known_state(key)
        return known[0] if known else None

    def _command(self, key: str, kind: StateKind | None, verb: Verb, row: _Fields) -> Command:
        """Return one command."""
        place = ("commands", key, verb.value)
        expect = OUTCOMES.get((kind, verb)) if kind and key in self.states else None
        return Command(
            state=key,
            verb=verb,
            writes=writes_of(self._rows, row, place),
            expect=expect,
            within=float(row.get("within", Command.within)),
            valid_if=condition(self._rows, row, place, self._registers),
        )

    def _setting(self, key: str, row: _Fields) -> Setting | None:
        """Return one setting of an output, None where the key names none."""
        place = ("settings", key)
        output, kind = next(
            ((key.removesuffix(f"_{kind}"), kind) for kind in SettingKind if key.endswith(f"_{kind}")), (None, None)
        )
        if output is None or kind is None:
            kinds = ", ".join(f"<output>_{kind}" for kind in SettingKind)
            self._rows.note(place, f"expected one of {kinds}")
            return None
        if self._kind(output) is not StateKind.OUTPUT or output not in {*self.states, *self._section("commands")}:
            self._rows.note(place, f"there is no output {output}{guess(output, self.states)}")
        on_time = kind is SettingKind.ON_TIME
        factor = TIME_UNITS[row.get("unit", "s")] if on_time else ONE
        register = self._whole({**row, "slow": True}, place, factor)
        single = written_back(self._rows, register, row, place)
        odd = register.type in WHOLE - _SETTABLE
        kinds = ", ".join(sorted(_SETTABLE))
        self._rows.apply(place, [(odd, "type", f"a setting is one of {kinds}, not {register.type}")])
        if on_time:
            minimum, maximum = self._range(register, factor, row, place)
        else:
            self._check_choice(kind, register, row, place)
            minimum, maximum = Setting.minimum, Setting.maximum
        return Setting(
            key=key,
            output=output,
            kind=kind,
            register=register,
            values=row.get("values", {}),
            minimum=minimum,
            maximum=maximum,
            single=single,
        )

    def _check_choice(self, kind: SettingKind, register: Register, row: _Fields, place: Place) -> None:
        """A setting to choose says which number means which word."""
        values, words = row.get("values", {}), SETTING_WORDS[kind]
        odd = [word for word in values.values() if word not in words]
        too_large = [raw for raw in values if raw > register.largest]
        rules = (
            (not values, "values", f"is missing: which number means {' and which '.join(words)}"),
            (bool(odd), "values", f"expected {', '.join(words)}, found {', '.join(odd)}"),
            (len({*values.values()}) < len(values), "values", "gives a word to two numbers: which one to write?"),
            (bool(too_large), "values", f"{register.type} cannot hold {', '.join(map(str, too_large))}"),
        )
        self._rows.apply(place, rules)
        scaled = ("scale", "unit", "minimum", "maximum")
        self._rows.apply(place, [(field in row, field, "only an ON time has one") for field in scaled])

    def _range(self, register: Register, factor: Decimal, row: _Fields, place: Place) -> tuple[float, float]:
        """Return the shortest and the longest ON time, s; the register's own limit where the row gives none."""
        limit = register.largest * register.scale
        low = row.get("minimum", Decimal(0)) * factor
        high = row["maximum"] * factor if "maximum" in row else limit
        rules = (
            ("values" in row, "values", "an ON time is a number"),
            (register.type is DataType.BIT, "type", "an ON time is a number, not a bit"),
            (high > limit, "maximum", f"the register holds {limit} s at most"),
            (low >= high, "minimum" if "minimum" in row else "maximum", "the minimum is not below the maximum"),
        )
        self._rows.apply(place, rules)
        return float(low), float(high)

    def _check_clock(self, clock: Clock) -> None:
        """A clock has each part of date and time once."""
        fields = [field for register in clock.fields for field in register if field != "-"]
        place = ("clock", "fields")
        twice = sorted({field for field in fields if fields.count(field) > 1})
        if {"year", "short_year"} <= {*fields}:
            self._rows.note(place, "year and short_year do not go together")
        if twice:
            self._rows.note(place, f"{', '.join(twice)} is given twice")
        if missing := [" or ".join(names) for names in _CLOCK_NEEDS if not {*names} & {*fields}]:
            self._rows.note(place, f"{', '.join(missing)} is missing")
        if any(len(register) > 1 and "year" in register for register in clock.fields):
            self._rows.note(place, "a year does not fit into a byte: short_year does")


def _link(index: int) -> str:
    """Return the key of a link."""
    return f"link_{index + 1}"


def _own_kind(row: _Fields) -> StateKind:
    """Return the kind of a state of the map's own."""
    if "alarm" in row:
        return StateKind.ALARM
    words = {*row.get("values", {}).values()}
    return StateKind.CONTACT if words <= {*WORDS[StateKind.CONTACT]} else StateKind.CHOICE


def _alarm(row: _Fields) -> AlarmGroup | None:
    """Return what an alarm of the map's own tells of."""
    return AlarmGroup(row["alarm"]) if "alarm" in row else None
