"""The bill of the demo: its forms, its prices, and what the past cost in the energy dashboard."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from .frontend import DOMAIN, QUIET

if TYPE_CHECKING:
    from playwright.sync_api import Locator, ViewportSize

    from .frontend import Frontend
    from .support import Demo

pytestmark = pytest.mark.browser

INSTALLATION: Final = "Demo"
PHONE: Final[ViewportSize] = {"width": 390, "height": 844}
DESK: Final[ViewportSize] = {"width": 1280, "height": 800}
CENT: Final = 0.005
SIDE: Final = "element => element.scrollWidth > element.clientWidth"
"""Tells whether something has to be moved sideways to be read."""


def open_plan(frontend: Frontend, plan: str) -> None:
    """Open what a plan says."""
    frontend.open_menu(INSTALLATION)
    frontend.go("Costs")
    frontend.go(plan)
    expect(frontend.dialog.get_by_text("Add a tariff", exact=True)).to_be_visible()


def price(frontend: Frontend, number: int) -> Locator:
    """Return the section of a price in the form of a tariff."""
    return frontend.dialog.locator("ha-form-expandable").nth(number - 1)


def rules(frontend: Frontend) -> list[str]:
    """Return the rules that a list shows, without what marks the one that decides."""
    listed = frontend.dialog.get_by_role("radio")
    expect(listed.first).to_be_visible()
    return [text.strip().removeprefix("● ") for text in listed.all_inner_texts()]


def entity(frontend: Frontend, key: str) -> str:
    """Return an entity of the installation by the end of its unique id."""
    rows = frontend.ask("config/entity_registry/list")
    found = [row["entity_id"] for row in rows if row["platform"] == DOMAIN and row["unique_id"].endswith(f"_{key}")]
    assert len(found) == 1, found
    return str(found[0])


def yesterday(frontend: Frontend) -> datetime:
    """Midnight at which the demo's yesterday began."""
    now = datetime.now(ZoneInfo(frontend.ask(f"{DOMAIN}/site")["time_zone"]))
    return (now - timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)


def paid(frontend: Frontend, day: datetime, **asked: Any) -> dict[tuple[str | None, str], float]:
    """What the archive says a day cost, by name and quantity; of totals by commodity instead of a name."""
    told = frontend.ask(f"{DOMAIN}/cost", span="day", date=day.date().isoformat(), by_tariff=False, **asked)
    return {(row["name"] or row["commodity"], row["quantity"]): row["sum"] for row in told["series"]}


def changes(frontend: Frontend, statistics: list[str], day: datetime) -> dict[str, float]:
    """By how much statistics rose on a day."""
    told = frontend.ask(
        "recorder/statistics_during_period",
        start_time=day.isoformat(),
        end_time=(day + timedelta(days=1)).isoformat(),
        statistic_ids=statistics,
        period="hour",
        types=["change"],
    )
    return {key: sum(row["change"] for row in rows) for key, rows in told.items()}


def test_overview_names_every_plan_with_its_price(frontend: Frontend) -> None:
    frontend.open(QUIET)
    plans = frontend.ask(f"{DOMAIN}/tariffs")["plans"]
    frontend.open_menu(INSTALLATION)
    frontend.go("Costs")
    lines = frontend.dialog.get_by_role("listitem")
    for name, row in zip(("Electricity", "Export credit", "Gas", "Water"), plans.values(), strict=True):
        told = f"{name}: {row['active']['name']}, {row['active']['price']} EUR/{row['unit']}"
        expect(lines.filter(has_text=told)).to_be_visible()
    frontend.picture("bill")


def test_plan_shows_the_price_now_and_the_week(frontend: Frontend) -> None:
    frontend.open(QUIET)
    active = frontend.ask(f"{DOMAIN}/tariffs")["plans"]["electricity"]["active"]
    assert float(frontend.state(entity(frontend, "price_electricity"))) == active["price"] > 0
    assert frontend.state(entity(frontend, "tariff_electricity")) == active["name"]
    open_plan(frontend, "Electricity")
    now = frontend.dialog.get_by_role("paragraph").filter(has_text="Active now")
    expect(now).to_contain_text(f"{active['name']}, {active['price']} EUR/kWh")
    week = frontend.dialog.locator("pre")
    for day, hours in (("Mon", "B" * 6 + "A" * 16 + "BB"), ("Fri", "B" * 6 + "A" * 16 + "BB"), ("Sun", "B" * 24)):
        expect(week).to_contain_text(f"{day} {hours}")
    frontend.picture("bill-electricity")
    frontend.page.set_viewport_size(PHONE)
    expect(week).to_be_in_viewport(ratio=1)
    assert not week.evaluate(SIDE)
    frontend.picture("bill-electricity-narrow")
    frontend.page.emulate_media(color_scheme="dark")
    frontend.picture("bill-electricity-narrow-dark")


def test_prices_that_do_not_agree_are_refused_where_a_person_sees_it(frontend: Frontend) -> None:
    open_plan(frontend, "Electricity")
    frontend.go("Add a tariff")
    frontend.field("Name").fill("Holiday")
    price(frontend, 1).get_by_role("spinbutton", name="Price").fill("0.2")
    frontend.picture("bill-tariff")
    price(frontend, 2).get_by_role("button", name="Price 2").click()
    price(frontend, 2).get_by_role("spinbutton", name="Price").fill("0.25")
    frontend.press("Submit")
    said = frontend.dialog.locator("ha-alert").filter(has_text="Several prices need a date each.")
    expect(said).to_have_count(2)
    expect(said.nth(1)).to_be_in_viewport()
    expect(price(frontend, 2).get_by_role("spinbutton", name="Price")).to_have_value("0.25")
    expect(price(frontend, 2).get_by_role("spinbutton", name="Price")).to_be_visible()
    frontend.picture("bill-tariff-refused")
    frontend.page.set_viewport_size(PHONE)
    frontend.page.emulate_media(color_scheme="dark")
    said.nth(0).scroll_into_view_if_needed()
    frontend.picture("bill-tariff-refused-narrow-dark")


def test_rule_is_added_moved_up_and_deleted(frontend: Frontend) -> None:
    dialog = frontend.dialog
    open_plan(frontend, "Gas")
    frontend.go("Add a rule")
    frontend.choose("Tariff", "Standard")
    dialog.get_by_text("Monday", exact=True).click()
    frontend.picture("bill-rule")
    frontend.press("Submit")
    expect(dialog.get_by_text("Rule 2 never decides")).to_be_visible()
    frontend.picture("bill-warning")
    frontend.go("Rules")
    always, late = "Standard · every day all day", f"Standard · Tue{chr(0x2013)}Sun all day"
    assert rules(frontend) == [f"1 · {always}", f"2 · {late}"]
    dialog.get_by_role("radio").nth(1).click()
    frontend.choose("Action", "Move up")
    frontend.picture("bill-rules")
    frontend.press("Submit")
    expect(dialog.get_by_role("radio", name=f"1 · {late}")).to_be_checked()
    assert rules(frontend) == [f"1 · {late}", f"2 · {always}"]
    frontend.page.set_viewport_size(PHONE)
    frontend.picture("bill-rules-narrow")
    frontend.page.set_viewport_size(DESK)
    frontend.choose("Action", "Delete")
    frontend.press("Submit")
    expect(dialog.get_by_text("Add a tariff", exact=True)).to_be_visible()
    expect(dialog.get_by_text("never decides")).to_have_count(0)
    frontend.go("Back")
    frontend.go("Finish")
    frontend.press("Finish")
    frontend.open(QUIET)
    assert len(frontend.ask(f"{DOMAIN}/tariffs")["plans"]["gas"]["rules"]) == 1


def test_energy_dashboard_shows_what_yesterday_cost_in_the_archive(frontend: Frontend, demo: Demo) -> None:
    frontend.open(QUIET)
    day = yesterday(frontend)
    totals, devices = paid(frontend, day, scope="total"), paid(frontend, day, scope="device")
    sources = {row["type"]: row for row in frontend.ask("energy/get_prefs")["energy_sources"]}
    grid, gas, water = (sources[kind] for kind in ("grid", "gas", "water"))
    known = {
        grid["stat_cost"]: devices[demo.place.meter, "energy_import"],
        grid["stat_compensation"]: devices[demo.place.meter, "energy_export"],
        gas["stat_cost"]: totals["gas", "volume"],
        water["stat_cost"]: totals["water", "volume"],
    }
    assert min(known.values()) >= 0
    assert devices[demo.place.meter, "energy_import"] > 0
    assert changes(frontend, list(known), day) == pytest.approx(known, abs=CENT)

    frontend.open("/energy")
    frontend.page.get_by_role("button", name="Previous").first.click()
    table = frontend.page.locator("hui-energy-sources-table-card")
    for source, statistic in (("Gas", gas["stat_cost"]), ("Water", water["stat_cost"])):
        row = table.get_by_role("row").filter(has_text=f"{source} total")
        expect(row).to_contain_text(f"€{known[statistic]:,.2f}")
    frontend.picture("energy-costs")


def test_statistics_of_the_bill_are_what_the_archive_has(frontend: Frontend) -> None:
    frontend.open(QUIET)
    day = yesterday(frontend)
    totals = paid(frontend, day, scope="total")
    told = frontend.ask(f"{DOMAIN}/cost", scope="total", span="day", date=day.date().isoformat())
    charges = sum(row["sum"] for row in told["charges"])
    assert charges > 0
    credit = totals.get(("electricity", "energy_export"), 0)
    spent = sum(totals.values()) - credit
    ids = {key: entity(frontend, key) for key in ("cost_total_overall", "charges_total_overall", "bill_total_overall")}
    found = changes(frontend, list(ids.values()), day)
    assert [found[ids[key]] for key in ids] == pytest.approx([spent, charges, spent + charges - credit], abs=CENT)


def test_recomputing_finds_nothing_to_correct(frontend: Frontend) -> None:
    frontend.open(QUIET)
    day = yesterday(frontend)
    answer = frontend.ask(
        "call_service",
        domain=DOMAIN,
        service="recompute_costs",
        service_data={"start": (day - timedelta(days=2)).date().isoformat(), "end": day.date().isoformat()},
        return_response=True,
    )["response"]
    assert not answer["applied"]
    assert answer["before"] == answer["after"] > 0
    assert (answer["difference"], answer["tariffs"], answer["devices"]) == (0, [], [])


def test_calendar_shows_the_tariffs(frontend: Frontend) -> None:
    frontend.open("/calendar")
    for name in ("Electricity", "Feed-in", "Gas", "Water"):
        expect(frontend.page.get_by_text(f"{name} tariffs").first).to_be_visible()
    shown = frontend.page.locator(".fc-event, [class*=fc-]").get_by_text(
        re.compile("^(Feed-in|Standard|Off-peak|Peak)$")
    )
    expect(shown.filter(visible=True).first).to_be_visible()
    frontend.picture("calendar")
