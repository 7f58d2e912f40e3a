"""Decides whether a code of a party, place or market is well formed, and completes check digits.

Form only: that a code is *registered* (GLEIF, ENTSO-E, the ACER registers, ISO 10383) is a fact of
reference data. Each `*_fault` function returns the rule that a text breaks, with the character the
check rule expected where it has one; each type refuses to hold a text that has a fault.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import Enum
from typing import ClassVar, Final, Self

import attrs

_ALPHABET: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-"
_VALUE: Final = {character: value for value, character in enumerate(_ALPHABET)}

_LEI_FORM: Final = re.compile(r"[0-9A-Z]{18}[0-9]{2}")
_EIC_FORM: Final = re.compile(r"[0-9]{2}[XYZTWVA][0-9A-Z-]{12}[0-9A-Z]")
_GLN_FORM: Final = re.compile(r"[0-9]{13}")
_ACER_FORM: Final = re.compile(r"[A-Za-z0-9_]{9}\.[A-Z]{2}")
_BIC_FORM: Final = re.compile(r"[A-Z]{6}[A-Z0-9]{5}")
_MIC_FORM: Final = re.compile(r"[A-Z0-9]{4}")


@attrs.frozen
class CodeFault:
    """Why a text is not the code it claims to be.

    Attributes:
        code: the kind of code, for example `LEI`.
        text: the text found.
        rule: the rule it breaks, in words.
        expected: the check characters that the rest of the text demands; `None` when the fault is
            not one of the check rule.
    """

    code: str
    text: str
    rule: str
    expected: str | None = None

    def explain(self) -> str:
        """Return one line: the rule, the value found and the character expected."""
        hint = f"; expected check {self.expected!r}" if self.expected is not None else ""
        return f"{self.code} {self.text!r}: {self.rule}{hint}"


def lei_check_digits(first_18: str) -> str:
    """Complete a legal entity identifier (ISO 17442, check system MOD 97-10 of ISO 7064).

    >>> lei_check_digits("529900T8BM49AURSDO")
    '55'

    Raises:
        ValueError: if the text is not 18 digits or capital letters.
    """
    if not re.fullmatch(r"[0-9A-Z]{18}", first_18):
        raise ValueError(f"an LEI starts with 18 digits or capital letters, found {first_18!r}")
    return f"{98 - _as_integer(first_18) * 100 % 97:02d}"


def eic_check_character(first_15: str) -> str:
    """Complete an energy identification code (ENTSO-E EIC reference manual, weights 16 to 2).

    >>> eic_check_character("10Y1001A1001A63")
    'L'

    Raises:
        ValueError: if the text is not office, type and 12 characters, or if its check character
            would be a hyphen: such a code must not be issued.
    """
    if not re.fullmatch(r"[0-9]{2}[XYZTWVA][0-9A-Z-]{12}", first_15):
        raise ValueError(
            f"an EIC starts with two digits, one of X Y Z T W V A and 12 of 0-9 A-Z -, "
            f"found {first_15!r}"
        )
    check = _eic_check(first_15)
    if check == "-":
        raise ValueError(f"EIC {first_15!r} demands a hyphen as check character; choose another")
    return check


def gln_check_digit(first_12: str) -> str:
    """Complete a global location number (GS1 General Specifications, modulo 10, weights 1 and 3).

    >>> gln_check_digit("401234500000")
    '9'

    Raises:
        ValueError: if the text is not 12 digits.
    """
    if not re.fullmatch(r"[0-9]{12}", first_12):
        raise ValueError(f"a GLN starts with 12 digits, found {first_12!r}")
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(first_12))
    return str(-total % 10)


def lei_fault(text: str) -> CodeFault | None:
    """Return what is wrong with a legal entity identifier, or `None`.

    The check digits detect every substitution of a digit for a digit or a letter for a letter; a
    few swaps of a letter and a digit escape them, so the register must be asked as well.
    """
    if not _LEI_FORM.fullmatch(text):
        return CodeFault("LEI", text, "must be 18 digits or capital letters, then two digits")
    if _as_integer(text) % 97 != 1:
        rule = "check digits must bring the whole number to 1 modulo 97"
        return CodeFault("LEI", text, rule, lei_check_digits(text[:18]))
    return None


def eic_fault(text: str) -> CodeFault | None:
    """Return what is wrong with an energy identification code, or `None`."""
    if not _EIC_FORM.fullmatch(text):
        rule = "must be two digits, one of X Y Z T W V A, 12 of 0-9 A-Z - and a check character"
        return CodeFault("EIC", text, rule)
    expected = _eic_check(text[:15])
    if expected != text[15]:
        return CodeFault("EIC", text, "check character must match modulo 37", expected)
    return None


def gln_fault(text: str) -> CodeFault | None:
    """Return what is wrong with a global location number, or `None`."""
    if not _GLN_FORM.fullmatch(text):
        return CodeFault("GLN", text, "must be 13 digits")
    expected = gln_check_digit(text[:12])
    if expected != text[12]:
        return CodeFault("GLN", text, "check digit must match modulo 10", expected)
    return None


def acer_fault(text: str) -> CodeFault | None:
    """Return what is wrong with an ACER registration code, or `None`. It has no check digit."""
    if not _ACER_FORM.fullmatch(text):
        rule = "must be nine letters, digits or _, a dot and two capital letters"
        return CodeFault("ACER code", text, rule)
    return None


def bic_fault(text: str) -> CodeFault | None:
    """Return what is wrong with an 11-character business identifier code (ISO 9362), or `None`."""
    if not _BIC_FORM.fullmatch(text):
        return CodeFault("BIC", text, "must be six capital letters and five letters or digits")
    return None


def mic_fault(text: str) -> CodeFault | None:
    """Return what is wrong with a market identifier code (ISO 10383), or `None`."""
    if not _MIC_FORM.fullmatch(text):
        return CodeFault("MIC", text, "must be four capital letters or digits")
    return None


def _as_integer(text: str) -> int:
    return int("".join(str(_VALUE[character]) for character in text))


def _eic_check(first_15: str) -> str:
    total = sum(
        _VALUE[character] * weight
        for character, weight in zip(first_15, range(16, 1, -1), strict=True)
    )
    return _ALPHABET[36 - (total - 1) % 37]


@attrs.frozen
class _Code:
    text: str
    _fault: ClassVar[Callable[[str], CodeFault | None]]

    def __attrs_post_init__(self) -> None:
        fault = type(self)._fault(self.text)
        if fault is not None:
            raise ValueError(fault.explain())

    def __str__(self) -> str:
        return self.text


@attrs.frozen
class Lei(_Code):
    """A legal entity identifier whose check digits hold."""

    _fault: ClassVar[Callable[[str], CodeFault | None]] = staticmethod(lei_fault)

    @classmethod
    def complete(cls, first_18: str) -> Self:
        """Append the two check digits."""
        return cls(first_18 + lei_check_digits(first_18))


class EicKind(Enum):
    """What an energy identification code names: its third character."""

    PARTY = "X"
    AREA = "Y"
    MEASUREMENT_POINT = "Z"
    TIE_LINE = "T"
    RESOURCE = "W"
    LOCATION = "V"
    SUBSTATION = "A"


@attrs.frozen
class Eic(_Code):
    """An energy identification code whose check character holds."""

    _fault: ClassVar[Callable[[str], CodeFault | None]] = staticmethod(eic_fault)

    @classmethod
    def complete(cls, first_15: str) -> Self:
        """Append the check character."""
        return cls(first_15 + eic_check_character(first_15))

    @property
    def kind(self) -> EicKind:
        """What the code names."""
        return EicKind(self.text[2])


@attrs.frozen
class Gln(_Code):
    """A global location number whose check digit holds."""

    _fault: ClassVar[Callable[[str], CodeFault | None]] = staticmethod(gln_fault)

    @classmethod
    def complete(cls, first_12: str) -> Self:
        """Append the check digit."""
        return cls(first_12 + gln_check_digit(first_12))


@attrs.frozen
class AcerCode(_Code):
    """A registration code of the European register of market participants; form only."""

    _fault: ClassVar[Callable[[str], CodeFault | None]] = staticmethod(acer_fault)


@attrs.frozen
class Bic(_Code):
    """A business identifier code of 11 characters; form only."""

    _fault: ClassVar[Callable[[str], CodeFault | None]] = staticmethod(bic_fault)


@attrs.frozen
class Mic(_Code):
    """A market identifier code; form only."""

    _fault: ClassVar[Callable[[str], CodeFault | None]] = staticmethod(mic_fault)


PartyCode = AcerCode | Lei | Bic | Eic | Gln
"""Any code by which a market participant may be named (REMIT fields 2, 5, 7 and 9)."""
