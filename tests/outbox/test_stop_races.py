"""STOP wins, wherever a text is when it comes."""

import re
from datetime import timedelta

import pytest
from sqlmodel import select

from gateway import outreach
from gateway.app import connect_phones
from gateway.matching import matches, phone_change, presence
from gateway.models import Kind, OutboundMessage, OutboundState
from gateway.people import numbers
from gateway.people.directory import person_with_key
from gateway.people.opt_out import is_opted_out
from gateway.providers.simulator import SendFault
from gateway.sms.numbers import as_written
from gateway.work import jobs
from tests.outbox.acts import claim_next, look, queue, rows, send_due, states
from tests.world import NOON, PROGRAM, Phone, World

FAULTS = {"retrying": SendFault.BUSY, "uncertain": SendFault.REJECT_THEN_LOSE}


def bring_to(world: World, stage: str, maya: Phone, ben: Phone) -> None:
    """One text of Maya's (or the program's) to Ben, as far as this stage."""
    if stage in FAULTS:
        world.network.weather.fail_next_send(FAULTS[stage], wait_seconds=60)
    if stage == "held":
        with world.gateway.db.transaction() as session:
            numbers.doubt(session, person_with_key(session, "maya"), world.clock.now())
    if stage == "scheduled":
        queue(world, ben, "secret", not_before=NOON + timedelta(minutes=30))
        return
    maya.types("secret")
    jobs.drain_inbox(world.gateway)
    if stage == "claimed":
        claim_next(world.gateway, rows(world, ben)[0].line_id)
    elif stage in FAULTS:
        send_due(world)


EXPECTED = {
    "queued": OutboundState.QUEUED,
    "held": OutboundState.HELD,
    "scheduled": OutboundState.QUEUED,
    "claimed": OutboundState.SENDING,
    "retrying": OutboundState.QUEUED,
    "uncertain": OutboundState.UNCERTAIN,
}


@pytest.mark.parametrize("stage", EXPECTED)
def test_stop_wins_over_a_text_that_is(world: World, pair: int, maya: Phone, ben: Phone, stage: str) -> None:
    bring_to(world, stage, maya, ben)
    assert states(world, ben, Kind.RELAY, Kind.PROMPT) == [EXPECTED[stage]]
    ben.types("STOP")
    jobs.drain_inbox(world.gateway)
    if stage == "claimed":
        row = rows(world, ben)[0]
        with world.gateway.db.transaction() as session:
            assert not outreach.is_still_wanted(session, row.id or 0, world.gateway.token)
            outreach.call_back(session, row.id or 0, world.gateway.token, world.clock.now())
    world.advance(hours=1)
    done = [world.gateway.content.voice.say("stop_done", "en")]
    assert ben.received == done
    assert [(row.state, row.reason) for row in rows(world, ben, Kind.RELAY, Kind.PROMPT)] == [
        (OutboundState.CANCELLED, "opted_out")
    ]
    ben.texts("START")
    world.advance(hours=1)
    assert ben.received == [*done, world.gateway.content.voice.say("start_done", "en")]


def test_what_was_in_doubt_at_the_stop_stays_stopped_when_start_comes_before_the_look(
    world: World, pair: int, maya: Phone, ben: Phone
) -> None:
    bring_to(world, "uncertain", maya, ben)
    world.clock.wait(1)
    ben.types("STOP")
    ben.types("START")
    jobs.drain_inbox(world.gateway)
    look(world, 2)
    look(world, 3)
    world.settle()
    assert "secret" not in ben.received
    assert [row.reason for row in rows(world, ben)] == ["opted_out"]
    maya.texts("after")
    assert ben.received[-1] == "after"


def test_a_text_that_was_accepted_before_the_stop_is_adopted_and_not_denied(
    world: World, pair: int, maya: Phone, ben: Phone
) -> None:
    world.network.weather.fail_next_send(SendFault.ACCEPT_THEN_LOSE)
    maya.types("on its way")
    send_due(world)
    ben.texts("STOP")
    assert states(world, ben) == [OutboundState.DELIVERED]


def test_start_without_a_stop_cancels_nothing(world: World, pair: int, maya: Phone, ben: Phone) -> None:
    bring_to(world, "retrying", maya, ben)
    world.clock.wait(1)
    ben.texts("START")
    world.advance(minutes=5)
    assert "secret" in ben.received


def test_start_from_somebody_elses_phone_revives_nobody(
    world: World, pair: int, maya: Phone, ben: Phone
) -> None:
    ben.texts("STOP")
    stranger = world.person("sam", phone="+16135550177", community="south")
    stranger.texts("START", to=ben.mask)
    maya.texts("START")
    with world.gateway.db.reading() as session:
        assert is_opted_out(session, person_with_key(session, "ben").phone_index)
    maya.texts("hello?")
    assert len(ben.received) == 1


def test_a_block_at_the_provider_is_learnt_when_the_stop_never_reached_us(
    world: World, pair: int, maya: Phone, ben: Phone
) -> None:
    world.network.weather.carrier_opt_out()
    world.network.connect(lambda *_: 503)
    ben.types("STOP")
    connect_phones(world.gateway, world.network)
    maya.texts("hi")
    with world.gateway.db.reading() as session:
        assert is_opted_out(session, person_with_key(session, "ben").phone_index)
    assert maya.received == [world.gateway.content.voice.say("partner_left", "en")]
    maya.texts("hi again")
    assert ben.received == []


class TestTheNetworkKeepsAStopForEachNumber:
    """Twilio lifts a STOP only by START from that phone to that line; we lift it for the whole program."""

    @pytest.fixture(autouse=True)
    def strict_network(self, world: World) -> None:
        world.network.weather.carrier_opt_out()

    def comes_back_elsewhere(self, ben: Phone) -> None:
        ben.texts("STOP")
        ben.texts("START", to=PROGRAM)

    def says_where(self, world: World, ben: Phone) -> str:
        return world.gateway.content.voice.say("start_there_too", "en", number=as_written(ben.mask))

    def test_a_start_to_another_number_is_no_reason_to_opt_out_again(
        self, world: World, pair: int, maya: Phone, ben: Phone
    ) -> None:
        self.comes_back_elsewhere(ben)
        maya.texts("are you there?")
        with world.gateway.db.reading() as session:
            assert not is_opted_out(session, ben.person.phone_index)
        assert ben.received[-1] == self.says_where(world, ben)
        assert ben.received_from[-1] == PROGRAM
        assert maya.received[-1] == world.gateway.content.voice.say("not_reached", "en")

    def test_it_is_said_once_however_many_texts_are_refused(
        self, world: World, pair: int, maya: Phone, ben: Phone
    ) -> None:
        self.comes_back_elsewhere(ben)
        for words in ("one", "two", "three"):
            maya.texts(words)
        world.advance(hours=30)
        maya.texts("four")
        assert ben.received.count(self.says_where(world, ben)) == 1

    def test_start_to_that_number_opens_it(self, world: World, pair: int, maya: Phone, ben: Phone) -> None:
        self.comes_back_elsewhere(ben)
        maya.texts("are you there?")
        ben.texts("START")
        maya.texts("and now?")
        assert ben.received[-1] == "and now?"

    def test_a_block_on_the_very_line_of_the_start_is_a_new_stop(
        self, world: World, pair: int, maya: Phone, ben: Phone
    ) -> None:
        ben.texts("START")
        world.network.weather.refuse(ben.number, "21610")
        maya.texts("hi")
        with world.gateway.db.reading() as session:
            assert is_opted_out(session, ben.person.phone_index)


def test_a_code_that_staff_ask_for_does_not_go_to_a_phone_that_said_stop(world: World, ben: Phone) -> None:
    with world.gateway.db.transaction() as session:
        presence.leave(session, world.gateway.content, ben.person.phone_index, "staff", world.clock.now())
    queue(world, ben, "your code is 123456", Kind.KEYWORD)
    world.settle()
    assert ben.received == []


class TestOtherThingsThatComeBetweenClaimAndWire:
    def claimed(self, world: World, maya: Phone, ben: Phone) -> int:
        maya.types("hi")
        jobs.drain_inbox(world.gateway)
        return claim_next(world.gateway, rows(world, ben)[0].line_id).outbound_id

    def at_the_wire(self, world: World, outbound_id: int) -> bool:
        with world.gateway.db.transaction() as session:
            wanted = outreach.is_still_wanted(session, outbound_id, world.gateway.token)
            if not wanted:
                outreach.call_back(session, outbound_id, world.gateway.token, world.clock.now())
        return wanted

    def test_nothing(self, world: World, pair: int, maya: Phone, ben: Phone) -> None:
        assert self.at_the_wire(world, self.claimed(world, maya, ben))

    def test_the_end_of_the_match(self, world: World, pair: int, maya: Phone, ben: Phone) -> None:
        outbound_id = self.claimed(world, maya, ben)
        world.close(pair)
        assert not self.at_the_wire(world, outbound_id)
        assert [(row.state, row.reason) for row in rows(world, ben)] == [
            (OutboundState.CANCELLED, "match_closed")
        ]

    def test_a_pause_of_the_match(self, world: World, pair: int, maya: Phone, ben: Phone) -> None:
        outbound_id = self.claimed(world, maya, ben)
        with world.gateway.db.transaction() as session:
            matches.pause(session, matches.get(session, pair), "staff")
        assert not self.at_the_wire(world, outbound_id)
        assert states(world, ben) == [OutboundState.QUEUED]
        with world.gateway.db.transaction() as session:
            matches.resume(session, matches.get(session, pair))
        world.advance(minutes=10)
        assert ben.received == ["hi"]

    def test_another_process_that_took_it_for_dead(
        self, world: World, pair: int, maya: Phone, ben: Phone
    ) -> None:
        outbound_id = self.claimed(world, maya, ben)
        world.clock.wait(90)
        jobs.beat(world.gateway)
        assert not self.at_the_wire(world, outbound_id)
        world.settle()
        assert ben.received == ["hi"]


@pytest.mark.parametrize("stage", ["queued", "claimed", "retrying", "uncertain"])
def test_what_has_not_left_follows_its_reader_to_another_phone(
    world: World, pair: int, maya: Phone, ben: Phone, stage: str
) -> None:
    bring_to(world, stage, maya, ben)
    new = Phone(world, "ben", "+14165550188")
    with world.gateway.db.transaction() as session:
        now, person = world.clock.now(), person_with_key(session, "ben")
        phone_change.ask(session, world.gateway.content, person, new.number, now)
        asked = session.exec(select(OutboundMessage).where(OutboundMessage.wording == "number_code")).one()
        code = re.findall(r"\d{6}", session.open(asked, "body_sealed"))[0]
        phone_change.confirm(session, person, new.number, code, now)
    if stage == "claimed":
        row = rows(world, ben)[0]
        with world.gateway.db.transaction() as session:
            assert not outreach.is_still_wanted(session, row.id or 0, world.gateway.token)
            outreach.call_back(session, row.id or 0, world.gateway.token, world.clock.now())
    world.advance(hours=1)
    assert ben.received == []
    assert [text for text in new.received if code not in text] == ["secret"]
