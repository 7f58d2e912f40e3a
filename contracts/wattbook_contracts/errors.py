"""Faults: what went wrong that no business rule foresaw. Refusals are values, not faults.

PlatformFault
├── ConfigurationFault      a setting is unknown, missing or unusable        not retryable
├── MissingExtraFault       an optional dependency is not installed          not retryable
├── PluginFault             a plugin misnames a hook, or raised              not retryable
├── DataFault               an input is corrupt, gapped or unknown           not retryable
├── StorageFault            a store refused                                  see is_retryable
├── VenueFault              it is not certain that a message left            retryable
├── SolverFault             an optimiser gave no usable answer               not retryable
└── CorruptionFault         what was written is not what is read: stop       not retryable
"""

from __future__ import annotations

from typing import ClassVar


class PlatformFault(Exception):
    """The root of all faults. The text says the rule, the value found and what to do.

    Attributes:
        is_retryable: whether the same call may succeed later with nothing changed.
        exit_code: what the command line returns for it.
    """

    is_retryable: ClassVar[bool] = False
    exit_code: ClassVar[int] = 70


class ConfigurationFault(PlatformFault):
    """A setting is unknown, missing or unusable."""

    exit_code: ClassVar[int] = 78


class MissingExtraFault(PlatformFault):
    """An optional dependency is not installed; the text names the extra."""

    exit_code: ClassVar[int] = 69

    def __init__(self, *, extra: str, package: str, purpose: str) -> None:
        self.extra = extra
        super().__init__(
            f"{purpose} needs the package {package}, which is not installed; "
            f"install it with: pip install 'wattbook[{extra}]'"
        )


class PluginFault(PlatformFault):
    """A plugin misnames a hook, speaks another API version, or raised."""

    exit_code: ClassVar[int] = 71


class DataFault(PlatformFault):
    """An input is corrupt, gapped or unknown."""

    exit_code: ClassVar[int] = 65


class StorageFault(PlatformFault):
    """A store refused. Locked stores are worth another try; read-only ones are not."""

    exit_code: ClassVar[int] = 74


class StoreLockedFault(StorageFault):
    """Somebody else holds the store; try again when they are done."""

    is_retryable: ClassVar[bool] = True
    exit_code: ClassVar[int] = 75


class VenueFault(PlatformFault):
    """It is not certain that a message left, or what became of it."""

    is_retryable: ClassVar[bool] = True
    exit_code: ClassVar[int] = 76


class SolverFault(PlatformFault):
    """An optimiser gave no usable answer."""

    exit_code: ClassVar[int] = 73


class CorruptionFault(PlatformFault):
    """What was written is not what is read. Stop; do not repair by guessing."""

    exit_code: ClassVar[int] = 66
