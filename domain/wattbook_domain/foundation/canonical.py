"""Decides the one byte form of a value, for hashing, journalling and replay.

Keys sorted, no spaces, integers exact, decimals and fractions as text; a float is written by its
shortest round-trip form and must be finite. Two equal values have equal bytes on every machine.
Decoding is driven by the type hints of the attrs class, so a record needs no class name inside.
"""

from __future__ import annotations

import hashlib
import json
import math
import types
import typing
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from functools import cache
from typing import Any, TypeVar, cast

import attrs

T = TypeVar("T")

Plain = None | bool | int | float | str | list["Plain"] | dict[str, "Plain"]
"""What JSON can say."""


def to_plain(value: object) -> Plain:
    """Turn a value into what JSON can say.

    Raises:
        TypeError: for a type that has no agreed form.
        ValueError: for a float that is not finite; absence must be `None`, not NaN.
    """
    if isinstance(value, Enum):
        return value.name
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        if not math.isfinite(value):
            raise ValueError(
                f"a canonical float must be finite, found {value!r}; use None for absence"
            )
        return value
    if isinstance(value, Decimal | Fraction):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    if attrs.has(type(value)):
        fields = attrs.fields(cast(Any, type(value)))
        return {f.name: to_plain(getattr(value, f.name)) for f in fields}
    if isinstance(value, Mapping):
        return {str(to_plain(k)): to_plain(v) for k, v in value.items()}
    if isinstance(value, Sequence):
        return [to_plain(item) for item in value]
    raise TypeError(f"no canonical form for {type(value).__name__}")


def canonical_bytes(value: object) -> bytes:
    """Return the one byte form of `value`: UTF-8 JSON, keys sorted, no spaces."""
    plain = to_plain(value)
    return json.dumps(plain, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def sha256_hex(content: bytes) -> str:
    """Return the SHA-256 of `content` as 64 hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def state_hash(value: object) -> str:
    """Return the SHA-256 of a value's canonical bytes."""
    return sha256_hex(canonical_bytes(value))


def from_plain(wanted: type[T], plain: Plain) -> T:
    """Rebuild a value of type `wanted` from what `to_plain` made of it.

    Raises:
        ValueError: if the content does not fit the type; the message names the field.
    """
    return cast(T, _decode(wanted, plain, wanted.__name__))


@cache
def _hints(cls: type) -> dict[str, Any]:
    return typing.get_type_hints(cls)


def _decode(wanted: Any, plain: Any, where: str) -> Any:
    wanted = getattr(wanted, "__supertype__", wanted)
    origin = typing.get_origin(wanted)
    if origin in (typing.Union, types.UnionType):
        return _decode_union(wanted, plain, where)
    if origin is not None:
        return _decode_collection(origin, typing.get_args(wanted), plain, where)
    if isinstance(wanted, type) and issubclass(wanted, Enum):
        return _decode_enum(wanted, plain, where)
    if isinstance(wanted, type) and attrs.has(wanted):
        return _decode_attrs(wanted, plain, where)
    return _decode_leaf(wanted, plain, where)


def _decode_union(wanted: Any, plain: Any, where: str) -> Any:
    members = [m for m in typing.get_args(wanted) if m is not type(None)]
    if plain is None and len(members) < len(typing.get_args(wanted)):
        return None
    if len(members) != 1:
        raise ValueError(f"{where}: a union of several types cannot be decoded without a tag")
    return _decode(members[0], plain, where)


def _decode_collection(origin: Any, args: tuple[Any, ...], plain: Any, where: str) -> Any:
    if isinstance(origin, type) and issubclass(origin, Mapping):
        if not isinstance(plain, dict):
            raise ValueError(f"{where} must be an object, found {type(plain).__name__}")
        return {
            _decode_key(args[0], k, where): _decode(args[1], v, f"{where}.{k}")
            for k, v in plain.items()
        }
    if not isinstance(plain, list):
        raise ValueError(f"{where} must be a list, found {type(plain).__name__}")
    if (len(args) == 2 and args[1] is Ellipsis) or len(args) == 1:
        return tuple(_decode(args[0], v, f"{where}[{i}]") for i, v in enumerate(plain))
    if len(args) != len(plain):
        raise ValueError(f"{where} must have {len(args)} items, found {len(plain)}")
    return tuple(
        _decode(a, v, f"{where}[{i}]") for i, (a, v) in enumerate(zip(args, plain, strict=True))
    )


def _decode_key(wanted: Any, key: str, where: str) -> Any:
    wanted = getattr(wanted, "__supertype__", wanted)
    return int(key) if wanted is int else _decode(wanted, key, where)


def _decode_enum(wanted: type[Enum], plain: Any, where: str) -> Enum:
    if not isinstance(plain, str) or plain not in wanted.__members__:
        raise ValueError(f"{where} must be one of {', '.join(wanted.__members__)}, found {plain!r}")
    return wanted[plain]


def _decode_attrs(wanted: type, plain: Any, where: str) -> Any:
    if not isinstance(plain, dict):
        raise ValueError(f"{where} must be an object, found {type(plain).__name__}")
    hints = _hints(wanted)
    known = {f.name: f for f in attrs.fields(wanted)}
    if unknown := sorted(plain.keys() - known.keys()):
        raise ValueError(f"{where} has no field {', '.join(unknown)}")
    if missing := sorted(
        n for n, f in known.items() if n not in plain and f.default is attrs.NOTHING
    ):
        raise ValueError(f"{where} lacks the field {', '.join(missing)}")
    return wanted(
        **{known[n].alias: _decode(hints[n], v, f"{where}.{n}") for n, v in plain.items()}
    )


def _decode_leaf(wanted: Any, plain: Any, where: str) -> Any:
    if wanted in (Decimal, Fraction) and isinstance(plain, str):
        return wanted(plain)
    if wanted is date and isinstance(plain, str):
        return date.fromisoformat(plain)
    if wanted is float and isinstance(plain, int | float) and not isinstance(plain, bool):
        return float(plain)
    if wanted in (object, Any):
        return plain
    if type(plain) is wanted:
        return plain
    raise ValueError(f"{where} must be {wanted.__name__}, found {type(plain).__name__} {plain!r}")
