"""The catalogue: all products and register maps, the built-in ones and the user's.

This module owns files: where they are, which one wins, what is reported where one is wrong. What a file says is
read by ``yaml_file``, ``merge``, ``build`` and ``products``.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from .build import build_profile
from .generic import generic_profile
from .merge import merged
from .model import Candidate, Family, Model
from .products import Products, build_products
from .profile import Confidence
from .yaml_file import YamlFile, YamlFileError, read_yaml

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from .profile import Profile
    from .schema import Problem
    from .yaml_file import Place

DATA: Final = Path(__file__).parent / "data"
"""The built-in files: ``models.yaml`` and ``profiles/*.yaml``."""

_VOUCHING: Final = frozenset({"commands", "settings", "charging", "models"})
"""Sections by which a user who changes a built-in map answers for what it commands."""


@dataclass(frozen=True, kw_only=True)
class CatalogError:
    """Something wrong with a file; that file is left out."""

    file: str
    line: int
    """1 based; 1 where the whole file is meant."""
    key: str
    """Where in the file: ``measures.power.scale_from``, ``probes[0].equals``; empty for the whole file."""
    reason: str

    def __str__(self) -> str:
        """One line for people."""
        return ": ".join(part for part in (f"{self.file}:{self.line}", self.key, self.reason) if part)


@dataclass(frozen=True, kw_only=True)
class Catalog:
    """What each product is and how it is read."""

    families: Mapping[str, Family]
    """By id, in the order of the list."""
    models: Mapping[str, Model]
    """By catalogue number without spaces, in the order of the list."""
    profiles: Mapping[str, Profile]
    """By id."""
    errors: list[CatalogError]
    """What is wrong with the user's files."""

    generic = staticmethod(generic_profile)

    @classmethod
    def load(
        cls,
        user_profiles: Path | None = None,
        previous: Catalog | None = None,
        *,
        data: Path = DATA,
    ) -> Catalog:
        """Return the built-in catalogue with the user's profiles; blocking, reads files.

        ``user_profiles`` is a folder, which need not exist. A file in it with an error is reported in ``errors``; the
        profile that ``previous`` had from this file stays. ``data`` is the folder of the built-in files.
        Raises ``ValueError`` where a built-in file has an error.
        """
        built_in = _read_built_in(data)
        users = _UserProfiles(built_in, previous)
        if user_profiles is not None:
            users.read(user_profiles)
        profiles = {**built_in.profiles, **users.profiles}
        return cls(
            families=built_in.products.families,
            models=_with_candidates(built_in.products.models, profiles),
            profiles=profiles,
            errors=users.errors,
        )

    def candidates(self, number: str) -> tuple[Candidate, ...]:
        """Return the register maps that a model may have, the likeliest first; none for an unknown number."""
        model = self.models.get(number)
        return model.candidates if model else ()

    def profile_for(self, number: str, profile_id: str | None = None) -> Profile | None:
        """Return the register map of a model: the one chosen, or the likeliest.

        None where none is published, and where the chosen one is not there (any more): another one would read other
        registers.
        """
        if profile_id is None:
            model = self.models.get(number)
            profile_id = model.profile if model else None
        return None if profile_id is None else self.profiles.get(profile_id)

    def may_command(self, number: str, profile: Profile) -> bool:
        """Tell whether a map is sure enough to write to a model by: the manufacturer's for it, or the user's own."""
        return profile.vouched or any(
            candidate.profile == profile.id and candidate.confidence is Confidence.MANUFACTURER
            for candidate in self.candidates(number)
        )


@dataclass(frozen=True, kw_only=True)
class _BuiltIn:
    """The files that come with the integration."""

    products: Products
    profiles: Mapping[str, Profile]
    data: Mapping[str, dict[Any, Any]]
    """The plain data of each profile, for users' changes."""


@lru_cache(maxsize=2)
def _read_built_in(folder: Path) -> _BuiltIn:
    """Return the built-in files, which do not change while running; raises ``ValueError`` for the first bad one."""
    profiles: dict[str, Profile] = {}
    plain: dict[str, dict[Any, Any]] = {}
    for path in _files(folder / "profiles"):
        file = _read_own(path)
        profile, problems = build_profile(file.data, path=str(path), user=False)
        if profile is not None and profile.id != path.stem:
            problems.append((("id",), f"the file is not named {profile.id}.yaml"))
        if profile is not None and profile.models:
            problems.append((("models",), "models.yaml says which models have a built-in map"))
        if profile is None or problems:
            raise ValueError(str(_errors(path, file, problems)[0]))
        profiles[profile.id] = profile
        plain[profile.id] = file.data
    path = folder / "models.yaml"
    file = _read_own(path)
    products, problems = build_products(file.data, profiles)
    if problems:
        raise ValueError(str(_errors(path, file, problems)[0]))
    return _BuiltIn(products=products, profiles=profiles, data=plain)


def _read_own(path: Path) -> YamlFile:
    """Return a built-in file; raises ``ValueError`` with its name."""
    try:
        return read_yaml(path)
    except YamlFileError as error:
        raise ValueError(str(_error(path, error.line, error.place, error.reason))) from error


class _UserProfiles:
    """The profiles of a user's folder, and what is wrong with the files."""

    def __init__(self, built_in: _BuiltIn, previous: Catalog | None) -> None:
        """Start without any."""
        self.profiles: dict[str, Profile] = {}
        self.errors: list[CatalogError] = []
        self._built_in = built_in
        self._previous = {
            profile.path: profile for profile in (previous.profiles.values() if previous else ()) if profile.user
        }

    def read(self, folder: Path) -> None:
        """Read the files of a folder in the order of their names; the first one with an id has it."""
        try:
            paths = _files(folder)
        except OSError as error:
            reason = f"cannot be read: {error.strerror or type(error).__name__}"
            self.errors.append(_error(folder, 1, (), reason))
            self.profiles.update({profile.id: profile for profile in self._previous.values()})
            return
        bad = [str(path) for path in paths if not self._read_file(path)]
        for kept in (self._previous[path] for path in bad if path in self._previous):
            self.profiles.setdefault(kept.id, kept)

    def _read_file(self, path: Path) -> bool:
        """Add the profile of a file and return True, or its errors and return False."""
        try:
            file = read_yaml(path)
        except YamlFileError as error:
            self.errors.append(_error(path, error.line, error.place, error.reason))
            return False
        profile, problems = self._build(path, file.data)
        if profile is not None and not problems:
            self.profiles[profile.id] = profile
            return True
        self.errors.extend(_errors(path, file, problems))
        return False

    def _build(self, path: Path, fields: Any) -> tuple[Profile | None, list[Problem]]:
        """Return the profile that a file makes or changes."""
        if not isinstance(fields, dict):
            return None, [((), "expected a profile, with id, name, source, confidence and measures")]
        name = fields.get("id")
        base = self._built_in.data.get(name, {}) if isinstance(name, str) else {}
        vouched = not base or bool(_VOUCHING & fields.keys())
        fields, problems = merged(base, fields)
        profile, more = build_profile(fields, path=str(path), user=True)
        problems.extend(more)
        if profile is not None:
            profile = replace(profile, vouched=vouched)
            if profile.id in self.profiles:
                problems.append((("id",), f"{profile.id} is also in {self.profiles[profile.id].path}"))
            problems.extend(
                (("models", index), f"there is no model {number}")
                for index, number in enumerate(profile.models)
                if number not in self._built_in.products.models
            )
        return profile, problems


def _files(folder: Path) -> list[Path]:
    """Return the YAML files of a folder by name, none where there is no such folder; editors' hidden files left out."""
    if not folder.exists():
        return []
    paths = (path for path in folder.iterdir() if path.suffix in (".yaml", ".yml"))
    return sorted(path for path in paths if not path.name.startswith(".") and path.is_file())


def _error(path: Path, line: int, place: Place, reason: str) -> CatalogError:
    """Return an error on one line, whatever words of the file it repeats."""
    key = ""
    for part in place:
        if isinstance(part, int):
            key += f"[{part}]"
        else:
            key += f".{part}" if key else str(part)
    return CatalogError(file=str(path), line=line, key=" ".join(key.split()), reason=" ".join(reason.split()))


def _errors(path: Path, file: YamlFile, problems: Iterable[Problem]) -> list[CatalogError]:
    """Return the problems of a file in the order of their lines."""
    errors = [_error(path, file.line(place), place, reason) for place, reason in problems]
    return sorted(errors, key=lambda error: (error.line, error.key))


def _with_candidates(models: Mapping[str, Model], profiles: Mapping[str, Profile]) -> dict[str, Model]:
    """Return the models with their register maps: the users' own claims in front, the surest of them first."""
    claims: dict[str, list[Candidate]] = defaultdict(list)
    for profile in sorted(profiles.values(), key=lambda profile: (profile.confidence.rank, profile.path)):
        for number in profile.models:
            claims[number].append(Candidate(profile=profile.id, confidence=profile.confidence))
    return {
        number: replace(model, candidates=_candidates(claims[number], model.candidates, profiles))
        for number, model in models.items()
    }


def _candidates(
    claimed: Iterable[Candidate],
    listed: Iterable[Candidate],
    profiles: Mapping[str, Profile],
) -> tuple[Candidate, ...]:
    """Return the register maps of one model, each once and never surer than the map is by itself."""
    first: dict[str, Candidate] = {}
    for entry in (*claimed, *listed):
        confidence = max(entry.confidence, profiles[entry.profile].confidence, key=lambda level: level.rank)
        first.setdefault(entry.profile, Candidate(profile=entry.profile, confidence=confidence))
    return tuple(first.values())
