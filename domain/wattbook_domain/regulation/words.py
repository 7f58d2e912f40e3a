"""Decides the closed words of Implementing Regulation 1348/2014, Table 1, with their codes.

The values are the codes of the law (annex of the regulation, schema REMITTable1_V3), so that a
file, an identifier and a screen say the same. Which order gets which word is `capture`'s decision.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from wattbook_domain.orders.vocabulary import Side


class ActionType(StrEnum):
    """Field 58: what a report does to the record before it."""

    NEW = "N"
    MODIFY = "M"
    ERROR = "E"
    CANCEL = "C"


class ContractType(StrEnum):
    """Field 23, the types without suffix."""

    AUCTION = "AU"
    CONTINUOUS = "CO"
    FORWARD = "FW"
    FUTURE = "FU"
    OPTION = "OP"
    OPTION_ON_FORWARD = "OP_FW"
    OPTION_ON_FUTURE = "OP_FU"
    OPTION_ON_SWAP = "OP_SW"
    OPTION_ON_SPREAD = "OP_SP"
    SPREAD = "SP"
    SWAP = "SW"
    SWING = "SWG"
    OTHER = "OT"


class EnergyCommodity(StrEnum):
    """Field 24."""

    ELECTRICITY = "EL"
    NATURAL_GAS = "NG"
    LIQUEFIED_GAS = "LG"


class SettlementMethod(StrEnum):
    """Field 26."""

    PHYSICAL = "P"
    CASH = "C"
    OPTIONAL = "O"


class TradingCapacity(StrEnum):
    """Field 10."""

    PRINCIPAL = "P"
    AGENT = "A"


class Aggression(StrEnum):
    """Field 12: who took and who offered the liquidity of a continuous trade."""

    AGGRESSOR = "A"
    INITIATOR = "I"
    SOLE = "S"


class ReportedOrderType(StrEnum):
    """Field 14."""

    BLOCK = "BLO"
    CONVERTIBLE = "CON"
    COMBINATION = "COM"
    EXCLUSIVE = "EXC"
    FLEXIBLE_HOUR = "FHR"
    INDICATION = "IOI"
    LIMIT = "LIM"
    LINKED = "LIN"
    LINEAR_STEP = "LIS"
    MARKET = "MAR"
    MARKET_TO_LIMIT = "MTL"
    SMART = "SMA"
    SPREAD = "SPR"
    STEP = "STP"
    VARIABLE_BLOCK = "VBL"
    OTHER = "OTH"


class OrderCondition(StrEnum):
    """Field 15."""

    ALL_OR_NONE = "AON"
    FILL_AND_FLOAT = "FAF"
    FILL_AND_KILL = "FAK"
    FILL_OR_KILL = "FOK"
    HIDDEN_VOLUME = "HVO"
    MINIMUM_VOLUME = "MEV"
    ONE_CANCELS_OTHER = "OCO"
    PREFERENCE = "PRE"
    PRIORITY = "PRI"
    PRICE_TRIGGER = "PTR"
    STOP_LOSS = "SLO"
    OTHER = "OTH"


class ReportedOrderStatus(StrEnum):
    """Field 16."""

    ACTIVE = "ACT"
    CONVERTED = "COV"
    EXPIRED = "EXP"
    MATCHED = "MAC"
    PARTLY_MATCHED = "PMA"
    REFILLED = "REF"
    SUSPENDED = "SUS"
    WITHDRAWN = "WIT"
    OTHER = "OTH"


class OrderDuration(StrEnum):
    """Field 20."""

    DAY = "DAY"
    GOOD_TILL_CANCELED = "GTC"
    GOOD_TILL_DATE = "GTD"
    GOOD_TILL_TIME = "GTT"
    SESSION = "SES"
    OTHER = "OTH"


class DurationWord(StrEnum):
    """Field 51: how long a contract delivers."""

    MINUTES = "N"
    HOUR = "H"
    DAY = "D"
    WEEK = "W"
    MONTH = "M"
    QUARTER = "Q"
    SEASON = "S"
    YEAR = "Y"
    OTHER = "O"


class LoadType(StrEnum):
    """Field 52."""

    BASE = "BL"
    PEAK = "PL"
    OFF_PEAK = "OP"
    BLOCK_HOURS = "BH"
    SHAPED = "SH"
    GAS_DAY = "GD"
    OTHER = "OT"


SIDE_CODE: Final = {Side.BUY: "B", Side.SELL: "S"}
"""Field 11. The third code, C, names a contract without a buyer and a seller of its own."""
