"""What every provider does alike: run for the simulated network, and for Twilio's adapter over a real socket."""

from dataclasses import replace
from datetime import timedelta

import pytest

from gateway.providers.protocol import OutgoingText, Retry, SignedRequest, Status, Trouble, Verdict
from tests.providers.rigs import BEN, LINE, MAYA, Rig, error_of
from tests.twilio_server import ACCOUNT_SID

TEXT = OutgoingText(MAYA, LINE, "Ben says: ça va? 🙂", "ref-1")
HOUR = timedelta(hours=1)


def test_a_text_that_is_sent_arrives_once(rig: Rig) -> None:
    sent = rig.provider.send(TEXT)
    assert sent.provider_message_id.startswith("SM")
    assert sent.status is Status.QUEUED
    assert rig.got(MAYA) == [TEXT.body]
    assert rig.got(BEN) == []


def test_texts_arrive_in_the_order_in_which_they_were_sent(rig: Rig) -> None:
    bodies = [f"number {n}" for n in range(8)]
    for body in bodies:
        rig.provider.send(replace(TEXT, body=body))
    assert rig.got(MAYA) == bodies


def test_the_same_text_twice_is_two_texts(rig: Rig) -> None:
    first, second = rig.provider.send(TEXT), rig.provider.send(TEXT)
    assert first.provider_message_id != second.provider_message_id
    assert len(rig.got(MAYA)) == 2


def test_the_status_of_a_sent_text(rig: Rig) -> None:
    sent = rig.provider.send(TEXT)
    found = rig.provider.status_of(sent.provider_message_id)
    assert (found.provider_message_id, found.status) == (sent.provider_message_id, Status.QUEUED)
    assert (found.to_number, found.from_number, found.body) == (MAYA, LINE, TEXT.body)
    assert found.created_at == rig.watch()


def test_an_unknown_id(rig: Rig) -> None:
    error = error_of(lambda: rig.provider.status_of("SM" + "0" * 32))
    assert (error.trouble, error.retry, error.code) == (Trouble.FAILED, Retry.NEVER, "20404")


LOST = {
    "accepted, answer lost": True,
    "accepted, then 500": True,
    "not accepted, answer lost": False,
}


@pytest.mark.parametrize(("fault", "is_accepted"), LOST.items(), ids=LOST.keys())
def test_a_lost_answer_is_looked_up(rig: Rig, fault: str, is_accepted: bool) -> None:
    rig.fail(fault)
    error = error_of(lambda: rig.provider.send(TEXT))
    assert (error.trouble, error.retry) == (Trouble.LOST_ANSWER, Retry.LOOK_UP)
    found = rig.provider.find_sent(TEXT, rig.watch())
    assert len(found) == is_accepted
    assert len(rig.got(MAYA)) == is_accepted
    rig.provider.send(TEXT)
    assert len(rig.got(MAYA)) == is_accepted + 1, "the fault is over"


def test_too_many_at_once_is_surely_not_accepted(rig: Rig) -> None:
    rig.fail("busy")
    error = error_of(lambda: rig.provider.send(TEXT))
    assert (error.trouble, error.retry, error.code, error.wait_seconds) == (
        Trouble.BUSY,
        Retry.SOON,
        "20429",
        7.0,
    )
    assert rig.got(MAYA) == []
    assert rig.provider.find_sent(TEXT, rig.watch() - HOUR) == []


def test_only_the_same_numbers_body_and_time_are_found(rig: Rig) -> None:
    old = rig.provider.send(TEXT)
    rig.watch.now += HOUR
    new = rig.provider.send(TEXT)
    for other in (
        replace(TEXT, body="else"),
        replace(TEXT, to_number=BEN),
        replace(TEXT, from_number="+15555550198"),
    ):
        rig.provider.send(other)
    rig.text_in(MAYA, TEXT.body)
    since_now = [sent.provider_message_id for sent in rig.provider.find_sent(TEXT, rig.watch())]
    since_then = [sent.provider_message_id for sent in rig.provider.find_sent(TEXT, rig.watch() - HOUR)]
    assert since_now == [new.provider_message_id]
    assert since_then == [old.provider_message_id, new.provider_message_id]


def test_what_came_in_while_we_were_down_is_recovered_in_order(rig: Rig) -> None:
    rig.text_in(MAYA, "too old")
    rig.watch.now += 2 * HOUR
    since = rig.watch()
    ids = []
    for number, body in ((MAYA, "one"), (BEN, "two"), (MAYA, "one"), (MAYA, "")):
        rig.watch.now += timedelta(seconds=1)
        ids.append(rig.text_in(number, body))
    rig.provider.send(TEXT)
    received = list(rig.provider.received_since(since))
    assert [text.provider_message_id for text in received] == ids
    assert [(text.from_number, text.body) for text in received] == [
        (MAYA, "one"),
        (BEN, "two"),
        (MAYA, "one"),
        (MAYA, ""),
    ]
    assert {text.to_number for text in received} == {LINE}
    assert received[-1].sent_at == rig.watch()


def test_texts_of_one_second_keep_their_order(rig: Rig) -> None:
    since = rig.watch()
    ids = [rig.text_in(MAYA, f"part {n}") for n in range(5)]
    assert [text.provider_message_id for text in rig.provider.received_since(since)] == ids


def test_nothing_came_in(rig: Rig) -> None:
    assert list(rig.provider.received_since(rig.watch() - HOUR)) == []


def test_what_is_forgotten_is_in_no_list_and_stays_on_the_phone(rig: Rig) -> None:
    sent, came = rig.provider.send(TEXT), rig.text_in(MAYA, "from her")
    rig.finish()
    rig.provider.forget(sent.provider_message_id)
    rig.provider.forget(came)
    assert error_of(lambda: rig.provider.status_of(sent.provider_message_id)).code == "20404"
    assert error_of(lambda: rig.provider.status_of(came)).code == "20404"
    assert rig.provider.find_sent(TEXT, rig.watch() - HOUR) == []
    assert list(rig.provider.received_since(rig.watch() - HOUR)) == []
    assert rig.got(MAYA) == [TEXT.body]


def test_only_the_text_that_is_named_is_forgotten(rig: Rig) -> None:
    first, second = rig.provider.send(TEXT), rig.provider.send(TEXT)
    rig.finish()
    rig.provider.forget(first.provider_message_id)
    found = rig.provider.find_sent(TEXT, rig.watch() - HOUR)
    assert [sent.provider_message_id for sent in found] == [second.provider_message_id]


def test_forgetting_twice_or_what_was_never_there_is_done_already(rig: Rig) -> None:
    sent = rig.provider.send(TEXT)
    rig.finish()
    for provider_message_id in (sent.provider_message_id, sent.provider_message_id, "SM" + "0" * 32):
        rig.provider.forget(provider_message_id)


def test_a_text_that_is_not_over_is_kept_and_forgotten_later(rig: Rig) -> None:
    sent = rig.provider.send(TEXT)
    error = error_of(lambda: rig.provider.forget(sent.provider_message_id))
    assert (error.trouble, error.retry, error.code) == (Trouble.UNFINISHED, Retry.GENTLY, "20009")
    assert rig.provider.status_of(sent.provider_message_id).body == TEXT.body
    rig.finish()
    rig.provider.forget(sent.provider_message_id)
    assert rig.provider.find_sent(TEXT, rig.watch() - HOUR) == []


FORGETTING = {
    "busy": (Trouble.BUSY, 1),
    "not accepted, answer lost": (Trouble.LOST_ANSWER, 1),
    "accepted, answer lost": (Trouble.LOST_ANSWER, 0),
    "accepted, then 500": (Trouble.LOST_ANSWER, 0),
}


@pytest.mark.parametrize(("fault", "expected"), FORGETTING.items(), ids=FORGETTING.keys())
def test_when_forgetting_goes_wrong_it_may_be_asked_again(
    rig: Rig, fault: str, expected: tuple[Trouble, int]
) -> None:
    trouble, kept = expected
    sent = rig.provider.send(TEXT)
    rig.finish()
    rig.fail(fault)
    assert error_of(lambda: rig.provider.forget(sent.provider_message_id)).trouble is trouble
    assert len(rig.provider.find_sent(TEXT, rig.watch() - HOUR)) == kept
    rig.provider.forget(sent.provider_message_id)
    assert rig.provider.find_sent(TEXT, rig.watch() - HOUR) == []


def test_a_webhook_of_ours_and_one_of_somebody_else(rig: Rig) -> None:
    path, form = "/webhooks/twilio/sms", {"AccountSid": ACCOUNT_SID, "Body": ""}
    lists = {name: [value] for name, value in form.items()}
    assert rig.provider.verify(SignedRequest(path, "", lists, rig.signed(path, form)))
    assert not rig.provider.verify(SignedRequest(path, "", lists | {"Body": ["!"]}, rig.signed(path, form)))
    assert not rig.provider.verify(SignedRequest(path, "", lists))


def test_a_code_is_judged_by_the_same_table(rig: Rig) -> None:
    assert rig.provider.judge("30003") == Verdict(Trouble.UNREACHABLE, Retry.GENTLY)


UNSENDABLE = {
    "no words": (replace(TEXT, body=" "), "21602"),
    "too many words": (replace(TEXT, body="a" * 1601), "21617"),
    "no validity at all": (replace(TEXT, validity_seconds=0), "21624"),
    "more than ten hours of validity": (replace(TEXT, validity_seconds=36_001), "21624"),
    "half a character": (replace(TEXT, body="a\ud83d"), "not Unicode"),
}


@pytest.mark.parametrize(("text", "code"), UNSENDABLE.values(), ids=UNSENDABLE.keys())
def test_what_is_sure_to_be_refused_never_leaves(rig: Rig, text: OutgoingText, code: str) -> None:
    error = error_of(lambda: rig.provider.send(text))
    assert (error.trouble, error.retry, error.code) == (Trouble.BAD_BODY, Retry.NEVER, code)
    assert rig.got(MAYA) == []


@pytest.mark.parametrize("text", [replace(TEXT, body="a" * 1600), replace(TEXT, validity_seconds=36_000)])
def test_the_limits_themselves_are_allowed(rig: Rig, text: OutgoingText) -> None:
    rig.provider.send(text)
    assert rig.got(MAYA) == [text.body]
