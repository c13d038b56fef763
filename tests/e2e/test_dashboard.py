"""The dashboard of the demo: every view on every screen, its figures, its buttons, and who may see what."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from .dashboard import DESK, LOOKS, PATH, VIEWS, Dashboard, legend, number, same, words
from .frontend import QUIET
from .support import read_bit

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Route

    from .frontend import Frontend
    from .support import Demo

pytestmark = pytest.mark.browser

INSTALLATION: Final = "Demo"
ZONE: Final = ZoneInfo("Europe/Paris")
IS_CLOSED: Final = 2
"""The discrete input of a contactor that tells."""
MONTHS: Final = ("jan", "fév", "mars", "avr", "mai", "juin", "juil", "août", "sept", "oct", "nov", "déc")
"""How the months begin in French."""
GUEST: Final = "anna"
GUEST_PASSWORD: Final = "anna-anna"  # noqa: S105 -- a user of this test
VIEWS_OF: Final = {
    "none": (),
    "user": ("consumption", "tariffs", "alarms"),
    "installer": ("panel", "consumption", "tariffs", "alarms", "system"),
    "greenup": tuple(VIEWS),
}
QUESTIONS: Final = {"charging": "charging", "alarms": "alarms", "system": "archive/info", "tariffs": "tariffs"}
"""What is asked for each of some views."""
REFUSED: Final = "missing_right"
MAY_COMMAND: Final = ("installer", "greenup")
OWN: Final = "cards-of-ours"
"""Address of a dashboard that a user writes himself."""
CARDS: Final = {
    "Alarms",
    "Charging station",
    "Compare",
    "Consumption",
    "Load manager",
    "Panel board",
    "Period",
    "Shares",
    "System",
    "Tariffs",
    "Totals",
}


@pytest.fixture
def dashboard(frontend: Frontend) -> Dashboard:
    """Return the dashboard, not opened."""
    return Dashboard(frontend)


@pytest.fixture(params=["en", "fr"])
def language(frontend: Frontend, request: pytest.FixtureRequest) -> Iterator[str]:
    """Have the user speak a language; afterwards English."""
    if request.param != "en":
        speak(frontend, request.param)
    yield request.param
    if request.param != "en":
        speak(frontend, "en")


@pytest.fixture
def second_user(frontend: Frontend) -> Iterator[None]:
    """Have a user who is no administrator."""
    frontend.open(QUIET)
    user = frontend.ask("config/auth/create", name="Anna", group_ids=["system-users"], local_only=False)["user"]["id"]
    login = {"user_id": user, "username": GUEST, "password": GUEST_PASSWORD}
    frontend.ask("config/auth_provider/homeassistant/create", **login)
    yield
    frontend.ask("config/auth/delete", user_id=user)


@pytest.fixture
def own_dashboard(frontend: Frontend) -> Iterator[None]:
    """Have a dashboard that a user writes himself."""
    frontend.open(QUIET)
    made = frontend.ask("lovelace/dashboards/create", url_path=OWN, title="Own", mode="storage")
    yield
    frontend.ask("lovelace/dashboards/delete", dashboard_id=made["id"])


def speak(frontend: Frontend, language: str) -> None:
    """Change the language of the user, who has his page in it then."""
    frontend.open(QUIET)
    frontend.ask("frontend/set_user_data", key="language", value={"language": language, "number_format": "language"})
    told = "language => document.querySelector('home-assistant').hass.language === language"
    frontend.page.wait_for_function(told, arg=language, polling=50)


def yesterday() -> datetime:
    """Noon of the day before."""
    return datetime.now(ZONE).replace(hour=12, minute=0) - timedelta(days=1)


def last_month() -> datetime:
    """Return a day of the month before."""
    return datetime.now(ZONE).replace(day=1) - timedelta(days=1)


def day_before(dashboard: Dashboard, view: str) -> dict[str, Any]:
    """Go to a view and back to the day before; return the fields of the question for it."""
    dashboard.open(view)
    dashboard.period.get_by_role("button", name="Back").click()
    expect(dashboard.period).to_contain_text(yesterday().strftime("%B %-d, %Y"))
    dashboard.settle(view)
    return {"span": "day", "date": yesterday().date().isoformat(), "previous": True}


def test_contactor_is_switched_from_the_board(dashboard: Dashboard, demo: Demo) -> None:
    place, page = demo.place, dashboard.page
    port = demo.gateway_port + place.contactor_gateway
    dashboard.open("panel")
    tile = page.locator("ews-board-tile").filter(has_text=place.contactor)
    for wanted, closed in (("off", False), ("on", True)):
        tile.get_by_role("button").click()
        dialog = page.locator("ews-device-dialog")
        dialog.get_by_role("switch", name="Contactor").click()
        confirm = page.locator("ews-command-dialog")
        expect(confirm).to_contain_text(f"Contactor: turn {wanted}")
        expect(confirm).to_contain_text(place.contactor)
        assert read_bit(port, place.contactor_address, IS_CLOSED) is not closed
        dashboard.frontend.picture("dashboard-command")
        confirm.get_by_role("button", name="Send").click()
        expect(dialog).to_contain_text(f"Contactor: turn {wanted}: taken by the device")
        assert read_bit(port, place.contactor_address, IS_CLOSED) is closed
        dialog.get_by_role("button", name="Close", exact=True).click()
        expect(tile).to_contain_text("On" if closed else "Off")


def test_alarm_arrives_and_is_acknowledged(dashboard: Dashboard, demo: Demo) -> None:
    place, page = demo.place, dashboard.page
    dashboard.frontend.open(QUIET)
    dashboard.frontend.configure(place.gateway, "polling", status_poll_time="3")
    dashboard.open("alarms")
    demo.tell("trip", place.gateway, place.breaker_address)
    try:
        entry = page.locator("ews-alarms-card .entry", has_text=place.breaker).filter(has_text="Breaker tripped").first
        expect(entry).to_contain_text("Active")
        dashboard.frontend.picture("dashboard-alarm")
        entry.get_by_role("button", name="Acknowledge").click()
        expect(entry).to_contain_text("acknowledged by Demo")
        told = dashboard.ask("alarms", text=place.breaker, active=True)["entries"]
        assert [(row["event"], row["acknowledged_by"]) for row in told] == [("breaker_tripped", "Demo")]
    finally:
        demo.tell("hand", place.gateway, place.breaker_address, "breaker", "open")
        demo.tell("hand", place.gateway, place.breaker_address, "breaker", "closed")
    expect(entry).to_contain_text("over at")


def test_every_view_fits_every_screen_theme_and_language(dashboard: Dashboard, language: str) -> None:
    said = words(language)
    dashboard.open("panel")
    for view, cards in VIEWS.items():
        dashboard.go(view)
        for suffix, size, scheme in LOOKS:
            dashboard.look(size, scheme)
            dashboard.settle(view)
            assert dashboard.faults(said) == [], f"{view}{suffix}"
            if cards and language == "en":
                dashboard.frontend.picture(f"dashboard-{view}{suffix}")
        dashboard.look(DESK, "light")
    assert dashboard.tabs == [said[f"view_{view}"] for view in VIEWS]


@pytest.mark.parametrize("language", ["fr"], indirect=True)
def test_words_numbers_and_dates_are_those_of_the_language(dashboard: Dashboard, language: str) -> None:
    said = words(language)
    dashboard.open("consumption")
    expect(dashboard.page.get_by_role("link", name="Paramètres")).to_be_visible()
    now = datetime.now(ZONE)
    expect(dashboard.period).to_contain_text(re.compile(rf"{now.day} {MONTHS[now.month - 1]}\w* {now.year}"))
    expect(dashboard.period.get_by_role("button", name=said["period_ten_years"], exact=True)).to_be_visible()
    total = dashboard.card("histogram", said["view_grand_total"]).locator(".summary strong").inner_text()
    assert "." not in total
    assert same(re.sub(r"(?<=\d)\s(?=\d)", "", total).replace(",", "."), total_of(dashboard))


def total_of(dashboard: Dashboard) -> float:
    """What the archive says that all loads have consumed today, Wh."""
    series = dashboard.ask("consumption", scope="load", span="day")["series"]
    return float(sum(row["sum"] or 0 for row in series if row["commodity"] == "electricity"))


def test_figures_of_a_day_are_those_of_the_archive(dashboard: Dashboard) -> None:
    asked = day_before(dashboard, "consumption")
    answer = dashboard.ask("consumption", scope="load", **asked)
    lines = [row for row in answer["series"] if row["commodity"] == "electricity"]
    total = sum(row["sum"] for row in lines)
    assert total > 0
    assert len(lines) > 1

    histogram = dashboard.card("histogram", "Consumption by load")
    assert same(histogram.locator(".summary strong").inner_text(), total)
    shown = legend(histogram)
    assert list(shown) == [row["name"] for row in lines]
    assert all(same(shown[row["name"]], row["sum"]) for row in lines)
    head, *bars = dashboard.table(histogram)
    unit = 1000 if "[kWh]" in head[1] else 1
    assert len(bars) == len(answer["bars"])
    for place, row in enumerate(lines, start=1):
        values = [number(bar[place]) for bar in bars]
        assert values == [None if amount is None else amount / unit for amount in row["amounts"]]

    pie = dashboard.card("pie", "Shares of the loads")
    assert same(pie.locator(".center b").inner_text(), total)

    costs = dashboard.ask("cost", scope="load", by_tariff=False, **asked)["series"]
    head, *rows = dashboard.table(dashboard.card("totals", "Sums by load"))
    table = {row[0]: dict(zip(head, row, strict=True)) for row in rows}
    for row in lines:
        told = table[row["name"]]
        assert number(told["Consumption"]) == row["sum"] / 1000
        assert number(told["Before"]) == row["previous_sum"] / 1000
        assert number(told["Part [%]"]) == pytest.approx(row["sum"] / total * 100)
        cost = next(one["sum"] for one in costs if (one["key"], one["commodity"]) == (row["key"], "electricity"))
        assert number(told["Costs [EUR]"]) == pytest.approx(cost)
    summed = dashboard.card("totals", "Sums by load").locator("tr.sum").first
    assert same(summed.locator("td.amount").inner_text(), total)


def test_period_is_switched_and_set_beside_the_one_before(dashboard: Dashboard) -> None:
    day_before(dashboard, "consumption")
    histogram = dashboard.card("histogram", "Consumption by load")
    for name, span in (("Month", "month"), ("Year", "year"), ("10 years", "ten_years"), ("Day", "day")):
        dashboard.period.get_by_role("button", name=name, exact=True).click()
        dashboard.settle("consumption")
        asked = {"scope": "load", "span": span, "date": yesterday().date().isoformat(), "previous": True}
        answer = dashboard.ask("consumption", **asked)
        head, *bars = dashboard.table(histogram)
        assert len(bars) == len(answer["bars"])
        assert "Time before" in head
    compare = dashboard.period.get_by_role("switch", name="Compare with the period before")
    compare.click()
    expect(compare).not_to_be_checked()
    dashboard.settle("consumption")
    assert "Time before" not in dashboard.table(histogram)[0]
    expect(dashboard.page.locator("ews-totals-card").first.locator("td.previous")).to_have_count(0)
    compare.click()
    dashboard.period.get_by_role("button", name="Today").click()
    dashboard.settle("consumption")
    assert same(histogram.locator(".summary strong").inner_text(), total_of(dashboard))
    expect(dashboard.period.get_by_role("button", name="Forward")).to_be_disabled()


def test_two_devices_are_compared(dashboard: Dashboard) -> None:
    asked = day_before(dashboard, "consumption")
    devices = [row for row in dashboard.ask("site")["devices"] if row["commodity"] == "electricity" and row["counted"]]
    first, second = devices[1], devices[0]
    card = dashboard.card("compare", "Compare two")
    if (kind := card.get_by_role("button", name="Devices", exact=True)).count():
        kind.click()
    for label, device in (("First", first), ("Second", second)):
        card.get_by_role("combobox", name=label).select_option(device["id"])
        dashboard.settle("consumption")
    answer = dashboard.ask("compare", scope="device", keys=[first["id"], second["id"]], **asked)
    sums = {row["key"]: row["sum"] for row in answer["series"] if row["quantity"] == "energy_import"}
    sides = card.locator(".side")
    for side, device in zip(sides.all(), (first, second), strict=True):
        expect(side.locator(".name")).to_have_text(device["name"])
        assert same(side.locator("b").inner_text(), sums[device["id"]])


def test_costs_by_tariff_are_those_of_the_archive(dashboard: Dashboard) -> None:
    dashboard.open("tariffs")
    for name in ("Month", "Back"):
        dashboard.period.get_by_role("button", name=name, exact=True).click()
    expect(dashboard.period).to_contain_text(f"{last_month():%B %Y}")
    dashboard.settle("tariffs")
    answer = dashboard.ask("cost", scope="total", span="month", date=last_month().date().isoformat())
    lines = [row for row in answer["series"] if row["commodity"] == "electricity" and not row["credit"]]
    charges = [row for row in answer["charges"] if row["commodity"] == "electricity"]
    wanted = {row["tariff_name"]: row["sum"] for row in lines} | {row["name"]: row["sum"] for row in charges}
    assert len(wanted) == 3

    card = dashboard.card("tariffs", "Costs by tariff")
    head, *rows = dashboard.table(card)
    cost = head.index("Cost [EUR]") if "Cost [EUR]" in head else head.index("Costs [EUR]")
    assert {row[0]: number(row[cost]) for row in rows} == pytest.approx(wanted)
    for button in card.locator("ews-pie").get_by_role("button").all():
        name, figure = (button.locator(part).first.inner_text() for part in (".name", ".figure"))
        assert same(figure, wanted[name.split("\n")[0]])
    assert same(card.locator("dd.sum").inner_text(), sum(wanted.values()))

    (gone, *_), left = wanted, list(wanted.values())[1:]
    card.locator("ews-legend").get_by_role("button", name=gone, exact=True).click()
    dashboard.settle("tariffs")
    assert same(card.locator("dd.sum").inner_text(), sum(left))
    assert gone not in [row[0] for row in dashboard.table(card)]

    active = dashboard.ask("tariffs")["plans"]["electricity"]["active"]
    week = dashboard.card("tariffs", "The coming week")
    expect(week.locator(".price")).to_contain_text(active["name"])


@pytest.mark.usefixtures("second_user")
def test_role_decides_what_a_user_sees_and_does(frontend: Frontend, demo: Demo, tmp_path: Path) -> None:
    contactor = f"switch.{demo.place.contactor.lower().replace(' ', '_')}_contactor"
    press = {"domain": "switch", "service": "turn_on", "target": {"entity_id": contactor}}
    with frontend.beside(tmp_path / "anna") as anna:
        anna.sign_in(GUEST, GUEST_PASSWORD)
        mine = Dashboard(anna)
        for role, views in VIEWS_OF.items():
            frontend.configure(INSTALLATION, "access", default="user", users={"Anna": role})
            anna.open(PATH)
            if views:
                mine.settle(views[0])
                assert mine.tabs == [words("en")[f"view_{view}"] for view in views]
            else:
                expect(anna.page.get_by_text("Your role shows you no page.")).to_be_visible()
            for view, question in QUESTIONS.items():
                assert anna.refusal(f"legrand_ews/{question}") == ("" if view in views else REFUSED), role
            assert anna.refusal("call_service", **press) == ("" if role in MAY_COMMAND else REFUSED), role
        assert anna.complaints == []


@pytest.mark.usefixtures("own_dashboard")
def test_cards_are_offered_edited_and_follow_the_energy_date_selection(frontend: Frontend) -> None:
    page = frontend.page
    # Home Assistant's own list shows pictures from the internet.
    page.route("https://demo.home-assistant.io/**", answer_nothing)
    frontend.open(QUIET)
    histogram = {"type": "custom:legrand-ews-histogram", "scope": "load"}
    sections = [[{"type": "energy-date-selection"}, histogram], [{"type": "custom:legrand-ews-period"}]]
    view = {"path": "own", "type": "sections", "sections": [{"type": "grid", "cards": cards} for cards in sections]}
    frontend.ask("lovelace/config/save", url_path=OWN, config={"views": [view]})
    frontend.open(f"/{OWN}/own")
    theirs, ours = page.locator("hui-energy-period-selector"), page.locator("ews-period-bar:not([compact])")
    expect(ours).to_be_visible()
    theirs.get_by_role("button", name="Previous").click()
    expect(ours).to_contain_text(yesterday().strftime("%B %-d, %Y"))
    ours.get_by_role("button", name="Month", exact=True).click()
    expect(theirs).not_to_contain_text(re.compile(rf"\b{yesterday().day}\b"))
    theirs.get_by_role("button", name="Previous").click()
    before = yesterday().replace(day=1) - timedelta(days=1)
    expect(ours).to_contain_text(f"{before:%B %Y}")

    frontend.open(f"/{OWN}/own?edit=1")
    page.get_by_role("button", name="Add card").last.click()
    dialog = page.locator("hui-dialog-create-card")
    dialog.get_by_role("tab", name="By card").click()
    dialog.locator("hui-card-picker").get_by_role("textbox").fill("Energy Web Server")
    offered = dialog.locator("hui-card-picker .card", has_text="Energy Web Server: ")
    expect(offered).to_have_count(len(CARDS))
    headers = offered.locator(".card-header").all_inner_texts()
    assert {text.split("\n")[0].removeprefix("Energy Web Server: ") for text in headers} == CARDS
    offered.filter(has_text="Energy Web Server: Totals").locator(".overlay").click()
    editor = page.locator("hui-dialog-edit-card")
    expect(editor.locator("hui-form-editor, hui-card-element-editor").first).to_be_visible()
    for label in ("Title", "A row or part for each", "With costs", "Period"):
        expect(editor.get_by_text(label, exact=True).first).to_be_visible()
    expect(editor.locator("ews-totals-card")).to_be_visible()
    frontend.picture("dashboard-editor")


def answer_nothing(route: Route) -> None:
    """Answer with a picture of nothing."""
    route.fulfill(content_type="image/svg+xml", body="<svg xmlns='http://www.w3.org/2000/svg'/>")
