"""Twilio's error numbers in words of the field: one table, for refused requests and for receipts. Pure.

It must never read a message text of Twilio's: those hold phone numbers.
"""

import re

from gateway.providers.protocol import OutgoingText, ProviderError, Retry, Trouble, Verdict

_REPAIR = Verdict(Trouble.CONFIGURATION, Retry.AFTER_REPAIR)
_BAD_NUMBER = Verdict(Trouble.BAD_NUMBER, Retry.NEVER)
_BAD_BODY = Verdict(Trouble.BAD_BODY, Retry.NEVER)
_NO_REASON = Verdict(Trouble.FAILED, Retry.ONCE)
_LOST = Verdict(Trouble.LOST_ANSWER, Retry.LOOK_UP)
_BUSY = Verdict(Trouble.BUSY, Retry.SOON)

# Source: https://www.twilio.com/docs/api/errors and its page for each number.
TABLE: dict[int, Verdict] = {
    # Refused at the request (HTTP 4xx).
    14103: _BAD_BODY,  # message body too long or empty (TwiML)
    14107: Verdict(Trouble.LOOP, Retry.NEVER),  # two numbers answer each other
    20003: _REPAIR,  # wrong credentials
    20005: _REPAIR,  # account not active
    20009: Verdict(
        Trouble.UNFINISHED, Retry.GENTLY
    ),  # a text cannot be removed before it is over; rarely up to 14 days
    20429: _BUSY,  # too many at once: never processed, always safe to repeat
    21211: _BAD_NUMBER,  # invalid To
    21408: _REPAIR,  # country not enabled in the geographic permissions
    21602: _BAD_BODY,  # body missing
    21606: _REPAIR,  # From is not ours, or carries no text
    21608: _REPAIR,  # trial account or no compliance profile: To not verified
    21609: _REPAIR,  # StatusCallback is no public address: GATEWAY_PUBLIC_URL is wrong
    21610: Verdict(Trouble.OPTED_OUT, Retry.NEVER),  # this phone has texted STOP to this line
    21611: Verdict(Trouble.BUSY, Retry.GENTLY),  # the line has ten hours queued
    21612: _REPAIR,  # no route from this From to this To
    21614: _BAD_NUMBER,  # To cannot be texted
    21617: _BAD_BODY,  # more than 1600 characters
    21619: _BAD_BODY,  # neither body nor media
    21620: _BAD_BODY,  # media that cannot be used
    21624: _BAD_BODY,  # validity outside 1..36000 s: our bug
    30045: _BAD_BODY,  # the same
    90007: _BAD_BODY,  # the same
    # Reported by a receipt.
    30001: _BUSY,  # queue overflow
    30002: _REPAIR,  # account suspended while the text waited
    30003: Verdict(
        Trouble.UNREACHABLE, Retry.GENTLY
    ),  # off, out of coverage, roaming: daily life on poor coverage
    30004: Verdict(Trouble.BLOCKED, Retry.NEVER),  # barred
    30005: Verdict(Trouble.UNKNOWN_NUMBER, Retry.NEVER),  # inactive: perhaps somebody else's soon
    30006: _BAD_NUMBER,  # landline, or a network that cannot be reached
    30007: Verdict(Trouble.FILTERED, Retry.NEVER),  # held to be spam
    30008: _NO_REASON,
    30032: _REPAIR,  # toll-free line not verified
    30034: _REPAIR,  # line not registered for texts to the United States
    30036: Verdict(Trouble.EXPIRED, Retry.NEVER),  # validity passed in Twilio's queue
}


_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_LONGEST_BODY = 1600
_VALIDITY_SECONDS = range(1, 36_001)


def refuse_unsendable(text: OutgoingText) -> None:
    """Raises ProviderError (BAD_BODY) for what Twilio is sure to refuse, so that it need not leave."""
    code = ""
    if not text.body.strip():
        code = "21602"
    elif len(text.body) > _LONGEST_BODY:
        code = "21617"
    elif text.validity_seconds is not None and text.validity_seconds not in _VALIDITY_SECONDS:
        code = "21624"
    elif _LONE_SURROGATE.search(text.body):
        code = "not Unicode"
    if code:
        raise ProviderError(_BAD_BODY.trouble, _BAD_BODY.retry, code)


def judge(error_code: str | None) -> Verdict:
    """What the code on a receipt means. No code at all is a failure without a reason; an unlisted one is final."""
    if not error_code:
        return _NO_REASON
    return TABLE.get(_number(error_code), Verdict(Trouble.FAILED, Retry.NEVER))


def judge_reply(http_status: int, error_code: str | None) -> Verdict:
    """What a reply that is no success means for the request that it answers.

    After a 5xx nobody knows whether the text was accepted, whatever number the body bears; a 429 surely was not.
    """
    if http_status >= 500 or http_status == 408:
        return _LOST
    known = TABLE.get(_number(error_code or ""))
    if known:
        return known
    if http_status == 429:
        return _BUSY
    if http_status in (401, 403, 404) or http_status < 400:
        return _REPAIR  # credentials, account, or a web address that answers for something else
    return _BAD_BODY


def wait_seconds(retry_after: str | None) -> float | None:
    """The seconds of a Retry-After header, at most an hour; None when absent or given as a date."""
    text = (retry_after or "").strip()
    if not (text.isascii() and text.isdigit()):
        return None
    return float(min(int(text[:9]), 3600))


def _number(error_code: str) -> int:
    return int(error_code) if error_code.isascii() and error_code.isdigit() and len(error_code) < 9 else 0
