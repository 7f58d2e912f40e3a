"""Names who did what to which thing, for every fact and every decision of a trading day.

Persons appear by the pseudonyms they trade under; nothing here can name more than the journal.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from wattbook_application import effects, facts
from wattbook_application.program import Effect, Fact
from wattbook_domain.audit.records import AuditSubject

DESK: Final = "desk"
ENGINE: Final = "engine"


def _report(fact: facts.ReportReceived) -> AuditSubject:
    report = fact.report
    action = f"report-{report.event.name.lower().replace('_', '-')}"
    return AuditSubject(
        actor=report.venue_id, action=action, entity=f"order/{report.client_order_id}"
    )


def _depth(fact: facts.DepthReceived) -> AuditSubject:
    depth = fact.depth
    return AuditSubject(
        actor=depth.venue_id, action="show-depth", entity=f"instrument/{depth.instrument_id}"
    )


def _decision(fact: facts.OrdersDecided) -> AuditSubject:
    return AuditSubject(
        actor=f"strategy/{fact.strategy}", action="decide", entity=f"decision/{fact.decision_id}"
    )


def _run(action: str) -> Callable[[Any], AuditSubject]:
    return lambda _: AuditSubject(actor=DESK, action=action, entity="run")


def _kill(action: str) -> Callable[[Any], AuditSubject]:
    return lambda fact: AuditSubject(
        actor=f"person/{fact.by}", action=action, entity=f"scope/{fact.scope}"
    )


_SUBJECTS: Final[dict[type, Callable[[Any], AuditSubject]]] = {
    facts.DayOpened: lambda f: AuditSubject(
        actor=DESK, action="open-day", entity=f"run/{f.setup.run_id}"
    ),
    facts.MarketDataReceived: lambda f: AuditSubject(
        actor="feed", action="receive-data", entity=f"day/{f.outlook_day}"
    ),
    facts.ForecastIssued: lambda _: AuditSubject(
        actor="model", action="issue-forecast", entity="forecast"
    ),
    facts.DispatchPlanned: lambda f: AuditSubject(
        actor="optimiser", action="plan-dispatch", entity=f"asset/{f.plan.asset_id}"
    ),
    facts.GenerationExpected: lambda _: AuditSubject(
        actor="feed", action="expect-generation", entity="asset/WIND"
    ),
    facts.GenerationMetered: lambda _: AuditSubject(
        actor="meter", action="meter-generation", entity="asset/WIND"
    ),
    facts.AuctionCleared: lambda f: AuditSubject(
        actor=f.venue_id, action="clear-auction", entity="auction"
    ),
    facts.ControlsProbed: _run("probe-controls"),
    facts.OrdersDecided: _decision,
    facts.DepthReceived: _depth,
    facts.ReportReceived: _report,
    facts.KillEngaged: _kill("engage-kill"),
    facts.KillReleased: _kill("release-kill"),
    facts.StepFinished: lambda f: AuditSubject(
        actor=ENGINE, action="finish-step", entity=f"step/{f.step.name}"
    ),
    facts.DocumentWritten: lambda f: AuditSubject(
        actor=DESK, action="write-document", entity=f"file/{f.name}"
    ),
    facts.DayClosed: _run("close-day"),
    effects.SendOrder: lambda e: AuditSubject(
        actor="gate", action="approve-order", entity=f"order/{e.approved.value.client_order_id}"
    ),
    effects.SendReplace: lambda e: AuditSubject(
        actor="gate", action="approve-replace", entity=f"order/{e.approved.value.client_order_id}"
    ),
    effects.SendCancel: lambda e: AuditSubject(
        actor=ENGINE, action="cancel-order", entity=f"order/{e.command.original_client_order_id}"
    ),
    effects.TellRefusal: lambda e: AuditSubject(
        actor="gate", action="refuse", entity=f"code/{e.verdict.code.name}"
    ),
}


def subject_of(thing: Fact | Effect) -> AuditSubject:
    """Return the audit subject of a fact or a decision.

    Raises:
        KeyError: for a class without a subject; every fact and every effect has one.
    """
    return _SUBJECTS[type(thing)](thing)
