"""Twilio's copies, over a real socket: all that it has of a text goes, also of the tries that did not arrive."""

from datetime import timedelta

import pytest

from gateway import outreach
from gateway.models import OutboundState
from gateway.work import copies
from tests.outbox.acts import accepted_without_an_answer, claim_next, look, rows, states
from tests.outbox.wire import TwilioWorld
from tests.twilio_server import Fault
from tests.world import Phone

Pair = tuple[Phone, Phone]
MONTH = timedelta(days=31).total_seconds()


def still_there(wired: TwilioWorld) -> list[str]:
    return [text.body for text in wired.twilio.messages if not text.is_removed]


@pytest.mark.parametrize(
    "is_told", [True, False], ids=["a receipt told", "a poll told, all receipts were lost"]
)
def test_a_text_that_was_handed_over_twice_is_removed_twice(
    wired: TwilioWorld, wired_pair: Pair, is_told: bool
) -> None:
    maya, ben = wired_pair
    maya.texts("hi Ben")
    first = wired.taken(ben.number)[0]
    first.status, first.error_code = "undelivered", 30008
    if is_told:
        wired.twilio.call_back(first, "undelivered", 30008)
    wired.advance(hours=2)
    assert len(wired.taken(ben.number)) == 2
    wired.twilio.finish()
    wired.clock.wait(MONTH)
    assert copies.remove_provider_copies(wired.gateway) == 2
    assert still_there(wired) == []


def test_a_second_copy_whose_answer_came_too_late_to_count_is_removed_too(
    wired: TwilioWorld, wired_pair: Pair
) -> None:
    maya, ben = wired_pair
    first = accepted_without_an_answer(wired, maya, ben)
    words, first.body = first.body, "not in the list yet"
    look(wired, 2)
    look(wired, 3)
    assert states(wired, ben) == [OutboundState.QUEUED]
    claimed = claim_next(wired.gateway, rows(wired, ben)[0].line_id)
    wired.twilio.call_back(first, "sent")
    answer = wired.gateway.provider.send(claimed.text)
    with wired.gateway.db.transaction() as session:
        outreach.was_sent(session, wired.gateway, claimed.outbound_id, answer, wired.clock.now())
    assert rows(wired, ben)[0].provider_message_id == first.sid
    first.body = words
    wired.twilio.finish()
    wired.clock.wait(MONTH)
    copies.remove_provider_copies(wired.gateway)
    assert still_there(wired) == []


def test_one_that_always_fails_holds_up_the_others_for_one_round(
    wired: TwilioWorld, wired_pair: Pair
) -> None:
    for words in ("one", "two"):
        wired_pair[0].texts(words)
    wired.twilio.finish()
    wired.clock.wait(MONTH)
    wired.twilio.fail_next((500, 20500))
    assert copies.remove_provider_copies(wired.gateway) == 0
    assert copies.remove_provider_copies(wired.gateway) == 3
    assert still_there(wired) == ["one"]
    wired.clock.wait(86_400)
    assert copies.remove_provider_copies(wired.gateway) == 1
    assert still_there(wired) == []


def test_a_provider_that_is_away_is_left_alone_until_the_next_round(
    wired: TwilioWorld, wired_pair: Pair
) -> None:
    wired_pair[0].texts("hi Ben")
    wired.twilio.finish()
    wired.clock.wait(MONTH)
    seen = wired.twilio.requests_seen
    wired.twilio.fail_next(Fault.BUSY)
    assert copies.remove_provider_copies(wired.gateway) == 0
    assert wired.twilio.requests_seen == seen + 1
    wired.twilio.stop()
    assert copies.remove_provider_copies(wired.gateway) == 0
    assert [row.provider_copy_retry_at for row in wired.inbound()] == [None]
    assert [row.provider_copy_retry_at for row in wired.outbound()] == [None]
