"""Decides which element names which code: the schemes of participants and of market places."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final, TypeVar

from wattbook_contracts.errors import DataFault
from wattbook_domain.regulation.codes import AcerCode, Bic, Eic, Gln, Lei, Mic, PartyCode
from wattbook_domain.regulation.facts import MarketPlace, OffMarket
from wattbook_plugins.regulators.remit.elements import CodedText

T = TypeVar("T")

PARTY_SCHEMES: Final[Mapping[str, Callable[[str], PartyCode]]] = MappingProxyType(
    {"ace": AcerCode, "lei": Lei, "bic": Bic, "eic": Eic, "gln": Gln}
)
MARKET_SCHEMES: Final[Mapping[str, Callable[[str], MarketPlace]]] = MappingProxyType(
    {"lei": Lei, "mic": Mic, "ace": AcerCode, "bil": OffMarket}
)
_PARTY_SCHEME: Final = {kind: scheme for scheme, kind in PARTY_SCHEMES.items()}
_MARKET_SCHEME: Final = {kind: scheme for scheme, kind in MARKET_SCHEMES.items()}


def party_text(code: PartyCode) -> CodedText:
    """Name a participant."""
    return CodedText(_PARTY_SCHEME[type(code)], code.text)


def market_text(place: MarketPlace) -> CodedText:
    """Name a market place."""
    text = place.value if isinstance(place, OffMarket) else place.text
    return CodedText(_MARKET_SCHEME[type(place)], text)


def party_code(coded: CodedText) -> PartyCode:
    """Read a participant's code.

    Raises:
        DataFault: if the scheme is unknown or the code is not well formed.
    """
    return _read(PARTY_SCHEMES, coded, "participant")


def market_code(coded: CodedText) -> MarketPlace:
    """Read a market place's code. Raises as `party_code` does."""
    return _read(MARKET_SCHEMES, coded, "market place")


def _read(schemes: Mapping[str, Callable[[str], T]], coded: CodedText, what: str) -> T:
    if coded.scheme not in schemes:
        raise DataFault(f"a {what} is named by {', '.join(schemes)}, found {coded.scheme!r}")
    try:
        return schemes[coded.scheme](coded.text)
    except ValueError as cause:
        raise DataFault(str(cause)) from cause
