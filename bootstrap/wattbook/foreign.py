"""Decides what becomes of an exception that a plugin lets out: one fault that names the plugin.

A plugin is foreign code. A platform fault it raises already says what to do and passes; whatever
else comes out is wrapped here, once, so that neither the application nor a person ever has to read
a stranger's traceback to learn whose it is.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar, cast

from wattbook_contracts.errors import PlatformFault, PluginFault

T = TypeVar("T")


@contextmanager
def blamed(plugin: str, doing: str) -> Iterator[None]:
    """Turn what foreign code raises into a fault that names its plugin.

    Raises:
        PluginFault: with the plugin's own exception as the cause.
    """
    try:
        yield
    except PlatformFault:
        raise
    except Exception as cause:  # whatever it is, it is the plugin's
        words = " ".join(str(cause).split())
        raise PluginFault(
            f"plugin {plugin!r} raised in {doing}: {type(cause).__name__}: {words}; "
            "fix or uninstall it, or leave it out of plugins.allow"
        ) from cause


def guarded(plugin: str, part: T) -> T:
    """Return what a plugin built, with every look at it and every call of it guarded."""
    return cast(T, _Guarded(plugin, part))


class _Guarded:
    """Stands before one foreign object and has its attributes and methods, no others."""

    def __init__(self, plugin: str, part: object) -> None:
        self._plugin = plugin
        self._part = part

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):  # what Python and libraries ask of any object; no port has such
            raise AttributeError(name)
        with blamed(self._plugin, name):
            value = getattr(self._part, name)
        return _guarded_call(self._plugin, name, value) if callable(value) else value


def _guarded_call(plugin: str, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(call)
    def guarded_call(*arguments: Any, **named: Any) -> Any:
        with blamed(plugin, name):
            return call(*arguments, **named)

    return guarded_call
