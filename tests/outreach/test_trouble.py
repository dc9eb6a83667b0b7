"""What follows from each kind of trouble: for the text, for the match, for whoever wrote it."""

from datetime import timedelta

import pytest

from gateway import outreach
from gateway.matching import matches
from gateway.models import Kind, MatchState, OutboundState, Role
from gateway.people.directory import person_with_key
from gateway.people.opt_out import is_opted_out
from gateway.providers.simulator import SendFault
from tests.outbox.acts import line_of, queue, rows, send_due, start_line, states
from tests.world import NOON, Phone, World


def says(world: World, key: str, language: str = "en", **values: str) -> str:
    return world.gateway.content.voice.say(key, language, **values)


def refuse(world: World, phone: Phone, code: str | None) -> None:
    world.network.weather.refuse(phone.number, code)


class TestTheNetworkSaysThatThePhoneOptedOut:
    """21610"""

    def test_it_stops_everything_and_tells_the_partner_neutrally_once(
        self, world: World, pair: int, maya: Phone, ben: Phone
    ) -> None:
        queue(world, ben, "an activity", not_before=NOON + timedelta(hours=3))
        refuse(world, ben, "21610")
        maya.texts("hi")
        refuse(world, ben, None)
        with world.gateway.db.reading() as session:
            assert is_opted_out(session, person_with_key(session, "ben").phone_index)
        assert maya.received == [says(world, "partner_left")]
        world.advance(hours=4)
        maya.texts("are you there?")
        assert ben.received == []
        assert maya.received == [says(world, "partner_left"), says(world, "partner_away")]
        assert states(world, ben, Kind.RELAY, Kind.PROMPT) == [OutboundState.CANCELLED, OutboundState.FAILED]


class TestThePhoneIsOutOfReach:
    """30003"""

    def test_the_sender_is_told_once_kindly_and_until_which_day(
        self, world: World, pair: int, maya: Phone, ben: Phone
    ) -> None:
        refuse(world, ben, "30003")
        maya.texts("hi")
        world.advance(hours=6)
        assert maya.received == [says(world, "not_reached_yet", day="Thursday")]

    def test_the_sender_reads_it_in_french(self, world: World, maya: Phone) -> None:
        luc = world.person("luc", phone="+18195550155", language="fr")
        ben = world.person("ben", Role.MENTOR, "+14165550112")
        world.match(luc, ben)
        refuse(world, ben, "30003")
        luc.texts("salut")
        assert luc.received == [says(world, "not_reached_yet", "fr", day="jeudi")]

    def test_it_is_tried_gently_for_two_days_and_then_given_up_once(
        self, world: World, pair: int, maya: Phone, ben: Phone
    ) -> None:
        refuse(world, ben, "30003")
        maya.texts("hi")
        world.advance(hours=24)
        assert 4 <= rows(world, ben)[0].attempts <= 8
        assert states(world, ben) == [OutboundState.QUEUED]
        world.advance(hours=26)
        assert states(world, ben) == [OutboundState.UNDELIVERED]
        world.advance(hours=24)
        assert rows(world, ben)[0].attempts <= 12
        assert [body for body in maya.received if body == says(world, "not_reached")] == [
            says(world, "not_reached")
        ]

    def test_when_the_phone_is_back_in_time_the_text_arrives_and_nobody_is_alarmed(
        self, world: World, pair: int, maya: Phone, ben: Phone
    ) -> None:
        refuse(world, ben, "30003")
        maya.texts("hi")
        world.advance(hours=1)
        refuse(world, ben, None)
        world.advance(hours=9)
        assert len(ben.received) == 1 and ben.received[0].endswith("hi")
        assert maya.received == [says(world, "not_reached_yet", day="Thursday")]


class TestTheNumberIsOutOfService:
    """30005"""

    def test_the_match_rests_until_staff_have_verified_the_number(
        self, world: World, pair: int, maya: Phone, ben: Phone
    ) -> None:
        refuse(world, ben, "30005")
        maya.texts("hi")
        assert _match(world, pair) == (MatchState.PAUSED, "number_doubted")
        assert rows(world, ben)[0].attempts == 1
        refuse(world, ben, None)
        maya.texts("are you there?")
        assert ben.received == []
        with world.gateway.db.transaction() as session:
            outreach.number_verified(session, person_with_key(session, "ben"), world.clock.now())
        assert _match(world, pair) == (MatchState.ACTIVE, None)
        maya.texts("hello again")
        assert ben.received[-1] == "hello again"

    def test_what_was_waiting_leaves_when_the_number_is_verified(
        self, world: World, pair: int, maya: Phone, ben: Phone
    ) -> None:
        maya.types("first")
        send_due(world)
        world.network.weather.fail_next_send(SendFault.BUSY, wait_seconds=60)
        maya.types("second")
        send_due(world)
        refuse(world, ben, "30005")
        world.network.tick(world.clock.now())
        refuse(world, ben, None)
        world.advance(minutes=30)
        assert (ben.received, states(world, ben)[1]) == ([], OutboundState.QUEUED)
        with world.gateway.db.transaction() as session:
            outreach.number_verified(session, person_with_key(session, "ben"), world.clock.now())
        world.settle()
        assert ben.received == ["second"]

    def test_with_two_numbers_in_doubt_one_verified_number_is_not_enough(
        self, world: World, pair: int, maya: Phone, ben: Phone
    ) -> None:
        for phone in (maya, ben):
            refuse(world, phone, "30005")
        maya.types("hi")
        ben.texts("hi")
        with world.gateway.db.transaction() as session:
            outreach.number_verified(session, person_with_key(session, "ben"), world.clock.now())
        assert _match(world, pair) == (MatchState.PAUSED, "number_doubted")


class TestATextThatIsNotRepeated:
    @pytest.mark.parametrize(
        ("code", "reason"),
        [
            pytest.param("30007", "filtered", id="the network took it for spam"),
            pytest.param("30036", "expired", id="it waited too long at the provider"),
            pytest.param("30004", "blocked", id="the phone is barred"),
            pytest.param("30006", "bad_number", id="a landline"),
            pytest.param("21614", "bad_number", id="not a number that takes texts"),
        ],
    )
    def test_it_fails_at_once_and_its_writer_hears_so_once(
        self, world: World, pair: int, maya: Phone, ben: Phone, code: str, reason: str
    ) -> None:
        refuse(world, ben, code)
        maya.texts("hi")
        world.advance(hours=3)
        assert [(row.attempts, row.reason, row.error_code) for row in rows(world, ben)] == [(1, reason, code)]
        assert maya.received == [says(world, "not_reached")]

    def test_a_reminder_that_expired_is_counted_and_nobody_is_told(self, world: World, ben: Phone) -> None:
        refuse(world, ben, "30036")
        queue(world, ben, "Tuesday 7 pm at the hall", Kind.REMINDER)
        world.settle()
        assert states(world, ben, Kind.REMINDER) == [OutboundState.UNDELIVERED]
        assert len(world.outbound()) == 1


class TestNoReasonGiven:
    """30008"""

    def test_it_is_tried_once_more_after_half_an_hour(
        self, world: World, pair: int, maya: Phone, ben: Phone
    ) -> None:
        refuse(world, ben, "30008")
        maya.texts("hi")
        world.advance(minutes=28)
        assert rows(world, ben)[0].attempts == 1
        assert maya.received == []
        world.advance(minutes=4)
        assert [(row.attempts, row.state) for row in rows(world, ben)] == [(2, OutboundState.UNDELIVERED)]
        world.advance(hours=2)
        assert rows(world, ben)[0].attempts == 2
        assert maya.received == [says(world, "not_reached")]


class TestTheProviderIsBusy:
    """429"""

    def test_it_waits_as_long_as_it_was_asked_to(
        self, world: World, pair: int, maya: Phone, ben: Phone
    ) -> None:
        world.network.weather.fail_next_send(SendFault.BUSY, wait_seconds=600)
        maya.texts("hi")
        assert world.clock.now() < NOON + timedelta(seconds=30)
        assert (
            NOON + timedelta(seconds=600) <= rows(world, ben)[0].not_before <= NOON + timedelta(seconds=630)
        )
        world.advance(minutes=11)
        assert ben.received == ["hi"]

    def test_without_a_request_it_waits_about_two_seconds_and_never_the_same(
        self, world: World, pair: int, maya: Phone, ben: Phone
    ) -> None:
        waits = []
        for number in range(6):
            world.network.weather.fail_next_send(SendFault.BUSY)
            maya.types(str(number))
            before = world.clock.now()
            send_due(world)
            waits.append((rows(world, ben)[-1].not_before - before).total_seconds())
            world.settle()
        assert all(1.4 <= wait <= 4 for wait in waits)
        assert len(set(waits)) > 1
        assert ben.received == [str(number) for number in range(6)]

    def test_a_line_with_ten_hours_queued_is_left_alone_for_longer_each_time(
        self, world: World, pair: int, maya: Phone, ben: Phone
    ) -> None:
        refuse(world, ben, "21611")
        maya.texts("hi")
        world.advance(hours=12)
        assert rows(world, ben)[0].attempts <= 6


class TestTheAccountMustBeMended:
    @pytest.mark.parametrize(
        "code",
        [
            pytest.param("21606", id="refused at the send"),
            pytest.param("30034", id="reported by a receipt"),
            pytest.param("20003", id="wrong credentials"),
        ],
    )
    def test_the_line_stops_with_an_alarm_and_its_texts_wait_for_an_operator(
        self, world: World, pair: int, maya: Phone, ben: Phone, code: str
    ) -> None:
        refuse(world, ben, code)
        maya.texts("one")
        maya.texts("two")
        stopped = line_of(world, ben.mask)
        assert (stopped.stopped_at is not None, stopped.stopped_why) == (True, f"provider code {code}")
        attempts = world.count_attempts()
        world.advance(hours=1)
        assert world.count_attempts() == attempts
        assert states(world, ben) == [OutboundState.QUEUED] * 2
        assert maya.received == []
        refuse(world, ben, None)
        start_line(world, ben.mask)
        world.settle()
        assert ben.received == ["one", "two"]


def _match(world: World, match_id: int) -> tuple[MatchState, str | None]:
    with world.gateway.db.reading() as session:
        match = matches.get(session, match_id)
        return match.state, match.pause_why
