"""How the form of a verified webhook is read, nonsense included."""

import pytest

from gateway.providers.protocol import BadWebhook, Retry, Status, Trouble, Verdict
from gateway.providers.twilio_webhook import UNKNOWN_MEDIA, TwilioWebhooks, status_path

SID = "SM" + "0" * 32
TEXT = {"MessageSid": [SID], "From": ["+15555550101"], "To": ["+15555550199"], "Body": ["salut"]}
reader = TwilioWebhooks("AC1", ("token",), "https://gateway.example")


def test_a_plain_text() -> None:
    text = reader.read_inbound(TEXT | {"SmsSid": [SID], "SmsMessageSid": [SID], "NumMedia": ["0"]})
    assert (text.provider_message_id, text.from_number, text.to_number) == (
        SID,
        "+15555550101",
        "+15555550199",
    )
    assert (text.body, text.media_types) == ("salut", ())


BODIES = {"empty": "", "a NUL": "a\0b", "a lone surrogate": "\ud83d", "blank": "  "}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES.keys())
def test_the_body_is_as_it_came(body: str) -> None:
    assert reader.read_inbound(TEXT | {"Body": [body]}).body == body


def test_a_picture_without_words() -> None:
    form = TEXT | {"MessageSid": ["MM" + "1" * 32], "NumMedia": ["1"], "MediaContentType0": ["Image/JPEG"]}
    del form["Body"]
    text = reader.read_inbound(form | {"MediaUrl0": ["https://169.254.169.254/"]})
    assert (text.body, text.media_types) == ("", ("image/jpeg",))
    assert "169.254" not in repr(text)


@pytest.mark.parametrize("name", ["SmsSid", "SmsMessageSid"])
def test_the_old_names_of_the_id_will_do(name: str) -> None:
    form = {key: value for key, value in TEXT.items() if key != "MessageSid"}
    assert reader.read_inbound(form | {name: [SID]}).provider_message_id == SID


COUNTS = {
    "": 0,
    "0": 0,
    "-1": 0,
    "abc": 0,
    "1.5": 0,
    "٣": 0,
    "3": 3,
    "10": 10,
    "11": 10,
    "9999": 10,
    "9" * 5000: 10,
}


@pytest.mark.parametrize(("count", "expected"), COUNTS.items(), ids=[repr(c[:8]) for c in COUNTS])
def test_media_are_counted_with_a_cap(count: str, expected: int) -> None:
    assert reader.read_inbound(TEXT | {"NumMedia": [count]}).media_types == (UNKNOWN_MEDIA,) * expected


@pytest.mark.parametrize("lie", ["", "<svg onload=1>", "image/png\r\nX: y", "a/" + "b" * 500])
def test_a_media_type_that_is_none_is_unknown(lie: str) -> None:
    form = TEXT | {"NumMedia": ["2"], "MediaContentType0": ["text/vcard"], "MediaContentType1": [lie]}
    assert reader.read_inbound(form).media_types == ("text/vcard", UNKNOWN_MEDIA)


BAD = {
    "no id": {"MessageSid": []},
    "an empty id": {"MessageSid": [""]},
    "an id stretched over the next field, to look new": {"MessageSid": [SID + "NumMedia0"]},
    "ids that differ": {"SmsSid": ["SM" + "9" * 32]},
    "an id with a line break": {"MessageSid": ["SM1\n"]},
    "no sender": {"From": [""]},
    "no line": {"To": ["  "]},
}


@pytest.mark.parametrize("change", BAD.values(), ids=BAD.keys())
def test_what_is_needed_must_be_there(change: dict[str, list[str]]) -> None:
    with pytest.raises(BadWebhook):
        reader.read_inbound(TEXT | change)


RECEIPTS = {
    "accepted": Status.ACCEPTED,
    "scheduled": Status.ACCEPTED,
    "queued": Status.QUEUED,
    "sending": Status.SENDING,
    "sent": Status.SENT,
    "partially_delivered": Status.SENT,
    "delivered": Status.DELIVERED,
    "read": Status.DELIVERED,
    "undelivered": Status.UNDELIVERED,
    "failed": Status.FAILED,
    "canceled": Status.FAILED,
}


@pytest.mark.parametrize(("word", "status"), RECEIPTS.items())
def test_a_receipt_of_each_status(word: str, status: Status) -> None:
    receipt = reader.read_receipt({"SmsSid": [SID], "MessageStatus": [word]}, "our id")
    assert (receipt.provider_message_id, receipt.status) == (SID, status)
    assert (receipt.reference, receipt.error_code) == ("our id", None)


def test_a_receipt_with_an_error_under_the_old_name() -> None:
    form = {"MessageSid": [SID], "SmsStatus": ["undelivered"], "ErrorCode": ["30003"]}
    receipt = reader.read_receipt(form, None)
    assert (receipt.status, receipt.error_code) == (Status.UNDELIVERED, "30003")
    assert reader.judge(receipt.error_code) == Verdict(Trouble.UNREACHABLE, Retry.GENTLY)


@pytest.mark.parametrize("word", ["", "received", "exploded"])
def test_a_status_that_no_text_of_ours_can_have(word: str) -> None:
    with pytest.raises(BadWebhook):
        reader.read_receipt({"MessageSid": [SID], "MessageStatus": [word]}, None)


@pytest.mark.parametrize("code", ["", "0", "abc", "1" * 40])
def test_an_error_code_that_is_none(code: str) -> None:
    form = {"MessageSid": [SID], "MessageStatus": ["failed"], "ErrorCode": [code]}
    assert reader.read_receipt(form, None).error_code is None


def test_a_reference_is_quoted() -> None:
    assert status_path("a&b=c d/é") == "/webhooks/twilio/status?ref=a%26b%3Dc%20d%2F%C3%A9"
