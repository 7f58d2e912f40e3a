"""The command `wattbook`: the command line over the platform, opened when a command needs it."""

from __future__ import annotations

from wattbook_adapters.entrypoints.cli.app import build_cli
from wattbook_adapters.entrypoints.platform import Platform


def main() -> None:
    """Run the command line."""
    build_cli(_open)()


def _open() -> Platform:
    # The vendors take a second to load; `--help` must not wait for them.
    from wattbook.platform import open_platform

    return open_platform()
