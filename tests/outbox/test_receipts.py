"""Delivery receipts, over the signed webhook: they raise the status only, whenever and however often they come."""

from datetime import timedelta

import pytest

from gateway import outreach
from gateway.models import OutboundMessage, OutboundState
from gateway.work import jobs
from tests.outbox.acts import accepted_without_an_answer, claim_next, look, rows, states
from tests.outbox.wire import PUBLIC_URL, TwilioWorld
from tests.twilio_server import Fault, Message
from tests.world import Phone

Pair = tuple[Phone, Phone]


def sent(wired: TwilioWorld, pair: Pair) -> Message:
    """One text of Maya's, as Twilio has it."""
    pair[0].texts("hi Ben")
    return wired.taken(pair[1].number)[-1]


def row(wired: TwilioWorld, pair: Pair) -> OutboundMessage:
    return rows(wired, pair[1])[0]


@pytest.mark.parametrize(
    ("reports", "expected"),
    [
        pytest.param(["sent"], OutboundState.SENT, id="sent"),
        pytest.param(["sent", "delivered"], OutboundState.DELIVERED, id="sent, then delivered"),
        pytest.param(["delivered", "sent"], OutboundState.DELIVERED, id="delivered, then sent"),
        pytest.param(["delivered"] * 3, OutboundState.DELIVERED, id="delivered three times"),
        pytest.param(
            ["delivered", "undelivered"], OutboundState.DELIVERED, id="delivered is never taken back"
        ),
        pytest.param(["undelivered", "sent"], OutboundState.UNDELIVERED, id="undelivered, then sent"),
        pytest.param(["undelivered", "delivered"], OutboundState.DELIVERED, id="it arrived after all"),
        pytest.param(["queued", "sending"], OutboundState.SENT, id="steps on the way say no more than sent"),
    ],
)
def test_receipts_only_raise_the_status(
    wired: TwilioWorld, wired_pair: Pair, reports: list[str], expected: OutboundState
) -> None:
    text = sent(wired, wired_pair)
    for status in reports:
        code = 30007 if status == "undelivered" else None
        assert wired.twilio.call_back(text, status, code) == 200
    wired.settle()
    assert row(wired, wired_pair).state is expected
    assert len(wired.taken(wired_pair[1].number)) == 1


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (Fault.CALLBACK_FIRST, OutboundState.SENT),
        (Fault.CALLBACK_TWICE, OutboundState.DELIVERED),
        (Fault.CALLBACK_DISORDER, OutboundState.DELIVERED),
    ],
)
def test_a_receipt_may_beat_the_answer_come_twice_or_out_of_order(
    wired: TwilioWorld, wired_pair: Pair, fault: Fault, expected: OutboundState
) -> None:
    wired.twilio.fail_next(fault)
    text = sent(wired, wired_pair)
    assert wired.twilio.idle.wait(10)
    wired.settle()
    assert (row(wired, wired_pair).state, row(wired, wired_pair).provider_message_id) == (expected, text.sid)
    assert wired_pair[1].received == ["hi Ben"]


@pytest.mark.parametrize("status", ["queued", "sent", "delivered"])
def test_a_receipt_settles_an_uncertain_text_before_anybody_looks(
    wired: TwilioWorld, wired_pair: Pair, status: str
) -> None:
    maya, ben = wired_pair
    text = accepted_without_an_answer(wired, maya, ben)
    wired.twilio.call_back(text, status)
    assert states(wired, ben) == [OutboundState.DELIVERED if status == "delivered" else OutboundState.SENT]
    wired.advance(minutes=1)
    assert ben.received == ["hi Ben"]


def test_a_receipt_for_an_id_that_nobody_knows_is_kept_until_its_row_appears(
    wired: TwilioWorld, wired_pair: Pair
) -> None:
    maya, ben = wired_pair
    text = accepted_without_an_answer(wired, maya, ben)
    text.callback = f"{PUBLIC_URL}/webhooks/twilio/status"
    wired.twilio.call_back(text, "delivered")
    assert states(wired, ben) == [OutboundState.UNCERTAIN]
    look(wired, 2)
    assert states(wired, ben) == [OutboundState.DELIVERED]


def test_a_receipt_that_proves_a_text_accepted_ends_its_wait_to_be_sent_again(
    wired: TwilioWorld, wired_pair: Pair
) -> None:
    maya, ben = wired_pair
    text = accepted_without_an_answer(wired, maya, ben)
    text.body = "not in the list yet"
    look(wired, 2)
    look(wired, 3)
    assert states(wired, ben) == [OutboundState.QUEUED]
    wired.twilio.call_back(text, "sent")
    wired.advance(minutes=1)
    assert states(wired, ben) == [OutboundState.SENT]
    assert len(wired.taken(ben.number)) == 1


class TestASecondTry:
    """The first was accepted, and did not arrive."""

    def try_again(self, wired: TwilioWorld, pair: Pair) -> Message:
        text = sent(wired, pair)
        wired.twilio.call_back(text, "sent")
        wired.twilio.call_back(text, "undelivered", 30008)
        assert row(wired, pair).state is OutboundState.QUEUED
        return text

    @pytest.mark.parametrize("status", ["sent", "undelivered"])
    def test_what_is_told_late_of_the_first_is_not_taken_for_it(
        self, wired: TwilioWorld, wired_pair: Pair, status: str
    ) -> None:
        first = self.try_again(wired, wired_pair)
        wired.clock.wait(31 * 60)
        claimed = claim_next(wired.gateway, row(wired, wired_pair).line_id)
        wired.twilio.call_back(first, status, 30008 if status == "undelivered" else None)
        answer = wired.gateway.provider.send(claimed.text)
        with wired.gateway.db.transaction() as session:
            outreach.was_sent(session, wired.gateway, claimed.outbound_id, answer, wired.clock.now())
        assert row(wired, wired_pair).provider_message_id == answer.provider_message_id
        wired.twilio.call_back(wired.taken(wired_pair[1].number)[1], "delivered")
        assert row(wired, wired_pair).state is OutboundState.DELIVERED

    def test_it_is_not_made_when_the_first_arrived_after_all(
        self, wired: TwilioWorld, wired_pair: Pair
    ) -> None:
        first = self.try_again(wired, wired_pair)
        wired.twilio.call_back(first, "delivered")
        wired.advance(hours=1)
        assert row(wired, wired_pair).state is OutboundState.DELIVERED
        assert len(wired.taken(wired_pair[1].number)) == 1

    def test_the_first_is_never_adopted_for_it(self, wired: TwilioWorld, wired_pair: Pair) -> None:
        first = self.try_again(wired, wired_pair)
        first.created_at = wired.clock.now() + timedelta(minutes=31)  # as if it had been tried again at once
        wired.clock.wait(31 * 60)
        wired.twilio.fail_next(Fault.REJECT_THEN_HANG)
        wired.settle()
        second = wired.taken(wired_pair[1].number)[1]
        assert row(wired, wired_pair).provider_message_id == second.sid != first.sid

    def test_it_is_polled_as_a_text_of_its_own(self, wired: TwilioWorld, wired_pair: Pair) -> None:
        self.try_again(wired, wired_pair)
        wired.clock.wait(31 * 60)
        wired.settle()
        assert jobs.poll_receipts(wired.gateway) == 0
        wired.clock.wait(15 * 60)
        assert jobs.poll_receipts(wired.gateway) == 1


class TestPolls:
    def test_a_text_that_nothing_is_heard_of_is_asked_after_three_times(
        self, wired: TwilioWorld, wired_pair: Pair
    ) -> None:
        sent(wired, wired_pair)
        asked = []
        for minutes in (14, 2, 23 * 60, 60, 47 * 60, 60, 200 * 60):
            wired.clock.wait(minutes * 60)
            asked.append(jobs.poll_receipts(wired.gateway))
        assert asked == [0, 1, 0, 1, 0, 1, 0]

    def test_a_receipt_that_was_lost_is_made_good(self, wired: TwilioWorld, wired_pair: Pair) -> None:
        sent(wired, wired_pair).status = "delivered"
        wired.advance(minutes=16)
        assert row(wired, wired_pair).state is OutboundState.DELIVERED

    def test_bad_news_found_by_a_poll_has_its_consequences(
        self, wired: TwilioWorld, wired_pair: Pair
    ) -> None:
        text = sent(wired, wired_pair)
        text.status, text.error_code = "undelivered", 30007
        wired.advance(minutes=16)
        assert row(wired, wired_pair).state is OutboundState.UNDELIVERED
        assert len(wired_pair[0].received) == 1
