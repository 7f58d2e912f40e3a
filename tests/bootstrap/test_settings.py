"""Settings: four layers, later ones win, every value knows its origin, nothing unknown passes."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from wattbook.settings import PROFILES, known_keys, load_settings
from wattbook_contracts.errors import ConfigurationFault


@pytest.mark.parametrize("profile", PROFILES)
def test_every_profile_is_complete(profile: str) -> None:
    loaded = load_settings(profile, environ={})
    assert {key for key, _, _ in loaded.rows()} == known_keys()


def test_later_layers_win_and_say_so(tmp_path: Path) -> None:
    file = tmp_path / "desk.toml"
    file.write_text("[battery]\npower_mw = 7.0\nenergy_mwh = 14.0\n[wind]\ncapacity_mw = 1.0\n")
    loaded = load_settings(
        "paper",
        file=file,
        environ={"WATTBOOK__BATTERY__ENERGY_MWH": "16", "PATH": "/bin"},
        overrides={"wind.capacity_mw": 3},
    )
    assert loaded.settings.battery.power_mw == 7
    assert loaded.settings.battery.energy_mwh == 16
    assert loaded.settings.wind.capacity_mw == 3
    assert loaded.origins["battery.power_mw"] == f"file {file}"
    assert loaded.origins["battery.energy_mwh"] == "environment"
    assert loaded.origins["wind.capacity_mw"] == "command line"
    assert loaded.origins["run.date"] == "profile paper"


def test_dates_come_as_text_or_as_dates() -> None:
    for value in ("2017-10-29", date(2017, 10, 29)):
        loaded = load_settings("paper", environ={}, overrides={"run.date": value})
        assert loaded.settings.run.date == date(2017, 10, 29)


@pytest.mark.parametrize(
    ("key", "nearest"),
    [("batery.power_mw", "battery.power_mw"), ("limits.net_mw_maximum", "limits.net_mw_max")],
)
def test_an_unknown_key_is_refused_with_the_nearest_known_one(key: str, nearest: str) -> None:
    with pytest.raises(ConfigurationFault, match=f"{key}.*did you mean '{nearest}'"):
        load_settings("paper", environ={}, overrides={key: 1})


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("[battery]\npower = 3\n", "unknown setting 'battery.power'"),
        ("seed = 3\n", "seed must be a table"),
        ("[run\n", "is not TOML"),
        ("[battery]\npower_mw = -1\n", "battery.power_mw.*greater than 0.*-1"),
        ("[battery]\npower_mw = 'ten'\n", "battery.power_mw.*valid number.*ten"),
    ],
)
def test_a_bad_file_is_one_clear_fault(tmp_path: Path, content: str, words: str) -> None:
    file = tmp_path / "bad.toml"
    file.write_text(content)
    with pytest.raises(ConfigurationFault, match=words) as caught:
        load_settings("paper", file=file, environ={})
    assert "\n" not in str(caught.value)


def test_a_missing_file_and_an_unknown_profile_are_faults(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationFault, match="cannot be read"):
        load_settings("paper", file=tmp_path / "none.toml", environ={})
    with pytest.raises(ConfigurationFault, match="found 'papre'; did you mean 'paper'"):
        load_settings("papre", environ={})


def test_an_unknown_environment_key_is_refused() -> None:
    with pytest.raises(ConfigurationFault, match=r"unknown setting 'risk.levl' from environment"):
        load_settings("paper", environ={"WATTBOOK__RISK__LEVL": "0.9"})


def test_passwords_are_masked_wherever_settings_are_shown() -> None:
    url = "postgresql+psycopg://desk:s3cret@db.example/wattbook"
    loaded = load_settings("paper", environ={}, overrides={"storage.url": url})
    shown = {key: value for key, value, _ in loaded.rows()}
    assert shown["storage.url"] == "postgresql+psycopg://desk:***@db.example/wattbook"
    assert loaded.settings.storage.url == url


def test_production_refuses_simulated_venues_by_default() -> None:
    assert not load_settings("production", environ={}).settings.plugins.simulated_venues
