"""Looks at what is installed: Python, zones, extras, plugins; nothing is run or kept."""

from __future__ import annotations

import importlib.util
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from wattbook.plugin_manager import Catalogue
from wattbook_adapters.entrypoints.platform import CheckRow, PluginRow
from wattbook_contracts.errors import ConfigurationFault, PluginFault
from wattbook_contracts.version import API_VERSION
from wattbook_domain.delivery.zones import UnknownZone, zone_info

PYTHON_MIN: Final = (3, 11)

EXTRAS: Final[Mapping[str, str]] = {
    "kernels": "numba",
    "pg": "psycopg",
    "fix": "quickfix",
    "ml": "torch",
    "oracle": "oracledb",
    "fpga": "amaranth",
}
"""Each optional extra with the package that shows whether it is installed."""


def plugin_rows(catalogue: Catalogue) -> tuple[PluginRow, ...]:
    """Return the loaded plugins and what they offer, by name."""
    return tuple(
        PluginRow(manifest=manifest, offers=catalogue.offers[name])
        for name, manifest in sorted(catalogue.manifests.items())
    )


def check_plugin(catalogue: Catalogue, name: str) -> tuple[CheckRow, ...]:
    """Check one plugin: found, of this interface, offering something, labelled honestly.

    Raises:
        ConfigurationFault: if no such plugin is loaded.
    """
    manifest = catalogue.manifests.get(name)
    if manifest is None:
        raise ConfigurationFault(
            f"no plugin {name!r} is installed; "
            f"installed are {', '.join(sorted(catalogue.manifests)) or 'none'}"
        )
    offers = catalogue.offers[name]
    simulated = {f"venue {v.venue_id}" for v in catalogue.venues.values() if v.is_simulated}
    hidden = [] if manifest.is_simulated else sorted(simulated.intersection(offers))
    return (
        CheckRow(
            name="interface",
            is_ok=API_VERSION.accepts(manifest.api_version),
            text=f"written for {manifest.api_version}, this release speaks {API_VERSION}",
        ),
        CheckRow(name="offers", is_ok=bool(offers), text=", ".join(offers) or "nothing is offered"),
        CheckRow(
            name="honesty",
            is_ok=not hidden,
            text=f"{', '.join(hidden)} is simulated, the manifest does not say so"
            if hidden
            else "simulated things are labelled",
        ),
    )


def check_installation(discover: Callable[[], Catalogue]) -> tuple[CheckRow, ...]:
    """Look at the installation. A missing extra is no failure: it is named with its remedy."""
    return (_check_python(), _check_zones(), _check_folder(), *_check_extras(), _found(discover))


def _check_python() -> CheckRow:
    version, needed = (".".join(map(str, v)) for v in (sys.version_info[:3], PYTHON_MIN))
    return CheckRow(
        name="python", is_ok=sys.version_info >= PYTHON_MIN, text=f"{version}, needs {needed}"
    )


def _check_zones() -> CheckRow:
    try:
        zone_info("Europe/Berlin")
    except UnknownZone as cause:
        return CheckRow(name="zones", is_ok=False, text=f"{cause}; pip install tzdata")
    return CheckRow(name="zones", is_ok=True, text="time zone data found")


def _check_folder() -> CheckRow:
    try:
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "probe").write_text("", "utf-8")
    except OSError as cause:
        text = f"no temporary file can be written: {cause.strerror or cause}; set TMPDIR"
        return CheckRow(name="folder", is_ok=False, text=text)
    return CheckRow(name="folder", is_ok=True, text="temporary files can be written")


def _check_extras() -> Iterator[CheckRow]:
    for extra, package in EXTRAS.items():
        is_there = importlib.util.find_spec(package) is not None
        remedy = f"not installed; pip install 'wattbook[{extra}]' when you need it"
        yield CheckRow(
            name=f"extra {extra}", is_ok=True, text=f"{package} installed" if is_there else remedy
        )


def _found(discover: Callable[[], Catalogue]) -> CheckRow:
    try:
        names: Sequence[str] = sorted(discover().manifests)
    except PluginFault as fault:
        return CheckRow(name="plugins", is_ok=False, text=str(fault))
    return CheckRow(name="plugins", is_ok=bool(names), text=", ".join(names) or "none installed")
