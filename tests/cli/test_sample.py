"""The sample has begun to talk: on the first day its coordinator finds something to decide, and something to read."""

from datetime import timedelta
from pathlib import Path

from sqlmodel import select

from gateway.cli import sample
from gateway.models import InboundMessage, Match
from gateway.safety import waiting
from gateway.work import jobs
from tests.web.conftest import close_world, open_world, settings_for


def test_one_text_waits_for_a_decision_and_one_was_flagged(tmp_path: Path) -> None:
    world = open_world(settings_for(tmp_path))
    try:
        sample.load(world.gateway)
        jobs.drain_inbox(world.gateway)
        now = world.clock.now()
        with world.gateway.db.reading() as session:
            found = waiting.queue(session, now, timedelta(hours=12))
            said = session.exec(select(InboundMessage.match_id)).all()
            keepers = session.exec(select(Match.coordinator_id)).all()
        assert [(one.is_held, one.findings[0].category) for one in found] == [
            (True, "meeting"),
            (False, "contact"),
        ]
        assert len(said) == len(sample.TALK) and None not in said and None not in keepers
        assert sample.way_in(world.gateway)
    finally:
        close_world(world)
