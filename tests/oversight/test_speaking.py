"""Staff write to one member from the program line; a match rests and goes on."""

from datetime import timedelta

import pytest
from sqlmodel import select

from gateway.db import Session
from gateway.models import Match, OutboundMessage, Participant
from gateway.oversight import speaking
from gateway.oversight.acting import CLI
from gateway.people.directory import Refused, person_with_key
from tests.world import Phone, World


def say(world: World, match_id: int, key: str, words: str) -> speaking.Sent:
    with world.gateway.db.transaction() as session:
        match, person = _both(session, match_id, key)
        voice = world.gateway.content.voice
        return speaking.text_member(session, voice, CLI, match, person, words, world.clock.now())


def _both(session: Session, match_id: int, key: str) -> tuple[Match, Participant]:
    return session.get_one(Match, match_id), person_with_key(session, key)


def test_one_side_reads_it_in_the_programs_name_and_the_other_does_not(
    world: World, pair: int, maya: Phone, ben: Phone
) -> None:
    sent = say(world, pair, "maya", "  Can I call you\n at four? ")
    world.settle()
    (heard,) = maya.received
    assert heard.endswith(": Can I call you at four?")
    assert ben.received == []
    assert (sent.segments, len(sent.lines)) == (1, 1)


def test_what_staff_write_at_night_waits_for_the_morning(
    world: World, pair: int, maya: Phone, ben: Phone
) -> None:
    world.clock.at += timedelta(hours=15)  # three in the morning
    say(world, pair, "maya", "Good luck today.")
    world.settle()
    assert maya.received == []
    world.advance(hours=8)
    assert len(maya.received) == 1


def test_a_phone_that_said_stop_is_not_texted_by_staff_either(
    world: World, pair: int, maya: Phone, ben: Phone
) -> None:
    maya.texts("STOP")
    with pytest.raises(speaking.Stopped):
        say(world, pair, "maya", "Hello?")


def test_only_members_are_written_to_and_only_briefly(
    world: World, pair: int, maya: Phone, ben: Phone
) -> None:
    world.person("ada")
    for key, words in (("ada", "Hello"), ("maya", " "), ("maya", "x" * 301)):
        with pytest.raises(Refused):
            say(world, pair, key, words)
    with world.gateway.db.reading() as session:
        assert session.exec(select(OutboundMessage)).all() == []


def test_a_match_rests_and_goes_on(world: World, pair: int, maya: Phone, ben: Phone) -> None:
    with world.gateway.db.transaction() as session:
        speaking.pause(session, CLI, session.get_one(Match, pair), "away", world.clock.now())
    with world.gateway.db.transaction() as session:
        match = session.get_one(Match, pair)
        assert match.state.value == "paused"
        speaking.resume(session, CLI, match, world.clock.now())
        assert match.state.value == "active"
        with pytest.raises(Refused):
            speaking.resume(session, CLI, match, world.clock.now())
