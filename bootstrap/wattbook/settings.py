"""Decides the settings of a run: what may be set, where each value came from, what is refused.

Four layers, later ones win: the profile shipped with the package, a TOML file, the environment
(`WATTBOOK__SECTION__KEY`), the command line. This module is the only reader of the environment.
An unknown key is refused with the nearest known one, because a misspelt limit is no limit.
"""

from __future__ import annotations

import datetime
import difflib
import os
import re
import tomllib
from collections.abc import Mapping, Sequence
from importlib import resources
from pathlib import Path
from typing import Annotated, Any, Final, Literal, get_args

import attrs
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    field_validator,
)

from wattbook_contracts.errors import ConfigurationFault
from wattbook_domain.foundation.identifiers import require_identifier
from wattbook_domain.regulation.codes import AcerCode

ProfileName = Literal["paper", "backtest", "production"]
PROFILES: Final[tuple[ProfileName, ...]] = get_args(ProfileName)
ENVIRONMENT_PREFIX: Final = "WATTBOOK__"


MINUTES_PER_DAY: Final = 1_440
MS_PER_HOUR: Final = 3_600_000
PRICE_ABS_MAX: Final = 40_000
"""In currency per MWh: beyond what any market allows, within what every tick can count."""
POWER_MW_MAX: Final = 100_000
ENERGY_MWH_MAX: Final = 1_000_000
AMOUNT_MAX: Final = 1_000_000_000_000
"""In currency. A limit above it would limit nothing, and is a slip of the pen."""
SHOWN_MAX: Final = 80
"""A value is shown with at most this many characters."""

_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_SECRETS: Final = re.compile(r"(://[^:/@]*:).*(?=@)|(password=)[^&]*", re.IGNORECASE)


def _identifier(text: str) -> str:
    try:
        return require_identifier("it", text)
    except ValueError as cause:
        raise ValueError(str(cause).rpartition(", found")[0]) from cause  # said once, by us


def _acer(text: str) -> str:
    return AcerCode(text).text


def _listed(value: object) -> object:
    """Read `a,b` as two names: the environment and the command line hold text only."""
    if isinstance(value, str):
        return tuple(name.strip() for name in value.split(",") if name.strip())
    return value


def _distinct(names: tuple[str, ...]) -> tuple[str, ...]:
    if len(set(names)) < len(names):
        raise ValueError("each name must stand there once")
    return names


def _dated(value: object) -> object:
    # A bare number would be read as seconds since 1970, and nobody means that.
    if type(value) is datetime.date:
        return value
    if isinstance(value, str) and _DATE.fullmatch(value):
        return datetime.date.fromisoformat(value)
    raise ValueError("must be a date such as 2017-01-24")


def _present(value: object) -> object:
    """Read empty text as nothing, so that a text layer can take an optional value away."""
    return None if value == "" else value


def _without_nul(path: Path) -> Path:
    if "\0" in str(path):
        raise ValueError("a path must hold no NUL character")
    return path


Name = Annotated[str, AfterValidator(_identifier)]
"""Goes to venues, files and regulators, and obeys the domain's rule for identifiers."""
Names = Annotated[tuple[str, ...], BeforeValidator(_listed), AfterValidator(_distinct)]
Date = Annotated[datetime.date, BeforeValidator(_dated)]
AcerText = Annotated[str, AfterValidator(_acer)]
Price = Annotated[float, Field(ge=-PRICE_ABS_MAX, le=PRICE_ABS_MAX)]
Cost = Annotated[float, Field(ge=0, le=PRICE_ABS_MAX)]
PowerMw = Annotated[float, Field(gt=0, le=POWER_MW_MAX)]
EnergyMwh = Annotated[float, Field(ge=0, le=ENERGY_MWH_MAX)]
Efficiency = Annotated[float, Field(gt=0, le=1)]
Amount = Annotated[float, Field(gt=0, le=AMOUNT_MAX)]
Location = Annotated[Path, AfterValidator(_without_nul)]


class Section(BaseModel):
    """One table of settings: frozen, and closed to unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    @field_validator("*", mode="before")
    @classmethod
    def _require_no_truth_for_a_number(cls, value: object, field: ValidationInfo) -> object:
        # Pydantic would read true as 1 MW.
        if (
            isinstance(value, bool)
            and cls.model_fields[str(field.field_name)].annotation is not bool
        ):
            raise ValueError("must not be true or false")
        return value


class RunSettings(Section):
    """What is run, and the one seed from which every simulated thing is derived."""

    date: Date
    out: Location
    seed: int = Field(ge=0, lt=2**63)
    last_date: Annotated[Date | None, BeforeValidator(_present)] = None


class MarketSettings(Section):
    """Where market data comes from. `file` replaces the packaged one, in the same layout.

    `price_min` and `price_max` are the technical limits of the venues, in currency per MWh.
    """

    feed: str
    file: Annotated[Location | None, BeforeValidator(_present)] = None
    currency: str = Field(pattern=r"^[A-Z]{3}$")
    calendar: str
    price_min: Price
    price_max: Price


class DeskSettings(Section):
    """Who trades. The identifiers go to venues and, through the regulator plugin, to reports."""

    desk_id: Name
    trader_id: Name
    participant_code: AcerText
    battery_ledger: Name
    wind_ledger: Name


class BatterySettings(Section):
    """The battery. Efficiencies are per direction; the state of charge starts and ends the day."""

    power_mw: PowerMw
    energy_mwh: EnergyMwh = Field(gt=0)
    charge_efficiency: Efficiency
    discharge_efficiency: Efficiency
    initial_mwh: EnergyMwh
    final_mwh: EnergyMwh
    wear_per_mwh: Cost


class WindSettings(Section):
    """The wind farm, whose realised output is simulated from the public forecast."""

    capacity_mw: PowerMw
    floor_price: Price
    imbalance_penalty: Cost


class ForecastSettings(Section):
    """Which model speaks, and the coverage its interval promises."""

    model: str
    fallback: str
    level: float = Field(gt=0, lt=1)


class VenueSettings(Section):
    """Where orders may go, by venue id."""

    auction: str
    continuous: Names = Field(min_length=1)
    gate_closure_minutes: int = Field(ge=0, le=MINUTES_PER_DAY)


class LimitSettings(Section):
    """The desk's limits, in the units of their names. See `wattbook_domain.risk.limits`."""

    version: Name
    order_mw_max: PowerMw
    order_value_max: Amount
    collar_percent: float = Field(gt=0, le=1_000)
    collar_absolute: float = Field(gt=0, le=PRICE_ABS_MAX)
    net_mw_max: PowerMw
    gross_notional_max: Amount
    messages_per_second_max: int = Field(gt=0, le=100_000)
    duplicate_window_ms: int = Field(ge=0, le=MS_PER_HOUR)
    open_orders_max: int = Field(gt=0, le=1_000_000)
    loss_max: Amount


class RiskSettings(Section):
    """How risk is measured after the day."""

    level: float = Field(gt=0.5, lt=1)
    lookback_days: int = Field(ge=20, le=10_000)


class StorageSettings(Section):
    """Where the run is kept. Empty means a SQLite file in the run's folder."""

    url: str = ""


class PluginSettings(Section):
    """Which plugins may be loaded, by name; `*` means every installed one."""

    allow: Names = ("*",)
    simulated_venues: bool


class Settings(Section):
    """Everything a run can be told."""

    run: RunSettings
    market: MarketSettings
    desk: DeskSettings
    battery: BatterySettings
    wind: WindSettings
    forecast: ForecastSettings
    venues: VenueSettings
    limits: LimitSettings
    risk: RiskSettings
    storage: StorageSettings
    plugins: PluginSettings


@attrs.frozen
class LoadedSettings:
    """Settings together with each value's origin, by dotted key."""

    profile: str
    settings: Settings
    origins: Mapping[str, str]

    def rows(self) -> tuple[tuple[str, str, str], ...]:
        """Return (key, value, origin) in a stable order; passwords in addresses are masked."""
        return tuple(
            (key, _shown(_value_at(self.settings, key)), self.origins.get(key, "built-in default"))
            for key in sorted(known_keys())
        )


def known_keys() -> frozenset[str]:
    """Return every dotted key that exists."""
    return frozenset(
        f"{section}.{key}"
        for section, field in Settings.model_fields.items()
        for key in _fields_of(field.annotation)
    )


def load_settings(
    profile: str,
    *,
    file: Path | None = None,
    environ: Mapping[str, str] | None = None,
    overrides: Mapping[str, object] | None = None,
) -> LoadedSettings:
    """Merge the four layers and validate the result.

    Args:
        profile: `paper`, `backtest` or `production`.
        file: a TOML file with the same tables.
        environ: the environment; the process's own when absent.
        overrides: dotted key to value, from the command line or from Python.

    Raises:
        ConfigurationFault: unknown profile or key, unreadable file, value out of range.
    """
    layers = [(f"profile {profile}", _read_profile(profile))]
    if file is not None:
        layers.append((f"file {file}", _read_file(file)))
    layers.append(("environment", _read_environment(os.environ if environ is None else environ)))
    layers.append(("command line", dict(overrides or {})))
    merged: dict[str, object] = {}
    origins: dict[str, str] = {}
    for origin, values in layers:
        for key, value in values.items():
            _require_known(key, origin)
            merged[key], origins[key] = value, origin
    return LoadedSettings(profile, _validated(merged, origins), origins)


def _read_profile(profile: str) -> dict[str, object]:
    if profile not in PROFILES:
        raise ConfigurationFault(
            f"profile must be one of {', '.join(PROFILES)}, found {profile!r}"
            f"{_nearest(profile, PROFILES)}"
        )
    text = resources.files("wattbook.profiles").joinpath(f"{profile}.toml").read_text("utf-8")
    return _flatten(tomllib.loads(text), f"profile {profile}")


def _read_file(file: Path) -> dict[str, object]:
    try:
        content = tomllib.loads(file.read_text("utf-8"))
    except OSError as cause:
        raise ConfigurationFault(
            f"settings file {file} cannot be read: {cause.strerror or cause}; check path and rights"
        ) from cause
    except (ValueError, RecursionError) as cause:  # not TOML, not UTF-8, or without bounds
        raise ConfigurationFault(f"settings file {file} is not TOML: {cause}; mend it") from cause
    return _flatten(content, f"file {file}")


def _read_environment(environ: Mapping[str, str]) -> dict[str, object]:
    return {
        name.removeprefix(ENVIRONMENT_PREFIX).lower().replace("__", "."): value
        for name, value in environ.items()
        if name.startswith(ENVIRONMENT_PREFIX)
    }


def _flatten(content: Mapping[str, Any], origin: str) -> dict[str, object]:
    flat: dict[str, object] = {}
    for section, table in content.items():
        if not isinstance(table, dict):
            raise ConfigurationFault(
                f"{origin}: {section} must be a table such as [run], "
                f"found the value {_shown(table)!r}"
            )
        flat |= {f"{section}.{key}": value for key, value in table.items()}
    return flat


def _require_known(key: str, origin: str) -> None:
    known = known_keys()
    if key in known:
        return
    section = key.partition(".")[0]
    siblings = sorted(name for name in known if name.startswith(f"{section}."))
    raise ConfigurationFault(
        f"unknown setting {_short(key)!r} from {origin}"
        f"{_nearest(key, sorted(known)) or _known_in(siblings)}"
    )


def _known_in(siblings: Sequence[str]) -> str:
    what = "settings" if siblings else "sections"
    return f"; known {what} are {', '.join(siblings or sorted(Settings.model_fields))}"


def _nearest(word: str, known: Sequence[str]) -> str:
    matches = difflib.get_close_matches(word, known, n=1, cutoff=0.5)
    return f"; did you mean {matches[0]!r}?" if matches else ""


def _fields_of(annotation: object) -> Mapping[str, object]:
    if not (isinstance(annotation, type) and issubclass(annotation, Section)):
        raise TypeError(f"every field of Settings is a Section, found {annotation}")
    return annotation.model_fields


def _validated(merged: Mapping[str, object], origins: Mapping[str, str]) -> Settings:
    tables: dict[str, dict[str, object]] = {section: {} for section in Settings.model_fields}
    for key, value in merged.items():
        section, name = key.split(".", 1)
        tables[section][name] = value
    try:
        return Settings.model_validate(tables)
    except ValidationError as cause:
        first = cause.errors()[0]
        key = ".".join(str(part) for part in first["loc"][:2])
        rule = first["msg"].removeprefix("Value error, ").replace("Input should", "must", 1)
        raise ConfigurationFault(
            f"setting {key}: {rule}, found {_shown(first['input'])!r} "
            f"from {origins.get(key, 'nowhere: it has no value')}"
        ) from cause


def _value_at(settings: Settings, key: str) -> object:
    section, name = key.split(".", 1)
    value: object = getattr(getattr(settings, section), name)
    return value


def _shown(value: object) -> str:
    """Return a value as one would write it, short and with its passwords masked."""
    if value is None:
        return "none"
    if isinstance(value, bool):
        return str(value).lower()
    text = ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
    return _short(_SECRETS.sub(r"\1\2***", text))


def _short(text: str) -> str:
    return text if len(text) <= SHOWN_MAX else f"{text[: SHOWN_MAX - 1]}…"
