"""Decides the invented parties of demonstrations: well-formed codes that spell out what they are.

Every code passes its check rule; none was taken from a register, and each says DEMO. Only the
delivery area is real. A file that names them is an example: never send it to a regulator.
"""

from __future__ import annotations

from typing import Final

import attrs

from wattbook_domain.regulation.codes import AcerCode, Eic, Lei


@attrs.frozen(kw_only=True)
class DemoParties:
    """A desk, a counterparty and two market places; only the delivery area is real."""

    is_fictional: bool
    participant: AcerCode
    participant_lei: Lei
    counterparty: AcerCode
    day_ahead_market: AcerCode
    intraday_markets: tuple[AcerCode, AcerCode]
    delivery_area: Eic
    delivery_zone: str


DEMO_PARTIES: Final = DemoParties(
    is_fictional=True,
    participant=AcerCode("A0000DEMO.DE"),
    participant_lei=Lei.complete("000000WATTBOOKDEMO"),
    counterparty=AcerCode("B0000DEMO.DE"),
    day_ahead_market=AcerCode("M000DDEMO.DE"),
    intraday_markets=(AcerCode("M000ADEMO.DE"), AcerCode("M000BDEMO.DE")),
    delivery_area=Eic("10Y1001A1001A63L"),
    delivery_zone="Europe/Berlin",
)
"""The delivery area is the joint German, Austrian and Luxembourg zone as it was until 2018-09."""
