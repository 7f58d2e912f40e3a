"""The kill latch: who is stopped, who may release, and what an unreadable latch means."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.domain.risk.desk import NOON, OWNER, VENUE

from wattbook_domain.foundation.canonical import from_plain, to_plain
from wattbook_domain.foundation.identifiers import InstrumentId, VenueId
from wattbook_domain.foundation.verdict import Refused
from wattbook_domain.risk.kill import (
    RELEASED_LATCH,
    UNKNOWN_LATCH,
    KillDenial,
    KillLatch,
    KillScope,
    KillScopeKind,
    KillState,
)

VENUE_SCOPE = KillScope(KillScopeKind.VENUE, VENUE)
EVERYTHING = KillScope(KillScopeKind.ALL)
HOUR = InstrumentId("DE-H13")
SCOPES = st.sampled_from([EVERYTHING, VENUE_SCOPE, KillScope(KillScopeKind.TRADER, "ANNA")])
PEOPLE = st.sampled_from(["anna", "ben", "cem"])


def engaged(scope: KillScope = VENUE_SCOPE, by: str = "anna") -> KillLatch:
    return RELEASED_LATCH.engage(scope, by=by, at=NOON, reason="runaway algorithm")


def state(latch: KillLatch, venue_id: VenueId = VENUE) -> KillState:
    return latch.state_for(OWNER, venue_id=venue_id, instrument_id=HOUR)


def test_a_kill_stops_its_scope_and_nothing_else() -> None:
    assert state(RELEASED_LATCH) is KillState.RELEASED
    assert state(engaged()) is KillState.ENGAGED
    assert state(engaged(), VenueId("NORDPOOL")) is KillState.RELEASED
    assert state(engaged(EVERYTHING), VenueId("NORDPOOL")) is KillState.ENGAGED


def test_another_person_releases() -> None:
    released = engaged().release(VENUE_SCOPE, by="ben", reason="fixed and tested")
    assert isinstance(released, KillLatch)
    assert state(released) is KillState.RELEASED


@pytest.mark.parametrize(
    ("latch", "scope", "by", "code"),
    [
        (engaged(), VENUE_SCOPE, "anna", KillDenial.SAME_PERSON),
        (
            engaged().engage(VENUE_SCOPE, by="ben", at=NOON, reason="me too"),
            VENUE_SCOPE,
            "ben",
            KillDenial.SAME_PERSON,
        ),
        (engaged(), EVERYTHING, "ben", KillDenial.NOT_ENGAGED),
        (UNKNOWN_LATCH, VENUE_SCOPE, "ben", KillDenial.STATE_UNKNOWN),
    ],
)
def test_a_release_is_refused(
    latch: KillLatch, scope: KillScope, by: str, code: KillDenial
) -> None:
    refused = latch.release(scope, by=by, reason="let me trade")
    assert isinstance(refused, Refused)
    assert refused.code is code


def test_an_unreadable_latch_stops_everything_it_does_not_stop_by_name() -> None:
    assert state(UNKNOWN_LATCH) is KillState.UNKNOWN
    latch = UNKNOWN_LATCH.engage(VENUE_SCOPE, by="anna", at=NOON, reason="to be sure")
    assert state(latch) is KillState.ENGAGED
    assert state(latch, VenueId("NORDPOOL")) is KillState.UNKNOWN


@pytest.mark.parametrize("reason", ["", "  "])
def test_nobody_moves_the_latch_without_a_reason(reason: str) -> None:
    with pytest.raises(ValueError, match="with a reason"):
        RELEASED_LATCH.engage(EVERYTHING, by="anna", at=NOON, reason=reason)
    with pytest.raises(ValueError, match="with a reason"):
        engaged().release(VENUE_SCOPE, by="ben", reason=reason)


def test_a_scope_names_its_target_unless_it_is_all() -> None:
    with pytest.raises(ValueError, match="names its target"):
        KillScope(KillScopeKind.VENUE)
    with pytest.raises(ValueError, match="names its target"):
        KillScope(KillScopeKind.ALL, "EPEX")
    assert (str(VENUE_SCOPE), str(EVERYTHING)) == ("VENUE:EPEX", "ALL")


@given(st.lists(st.tuples(st.booleans(), SCOPES, PEOPLE), max_size=20))
def test_nobody_ever_releases_what_they_engaged(moves: list[tuple[bool, KillScope, str]]) -> None:
    latch = RELEASED_LATCH
    for is_engage, scope, by in moves:
        if is_engage:
            latch = latch.engage(scope, by=by, at=NOON, reason="test")
            continue
        before = {(record.scope, record.engaged_by) for record in latch.records}
        outcome = latch.release(scope, by=by, reason="test")
        if isinstance(outcome, KillLatch):
            assert (scope, by) not in before
            assert all(record.scope != scope for record in outcome.records)
            latch = outcome


def test_the_latch_survives_a_restart() -> None:
    latch = engaged().engage(EVERYTHING, by="ben", at=NOON, reason="drill")
    assert from_plain(KillLatch, to_plain(latch)) == latch
