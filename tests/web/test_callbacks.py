"""Delivery receipts and calls, through the same front door as texts."""

import pytest
from sqlmodel import func, select
from structlog.typing import EventDict

from gateway.models import Alert, Call, InboundMessage, OutboundMessage, OutboundState, Receipt
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


def a_call(**changes: str) -> dict[str, str]:
    form = {
        "CallSid": "CA" + "3" * 32,
        "AccountSid": SIMULATED_ACCOUNT,
        "From": PHONES["maya"],
        "To": MASKS[0],
    }
    return form | changes


def test_a_call_is_kept_once_for_staff_who_learn_of_it_from_a_phone_that_is_known(world: World) -> None:
    post(world, a_call(), VOICE)
    post(world, a_call(), VOICE)
    with world.gateway.db.reading() as session:
        (call,) = session.exec(select(Call)).all()
        assert session.open(call, "from_sealed") == PHONES["maya"]
        assert call.participant_id is not None and call.to_number == MASKS[0]
        assert [alert.reason for alert in session.exec(select(Alert))] == ["called"]


def test_a_withheld_number_is_a_call_of_nobody_we_know(world: World) -> None:
    assert "9 8 8" in post(world, a_call(From="anonymous"), VOICE).text
    with world.gateway.db.reading() as session:
        assert [call.participant_id for call in session.exec(select(Call))] == [None]
        assert session.exec(select(Alert)).all() == []


def test_a_caller_hears_the_numbers_that_help_even_when_the_call_cannot_be_kept(world: World) -> None:
    with world.gateway.db.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE calls")
    for form in (a_call(), a_call(CallSid="no id")):
        assert "9 1 1" in post(world, form, VOICE).text
