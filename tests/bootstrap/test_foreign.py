"""Foreign code: what it raises becomes a fault that names its plugin; all else passes."""

from __future__ import annotations

import attrs
import pytest

from wattbook.foreign import blamed, guarded
from wattbook_contracts.errors import DataFault, PluginFault


@attrs.define
class Part:
    """As plugins build them: a name, a method, a property that may raise."""

    name: str = "part"

    def ask(self, number: int, *, of: int) -> float:
        return number / of

    @property
    def licence(self) -> str:
        raise KeyError("no\nlicence")

    def refuse(self) -> None:
        raise DataFault("the file is gone")


def test_what_goes_well_passes_unchanged() -> None:
    part = guarded("theirs", Part())
    assert part.name == "part"
    assert part.ask(1, of=4) == 0.25


def test_what_is_raised_names_plugin_and_place_in_one_line_and_keeps_its_cause() -> None:
    with pytest.raises(
        PluginFault, match=r"^plugin 'theirs' raised in ask: Zero.*allow$"
    ) as caught:
        guarded("theirs", Part()).ask(1, of=0)
    assert isinstance(caught.value.__cause__, ZeroDivisionError)
    with pytest.raises(PluginFault, match=r"raised in licence: KeyError: 'no.*licence'") as caught:
        _ = guarded("theirs", Part()).licence
    assert "\n" not in str(caught.value)


def test_a_method_that_is_missing_is_the_plugins_fault() -> None:
    with pytest.raises(PluginFault, match="raised in forecast: AttributeError"):
        guarded("theirs", Part()).forecast()  # type: ignore[attr-defined]


def test_a_platform_fault_says_enough_and_passes() -> None:
    with pytest.raises(DataFault, match=r"^the file is gone$"):
        guarded("theirs", Part()).refuse()
    with pytest.raises(DataFault), blamed("theirs", "open"):
        raise DataFault("the file is gone")


def test_an_interrupt_is_nobodys_fault() -> None:
    with pytest.raises(KeyboardInterrupt), blamed("theirs", "decide"):
        raise KeyboardInterrupt


def test_a_guarded_part_hides_what_only_libraries_ask_for() -> None:
    """Otherwise a container would take the part for a provider of its own."""
    assert not hasattr(guarded("theirs", Part()), "__IS_PROVIDER__")
