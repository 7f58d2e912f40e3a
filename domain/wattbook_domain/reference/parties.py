"""Decides how a market participant is named; whether its codes are valid is the regulator's."""

from __future__ import annotations

import attrs

from wattbook_domain.foundation.identifiers import require_identifier


@attrs.frozen(kw_only=True)
class Party:
    """Somebody who trades.

    Attributes:
        party_id: our own short name.
        lei: legal entity identifier (ISO 17442); `None` when it has none.
        acer_code: the code from the European register of market participants (REMIT Art. 9);
            `None` outside it.
        eic: its X-code; `None` when it has none.

    Raises:
        ValueError: if it has neither an LEI nor an ACER code, for then nobody could report it.
    """

    party_id: str
    name: str
    lei: str | None = None
    acer_code: str | None = None
    eic: str | None = None

    def __attrs_post_init__(self) -> None:
        require_identifier("party id", self.party_id)
        if self.lei is None and self.acer_code is None:
            raise ValueError(
                f"a party needs an LEI or an ACER code to be reported, {self.party_id} has neither"
            )
