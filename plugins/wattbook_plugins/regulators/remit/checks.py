"""Decides the second and third verdict on a file: check digits, and the rules of the trade.

The schema accepts any 20 characters as an LEI and any energy as a total; these checks do not.
Totals are warnings with a tolerance, because ACER's own published examples do not all add up;
units, signs, references and the order of actions are errors.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import Final

from wattbook_contracts.errors import DataFault
from wattbook_domain.foundation.verdict import Refused
from wattbook_domain.orders.vocabulary import Side
from wattbook_domain.regulation.codes import (
    CodeFault,
    acer_fault,
    bic_fault,
    eic_fault,
    gln_fault,
    lei_fault,
    mic_fault,
)
from wattbook_domain.regulation.findings import Finding, Layer, Severity
from wattbook_domain.regulation.lifecycle import RecordKey, RecordLifecycle, RecordState
from wattbook_domain.regulation.quantity import total_hours
from wattbook_domain.regulation.words import SIDE_CODE, ActionType
from wattbook_plugins.regulators.remit.elements import CodedText, format_number
from wattbook_plugins.regulators.remit.interpret import contract_deliveries
from wattbook_plugins.regulators.remit.records import (
    ContractRecord,
    OrderRecord,
    Table1,
    TradeRecord,
)

RELATIVE_TOLERANCE: Final = Fraction(1, 1000)
ABSOLUTE_TOLERANCE: Final = Fraction(1, 100)
"""Totals may differ by a thousandth or by a hundredth of a unit, whichever is more."""

CODE_FAULTS: Final[Mapping[str, Callable[[str], CodeFault | None]]] = MappingProxyType(
    {
        "ace": acer_fault,
        "lei": lei_fault,
        "bic": bic_fault,
        "eic": eic_fault,
        "gln": gln_fault,
        "mic": mic_fault,
    }
)
MW_PER_UNIT: Final[Mapping[str, Fraction]] = MappingProxyType(
    {
        "KW": Fraction(1, 1000),
        "KWh/h": Fraction(1, 1000),
        "MW": Fraction(1),
        "MWh/h": Fraction(1),
        "GW": Fraction(1000),
        "GWh/h": Fraction(1000),
    }
)
MWH_PER_UNIT: Final[Mapping[str, Fraction]] = MappingProxyType(
    {"KWh": Fraction(1, 1000), "MWh": Fraction(1), "GWh": Fraction(1000)}
)
_ELECTRICITY: Final = "EL"
_LIMIT: Final = "LIM"
_SIDES: Final = {code: side for side, code in SIDE_CODE.items()}
_NEEDS_EXPIRY: Final = frozenset({"GTD", "GTT"})
_BILATERAL_NAMES: Final = frozenset({"BILCONTRACT", "EXECUTION"})


def code_findings(table: Table1) -> Iterator[Finding]:
    """Yield a finding for each code whose form or check character does not hold."""
    yield from _code(table.reporting_entity, "document", "reportingEntityID")
    for contract in table.contracts:
        where = f"contract {contract.contract_id}"
        yield from _code(contract.market_place, where, "organisedMarketPlaceIdentifier")
        for point in contract.delivery_points:
            yield from _code(CodedText("eic", point), where, "deliveryPointOrZone")
    for record in table.reports:
        where = _where(record)
        yield from _code(record.participant, where, "idOfMarketParticipant")
        yield from _code(record.market_place, where, "organisedMarketPlaceIdentifier")
        if record.beneficiary is not None:
            yield from _code(record.beneficiary, where, "beneficiaryIdentification")
        if isinstance(record, TradeRecord) and record.counterparty is not None:
            yield from _code(record.counterparty, where, "otherMarketParticipant")


def rule_findings(table: Table1, *, zones: Mapping[str, str]) -> Iterator[Finding]:
    """Yield what the rules of the trade have against a file.

    `zones` gives the IANA key of each delivery area by EIC; a contract of an unknown area gets a
    note that its totals were not checked, never silence.
    """
    contracts = {contract.contract_id: contract for contract in table.described}
    hours: dict[str, Fraction] = {}
    for contract in contracts.values():
        yield from _contract_rules(contract)
        try:
            hours[contract.contract_id] = total_hours(contract_deliveries(contract, zones))
        except (DataFault, ValueError) as unknown:
            yield _finding(
                "REMIT-HOURS",
                Severity.NOTE,
                f"contract {contract.contract_id}",
                "deliveryProfile",
                "",
                f"totals were not checked: {unknown}",
            )
    for order in table.orders:
        yield from _report_rules(order, contracts, hours)
        yield from _order_rules(order)
    for trade in table.trades:
        yield from _report_rules(trade, contracts, hours)
        yield from _trade_rules(trade)
    yield from _lifecycle(table)


def _contract_rules(contract: ContractRecord) -> Iterator[Finding]:
    where = f"contract {contract.contract_id}"
    if contract.delivery_end < contract.delivery_start:
        yield _error(
            "REMIT-DATES", where, "deliveryEndDate", contract.delivery_end,
            f"must not lie before the start, {contract.delivery_start}",
        )  # fmt: skip
    is_bilateral = contract.market_place.scheme == "bil"
    if is_bilateral != (contract.name in _BILATERAL_NAMES):
        yield _error(
            "REMIT-BILATERAL", where, "contractName", contract.name,
            "BILCONTRACT and EXECUTION go with the market place XBIL, and only with it",
        )  # fmt: skip


def _report_rules(
    record: OrderRecord | TradeRecord,
    contracts: Mapping[str, ContractRecord],
    hours: Mapping[str, Fraction],
) -> Iterator[Finding]:
    where = _where(record)
    contract = contracts.get(record.contract.identifier)
    if contract is None:
        yield _error(
            "REMIT-REFERENCE", where, "contractId", record.contract.identifier,
            "describe the contract in the contract list",
        )  # fmt: skip
        return
    if record.quantity is None:
        return
    quantity, unit = record.quantity.value, record.quantity.unit
    if quantity < 0:
        yield _error(
            "REMIT-SIGN", where, "quantity", quantity,
            "a quantity has no sign; the side says the direction",
        )  # fmt: skip
    if contract.commodities == (_ELECTRICITY,) and unit not in MW_PER_UNIT:
        yield _error(
            "REMIT-UNIT", where, "quantity/unit", unit,
            f"electricity is reported in one of {', '.join(MW_PER_UNIT)}",
        )  # fmt: skip
    yield from _totals(record, quantity, hours.get(contract.contract_id))


def _totals(
    record: OrderRecord | TradeRecord, quantity: Decimal, hours: Fraction | None
) -> Iterator[Finding]:
    where, stated = _where(record), record.total_quantity
    if stated is None or record.quantity is None:
        return
    if stated.value <= 0 and quantity > 0:
        yield _error(
            "REMIT-TNCQ-SIGN", where, "totalNotionalContractQuantity", stated.value,
            "must be positive where the quantity is",
        )  # fmt: skip
    unit, total_unit = record.quantity.unit, stated.unit
    if hours is not None and unit in MW_PER_UNIT and total_unit in MWH_PER_UNIT:
        expected = Fraction(quantity) * MW_PER_UNIT[unit] * hours / MWH_PER_UNIT[total_unit]
        if not _is_near(Fraction(stated.value), expected):
            yield _finding(
                "REMIT-TNCQ", Severity.WARNING, where, "totalNotionalContractQuantity",
                format_number(stated.value),
                f"capacity over {float(hours):g} real hours is {float(expected):.5f} {total_unit}",
            )  # fmt: skip
    if record.price is not None and record.notional is not None:
        expected = Fraction(record.price.price) * Fraction(stated.value)
        if not _is_near(Fraction(record.notional.amount), expected):
            yield _finding(
                "REMIT-NOTIONAL", Severity.WARNING, where, "notionalAmount",
                format_number(record.notional.amount),
                f"price times total quantity is {float(expected):.5f}",
            )  # fmt: skip


def _order_rules(order: OrderRecord) -> Iterator[Finding]:
    where = _where(order)
    units = {q.unit for q in (order.quantity, order.minimum, order.undisclosed) if q is not None}
    if len(units) > 1:
        yield _error(
            "REMIT-UNITS-EQUAL", where, "unit", ", ".join(sorted(units)),
            "quantity, minimum and undisclosed volume have one unit",
        )  # fmt: skip
    is_ending = order.action == ActionType.CANCEL
    if order.order_type == _LIMIT and order.price is None and not order.intervals and not is_ending:
        yield _error(
            "REMIT-LIMIT-PRICE", where, "priceDetails", None, "a limit order states its price"
        )
    if order.duration.duration in _NEEDS_EXPIRY and order.duration.expires_at is None:
        yield _error(
            "REMIT-EXPIRY", where, "expirationDateTime", None,
            f"an order of duration {order.duration.duration} states when it expires",
        )  # fmt: skip


def _trade_rules(trade: TradeRecord) -> Iterator[Finding]:
    if trade.action == ActionType.CANCEL and trade.terminated_at is None:
        yield _finding(
            "REMIT-TERMINATION", Severity.WARNING, _where(trade), "terminationDate", "",
            "a trade that ends early states when it ended",
        )  # fmt: skip


def _lifecycle(table: Table1) -> Iterator[Finding]:
    """Walk each record's actions in file order, as if each were accepted.

    What was filed before is not known here, so a first action other than new finds a live record;
    the history of receipts is the ledger of `wattbook_domain.regulation.lifecycle`.
    """
    lifecycles: dict[RecordKey, RecordLifecycle] = {}
    for record in table.reports:
        key = _key(record)
        action = ActionType(record.action)
        start = RecordState.UNREPORTED if action is ActionType.NEW else RecordState.LIVE
        lifecycle = lifecycles.get(key) or RecordLifecycle(key=key, state=start)
        outcome = lifecycle.submit(action)
        if isinstance(outcome, Refused):
            yield _error(
                "REMIT-LIFECYCLE", _where(record), "actionType", record.action,
                f"{outcome.explain()}; see the table of actions",
            )  # fmt: skip
        else:
            lifecycles[key] = outcome.receive(is_accepted=True)


def _key(record: OrderRecord | TradeRecord) -> RecordKey:
    # An order identifier is unique per contract (TRUM, field 13), a transaction's everywhere.
    is_order = isinstance(record, OrderRecord)
    scope = f"O:{record.contract.identifier}:" if is_order else "T:"
    return RecordKey(
        participant=f"{record.participant.scheme}:{record.participant.text}",
        identifier=scope + record.identifier,
        side=_SIDES.get(record.side, Side.BUY),
    )


def _code(coded: CodedText, where: str, field: str) -> Iterator[Finding]:
    fault_of = CODE_FAULTS.get(coded.scheme)
    fault = fault_of(coded.text) if fault_of else None
    if fault is not None:
        yield Finding(
            rule_id=f"REMIT-CODE-{coded.scheme.upper()}",
            layer=Layer.FORMAT,
            severity=Severity.ERROR,
            where=where,
            field=field,
            value=coded.text,
            remedy=fault.explain(),
        )


def _where(record: OrderRecord | TradeRecord) -> str:
    name = "OrderReport" if isinstance(record, OrderRecord) else "TradeReport"
    return f"{name} {record.sequence}"


def _is_near(found: Fraction, expected: Fraction) -> bool:
    allowed = max(ABSOLUTE_TOLERANCE, RELATIVE_TOLERANCE * abs(expected))
    return abs(found - expected) <= allowed


def _error(rule_id: str, where: str, field: str, value: object, remedy: str) -> Finding:
    text = format_number(value) if isinstance(value, Decimal) else str(value or "")
    return _finding(rule_id, Severity.ERROR, where, field, text, remedy)


def _finding(
    rule_id: str, severity: Severity, where: str, field: str, value: str, remedy: str
) -> Finding:
    return Finding(
        rule_id=rule_id,
        layer=Layer.RULE,
        severity=severity,
        where=where,
        field=field,
        value=value,
        remedy=remedy,
    )
