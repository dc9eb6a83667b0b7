"""Delivery receipts and calls, through the same front door as texts."""

import pytest
from sqlmodel import func, select
from structlog.typing import EventDict

from gateway.models import InboundMessage, OutboundMessage, OutboundState, Receipt
from gateway.providers.simulator import SIMULATED_ACCOUNT
from tests.web.conftest import MASKS, PHONES, World, post

STATUS = "/webhooks/twilio/status"
VOICE = "/webhooks/twilio/voice"
EMPTY_ANSWER = b'<?xml version="1.0" encoding="UTF-8"?><Response/>'


def a_receipt(**changes: str) -> dict[str, str]:
    sid = "SM" + "2" * 32
    return {"MessageSid": sid, "MessageStatus": "delivered", "AccountSid": SIMULATED_ACCOUNT} | changes


def test_a_receipt_is_kept_even_for_a_text_that_nobody_knows(world: World) -> None:
    assert post(world, a_receipt(), f"{STATUS}?ref={'a' * 32}").data == EMPTY_ANSWER
    with world.gateway.db.reading() as session:
        assert session.exec(select(Receipt.reference)).one() == "a" * 32


@pytest.mark.parametrize("reference", ["", "x" * 32, "a" * 33, "%00", "A" * 32, "../../etc"])
def test_a_reference_that_is_not_ours_is_ignored(world: World, reference: str) -> None:
    assert post(world, a_receipt(), f"{STATUS}?ref={reference}").status_code == 200
    with world.gateway.db.reading() as session:
        assert session.exec(select(Receipt.reference)).one() is None


def test_a_receipt_with_an_unknown_status_makes_no_sense(world: World) -> None:
    assert post(world, a_receipt(MessageStatus="vanished"), STATUS).status_code == 400


def test_a_receipt_raises_the_text_that_it_is_about(world: World) -> None:
    world.says("maya", "hello")
    with world.gateway.db.reading() as session:
        assert session.exec(select(OutboundMessage.state)).one() is OutboundState.DELIVERED


# Calls


def test_a_caller_hears_a_notice_in_french_and_english_and_is_put_through_to_nobody(
    world: World, log: list[EventDict]
) -> None:
    call = {
        "CallSid": "CA" + "3" * 32,
        "AccountSid": SIMULATED_ACCOUNT,
        "From": PHONES["maya"],
        "To": MASKS[0],
    }
    answer = post(world, call, VOICE)
    assert answer.mimetype == "text/xml"
    assert answer.text.startswith('<?xml version="1.0" encoding="UTF-8"?><Response><Say language="fr-CA">')
    assert '<Say language="en-CA">' in answer.text
    assert answer.text.endswith("<Hangup/></Response>")
    assert "<Dial" not in answer.text
    assert PHONES["maya"] not in answer.text + repr(log)
    with world.gateway.db.reading() as session:
        assert session.exec(select(func.count()).select_from(InboundMessage)).one() == 0
