"""What these tests ask of a world: who needs a human, after the numbers were kept."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from sqlalchemy import select
from sqlmodel import col

from gateway.insight import attention
from gateway.insight.attention import Evidence
from gateway.models import Match, Reason
from gateway.work import jobs
from tests.world import World

EVERY_MATCH = select(col(Match.id))


@dataclass(frozen=True)
class Look:
    """One look at Today: evidence by match and reason, in the order in which it is shown."""

    shown: dict[int, dict[Reason, Evidence]]
    total: int

    def reasons(self, match_id: int) -> list[Reason]:
        return list(self.shown.get(match_id, {}))


def look(world: World, *, keep: bool = True) -> Look:
    if keep:
        jobs.keep_insight(world.gateway)
    with world.gateway.db.reading() as session:
        page = attention.today(session, EVERY_MATCH, world.gateway.watch, world.clock.now())
    return Look(
        {one.match.id or 0: {seen.reason: seen for seen in one.evidence} for one in page.matches}, page.total
    )


@pytest.fixture
def today(world: World) -> Callable[[], Look]:
    """Who needs a human now, after a refresh."""
    return lambda: look(world)
