"""What Home Assistant's own checks would look for in a custom integration, and what translations must cover."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path
from string import Formatter
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from homeassistant.components.sensor import SensorDeviceClass
from homeassistant.helpers.selector import validate_selector

from custom_components.legrand_ews.alarm_watch import DEVICE_EVENTS, GATEWAY_EVENTS
from custom_components.legrand_ews.alarms import Kind as AlarmKind
from custom_components.legrand_ews.bill_settings import PLANS
from custom_components.legrand_ews.binary_sensor import CONNECTED, LINK_ERROR
from custom_components.legrand_ews.bus import Result
from custom_components.legrand_ews.button import SYNC_CLOCK
from custom_components.legrand_ews.catalog import (
    QUANTITIES,
    SETTING_WORDS,
    WORDS,
    Catalog,
    QuantityKind,
    SettingKind,
    StateKind,
    Verb,
)
from custom_components.legrand_ews.charging.binary_sensor import PROBLEM
from custom_components.legrand_ews.charging.button import BUTTONS
from custom_components.legrand_ews.charging.event import EVENT
from custom_components.legrand_ews.charging.sensor import COST as SESSION_COST
from custom_components.legrand_ews.charging.sensor import HEADROOM, OF_MANAGER, OF_STATIONS, REASON
from custom_components.legrand_ews.charging.switch import DEFAULT_PRIORITY, SESSION_PRIORITY, SETTINGS
from custom_components.legrand_ews.charging.tell import EVENTS as CHARGING_EVENTS
from custom_components.legrand_ews.config_flow import gateway_schema
from custom_components.legrand_ews.cost_book import BILL, CHARGES, COST, CREDIT, TARIFF
from custom_components.legrand_ews.cost_sensor import MEASURES as COST_MEASURES
from custom_components.legrand_ews.device_form import SECTION_LABELS, SECTION_MORE, details_schema
from custom_components.legrand_ews.gateway_options import (
    MENU,
    export_schema,
    found_schema,
    import_schema,
    options_schema,
    scan_schema,
)
from custom_components.legrand_ews.greenup import REASONS
from custom_components.legrand_ews.load_choices import Choices
from custom_components.legrand_ews.metering import OVERALL
from custom_components.legrand_ews.names import state_label
from custom_components.legrand_ews.sensor import KINDS, LINK_SENSORS
from custom_components.legrand_ews.state_sensor import ACTIVE_ALARMS, LINKS_SENSOR
from custom_components.legrand_ews.total_sensor import MEASURES, SHOWN

from .support import plant_catalog

if TYPE_CHECKING:
    from collections.abc import Iterator

INTEGRATION = Path(__file__).parent.parent / "custom_components" / "legrand_ews"
GROUPED = Choices(groups={"g": "Group"})
PLACEHOLDER = re.compile(r"\{(\w+)\}")
PLATFORMS = {StateKind.BREAKER: ("sensor",), StateKind.OUTPUT: ("binary_sensor", "switch")}
PLATFORMS |= {StateKind.CONTACTOR: PLATFORMS[StateKind.OUTPUT], StateKind.INPUT: ("binary_sensor",)}
"""Where a state that a number tells from others can appear."""
SOCKETS = (StateKind.SOCKET, PLATFORMS[StateKind.OUTPUT])
STATIONS: dict[str, tuple[StateKind, tuple[str, ...]]]
STATIONS = {"charge": (StateKind.CHARGE, ("sensor",)), "station": (StateKind.STATION, ("sensor",))}
STATIONS |= dict.fromkeys(("ev_socket", "domestic_socket"), SOCKETS)
"""The states of charging stations by their labels: of which kind each is, and where it can appear."""
PROBLEMS = {"trip", "trip_n", "threshold_alarm", "configuration_error", "station_error", "charge_error"}
"""Labels of binary sensors that tell of a problem."""
DONE = (Result.CONFIRMED, Result.ACCEPTED)
ERRORS = {"config_flow.py": "config", "installation.py": "options", "history_form.py": "options"}
ERRORS |= {"bill_form.py": "options", "bill_fields.py": "options"}
"""Whose strings a form's errors are."""
MONEY: dict[str, tuple[str, ...]] = dict.fromkeys((COST, CHARGES, BILL), ("electricity", "gas", "water", OVERALL))
MONEY |= {CREDIT: ("electricity", OVERALL), TARIFF: PLANS}
"""What there are sums of, by kind of money; devices have sums of their own."""
MESSAGES = {"async_get_exception_message": 1, "_refused": 1, "not_meant": 0, "Progress": 2}
"""What takes the key of a message, and as which argument."""


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
    assert manifest["dependencies"] == ["file_upload", "http", "modbus", "usb", "websocket_api"]
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
    used = {quantity.label for quantity in QUANTITIES.values()} | set(described_sensors())
    assert set(english["entity"]["sensor"]) == used


def described_sensors() -> dict[str, Any]:
    """Return the labels of sensors that show no quantity, each with its device class."""
    rows = (*LINK_SENSORS, LINKS_SENSOR, ACTIVE_ALARMS, *OF_STATIONS, *OF_MANAGER, REASON, SESSION_COST, *HEADROOM)
    described = {str(row.translation_key): row.device_class for row in rows}
    described |= {f"{total}_{measure}": shown[0] for total, shown in SHOWN.items() for measure in MEASURES}
    described |= dict.fromkeys(money(), SensorDeviceClass.MONETARY) | {f"{plan}_price": None for plan in PLANS}
    words = numbered("sensor") | of_stations("sensor") | {f"{plan}_tariff" for plan in PLANS}
    return described | dict.fromkeys(words, SensorDeviceClass.ENUM)


def money() -> set[str]:
    """Return the labels of sensors of what things cost."""
    sums = {f"{key}_{kind}" for kind, keys in MONEY.items() for key in keys} | {f"device_{COST}", f"device_{CREDIT}"}
    return {f"{one}_{measure}" for one in sums for measure in COST_MEASURES}


def numbered(platform: str) -> set[str]:
    """Return the labels of the states that can appear on a platform, alone or with a number."""
    kinds = {kind.value for kind, platforms in PLATFORMS.items() if platform in platforms}
    return kinds | {f"{kind}_n" for kind in kinds}


def of_stations(platform: str) -> set[str]:
    """Return the labels of the states of charging stations that can appear on a platform."""
    return {label for label, (_, platforms) in STATIONS.items() if platform in platforms}


def test_names_of_states_commands_and_settings_are_those_that_are_used(english: dict[str, Any]) -> None:
    own = {str(LINK_ERROR.translation_key), str(PROBLEM.translation_key)} | PROBLEMS
    priorities = {str(one.translation_key) for one in (SESSION_PRIORITY, DEFAULT_PRIORITY)}
    expected = {
        "binary_sensor": numbered("binary_sensor") | of_stations("binary_sensor") | own,
        "switch": numbered("switch") | of_stations("switch") | priorities | {*SETTINGS},
        "button": {
            *(f"command_{verb.value}" for verb in Verb),
            SYNC_CLOCK.key,
            *(one.translation_key for one in BUTTONS),
        },
        "select": {kind.value for kind in SETTING_WORDS},
        "number": {SettingKind.ON_TIME.value},
        "event": {"alarm", str(EVENT.translation_key)},
        "calendar": {f"{plan}_tariffs" for plan in PLANS},
    }
    names = {platform: rows for platform, rows in english["entity"].items() if platform != "sensor"}
    assert {platform: set(rows) for platform, rows in names.items()} == expected
    for platform, rows in names.items():
        for label, row in rows.items():
            placeholder = {"number"} if label.endswith("_n") else set()
            if platform in ("select", "number") or label.startswith("command_"):
                placeholder = {"name"}
            assert set(PLACEHOLDER.findall(row["name"])) == placeholder, (platform, label)


def test_every_state_of_every_map_has_a_name() -> None:
    entity = read_json("translations/en.json")["entity"]
    states = [state for profile in plant_catalog().profiles.values() for state in profile.states.values()]
    assert {state.kind for state in states} >= {StateKind.BREAKER, StateKind.ALARM, StateKind.CHOICE}
    platforms = PLATFORMS | dict(STATIONS.values())
    for state in states:
        for platform in platforms.get(state.kind, ("binary_sensor",)):
            assert state.name or state_label(state) in entity[platform], (state.key, platform)


def test_every_word_of_a_state_or_setting_has_a_name(english: dict[str, Any]) -> None:
    for label in numbered("sensor"):
        assert set(english["entity"]["sensor"][label]["state"]) == set(WORDS[StateKind.BREAKER])
    for label in of_stations("sensor"):
        assert tuple(english["entity"]["sensor"][label]["state"]) == WORDS[STATIONS[label][0]]
    for kind, words in SETTING_WORDS.items():
        assert tuple(english["entity"]["select"][kind.value]["state"]) == words


def test_every_event_of_the_journal_has_a_name_and_a_sentence(english: dict[str, Any]) -> None:
    events = {*DEVICE_EVENTS, *GATEWAY_EVENTS, *CHARGING_EVENTS}
    assert set(english["entity"]["event"]["alarm"]["state_attributes"]["event_type"]["state"]) == events
    assert set(english["selector"]["alarm_event"]["options"]) == events
    assert set(english["selector"]["alarm_kind"]["options"]) == set(AlarmKind)


def test_every_reason_of_an_order_has_a_sentence_with_its_values(english: dict[str, Any]) -> None:
    sentences = english["selector"]["charging_reason"]["options"]
    assert set(sentences) == set(REASONS)
    for key, sentence in REASONS.items():
        values = {name for _, name, _, _ in Formatter().parse(sentence) if name}
        assert set(PLACEHOLDER.findall(sentences[key])) == values, key


def test_every_reason_of_a_command_that_was_not_done_has_words(english: dict[str, Any]) -> None:
    order, command = ((INTEGRATION / "bus" / name).read_text(encoding="utf-8") for name in ("order.py", "command.py"))
    reasons = set(re.findall(r'NotPossibleError\("(\w+)"\)', order))
    reasons |= set(re.findall(r'\breason\b[^"\n]*"(\w+)"', command))
    assert {"no_command", "busy", "not_now", "garbage", "silent", "different"} <= reasons
    assert set(english["selector"]["command_reason"]["options"]) == {
        *reasons,
        *refusals(),
        "interrupted",
        "missing_right",
        "no_date",
    }


def test_every_option_of_the_maps_has_a_name(english: dict[str, Any], catalog: Catalog) -> None:
    names = english["entity"]["sensor"]
    for profile in catalog.profiles.values():
        for key, measure in profile.measures.items():
            if measure.values:
                assert set(measure.values.values()) <= set(names[QUANTITIES[key].label]["state"]), (profile.id, key)


def test_every_kind_of_quantity_is_described() -> None:
    assert set(KINDS) == set(QuantityKind)


def test_icons_are_for_entities_without_a_device_class(english: dict[str, Any]) -> None:
    icons = read_json("icons.json")
    described = described_sensors()
    described |= {quantity.label: KINDS[quantity.kind].device_class for quantity in QUANTITIES.values()}
    wanted = {label for label, device_class in described.items() if device_class in (None, SensorDeviceClass.ENUM)}
    assert wanted <= set(icons["entity"]["sensor"]) <= set(described) - money()
    assert CONNECTED.device_class is not None
    alarms = PROBLEMS | {str(LINK_ERROR.translation_key), str(PROBLEM.translation_key)}
    for platform, rows in icons["entity"].items():
        if platform != "sensor":
            names = set(english["entity"][platform])
            assert set(rows) == (names - alarms if platform == "binary_sensor" else names), platform
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
            chosen = field["selector"].get("select", {})
            if "translation_key" in chosen:
                assert set(english["selector"][chosen["translation_key"]]["options"]) == set(chosen["options"])


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
    steps = english["options"]["step"]
    assert list(steps["init"]["menu_options"]) == list(steps["init"]["menu_option_descriptions"]) == list(MENU)
    forms = {
        "polling": options_schema(),
        "scan": scan_schema(),
        "scan_result": found_schema([]),
        "import_list": import_schema(),
        "export_list": export_schema(),
    }
    for step, schema in forms.items():
        assert set(schema_keys(schema)) == set(steps[step]["data"]) == set(steps[step]["data_description"])


def test_every_field_of_every_model_has_strings(english: dict[str, Any], catalog: Catalog) -> None:
    strings = english["config_subentries"]["device"]["step"]["details"]
    more = strings["sections"][SECTION_MORE]
    known = {*strings["data"], *more["data"], SECTION_LABELS, SECTION_MORE}
    assert set(strings["data"]) == set(strings["data_description"])
    assert set(more["data"]) == set(more["data_description"])
    used = {key for model in catalog.models.values() for key in schema_keys(details_schema(catalog, model, GROUPED))}
    assert used == known


def test_everything_that_can_be_labelled_has_strings(english: dict[str, Any]) -> None:
    strings = english["config_subentries"]["device"]["step"]["details"]["sections"][SECTION_LABELS]
    most = {"breaker": 8, "contactor": 8, "input": 32, "output": 32}
    named = {kind if number == 0 else f"{kind}_{number}" for kind, last in most.items() for number in range(last + 1)}
    assert set(strings["data"]) == named
    maps = plant_catalog()
    fields = [details_schema(maps, model).schema.get(SECTION_LABELS) for model in maps.models.values()]
    labelled = {str(key) for field in fields if field is not None for key in field.schema.schema}
    assert {"breaker", "input_8", "output_8", "contactor"} <= labelled <= named


def test_the_strings_of_all_choices_are_used(english: dict[str, Any]) -> None:
    code = sources() + (INTEGRATION / "services.yaml").read_text(encoding="utf-8")
    keys = set(re.findall(r'translation_key(?:=|: )"?(\w+)', code)) | {"side", "phase", "supply", "load", "word_order"}
    told = {"alarm_event", "bill_plan", "bill_text", "command_reason", "command_word", "right", "total"}
    assert set(english["selector"]) - told <= keys


def leaves(strings: Any, path: str = "") -> dict[str, str]:
    if isinstance(strings, str):
        return {path: strings}
    return {key: text for name, below in strings.items() for key, text in leaves(below, f"{path}/{name}").items()}


def test_home_assistant_can_read_the_placeholders_of_every_string(english: dict[str, Any]) -> None:
    # It drops a string whose braces are nested, as choices by number have them.
    for key, text in leaves(english).items():
        assert all(name is None or name.isidentifier() for _, name, _, _ in Formatter().parse(text)), key


@pytest.mark.parametrize("file", sorted(path.name for path in (INTEGRATION / "translations").glob("*.json")))
def test_all_languages_have_the_same_keys_and_placeholders(english: dict[str, Any], file: str) -> None:
    # A language has a section whole, or leaves it to English.
    strings = read_json(f"translations/{file}")
    expected = {
        key: sorted(PLACEHOLDER.findall(text))
        for section in strings
        for key, text in leaves(english[section], section).items()
    }
    found = {key: sorted(PLACEHOLDER.findall(text)) for key, text in leaves(strings).items()}
    assert {key.removeprefix("/"): names for key, names in found.items()} == expected


def sources() -> str:
    """Return the code that knows Home Assistant."""
    files = (path for folder in ("", "charging", "queries") for path in (INTEGRATION / folder).glob("*.py"))
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted(files))


def texts(node: ast.AST) -> set[str]:
    """Return the strings that are whole somewhere in a piece of code."""
    if isinstance(node, ast.JoinedStr):
        return set()
    own = {node.value} if isinstance(node, ast.Constant) and isinstance(node.value, str) else set()
    return own.union(*(texts(child) for child in ast.iter_child_nodes(node)))


def refusals() -> set[str]:
    """Return why a command is refused before it is looked at."""
    tree = ast.parse((INTEGRATION / "commands.py").read_text(encoding="utf-8"))
    (function,) = (
        node for node in ast.walk(tree) if isinstance(node, ast.AsyncFunctionDef) and node.name == "_async_refusal"
    )
    returned = [node.value for node in ast.walk(function) if isinstance(node, ast.Return) and node.value is not None]
    return set().union(*(texts(value) for value in returned))


def messages() -> set[str]:
    """Return the keys of all messages that the code gives people by an error or a notification."""
    keys = refusals() | {f"command_{result.value}" for result in Result if result not in DONE}
    for node in ast.walk(ast.parse(sources())):
        if not isinstance(node, ast.Call):
            continue
        named = {keyword.arg: keyword.value for keyword in node.keywords}
        position = MESSAGES.get(getattr(node.func, "id", ""))
        if "translation_domain" in named:
            keys |= texts(named["translation_key"])
        elif position is not None:
            keys |= texts(node.args[position])
    return keys


def test_every_message_of_the_code_has_strings_and_is_used(english: dict[str, Any]) -> None:
    assert set(english["exceptions"]) == messages()


def test_every_error_of_a_form_has_strings(english: dict[str, Any]) -> None:
    code = sources()
    for reason in re.findall(r'reason="(\w+)", other', code) + re.findall(r'InvalidFieldError\(\w+, "(\w+)"', code):
        assert reason in english["config_subentries"]["device"]["error"], reason
    for path in INTEGRATION.glob("*.py"):
        for reason in re.findall(r'errors\[[^\]]+\] = "(\w+)"', path.read_text(encoding="utf-8")):
            if path.name == "load_flow.py":
                flows = english["config_subentries"]
                assert reason in flows["load"]["error"] | flows["group"]["error"], reason
            else:
                assert reason in english[ERRORS[path.name]]["error"], (path.name, reason)
