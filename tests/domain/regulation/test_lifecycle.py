"""The table of actions, and records that move by receipts only."""

from __future__ import annotations

import attrs
import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from wattbook_domain.foundation.verdict import Refused
from wattbook_domain.orders.vocabulary import Side
from wattbook_domain.regulation.lifecycle import (
    GUIDANCE_2016,
    GUIDANCE_2024,
    TRANSITIONS,
    LifecycleRefusal,
    RecordKey,
    RecordLifecycle,
    RecordState,
)
from wattbook_domain.regulation.submission import (
    ReportDocument,
    Submission,
    SubmissionEvent,
    SubmissionRefusal,
    SubmissionStatus,
)
from wattbook_domain.regulation.words import ActionType

KEY = RecordKey(participant="A0000DEMO.DE", identifier="T1", side=Side.BUY)

# TRUM Annex VII, one row a state; letters are states after acceptance, words are refusals.
EXPECTED = """
             N               M               C               E
UNREPORTED   LIVE            NEVER_REPORTED  NEVER_REPORTED  NEVER_REPORTED
LIVE         ALREADY_LIVE    LIVE            ENDED           VOID
ENDED        ALREADY_ENDED   ALREADY_ENDED   ALREADY_ENDED   VOID
VOID         LIVE            ALREADY_VOID    ALREADY_VOID    ALREADY_VOID
"""


def test_every_cell_of_the_table() -> None:
    header, *rows = (line.split() for line in EXPECTED.strip().splitlines())
    expected = {
        (RecordState[row[0]], ActionType(action)): name
        for row in rows
        for action, name in zip(header, row[1:], strict=True)
    }
    assert {cell: outcome.name for cell, outcome in TRANSITIONS.items()} == expected
    assert len(TRANSITIONS) == len(RecordState) * len(ActionType)


def accepted(record: RecordLifecycle, *actions: ActionType) -> RecordLifecycle:
    for action in actions:
        sent = record.submit(action)
        assert isinstance(sent, RecordLifecycle)
        record = sent.receive(is_accepted=True)
    return record


def refusal(outcome: RecordLifecycle | Refused) -> Refused:
    assert isinstance(outcome, Refused)
    return outcome


def test_a_trade_is_reported_changed_ended_and_voided() -> None:
    record = accepted(
        RecordLifecycle(key=KEY),
        ActionType.NEW,
        ActionType.MODIFY,
        ActionType.CANCEL,
        ActionType.ERROR,
    )
    assert record.state is RecordState.VOID


def test_nothing_follows_a_report_that_waits_for_its_receipt() -> None:
    sent = RecordLifecycle(key=KEY).submit(ActionType.NEW)
    assert isinstance(sent, RecordLifecycle)
    found = refusal(sent.submit(ActionType.MODIFY))
    assert found.code is LifecycleRefusal.AWAITING_RECEIPT
    assert found.is_transient
    assert "A0000DEMO.DE/T1/B" in found.explain()


def test_a_rejected_report_has_changed_nothing() -> None:
    sent = RecordLifecycle(key=KEY).submit(ActionType.NEW)
    assert isinstance(sent, RecordLifecycle)
    assert sent.receive(is_accepted=False) == RecordLifecycle(key=KEY)


def test_the_guidances_differ_in_the_reuse_of_a_voided_identifier_only() -> None:
    for cell, outcome in TRANSITIONS.items():
        assert GUIDANCE_2024.outcome(*cell) is outcome
        if cell == (RecordState.VOID, ActionType.NEW):
            assert GUIDANCE_2016.outcome(*cell) is LifecycleRefusal.IDENTIFIER_SPENT
        else:
            assert GUIDANCE_2016.outcome(*cell) is outcome
    voided = accepted(RecordLifecycle(key=KEY), ActionType.NEW, ActionType.ERROR)
    assert refusal(voided.submit(ActionType.NEW, pack=GUIDANCE_2016)).is_transient is False


def test_receipts_without_report_are_misuse() -> None:
    with pytest.raises(ValueError, match="no report"):
        RecordLifecycle(key=KEY).receive(is_accepted=True)
    impossible = RecordLifecycle(key=KEY, awaiting=ActionType.CANCEL)
    with pytest.raises(ValueError, match="cannot have sent"):
        impossible.receive(is_accepted=True)


class LifecycleMachine(RuleBasedStateMachine):
    """A participant that reports at random, and a model that only remembers what was accepted."""

    def __init__(self) -> None:
        super().__init__()
        self.record = RecordLifecycle(key=KEY)
        self.accepted: list[ActionType] = []

    @rule(action=st.sampled_from(ActionType))
    def submit(self, action: ActionType) -> None:
        outcome = self.record.submit(action)
        if isinstance(outcome, Refused):
            assert self.record.awaiting is not None or isinstance(
                TRANSITIONS[self.record.state, action], LifecycleRefusal
            )
        else:
            self.record = outcome

    @precondition(lambda self: self.record.awaiting is not None)
    @rule(is_accepted=st.booleans())
    def receive(self, is_accepted: bool) -> None:
        action = self.record.awaiting
        self.record = self.record.receive(is_accepted=is_accepted)
        if is_accepted and action is not None:
            self.accepted.append(action)

    @invariant()
    def the_last_accepted_action_explains_the_state(self) -> None:
        expected = {
            ActionType.NEW: RecordState.LIVE,
            ActionType.MODIFY: RecordState.LIVE,
            ActionType.CANCEL: RecordState.ENDED,
            ActionType.ERROR: RecordState.VOID,
        }
        last = expected[self.accepted[-1]] if self.accepted else RecordState.UNREPORTED
        assert self.record.state is last

    @invariant()
    def new_reports_and_voidings_alternate(self) -> None:
        edges = [a for a in self.accepted if a in (ActionType.NEW, ActionType.ERROR)]
        assert edges == [ActionType.NEW, ActionType.ERROR] * (len(edges) // 2) + [
            ActionType.NEW
        ] * (len(edges) % 2)


TestLifecycle = LifecycleMachine.TestCase


def apply(submission: Submission, *events: SubmissionEvent) -> Submission:
    for event in events:
        moved = submission.apply(event)
        assert isinstance(moved, Submission)
        submission = moved
    return submission


def document() -> ReportDocument:
    return ReportDocument(
        name="a.xml", content=b"<a/>", contract_count=0, order_count=0, trade_count=0
    )


def test_a_document_is_accepted_by_receipt_only() -> None:
    written = Submission(name="a.xml", sha256=document().sha256)
    assert written.status is SubmissionStatus.WRITTEN
    for event in (
        SubmissionEvent.RECEIPT_ACCEPTED,
        SubmissionEvent.RECEIPT_REJECTED,
        SubmissionEvent.MECHANISM_ACKNOWLEDGED,
    ):
        early = written.apply(event)
        assert isinstance(early, Refused)
        assert early.code is SubmissionRefusal.NOT_HANDED_OVER
    accepted_one = apply(
        written,
        SubmissionEvent.HANDED_OVER,
        SubmissionEvent.MECHANISM_ACKNOWLEDGED,
        SubmissionEvent.RECEIPT_PARTLY_ACCEPTED,
    )
    assert accepted_one.status is SubmissionStatus.PARTLY_ACCEPTED


def test_a_repeated_receipt_changes_nothing_and_another_is_refused() -> None:
    handed = apply(Submission(name="a", sha256="0"), SubmissionEvent.HANDED_OVER)
    done = apply(handed, SubmissionEvent.RECEIPT_ACCEPTED)
    assert done.apply(SubmissionEvent.RECEIPT_ACCEPTED) is done
    contradiction = done.apply(SubmissionEvent.RECEIPT_REJECTED)
    assert isinstance(contradiction, Refused)
    assert contradiction.code is SubmissionRefusal.ALREADY_FINAL
    twice = handed.apply(SubmissionEvent.HANDED_OVER)
    assert isinstance(twice, Refused)
    assert twice.code is SubmissionRefusal.ALREADY_HANDED_OVER


def test_keys_differ_by_side() -> None:
    assert attrs.evolve(KEY, side=Side.SELL) != KEY
