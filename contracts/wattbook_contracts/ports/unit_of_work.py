"""One change of the repositories as a whole: kept on `commit`, forgotten otherwise."""

from __future__ import annotations

from types import TracebackType
from typing import Protocol, Self

from wattbook_contracts.ports.repositories import (
    FillRepository,
    InstrumentRepository,
    OrderRepository,
    PartyRepository,
    PositionRepository,
    ReportRepository,
)


class UnitOfWork(Protocol):
    """The repositories inside one transaction.

    Enter, save, commit. Leaving without `commit`, or by an exception, keeps nothing. A unit is
    short: it belongs to one follower's step and never spans a turn of the engine.
    """

    @property
    def orders(self) -> OrderRepository:
        """Orders."""
        ...

    @property
    def fills(self) -> FillRepository:
        """Trades of ours."""
        ...

    @property
    def positions(self) -> PositionRepository:
        """Holdings."""
        ...

    @property
    def instruments(self) -> InstrumentRepository:
        """What is traded."""
        ...

    @property
    def parties(self) -> PartyRepository:
        """With whom."""
        ...

    @property
    def reports(self) -> ReportRepository:
        """What was written for regulators."""
        ...

    def commit(self) -> None:
        """Keep everything saved so far, durably.

        Raises:
            StorageFault: if the store refused; nothing of this unit was kept.
        """
        ...

    def __enter__(self) -> Self:
        """Begin."""
        ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End; what was not committed is forgotten."""
        ...
