"""What is held waits for staff, who release, discard or say a word; nothing sits there unheard."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import select

from gateway import outreach
from gateway.db import Session
from gateway.library import Library
from gateway.models import Act, Decision, Kind, OutboundState, Outcome, Role, StaffRole, Urgency
from gateway.people.directory import Refused, person_with_key
from gateway.safety import review
from gateway.safety.actor import CLI, Actor
from gateway.safety.screen import Rules
from gateway.safety.waiting import Waiting, find, how_many, queue, was_settled
from gateway.work import jobs
from tests.world import PROGRAM, Phone, World

NUMBER = "my number is 613-555-0142"
HELD = "Your text is waiting for a quick look by staff."
LIMIT = timedelta(hours=12)


def waiting(world: World, **narrowed: object) -> list[Waiting]:
    with world.gateway.db.reading() as session:
        return queue(session, world.clock.now(), LIMIT, **narrowed)  # type: ignore[arg-type]


def release(world: World, inbound_id: int, note: str | None = None) -> None:
    with world.gateway.db.transaction() as session:
        if note:
            voice = world.gateway.content.voice
            review.release_with_note(session, voice, CLI, inbound_id, note, world.clock.now())
        else:
            review.release(session, CLI, inbound_id, world.clock.now())
    world.settle()


def test_a_mentors_number_waits_and_he_is_told_once_and_not_why(
    world: World, maya: Phone, ben: Phone, pair: int
) -> None:
    ben.texts(NUMBER)
    ben.texts(f"again, {NUMBER}")
    assert maya.received == []
    assert ben.received == [HELD]
    assert [row.outcome for row in world.inbound()] == [Outcome.HELD, Outcome.HELD]
    assert [(alert.reason, alert.urgency) for alert in world.alerts()] == [("held", Urgency.TODAY)]


def test_a_young_persons_number_is_passed_on_and_shown_to_staff(
    world: World, maya: Phone, ben: Phone, pair: int
) -> None:
    maya.texts(NUMBER)
    assert ben.received == [NUMBER] and maya.received == []
    (row,) = waiting(world)
    assert {finding.category for finding in row.findings} == {"contact"}
    assert row.reason is None
    with world.gateway.db.transaction() as session:
        review.looked(session, CLI, row.inbound_id, world.clock.now())
    assert waiting(world) == []
    assert [alert.closed_at is not None for alert in world.alerts()] == [True]


def test_words_of_an_adult_about_the_body_are_held_and_call_staff_at_once(world: World, ben: Phone) -> None:
    ruth = world.staff("ruth", "+16135550190")
    world.on_duty("ruth")
    lea = world.person("lea", Role.YOUTH, language="fr")
    world.match(lea, ben)
    ben.texts("envoie-moi une photo de toi toute nue")
    assert lea.received == []
    assert len(ruth.received) == 1
    assert [alert.reason for alert in world.alerts()][:1] == ["sexual"]


def test_a_number_in_pieces_over_several_texts_is_held_when_it_is_whole(
    world: World, maya: Phone, ben: Phone, pair: int
) -> None:
    """Abuse case 16."""
    for piece in ("613", "then 555", "and 0142"):
        ben.texts(piece)
    assert maya.received == ["613", "then 555"]
    assert ben.received == [HELD]


def test_a_link_that_an_adult_sends_waits_for_staff_who_open_it_nowhere(
    world: World, maya: Phone, ben: Phone, pair: int
) -> None:
    """Abuse case 19."""
    ben.texts("look at http://bit.ly/3xyzAbc")
    assert maya.received == [] and ben.received == [HELD]
    assert [row.reason for row in waiting(world)] == ["contact"]


def test_what_is_released_leaves_before_what_was_written_after_it(
    world: World, maya: Phone, ben: Phone, pair: int
) -> None:
    ben.texts(NUMBER)
    ben.types("second")
    jobs.drain_inbox(world.gateway)
    with world.gateway.db.transaction() as session:
        review.release(session, CLI, world.inbound()[0].id or 0, world.clock.now())
    world.settle()
    assert maya.received == [NUMBER, "second"]


def test_a_note_goes_to_the_writer_alone_and_from_the_program_line(
    world: World, maya: Phone, ben: Phone, pair: int
) -> None:
    ben.texts(NUMBER)
    release(world, 1, "Please leave phone numbers out.")
    assert maya.received == [NUMBER]
    assert ben.received[1:] == ["Passerelle: Please leave phone numbers out."]
    assert ben.received_from[-1] == PROGRAM


@pytest.mark.parametrize("note", ["", " ", "x" * 301])
def test_a_note_that_says_nothing_or_too_much_is_refused_and_nothing_moves(
    world: World, maya: Phone, ben: Phone, pair: int, note: str
) -> None:
    ben.texts(NUMBER)
    voice, now = world.gateway.content.voice, world.clock.now()
    with world.gateway.db.transaction() as session, pytest.raises(Refused, match="1 to 300"):
        review.release_with_note(session, voice, CLI, 1, note, now)
    assert [row.state for row in world.outbound() if row.kind is Kind.RELAY] == [OutboundState.HELD]


def test_a_text_is_decided_once_and_the_decision_is_kept_and_audited(
    world: World, maya: Phone, ben: Phone, pair: int
) -> None:
    ben.texts(NUMBER)
    world.staff("ruth")
    ruth = world.staff_row("ruth")
    by = Actor(f"staff:{ruth.uid}", ruth.id)
    with world.gateway.db.transaction() as session:
        review.discard(session, by, 1, world.clock.now())
    with pytest.raises(Refused, match="text 1 is not held"):
        release(world, 1)
    with world.gateway.db.reading() as session:
        (decision,) = session.exec(select(Decision)).all()
    assert (decision.act, decision.staff_id) == (Act.DISCARDED, ruth.id)
    assert maya.received == [] and waiting(world) == []


def test_a_held_text_past_its_limit_rings_and_rings_again(
    world: World, maya: Phone, ben: Phone, pair: int
) -> None:
    ruth = world.staff("ruth", "+16135550190")
    world.clock.at = world.clock.at.replace(hour=13)  # eight in Toronto
    ben.texts(NUMBER)
    world.watches()
    quiet = len(ruth.received)
    world.clock.at += timedelta(hours=11)
    world.watches()
    assert len(ruth.received) == quiet
    world.clock.at += timedelta(hours=1, minutes=1)
    world.watches()
    first = len(ruth.received)
    assert first > quiet
    world.clock.at += timedelta(hours=13)
    world.watches()
    assert len(ruth.received) > first
    assert "review_overdue" in {alert.reason for alert in world.alerts()}


def test_the_queue_comes_page_by_page_and_only_of_ones_own_matches(
    world: World, maya: Phone, ben: Phone
) -> None:
    mine = world.match(maya, ben)
    lea, paul = world.person("lea"), world.person("paul", Role.MENTOR)
    world.match(lea, paul)
    for mentor in (ben, paul, ben):
        mentor.texts(NUMBER)
    assert [row.inbound_id for row in waiting(world, matches=[mine])] == [1, 3]
    assert [row.inbound_id for row in waiting(world, most=2)] == [1, 2]
    assert [row.inbound_id for row in waiting(world, most=2, after=2)] == [3]
    assert waiting(world, matches=[]) == []


class Broken(Library):
    """A library whose rules cannot be read."""

    def rules(self, session: Session) -> Rules:
        raise ValueError("the rules are broken")


def test_when_the_screen_fails_texts_are_held_and_staff_are_called_once(
    world: World, maya: Phone, ben: Phone, pair: int
) -> None:
    ruth = world.staff("ruth", "+16135550190", StaffRole.ADMIN)
    world.gateway = replace(world.gateway, library=Broken())
    maya.texts("hi")
    ben.texts("hello")
    assert maya.received == [HELD] and ben.received == [HELD]
    assert [row.reason for row in world.inbound()] == ["screen_failed", "screen_failed"]
    assert [(alert.reason, alert.urgency) for alert in world.alerts()] == [("screen_failed", Urgency.NOW)]
    assert len(ruth.received) == 1


def test_verifying_a_number_does_not_free_what_the_words_held(
    world: World, maya: Phone, ben: Phone, pair: int
) -> None:
    world.clock.wait(91 * 24 * 3600)
    ben.texts(NUMBER)
    with world.gateway.db.transaction() as session:
        for key in ("ben", "maya"):
            outreach.number_verified(session, person_with_key(session, key), world.clock.now())
    world.settle()
    assert maya.received == []
    assert [row.reason for row in waiting(world)] == ["contact"]


def test_a_page_reaches_one_text_by_its_uid_and_knows_when_somebody_settled_it(
    world: World, maya: Phone, ben: Phone, pair: int
) -> None:
    ben.texts(NUMBER)
    (row,) = waiting(world)
    now, since = world.clock.now(), world.clock.now() - timedelta(days=2)
    with world.gateway.db.reading() as session:
        assert find(session, row.uid, now, LIMIT) == row
        assert find(session, row.uid, now, LIMIT, matches=[pair + 1]) is None
        assert how_many(session) == 1 and how_many(session, matches=[pair + 1]) == 0
        assert not was_settled(session, row.uid, since, matches=None, reader=None)
    release(world, row.inbound_id)
    with world.gateway.db.reading() as session:
        assert find(session, row.uid, world.clock.now(), LIMIT) is None
        assert was_settled(session, row.uid, since, matches=None, reader=None)
        assert not was_settled(session, row.uid, since, matches=[pair + 1], reader=None)
