"""What Home Assistant's own checks would look for in a custom integration, and what translations must cover."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from homeassistant.components.sensor import SensorDeviceClass
from homeassistant.helpers.selector import validate_selector

from custom_components.legrand_ews.binary_sensor import CONNECTED
from custom_components.legrand_ews.catalog import QUANTITIES, Catalog, QuantityKind
from custom_components.legrand_ews.config_flow import gateway_schema, options_schema
from custom_components.legrand_ews.device_form import SECTION_MORE, details_schema
from custom_components.legrand_ews.sensor import KINDS, LINK_SENSORS

if TYPE_CHECKING:
    from collections.abc import Iterator

INTEGRATION = Path(__file__).parent.parent / "custom_components" / "legrand_ews"
PLACEHOLDER = re.compile(r"\{(\w+)\}")


def read_json(name: str) -> dict[str, Any]:
    return json.loads((INTEGRATION / name).read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def english() -> dict[str, Any]:
    return read_json("translations/en.json")


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return Catalog.load()


def test_manifest_has_what_a_custom_integration_needs_in_order() -> None:
    manifest = read_json("manifest.json")
    keys = list(manifest)
    assert keys == ["domain", "name", *sorted(keys[2:])]
    assert manifest["domain"] == INTEGRATION.name
    assert manifest["dependencies"] == ["modbus", "usb"]
    assert not manifest["requirements"], "pins would fight with Home Assistant's own"
    for key in ("version", "documentation", "issue_tracker", "codeowners", "iot_class", "integration_type"):
        assert manifest[key]


def test_hacs_file_names_the_oldest_home_assistant() -> None:
    hacs = json.loads((INTEGRATION.parent.parent / "hacs.json").read_text(encoding="utf-8"))
    assert hacs["homeassistant"] == "2026.10.0"
    assert set(hacs) <= {"name", "homeassistant", "hacs", "content_in_root", "filename", "zip_release"}


def test_brand_images_are_there() -> None:
    for name in ("icon.png", "icon@2x.png", "logo.png", "logo@2x.png"):
        assert (INTEGRATION / "brand" / name).read_bytes().startswith(b"\x89PNG")


def test_every_quantity_has_a_name_with_its_placeholders(english: dict[str, Any]) -> None:
    names = english["entity"]["sensor"]
    for quantity in QUANTITIES.values():
        found = set(PLACEHOLDER.findall(names[quantity.label]["name"]))
        assert found == set(quantity.placeholders), quantity.key


def test_every_sensor_name_belongs_to_something(english: dict[str, Any]) -> None:
    used = {quantity.label for quantity in QUANTITIES.values()} | {row.translation_key for row in LINK_SENSORS}
    assert set(english["entity"]["sensor"]) == used


def test_every_option_of_the_maps_has_a_name(english: dict[str, Any], catalog: Catalog) -> None:
    names = english["entity"]["sensor"]
    for profile in catalog.profiles.values():
        for key, measure in profile.measures.items():
            if measure.values:
                assert set(measure.values.values()) <= set(names[QUANTITIES[key].label]["state"]), (profile.id, key)


def test_every_kind_of_quantity_is_described() -> None:
    assert set(KINDS) == set(QuantityKind)


def test_icons_are_for_entities_without_a_device_class() -> None:
    icons = read_json("icons.json")
    described = {row.translation_key: row.device_class for row in LINK_SENSORS}
    described |= {quantity.label: KINDS[quantity.kind].device_class for quantity in QUANTITIES.values()}
    wanted = {label for label, device_class in described.items() if device_class in (None, SensorDeviceClass.ENUM)}
    assert wanted <= set(icons["entity"]["sensor"]) <= set(described)
    assert CONNECTED.device_class is not None
    assert set(icons["services"]) == set(yaml.safe_load((INTEGRATION / "services.yaml").read_text()))


def test_actions_have_valid_selectors_and_strings(english: dict[str, Any]) -> None:
    for name, action in yaml.safe_load((INTEGRATION / "services.yaml").read_text()).items():
        strings = english["services"][name]
        assert strings["name"]
        assert strings["description"]
        fields = (action or {}).get("fields", {})
        assert set(strings.get("fields", {})) == set(fields)
        for field in fields.values():
            validate_selector(field["selector"])


def schema_keys(schema: Any) -> Iterator[str]:
    for key, value in schema.schema.items():
        name = str(getattr(key, "schema", key))
        yield name
        if name == SECTION_MORE:
            yield from schema_keys(value.schema)


@pytest.mark.parametrize("connection", ["tcp", "rtu_tcp", "serial"])
def test_every_field_of_a_gateway_has_strings(english: dict[str, Any], connection: str) -> None:
    keys = set(schema_keys(gateway_schema(connection, failed=True)))
    for step in (connection, "reconfigure"):
        strings = english["config"]["step"][step]
        assert keys <= set(strings["data"])
        assert set(strings["data"]) == set(strings["data_description"])


def test_every_option_of_a_gateway_has_strings(english: dict[str, Any]) -> None:
    strings = english["options"]["step"]["init"]
    assert set(schema_keys(options_schema())) == set(strings["data"]) == set(strings["data_description"])


def test_every_field_of_every_model_has_strings(english: dict[str, Any], catalog: Catalog) -> None:
    strings = english["config_subentries"]["device"]["step"]["details"]
    more = strings["sections"][SECTION_MORE]
    known = {*strings["data"], *more["data"], SECTION_MORE}
    assert set(strings["data"]) == set(strings["data_description"])
    assert set(more["data"]) == set(more["data_description"])
    used = {key for model in catalog.models.values() for key in schema_keys(details_schema(catalog, model))}
    assert used == known


def leaves(strings: Any, path: str = "") -> dict[str, str]:
    if isinstance(strings, str):
        return {path: strings}
    return {key: text for name, below in strings.items() for key, text in leaves(below, f"{path}/{name}").items()}


@pytest.mark.parametrize("file", sorted(path.name for path in (INTEGRATION / "translations").glob("*.json")))
def test_all_languages_have_the_same_keys_and_placeholders(english: dict[str, Any], file: str) -> None:
    expected = {key: sorted(PLACEHOLDER.findall(text)) for key, text in leaves(english).items()}
    found = {key: sorted(PLACEHOLDER.findall(text)) for key, text in leaves(read_json(f"translations/{file}")).items()}
    assert found == expected


def test_every_error_and_message_the_code_names_has_strings(english: dict[str, Any]) -> None:
    code = "\n".join(path.read_text(encoding="utf-8") for path in INTEGRATION.glob("*.py"))
    for key in re.findall(r'translation_domain=DOMAIN,\s+translation_key="(\w+)"', code):
        assert key in english["exceptions"], key
    for reason in re.findall(r'reason="(\w+)", other', code) + re.findall(r'InvalidFieldError\(\w+, "(\w+)"', code):
        assert reason in english["config_subentries"]["device"]["error"], reason
    for reason in re.findall(r'errors\[[^\]]+\] = "(\w+)"', code):
        assert reason in english["config"]["error"], reason
