"""Decides the one algebra that every quantity has: add within a type, scale by a pure number.

What a product of two dimensions is, each type says for itself. Mixing types is a `TypeError`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from fractions import Fraction
from typing import Self, overload

import attrs

from wattbook_domain.quantities.exact import Scalar, exact, is_scalar


@attrs.frozen
class Linear(ABC):
    """A one-dimensional exact quantity: a magnitude in the type's own canonical unit."""

    @property
    @abstractmethod
    def _magnitude(self) -> Fraction:
        """Return the number in the canonical unit."""

    @abstractmethod
    def _like(self, magnitude: Fraction) -> Self:
        """Return a quantity of the same kind with another magnitude."""

    def _other(self, other: object) -> Fraction | None:
        """Return the magnitude of a comparable quantity, None for a foreign type."""
        return other._magnitude if type(other) is type(self) else None

    @property
    def is_zero(self) -> bool:
        """Say whether the magnitude is exactly zero."""
        return not self._magnitude

    @property
    def is_negative(self) -> bool:
        """Say whether the magnitude is below zero; for a price that is ordinary."""
        return self._magnitude < 0

    def __add__(self, other: Self) -> Self:
        magnitude = self._other(other)
        return NotImplemented if magnitude is None else self._like(self._magnitude + magnitude)

    def __sub__(self, other: Self) -> Self:
        magnitude = self._other(other)
        return NotImplemented if magnitude is None else self._like(self._magnitude - magnitude)

    def __neg__(self) -> Self:
        return self._like(-self._magnitude)

    def __abs__(self) -> Self:
        return self._like(abs(self._magnitude))

    def __mul__(self, factor: Scalar) -> Self:
        if not is_scalar(factor):
            return NotImplemented
        return self._like(self._magnitude * exact("factor", factor))

    def __rmul__(self, factor: Scalar) -> Self:
        return self.__mul__(factor)

    @overload
    def __truediv__(self, other: Self) -> Fraction: ...
    @overload
    def __truediv__(self, other: Scalar) -> Self: ...
    def __truediv__(self, other: Self | Scalar) -> Fraction | Self:
        if is_scalar(other):
            return self._like(self._magnitude / exact("divisor", other))  # type: ignore[arg-type]
        magnitude = self._other(other)
        return NotImplemented if magnitude is None else self._magnitude / magnitude

    def __lt__(self, other: Self) -> bool:
        magnitude = self._other(other)
        return NotImplemented if magnitude is None else self._magnitude < magnitude

    def __le__(self, other: Self) -> bool:
        magnitude = self._other(other)
        return NotImplemented if magnitude is None else self._magnitude <= magnitude

    def __gt__(self, other: Self) -> bool:
        magnitude = self._other(other)
        return NotImplemented if magnitude is None else self._magnitude > magnitude

    def __ge__(self, other: Self) -> bool:
        magnitude = self._other(other)
        return NotImplemented if magnitude is None else self._magnitude >= magnitude
