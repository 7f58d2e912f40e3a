"""Settings: four layers, later ones win, every value knows its origin, nothing unknown passes."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wattbook.settings import PROFILES, SHOWN_MAX, LoadedSettings, known_keys, load_settings
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


def given_text(key: str, text: str) -> LoadedSettings:
    """Load the paper profile with one value as the command line hands it over."""
    return load_settings("paper", environ={}, overrides={key: text})


def test_lists_of_names_can_be_said_in_text_wherever_text_is_all_there_is() -> None:
    assert given_text("venues.continuous", "POWERX").settings.venues.continuous == ("POWERX",)
    assert given_text("plugins.allow", "lear, naive ,").settings.plugins.allow == ("lear", "naive")
    from_environment = load_settings(
        "paper", environ={"WATTBOOK__VENUES__CONTINUOUS": "ENERGEX,POWERX"}
    )
    assert from_environment.settings.venues.continuous == ("ENERGEX", "POWERX")
    shown = {key: value for key, value, _ in from_environment.rows()}
    assert shown["venues.continuous"] == "ENERGEX, POWERX"


def test_what_is_shown_can_be_said_again() -> None:
    """Whatever `config show` prints of a value, `--set` takes, and means the same by it."""
    loaded = load_settings("backtest", environ={})
    shown = {key: "" if value == "none" else value for key, value, _ in loaded.rows()}
    assert load_settings("paper", environ={}, overrides=shown).settings == loaded.settings


def test_empty_text_takes_an_optional_value_away() -> None:
    loaded = load_settings(
        "backtest",
        environ={"WATTBOOK__MARKET__FILE": "/data/de.csv"},
        overrides={"run.last_date": "", "market.file": ""},
    )
    assert loaded.settings.run.last_date is None
    assert loaded.settings.market.file is None


NUMBERS = sorted(
    key
    for key, value, _ in load_settings("paper", environ={}).rows()
    if value.replace(".", "").removeprefix("-").isdigit() and key != "limits.version"
)


@pytest.mark.parametrize("key", NUMBERS)
@pytest.mark.parametrize("hostile", ["nan", "inf", "-inf", "", "ten", "1,5", "0x10", "1 000"])
def test_a_number_that_is_none_is_refused_by_its_name(key: str, hostile: str) -> None:
    with pytest.raises(ConfigurationFault, match=rf"^setting {key}: must .* from command line$"):
        given_text(key, hostile)


@pytest.mark.parametrize("key", NUMBERS)
def test_neither_truth_nor_a_list_is_a_number(key: str) -> None:
    for hostile in (True, False, [1], {"a": 1}, None):
        with pytest.raises(ConfigurationFault, match=rf"^setting {key}: "):
            load_settings("paper", environ={}, overrides={key: hostile})


@pytest.mark.parametrize("key", [key for key in NUMBERS if key != "run.seed"])
@pytest.mark.parametrize("huge", ["1e300", "99999999999999999999", "-1e300"])
def test_a_number_beyond_any_market_is_refused_by_its_name(key: str, huge: str) -> None:
    with pytest.raises(ConfigurationFault, match=rf"^setting {key}: must .* from command line$"):
        given_text(key, huge)


@pytest.mark.parametrize("key", [key for key in NUMBERS if key.startswith("limits.")])
def test_a_limit_of_zero_or_less_would_be_no_limit(key: str) -> None:
    hostile = -1 if key == "limits.duplicate_window_ms" else 0
    with pytest.raises(ConfigurationFault, match=f"^setting {key}: must be greater than"):
        load_settings("paper", environ={}, overrides={key: hostile})


@pytest.mark.parametrize(
    "hostile",
    [
        *("20170124", "1485216000", 0, 1485216000, True, None, ""),
        *("24.01.2017", "2017-1-24", "2017-02-29", "2017-W04-2", "2017-01-24T00:00"),
        datetime(2017, 1, 24),  # noqa: DTZ001 - what TOML makes of a local date and time
        "\N{FULLWIDTH DIGIT TWO}017-01-24",
    ],
)
def test_a_date_is_a_date_and_no_number_of_seconds(hostile: object) -> None:
    with pytest.raises(ConfigurationFault, match=r"^setting run.date: "):
        load_settings("paper", environ={}, overrides={"run.date": hostile})


@pytest.mark.parametrize(
    ("key", "hostile", "rule"),
    [
        ("venues.continuous", "", "should have at least 1 item"),
        ("venues.continuous", " , ", "should have at least 1 item"),
        ("venues.continuous", "POWERX,POWERX", "each name must stand there once"),
        ("venues.continuous", [1], "must be a valid string"),
        ("desk.desk_id", "", "it "),
        ("desk.desk_id", "A B", "it "),
        ("desk.participant_code", "x", "must be nine letters"),
        ("market.currency", "eur", "should match pattern"),
        ("plugins.simulated_venues", "perhaps", "must be a valid boolean"),
        ("run.out", "a\0b", "a path must hold no NUL character"),
        ("run.seed", "1.5", "must be a valid integer"),
        ("forecast.level", "1", "must be less than 1"),
        ("battery.charge_efficiency", "1.01", "must be less than or equal to 1"),
    ],
)
def test_a_value_outside_its_rule_is_one_line(key: str, hostile: object, rule: str) -> None:
    with pytest.raises(ConfigurationFault, match=f"^setting {key}: .*{rule}") as caught:
        load_settings("paper", environ={}, overrides={key: hostile})
    assert str(caught.value).endswith("from command line")


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("", "unknown setting '' from command line; known sections are battery, desk"),
        ("date", "did you mean 'run.date'"),
        ("market.qqqqqqqqqqqqqqqqqqqqqqqqqq", "known settings are market.calendar, market"),
        ("run.date.year", "unknown setting 'run.date.year'"),
        ("zz" * 200, "known sections are"),
    ],
)
def test_an_unknown_key_is_told_what_is_known(key: str, words: str) -> None:
    with pytest.raises(ConfigurationFault, match=words) as caught:
        given_text(key, "1")
    assert len(str(caught.value)) < 300


@pytest.mark.parametrize(
    "content",
    [
        b"\xff\xfe\x00binary",
        b"a = " + b"[" * 20_000,
        b"[run]\nseed = " + b"9" * 5_000,
        b"[run]\n[run]\n",
        b"[battery]\n'power_mw.x' = 1\n",
        b"['battery.power']\nmw = 1\n",
        b"[[run]]\nseed = 1\n",
        b"[run]\nseed = 1979-05-27T07:32:00Z\n",
        b"[battery]\npower_mw = {mw = 1}\n",
    ],
)
def test_a_hostile_file_is_one_line(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "hostile.toml"
    file.write_bytes(content)
    with pytest.raises(ConfigurationFault) as caught:
        load_settings("paper", file=file, environ={})
    assert "\n" not in str(caught.value)


def test_a_folder_is_no_settings_file(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationFault, match="cannot be read: Is a directory"):
        load_settings("paper", file=tmp_path, environ={})


@given(st.dictionaries(st.text(max_size=12), st.text(max_size=12), max_size=3))
def test_any_environment_is_either_settings_or_one_fault(environ: dict[str, str]) -> None:
    prefixed = {f"WATTBOOK__{name}": value for name, value in environ.items()}
    if not prefixed:
        assert load_settings("paper", environ=prefixed)
        return
    with pytest.raises(ConfigurationFault) as caught:
        load_settings("paper", environ=prefixed)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql+psycopg://desk:s3cret@db.example/wattbook",
        "postgresql://desk:s3cret@[::1/wattbook",
        "postgresql://:s3cret@db/wattbook",
        "postgresql://desk:s3c@s3cret@db/wattbook",
        "postgresql://desk@db/wattbook?password=s3cret&sslmode=require",
    ],
)
def test_no_form_of_an_address_shows_its_password(url: str) -> None:
    shown = {key: value for key, value, _ in given_text("storage.url", url).rows()}
    assert "s3cret" not in shown["storage.url"]
    assert shown["storage.url"].startswith("postgresql")


def test_a_long_value_is_shown_short() -> None:
    with pytest.raises(ConfigurationFault) as caught:
        given_text("run.seed", "x" * 10_000)
    assert len(str(caught.value)) < SHOWN_MAX + 150
