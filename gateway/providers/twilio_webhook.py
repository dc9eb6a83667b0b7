"""Twilio's webhooks: what the signature covers, and how the form is read. Shared by Twilio and the simulation.

It must never let a caller choose the key or the algorithm, and never hand on a media address.
"""

import re
from collections.abc import Mapping
from urllib.parse import quote

from twilio.request_validator import RequestValidator  # type: ignore[import-untyped]

from gateway.providers import twilio_errors
from gateway.providers.protocol import (
    BadWebhook,
    DeliveryReceipt,
    InboundText,
    IncomingCall,
    SignedRequest,
    Status,
    Verdict,
)

SIGNATURE = "X-Twilio-Signature"
SMS_PATH = "/webhooks/twilio/sms"
STATUS_PATH = "/webhooks/twilio/status"
VOICE_PATH = "/webhooks/twilio/voice"
UNKNOWN_MEDIA = "application/octet-stream"
MOST_MEDIA = 10

STATUSES: dict[str, Status] = {
    **{status.value: status for status in Status},
    "scheduled": Status.ACCEPTED,
    "canceled": Status.FAILED,
    "partially_delivered": Status.SENT,
    "read": Status.DELIVERED,
}

_SID_NAMES = ("MessageSid", "SmsSid", "SmsMessageSid")
# The signed string has no separators, so a captured request could be replayed under a longer id by moving the next
# field into it ("SM…NumMedia0"): an id is at most 40 characters, and all of its names agree.
_SID = re.compile(r"[A-Za-z0-9_-]{1,40}", re.ASCII)
_MEDIA_TYPE = re.compile(r"[a-z0-9.+_-]{1,60}/[a-z0-9.+_-]{1,60}", re.ASCII)


class _Form(dict[str, list[str]]):
    """A form as Twilio's validator wants it: every value of a name."""

    def getlist(self, name: str) -> list[str]:
        return self[name]


class TwilioWebhooks:
    """The half of a provider that faces Twilio's webhooks. An unset account or token fails closed."""

    def __init__(self, account_sid: str, tokens: tuple[str | None, ...], public_url: str) -> None:
        self._account_sid = account_sid
        self._tokens = tuple(token for token in tokens if token)
        self._public_url = public_url.rstrip("/")

    def verify(self, request: SignedRequest) -> bool:
        """Whether one of our tokens signed the request and it speaks of our account.

        The address is always built from the configured public URL, never from a header. HMAC-SHA1 under the auth
        token is the one scheme accepted: `X-Twilio-Webhooks-Signature-Settings` is not read.
        """
        given = [value for name, value in request.headers.items() if name.lower() == SIGNATURE.lower()]
        ours = set(request.form.get("AccountSid", [])) == {self._account_sid}
        if len(given) != 1 or not self._account_sid or not ours or not request.path.startswith("/"):
            return False
        url = self._public_url + request.path + (f"?{request.query}" if request.query else "")
        return any(_signed_by(token, url, request.form, given[0]) for token in self._tokens)

    def read_inbound(self, form: Mapping[str, list[str]]) -> InboundText:
        """The text in a verified webhook. The body may be empty, and is as it came: the caller cleans it."""
        return InboundText(
            provider_message_id=_message_sid(form),
            from_number=_needed(form, "From"),
            to_number=_needed(form, "To"),
            body=_first(form, "Body"),
            media_types=tuple(_media_type(form, index) for index in range(_media_count(form))),
        )

    def read_call(self, form: Mapping[str, list[str]]) -> IncomingCall:
        """The call in a verified voice webhook. `From` may be a word: numbers can be withheld."""
        sid = _first(form, "CallSid")
        if not _SID.fullmatch(sid):
            raise BadWebhook("a call id that is none")
        return IncomingCall(sid, _first(form, "From").strip()[:40] or "anonymous", _needed(form, "To")[:20])

    def read_receipt(self, form: Mapping[str, list[str]], reference: str | None) -> DeliveryReceipt:
        """The delivery receipt in a verified callback. `reference` is the `ref` of the callback's query."""
        word = _first(form, "MessageStatus") or _first(form, "SmsStatus")
        if word not in STATUSES:
            raise BadWebhook("a callback without a known MessageStatus")
        return DeliveryReceipt(_message_sid(form), STATUSES[word], reference or None, _error_code(form))

    def judge(self, error_code: str | None) -> Verdict:
        """What a receipt's error code means and allows."""
        return twilio_errors.judge(error_code)


def sign(token: str, url: str, form: Mapping[str, str]) -> str:
    """The signature that Twilio would send for a form posted to `url` (HMAC-SHA1 under the auth token, base64)."""
    return str(RequestValidator(token).compute_signature(url, dict(form)))


def status_path(reference: str) -> str:
    """Path and query of the receipts for one of our texts."""
    return f"{STATUS_PATH}?ref={quote(reference, safe='')}"


def _signed_by(token: str, url: str, form: Mapping[str, list[str]], signature: str) -> bool:
    try:
        return bool(RequestValidator(token).validate(url, _Form(form), signature))
    except UnicodeEncodeError:  # a lone surrogate: no bytes on the wire can have meant that
        return False


def _first(form: Mapping[str, list[str]], name: str) -> str:
    return (form.get(name) or [""])[0]


def _needed(form: Mapping[str, list[str]], name: str) -> str:
    value = _first(form, name).strip()
    if not value:
        raise BadWebhook(f"no {name}")
    return value


def _message_sid(form: Mapping[str, list[str]]) -> str:
    sids = {_first(form, name) for name in _SID_NAMES} - {""}
    if len(sids) != 1:
        raise BadWebhook("not one message id")
    sid = sids.pop()
    if not _SID.fullmatch(sid):
        raise BadWebhook("a message id that is none")
    return sid


def _error_code(form: Mapping[str, list[str]]) -> str | None:
    code = _first(form, "ErrorCode").strip()
    return code if code.isascii() and code.isdigit() and code.strip("0") and len(code) < 9 else None


def _media_count(form: Mapping[str, list[str]]) -> int:
    count = _first(form, "NumMedia").strip()
    return min(int(count[:9]), MOST_MEDIA) if count.isascii() and count.isdigit() else 0


def _media_type(form: Mapping[str, list[str]], index: int) -> str:
    named = _first(form, f"MediaContentType{index}").strip().lower()
    return named if _MEDIA_TYPE.fullmatch(named) else UNKNOWN_MEDIA
