"""Decides how a stream of reports becomes one order, though reports repeat and fills come late.

Reports come twice (session replay, drop copy), and a fill may come on another channel, later than
what followed it. The fold applies each execution once. A report that speaks of fills not heard yet
waits, and so does everything the venue's clock puts after it: filled quantities alone cannot tell
order once busts make them fall. A late fill is tried at once and frees the rest in the venue's
order. News of the order's state, busts included, is taken to arrive in the order it was sent, as
one FIX session guarantees. Nothing is lost in silence: what waits stays in `waiting`, what waited
and can never apply is in `dropped`, and every other refusal is returned.
"""

from __future__ import annotations

import attrs

from wattbook_domain.foundation.identifiers import ExecutionId
from wattbook_domain.foundation.verdict import Refused
from wattbook_domain.orders.commands import CancelOrder, ReplaceOrder
from wattbook_domain.orders.order import TRANSIENT_REFUSALS, Execution, Order, ReportRefusal
from wattbook_domain.orders.reports import ExecutionEvent, ExecutionReport

OrderEvent = ExecutionReport | ReplaceOrder | CancelOrder
"""What moves an order: news from the venue, or a request of ours on its way there."""


@attrs.define
class OrderFold:
    """One order, the executions that made it, and the reports that came too early.

    Attributes:
        executions: surviving fills by execution id; a bust removes its fill, a correction
            rewrites it under the original id.
        waiting: reports refused as transient, oldest first by the venue's clock.
        dropped: reports that waited until it showed that they can never apply, and why.
    """

    order: Order
    executions: dict[ExecutionId, Execution] = attrs.field(factory=dict, init=False)
    waiting: list[ExecutionReport] = attrs.field(factory=list, init=False)
    dropped: list[tuple[ExecutionReport, Refused]] = attrs.field(factory=list, init=False)
    _seen: set[ExecutionId] = attrs.field(factory=set, init=False)

    def apply(self, event: OrderEvent) -> Order | Refused:
        """Apply one event; return the order after it, or the first reason why not.

        A report that applies may release earlier ones, so the returned order can be several
        reports further on.
        """
        if isinstance(event, ExecutionReport):
            return self._report(event)
        if isinstance(event, ReplaceOrder):
            return self._keep(self.order.request_replace(event))
        return self._keep(self.order.request_cancel(event))

    def _keep(self, outcome: Order | Refused) -> Order | Refused:
        if isinstance(outcome, Order):
            self.order = outcome
        return outcome

    def _report(self, report: ExecutionReport) -> Order | Refused:
        if report.execution_id in self._seen or report in self.waiting:
            return self._refused(ReportRefusal.DUPLICATE_EXECUTION)
        outcome: Order | Refused
        if any(earlier.occurred_at < report.occurred_at for earlier in self.waiting):
            outcome = self._refused(ReportRefusal.AWAITING_EARLIER)
        else:
            outcome = self._try(report)
        if isinstance(outcome, Order):
            self._release()
            return self.order
        if outcome.is_transient:
            self.waiting.append(report)
            self.waiting.sort(key=lambda waiting: waiting.occurred_at)
        return outcome

    def _release(self) -> None:
        """Retry held reports in the venue's order, up to the first instant that still waits."""
        while self.waiting:
            first = self.waiting[0].occurred_at
            together = [report for report in self.waiting if report.occurred_at == first]
            if not any(self._released(report) for report in together):
                return

    def _released(self, report: ExecutionReport) -> bool:
        outcome = self._try(report)
        if isinstance(outcome, Refused) and outcome.is_transient:
            return False
        self.waiting.remove(report)
        if isinstance(outcome, Refused):
            self.dropped.append((report, outcome))
        return True

    def _refused(self, code: ReportRefusal) -> Refused:
        return Refused(
            code,
            subject=self.order.client_order_id,
            is_transient=code in TRANSIENT_REFUSALS,
        )

    def _try(self, report: ExecutionReport) -> Order | Refused:
        reference = report.reference_execution_id
        original = None if reference is None else self.executions.get(reference)
        outcome = self._keep(self.order.apply(report, original=original))
        if isinstance(outcome, Order):
            self._seen.add(report.execution_id)
            self._remember(report)
        return outcome

    def _remember(self, report: ExecutionReport) -> None:
        key = report.reference_execution_id or report.execution_id
        if report.event is ExecutionEvent.TRADE_CANCELED:
            del self.executions[key]
        elif report.last_lots is not None and report.last_ticks is not None:
            self.executions[key] = Execution(key, report.last_ticks, report.last_lots)
