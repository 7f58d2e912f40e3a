"""Decides the unique transaction identifier of a bilateral deal, so that both sides compute one.

The ACER generator (TRUM Annex IV): 13 fields of the deal as one text, SHA-256, base64 with four
characters replaced, 42 characters kept, and a three-digit progressive number for identical deals
of one day. On a market place the operator issues the identifier instead. Both parties must also
agree on *how* price and quantity are stated; that agreement has a name here, `UtiProfile`.
"""

from __future__ import annotations

import base64
import hashlib
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, localcontext
from enum import Enum
from typing import Final

import attrs

from wattbook_domain.foundation.bounds import require_within
from wattbook_domain.regulation.codes import AcerCode

HASH_CHARACTERS: Final = 42
PROGRESSIVE_MAX: Final = 999
_PRICE_STEP: Final = Decimal("0.00001")
_QUANTITY_STEP: Final = Decimal("0.0000000001")
_REPLACED: Final = str.maketrans({"+": "A", "/": "B", "=": "C", "-": "D"})
_EIC_LENGTH: Final = 16

BASE_UNITS: Final = frozenset({"MW", "Therm/d", "cm/d", "Btu/d", "MJ/d"})
"""The units in which the ACER workbook states quantities."""


class UtiProfile(Enum):
    """How the two parties agreed to state price and quantity before hashing.

    AS_AGREED hashes both as the deal states them. PER_BASE_UNIT is what the ACER workbook does: the
    price is divided by the quantity, and the quantity is then always one base unit.
    """

    AS_AGREED = "as agreed"
    PER_BASE_UNIT = "per base unit"


@attrs.frozen(kw_only=True)
class DealTerms:
    """The nine fields of a deal that exist before price and volume are known (Table 2).

    `contract_type`, `commodity` and `settlement` are ACER codes such as `FW`, `EL`, `P`. The
    delivery point is text of EIC length: ACER's own published examples carry placeholders whose
    check character does not hold, and a report checks it elsewhere.
    """

    buyer: AcerCode
    seller: AcerCode
    contract_type: str
    commodity: str
    settlement: str
    traded_on: date
    delivery_point: str
    delivery_start: date
    delivery_end: date

    def __attrs_post_init__(self) -> None:
        for name in ("contract_type", "commodity", "settlement"):
            if not getattr(self, name).strip():
                raise ValueError(f"{name} must be an ACER code, found an empty text")
        if len(self.delivery_point.strip()) != _EIC_LENGTH:
            raise ValueError(
                f"delivery_point must have {_EIC_LENGTH} characters, found {self.delivery_point!r}"
            )
        if self.delivery_end < self.delivery_start:
            raise ValueError(
                f"delivery must not end before it starts, found {self.delivery_start} to "
                f"{self.delivery_end}"
            )


@attrs.frozen(kw_only=True)
class PricedTerms:
    """The four further fields of a deal whose price and volume are known (Table 1).

    `currency` may be empty, as in the generator, where the deal states none.
    """

    price: Decimal
    currency: str
    quantity: Decimal
    unit: str

    def __attrs_post_init__(self) -> None:
        for name in ("price", "quantity"):
            value = getattr(self, name)
            if not isinstance(value, Decimal):
                raise TypeError(f"{name} must be a Decimal, found {type(value).__name__} {value!r}")
            if not value.is_finite():
                raise ValueError(f"{name} must be a finite decimal, found {value!r}")
        if self.quantity <= 0:
            raise ValueError(f"quantity must be positive, found {self.quantity}")


def uti(
    terms: DealTerms,
    priced: PricedTerms,
    *,
    progressive: int = 1,
    profile: UtiProfile = UtiProfile.AS_AGREED,
) -> str:
    """Compute the 45-character identifier of a Table 1 deal.

    Args:
        terms: parties, product and dates.
        priced: price, currency, quantity and unit.
        progressive: 1 for the first of identical deals on a day, then 2, 3 and so on.
        profile: how the parties agreed to state price and quantity.

    Raises:
        ValueError: if `progressive` is not 1 to 999, or PER_BASE_UNIT meets another unit.
    """
    return _identifier(uti_text(terms, priced, profile=profile), progressive)


def contract_id(terms: DealTerms, *, progressive: int = 1) -> str:
    """Compute the 45-character identifier of a Table 2 contract, from its nine fields.

    Raises:
        ValueError: if `progressive` is not 1 to 999.
    """
    head, tail = _ends(terms)
    return _identifier(head + tail, progressive)


def uti_text(terms: DealTerms, priced: PricedTerms, *, profile: UtiProfile) -> str:
    """Return the text that is hashed; parties who disagree on an identifier compare this."""
    stated = _per_base_unit(priced) if profile is UtiProfile.PER_BASE_UNIT else priced
    head, tail = _ends(terms)
    price = _fixed(stated.price, _PRICE_STEP)
    quantity = _fixed(stated.quantity, _QUANTITY_STEP)
    return f"{head}{price}{stated.currency.strip()}{quantity}{stated.unit.strip()}{tail}"


def _ends(terms: DealTerms) -> tuple[str, str]:
    codes = (terms.contract_type, terms.commodity, terms.settlement)
    product = "".join(code.strip() for code in codes)
    head = f"{terms.buyer}{terms.seller}{product}{terms.traded_on.isoformat()}"
    dates = f"{terms.delivery_start.isoformat()}{terms.delivery_end.isoformat()}"
    return head, f"{terms.delivery_point.strip()}{dates}"


def _per_base_unit(priced: PricedTerms) -> PricedTerms:
    if priced.unit not in BASE_UNITS:
        raise ValueError(
            f"a quantity per base unit must be in one of {', '.join(sorted(BASE_UNITS))}, found "
            f"{priced.unit!r}; convert it first, by the factor the parties agreed"
        )
    with localcontext(prec=60):
        return attrs.evolve(priced, price=priced.price / priced.quantity, quantity=Decimal(1))


def _fixed(value: Decimal, step: Decimal) -> str:
    # A negative zero would hash differently from zero, so it is folded into zero.
    with localcontext(prec=60):
        rounded = value.quantize(step, rounding=ROUND_HALF_UP)
    return format(rounded if rounded else abs(rounded), "f")


def _identifier(text: str, progressive: int) -> str:
    require_within("progressive", progressive, 1, PROGRESSIVE_MAX)
    digest = hashlib.sha256(text.encode()).digest()
    characters = base64.b64encode(digest).decode("ascii").translate(_REPLACED)
    return f"{characters[:HASH_CHARACTERS]}{progressive:03d}"
