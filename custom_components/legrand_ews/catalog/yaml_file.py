"""YAML with line numbers and exact numbers.

This module owns the reading of a file into plain data, and the way from a place in the data to its line. It does not
know what the data means (``schema``).

Plain scalars are read as YAML 1.2 does: numbers, ``true`` and ``false``, ``null``; everything else is text. So ``off``
is a word and ``046680`` a catalogue number. Numbers with a point or an exponent become ``Decimal``, digit by digit.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, Final

import yaml

try:
    from yaml import CSafeLoader as _Base
except ImportError:  # PyYAML without its C library
    from yaml import SafeLoader as _Base  # type: ignore[assignment]

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

type Place = tuple[Any, ...]
"""Keys and list positions from the top of a file to a value."""

_TAG: Final = "tag:yaml.org,2002:"
_LONGEST_NUMBER: Final = 40
_MOST_VALUES: Final = 50_000
_DEEPEST: Final = 20


class YamlFileError(ValueError):
    """A file that cannot be read as one YAML document."""

    def __init__(self, line: int, reason: str, place: Place = ()) -> None:
        """Name the 1 based line and the place in the data, as far as known."""
        super().__init__(reason)
        self.line = line
        self.reason = reason
        self.place = place


@dataclass(frozen=True, kw_only=True)
class YamlFile:
    """The data of a file: mappings, lists, text, ``int``, ``Decimal``, ``bool`` and None."""

    data: Any
    lines: Mapping[Place, int]

    def line(self, place: Place) -> int:
        """Return the line of a place, or of the nearest place above it that the file has."""
        for end in range(len(place), -1, -1):
            if (line := self.lines.get(place[:end])) is not None:
                return line
        return 1


class _Loader(_Base):
    """PyYAML's safe loader with the scalars of YAML 1.2."""

    yaml_implicit_resolvers = {}  # noqa: RUF012 -- the base class's own declaration


for _name, _pattern in (
    ("null", r"~|null|Null|NULL|"),
    ("bool", r"true|True|TRUE|false|False|FALSE"),
    ("int", r"[-+]?(?:0|[1-9][0-9]*)|0x[0-9a-fA-F]+"),
    ("float", r"[-+]?(?:(?:0|[1-9][0-9]*)(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?"),
):
    _Loader.add_implicit_resolver(_TAG + _name, re.compile(rf"(?:{_pattern})\Z"), None)


def read_yaml(path: Path) -> YamlFile:
    """Return the data of a file.

    Raises ``YamlFileError`` for a file that cannot be opened, is no UTF-8, is no single YAML document, uses tags of
    its own or gives a key twice.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise YamlFileError(1, f"cannot be read: {error.strerror or type(error).__name__}") from error
    return parse_yaml(content)


def parse_yaml(content: bytes) -> YamlFile:
    """Return the data of a file's content; raises as ``read_yaml``."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise YamlFileError(content.count(b"\n", 0, error.start) + 1, "the file is not UTF-8") from error
    try:
        node = yaml.compose(text, Loader=_Loader)
        reader = _Reader()
        data = None if node is None else reader.value(node, ())
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        reason = ", ".join(part for part in (error.context, error.problem) if part)
        raise YamlFileError(mark.line + 1 if mark else 1, f"not valid YAML: {reason}") from error
    except yaml.YAMLError as error:
        line = _line_of_control_character(text)
        raise YamlFileError(line, f"not valid YAML: {getattr(error, 'reason', error)}") from error
    except RecursionError as error:
        raise YamlFileError(1, "not valid YAML: nested too deeply") from error
    return YamlFile(data=data, lines=reader.lines)


def _line_of_control_character(text: str) -> int:
    """Return the line of the first character that YAML does not allow, 1 where there is none."""
    found = re.search(r"[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", text)
    return text.count("\n", 0, found.start()) + 1 if found else 1


_SCALARS: Final[Mapping[str, Callable[[str], Any]]] = {
    _TAG + "null": lambda _text: None,
    _TAG + "bool": lambda text: text.lower() == "true",
    _TAG + "int": lambda text: int(text, 0),
    _TAG + "float": Decimal,
    _TAG + "str": str,
}


class _Reader:
    """Turns nodes into data and keeps their lines."""

    def __init__(self) -> None:
        """Start with an empty file."""
        self.lines: dict[Place, int] = {}
        self._known: dict[int, Any] = {}
        self._open: set[int] = set()
        self._extents: dict[int, tuple[int, int]] = {}
        """Values and levels of each mapping and list, those of aliases counted each time."""

    def value(self, node: yaml.Node, place: Place) -> Any:
        """Return the data of a node; an alias gives the data of its anchor, once read."""
        line = node.start_mark.line + 1
        self.lines.setdefault(place, line)
        if isinstance(node, yaml.ScalarNode):
            return self._scalar(node, place, line)
        if id(node) in self._known:
            return self._known[id(node)]
        if id(node) in self._open:
            raise YamlFileError(line, "refers to itself", place)
        if node.tag not in (_TAG + "map", _TAG + "seq"):
            raise YamlFileError(line, f"the tag {node.tag} is not supported", place)
        self._open.add(id(node))
        data: Any
        if isinstance(node, yaml.MappingNode):
            data = self._mapping(node, place)
            self._measure(node, [value for _, value in node.value], place)
        else:
            data = [self.value(item, (*place, index)) for index, item in enumerate(node.value)]
            self._measure(node, node.value, place)
        self._open.discard(id(node))
        self._known[id(node)] = data
        return data

    def _measure(self, node: yaml.Node, children: list[yaml.Node], place: Place) -> None:
        """Refuse what aliases make too large or too deep to go through."""
        extents = [self._extents.get(id(child), (1, 0)) for child in children]
        size = 1 + sum(size for size, _ in extents)
        depth = 1 + max((depth for _, depth in extents), default=0)
        if size > _MOST_VALUES or depth > _DEEPEST:
            raise YamlFileError(node.start_mark.line + 1, "holds too many values or levels", place)
        self._extents[id(node)] = (size, depth)

    def _mapping(self, node: yaml.MappingNode, place: Place) -> dict[Any, Any]:
        """Return a mapping; a key given twice is an error."""
        data: dict[Any, Any] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode):
                raise YamlFileError(line, "a key must be a word or a number", place)
            key = self._scalar(key_node, place, line)
            here = (*place, key)
            if key in data:
                raise YamlFileError(line, f"is given twice, first in line {self.lines[here]}", here)
            self.lines[here] = line
            data[key] = self.value(value_node, here)
        return data

    def _scalar(self, node: yaml.ScalarNode, place: Place, line: int) -> Any:
        """Return text, a number, a truth value or None."""
        convert = _SCALARS.get(node.tag)
        if convert is None:
            raise YamlFileError(line, f"the tag {node.tag} is not supported", place)
        if convert is not str and len(node.value) > _LONGEST_NUMBER:
            raise YamlFileError(line, "a number of this length is not supported", place)
        try:
            return convert(node.value)
        except (ValueError, InvalidOperation) as error:
            raise YamlFileError(line, f"{node.value!r} is not what its tag says", place) from error
