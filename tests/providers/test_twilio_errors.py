"""Every error reply of Twilio's, one row each: what it is called, and what may be done next."""

import pytest
import requests
import responses
from responses import matchers

from gateway.providers import twilio_errors
from gateway.providers.protocol import OutgoingText, ProviderError, Retry, Trouble
from gateway.providers.twilio import Twilio

ACCOUNT = "AC" + "a" * 32
URL = f"https://api.twilio.com/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
TEXT = OutgoingText("+15555550101", "+15555550199", "a secret word", "ref-1")

NEVER, SOON, GENTLY, ONCE = Retry.NEVER, Retry.SOON, Retry.GENTLY, Retry.ONCE
LOOK_UP, REPAIR = Retry.LOOK_UP, Retry.AFTER_REPAIR

REPLIES = {
    "she texted STOP to this line": (400, 21610, Trouble.OPTED_OUT, NEVER),
    "the number is no number": (400, 21211, Trouble.BAD_NUMBER, NEVER),
    "the number takes no texts": (400, 21614, Trouble.BAD_NUMBER, NEVER),
    "a trial account may not text her": (400, 21608, Trouble.CONFIGURATION, REPAIR),
    "the country is not enabled": (400, 21408, Trouble.CONFIGURATION, REPAIR),
    "the line is not ours": (400, 21606, Trouble.CONFIGURATION, REPAIR),
    "no route between the two": (400, 21612, Trouble.CONFIGURATION, REPAIR),
    "the callback address is not public": (400, 21609, Trouble.CONFIGURATION, REPAIR),
    "the body is too long": (400, 21617, Trouble.BAD_BODY, NEVER),
    "the body is missing": (400, 21602, Trouble.BAD_BODY, NEVER),
    "neither body nor media": (400, 21619, Trouble.BAD_BODY, NEVER),
    "media that cannot be used": (400, 21620, Trouble.BAD_BODY, NEVER),
    "the body is too long or empty, in TwiML": (400, 14103, Trouble.BAD_BODY, NEVER),
    "the validity is out of range": (400, 21624, Trouble.BAD_BODY, NEVER),
    "the validity is out of range, newer": (400, 30045, Trouble.BAD_BODY, NEVER),
    "the validity is out of range, older": (400, 90007, Trouble.BAD_BODY, NEVER),
    "the line has ten hours queued": (400, 21611, Trouble.BUSY, GENTLY),
    "two robots answer each other": (400, 14107, Trouble.LOOP, NEVER),
    "too many at once": (429, 20429, Trouble.BUSY, SOON),
    "too many at once, without a number": (429, None, Trouble.BUSY, SOON),
    "a text is removed before it is over": (409, 20009, Trouble.UNFINISHED, GENTLY),
    "the credentials are wrong": (401, 20003, Trouble.CONFIGURATION, REPAIR),
    "the account is suspended": (403, 20005, Trouble.CONFIGURATION, REPAIR),
    "unauthorised, without a number": (401, None, Trouble.CONFIGURATION, REPAIR),
    "forbidden, without a number": (403, None, Trouble.CONFIGURATION, REPAIR),
    "not found: another web address": (404, None, Trouble.CONFIGURATION, REPAIR),
    "moved: another web address": (307, None, Trouble.CONFIGURATION, REPAIR),
    "refused with a number of tomorrow": (400, 29999, Trouble.BAD_BODY, NEVER),
    "refused without a number": (422, None, Trouble.BAD_BODY, NEVER),
    "a server error": (500, 20500, Trouble.LOST_ANSWER, LOOK_UP),
    "a server error that bears a certain number": (503, 21610, Trouble.LOST_ANSWER, LOOK_UP),
    "a gateway that timed out": (504, None, Trouble.LOST_ANSWER, LOOK_UP),
    "a request that timed out": (408, None, Trouble.LOST_ANSWER, LOOK_UP),
}


def send() -> ProviderError:
    twilio = Twilio(ACCOUNT, "token", public_url="https://gateway.example")
    with pytest.raises(ProviderError) as caught:
        twilio.send(TEXT)
    return caught.value


@pytest.mark.parametrize(("status", "code", "trouble", "retry"), REPLIES.values(), ids=REPLIES.keys())
@responses.activate
def test_a_refusal(status: int, code: int | None, trouble: Trouble, retry: Retry) -> None:
    answer = {"code": code, "message": f"to {TEXT.to_number} failed", "status": status}
    responses.post(URL, status=status, json=answer)
    error = send()
    assert (error.trouble, error.retry, error.code) == (trouble, retry, str(code or status))
    assert len(responses.calls) == 1, "never repeated by the client"
    assert TEXT.to_number not in str(error)
    assert error.__suppress_context__ or error.__context__ is None


NO_ANSWERS = {
    "no connection in time": (requests.exceptions.ConnectTimeout(), Trouble.DOWN, SOON),
    "no proxy": (requests.exceptions.ProxyError(), Trouble.DOWN, SOON),
    "no answer in time": (requests.exceptions.ReadTimeout(), Trouble.LOST_ANSWER, LOOK_UP),
    "a broken connection": (requests.exceptions.ConnectionError(), Trouble.LOST_ANSWER, LOOK_UP),
    "a broken transfer": (requests.exceptions.ChunkedEncodingError(), Trouble.LOST_ANSWER, LOOK_UP),
    "a broken encryption": (requests.exceptions.SSLError("record"), Trouble.LOST_ANSWER, LOOK_UP),
}


@pytest.mark.parametrize(("raised", "trouble", "retry"), NO_ANSWERS.values(), ids=NO_ANSWERS.keys())
@responses.activate
def test_no_answer(raised: Exception, trouble: Trouble, retry: Retry) -> None:
    responses.post(URL, body=raised)
    error = send()
    assert (error.trouble, error.retry) == (trouble, retry)


UNREADABLE = {
    "truncated": '{"sid": "SM0',
    "empty": "",
    "a page of a proxy": "<html>",
    "a list": "[]",
    "without an id": '{"sid": null, "status": "queued"}',
    "of another shape": '{"sid": "SM0", "date_created": 5}',
}


@pytest.mark.parametrize("answer", UNREADABLE.values(), ids=UNREADABLE.keys())
@responses.activate
def test_a_201_that_cannot_be_read_is_a_lost_answer(answer: str) -> None:
    responses.post(URL, status=201, body=answer)
    error = send()
    assert (error.trouble, error.retry) == (Trouble.LOST_ANSWER, LOOK_UP)


WAITS = {"7": 7.0, " 30 ": 30.0, "99999": 3600.0, "-1": None, "soon": None, "": None, "9" * 400: 3600.0}


@pytest.mark.parametrize(("header", "wait"), WAITS.items(), ids=[repr(w[:9]) for w in WAITS])
@responses.activate
def test_retry_after_is_honoured(header: str, wait: float | None) -> None:
    responses.post(URL, status=429, json={"code": 20429}, headers={"Retry-After": header})
    assert send().wait_seconds == wait


RECEIPTS = {
    "the queue is full": ("30001", Trouble.BUSY, SOON),
    "the account was suspended": ("30002", Trouble.CONFIGURATION, REPAIR),
    "out of coverage": ("30003", Trouble.UNREACHABLE, GENTLY),
    "barred": ("30004", Trouble.BLOCKED, NEVER),
    "out of service": ("30005", Trouble.UNKNOWN_NUMBER, NEVER),
    "a landline": ("30006", Trouble.BAD_NUMBER, NEVER),
    "held to be spam": ("30007", Trouble.FILTERED, NEVER),
    "no reason given": ("30008", Trouble.FAILED, ONCE),
    "a toll-free line not verified": ("30032", Trouble.CONFIGURATION, REPAIR),
    "a line not registered for the United States": ("30034", Trouble.CONFIGURATION, REPAIR),
    "waited too long": ("30036", Trouble.EXPIRED, NEVER),
    "opted out while it waited": ("21610", Trouble.OPTED_OUT, NEVER),
    "no number at all": (None, Trouble.FAILED, ONCE),
    "a number of tomorrow": ("63999", Trouble.FAILED, NEVER),
    "no number but words": ("oops", Trouble.FAILED, NEVER),
}


@pytest.mark.parametrize(("code", "trouble", "retry"), RECEIPTS.values(), ids=RECEIPTS.keys())
def test_a_receipt(code: str | None, trouble: Trouble, retry: Retry) -> None:
    verdict = twilio_errors.judge(code)
    assert (verdict.trouble, verdict.retry) == (trouble, retry)


def test_every_row_of_the_table_has_a_row_here() -> None:
    seen = {code for _, code, _, _ in REPLIES.values()} | {
        int(c) for c, _, _ in RECEIPTS.values() if c and c.isdigit()
    }
    assert set(twilio_errors.TABLE) <= seen


@responses.activate
def test_what_is_posted_to_twilio_itself() -> None:
    form = {
        "To": TEXT.to_number,
        "From": TEXT.from_number,
        "Body": "é & co",
        "StatusCallback": "https://gateway.example/webhooks/twilio/status?ref=r%2F1#rc=3&rp=all",
        "ValidityPeriod": "600",
    }
    answer = {"sid": "SM" + "0" * 32, "status": "queued"}
    responses.post(URL, status=201, json=answer, match=[matchers.urlencoded_params_matcher(form)])
    twilio = Twilio(ACCOUNT, "token", public_url="https://gateway.example/")
    sent = twilio.send(OutgoingText(TEXT.to_number, TEXT.from_number, "é & co", "r/1", validity_seconds=600))
    assert sent.provider_message_id == answer["sid"]


def test_without_credentials_nothing_leaves() -> None:
    with pytest.raises(ProviderError) as caught:
        Twilio("", "", public_url="https://gateway.example").send(TEXT)
    assert (caught.value.trouble, caught.value.retry) == (Trouble.CONFIGURATION, REPAIR)
