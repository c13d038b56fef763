"""The words that known integrations have for the state of a charger, as their sensors give them.

This module owns what the words mean by default; the user may say otherwise. A word that a charger also says after it
was told to stop, "finished" for some, means WAITING: who was stopped goes on later, who is full is passed over.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ..greenup import StationState

if TYPE_CHECKING:
    from collections.abc import Mapping

type Words = Mapping[StationState, tuple[str, ...]]

_FREE, _WAITING, _CHARGING = StationState.FREE, StationState.WAITING, StationState.CHARGING
_DONE, _FAULT = StationState.DONE, StationState.FAULT

STANDARD: Final = "ocpp"
"""Whose words are shown for a sensor that neither names its own nor is of a known integration."""

KNOWN: Final[Mapping[str, Words]] = {
    "ocpp": {
        _FREE: ("Available", "Reserved"),
        _WAITING: ("Preparing", "SuspendedEV", "SuspendedEVSE", "Finishing", "Occupied"),
        _CHARGING: ("Charging",),
        _FAULT: ("Faulted",),
    },
    "iec_61851": {_FREE: ("A",), _WAITING: ("B",), _CHARGING: ("C", "D"), _FAULT: ("E", "F")},
    "besen": {
        _FREE: ("not_connected",),
        _WAITING: ("ready_to_charge", "waiting_for_button", "waiting_for_swipe", "charging_reservation", "completed"),
        _CHARGING: ("charging",),
        _DONE: ("completed_full_charge",),
        _FAULT: ("fault", "charging_fault_1", "charging_fault_2"),
    },
    "blue_current": {
        _FREE: ("standby",),
        _WAITING: ("vehicle_detected", "ready"),
        _CHARGING: ("charging",),
        _FAULT: ("vehicle_error", "no_power"),
    },
    "easee": {
        _FREE: ("disconnected", "STANDBY"),
        _WAITING: (
            *("awaiting_start", "ready_to_charge", "awaiting_authorization", "awaiting_authentication"),
            *("authenticating", "de_authorizing", "awaiting_load_balancing", "awaiting_scheduled_start"),
            *("awaiting_smart_start", "paused_due_to_equalizer", "start_charging", "stop_charging"),
            *("PAUSED", "CAR_CONNECTED"),
        ),
        _CHARGING: ("charging",),
        _DONE: ("completed",),
        _FAULT: (
            *("error", "erratic_ev", "error_dead_powerboard", "error_overcurrent", "error_pen_fault"),
            "error_temperature_too_high",
        ),
    },
    "go_echarger": {
        _FREE: ("Charger ready, no car connected",),
        _WAITING: ("Car connected, authentication required", "Charging finished, car can be disconnected"),
        _CHARGING: ("Car is charging",),
    },
    "go_e_v2": {
        _FREE: ("Idle",),
        _WAITING: ("WaitCar", "Complete"),
        _CHARGING: ("Charging",),
        _FAULT: ("Error",),
    },
    "greencell": {
        _FREE: ("idle",),
        _WAITING: ("connected", "waiting_for_car"),
        _CHARGING: ("charging",),
        _DONE: ("finished",),
        _FAULT: ("error_car", "error_evse"),
    },
    "lektrico": {
        _FREE: ("available", "locked"),
        _WAITING: ("connected", "need_auth", "paused", "paused_by_scheduler"),
        _CHARGING: ("charging",),
        _FAULT: ("error",),
    },
    "nexblue": {
        _FREE: ("idle",),
        _WAITING: ("connected", "delay_waiting", "ev_waiting", "lb_waiting"),
        _CHARGING: ("charging",),
        _DONE: ("finished",),
        _FAULT: ("error",),
    },
    "nrgkick": {
        _FREE: ("standby",),
        _WAITING: ("connected", "wakeup"),
        _CHARGING: ("charging",),
        _FAULT: ("error",),
    },
    "ohme": {
        _FREE: ("unplugged",),
        _WAITING: ("plugged_in", "pending_approval", "paused"),
        _CHARGING: ("charging",),
        _DONE: ("finished",),
    },
    "openevse": {
        _FREE: ("not_connected",),
        _WAITING: ("connected", "sleeping", "disabled"),
        _CHARGING: ("charging",),
        _FAULT: (
            *("vent_required", "diode_check_failed", "gfci_fault", "no_ground", "stuck_relay"),
            *("gfci_self_test_failure", "over_temperature"),
        ),
    },
    "peblar": {
        _FREE: ("no_ev_connected",),
        _WAITING: ("suspended",),
        _CHARGING: ("charging",),
        _FAULT: ("error", "fault", "invalid"),
    },
    "shelly": {
        _FREE: ("charger_free",),
        _WAITING: ("charger_insert", "charger_wait", "charger_pause"),
        _CHARGING: ("charger_charging",),
        _DONE: ("charger_end",),
        _FAULT: ("charger_fault", "charger_free_fault"),
    },
    "silla_prism": {_FREE: ("idle",), _WAITING: ("waiting", "paused"), _CHARGING: ("charging",)},
    "technove": {
        _FREE: ("unplugged",),
        _WAITING: ("plugged_waiting", "out_of_activation_period", "high_tariff_period"),
        _CHARGING: ("plugged_charging",),
        _FAULT: ("evse_fault", "ground_fault", "pilot_fault", "ventilation_required"),
    },
    "tesla_wall_connector": {
        _FREE: ("not_connected",),
        _WAITING: ("connected", "negotiating", "ready", "waiting_car"),
        _CHARGING: ("charging", "charging_reduced"),
        _DONE: ("charging_finished",),
        _FAULT: ("error",),
    },
    "tuya": {
        _FREE: ("charger_free",),
        _WAITING: ("charger_insert", "charger_wait", "charger_pause"),
        _CHARGING: ("charger_charging",),
        _DONE: ("charger_end",),
        _FAULT: ("charger_fault", "charger_free_fault"),
    },
    "victron_gx": {
        _FREE: ("disconnected",),
        _WAITING: ("connected", "waiting_for_sun", "waiting_for_rfid", "waiting_for_start", "low_soc"),
        _CHARGING: ("charging", "start_charging", "charging_limit", "switching_to_1_phase", "switching_to_3_phase"),
        _DONE: ("charged",),
        _FAULT: (
            *("ground_test_error", "welded_contacts_test_error", "cp_input_test_error", "overheating_detected"),
            *("residual_current_detected", "undervoltage_detected", "overvoltage_detected"),
        ),
    },
    "wallbox": {
        _FREE: ("Ready", "Disconnected", "Locked"),
        _WAITING: (
            *("Waiting", "Waiting for car demand", "Paused", "Scheduled", "Locked, car connected"),
            *("Waiting in queue by Power Sharing", "Waiting in queue by Power Boost"),
            *("Waiting in queue by Eco-Smart", "Waiting MID failed", "Waiting MID safety margin exceeded"),
        ),
        _CHARGING: ("Charging", "Discharging"),
        _FAULT: ("Error",),
    },
    "zaptec": {
        _FREE: ("disconnected",),
        _WAITING: ("connected_requesting", "connected_finished"),
        _CHARGING: ("connected_charging",),
    },
}
"""What words mean, by integration. What is not there, says nothing of a car."""


def _plain(word: str) -> str:
    """Return a word without case and punctuation, in which versions and translations differ."""
    return re.sub(r"\W+", "_", word.casefold()).strip("_")


def _common() -> Mapping[str, StationState]:
    """Return the words that mean the same wherever they are known."""
    meanings: dict[str, set[StationState]] = {}
    for known in KNOWN.values():
        for state, words in known.items():
            for word in words:
                meanings.setdefault(_plain(word), set()).add(state)
    return {word: states.pop() for word, states in meanings.items() if len(states) == 1}


_COMMON: Final = _common()


def meaning(word: str, platform: str | None = None) -> StationState | None:
    """Return what a word means for a sensor of this integration, else what it means for all; None: nobody knows."""
    for state, words in KNOWN.get(platform or "", {}).items():
        if _plain(word) in map(_plain, words):
            return state
    return _COMMON.get(_plain(word))


def usual_words(platform: str | None = None) -> list[str]:
    """Return the words of an integration; of one that is not known, those of OCPP."""
    return [word for words in KNOWN.get(platform or "", KNOWN[STANDARD]).values() for word in words]
