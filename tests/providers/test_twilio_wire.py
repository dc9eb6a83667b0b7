"""Twilio's adapter over a real socket: the fault modes, the lists, and the check of our lines."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from werkzeug.wrappers import Response

from gateway.providers.protocol import OutgoingText, ProviderError, Retry, Trouble
from gateway.providers.twilio import Twilio
from gateway.providers.twilio_webhook import UNKNOWN_MEDIA
from tests.parts import Serve
from tests.providers.rigs import LINE, MAYA, PUBLIC_URL, error_of
from tests.twilio_server import ACCOUNT_SID, AUTH_TOKEN, Fault, TwilioServer

TEXT = OutgoingText(MAYA, LINE, "hello", "ref 1/é")


def now() -> datetime:
    return datetime.now(UTC)


ACCEPTED = [
    Fault.ACCEPT_THEN_HANG,
    Fault.ACCEPT_THEN_500,
    Fault.ACCEPT_THEN_RESET,
    Fault.TRUNCATED,
    Fault.NO_SID,
]


@pytest.mark.parametrize("fault", ACCEPTED)
def test_accepted_but_the_answer_is_lost(server: TwilioServer, twilio: Twilio, fault: Fault) -> None:
    since = now()
    server.fail_next(fault)
    error = error_of(lambda: twilio.send(TEXT))
    assert (error.trouble, error.retry) == (Trouble.LOST_ANSWER, Retry.LOOK_UP)
    assert server.got(MAYA) == ["hello"]
    assert [sent.provider_message_id for sent in twilio.find_sent(TEXT, since)] == [server.messages[0].sid]


def test_rejected_and_the_answer_is_lost(server: TwilioServer, twilio: Twilio) -> None:
    server.fail_next(Fault.REJECT_THEN_HANG)
    assert error_of(lambda: twilio.send(TEXT)).trouble is Trouble.LOST_ANSWER
    assert twilio.find_sent(TEXT, now() - timedelta(hours=1)) == []


def test_connection_refused_is_surely_not_accepted(server: TwilioServer, twilio: Twilio) -> None:
    server.stop()
    error = error_of(lambda: twilio.send(TEXT))
    assert (error.trouble, error.retry) == (Trouble.DOWN, Retry.SOON)


def test_a_name_that_does_not_resolve_is_surely_not_accepted() -> None:
    nowhere = Twilio(
        ACCOUNT_SID, AUTH_TOKEN, public_url=PUBLIC_URL, api_url="http://twilio.localhost.invalid:1"
    )
    assert error_of(lambda: nowhere.send(TEXT)).trouble is Trouble.DOWN


def test_a_server_that_stops_after_a_first_answer(server: TwilioServer, twilio: Twilio) -> None:
    twilio.send(TEXT)
    server.stop()
    assert error_of(lambda: twilio.send(TEXT)).retry in (Retry.SOON, Retry.LOOK_UP)
    assert len(server.got(MAYA)) == 1


def test_an_error_reply_over_the_wire(server: TwilioServer, twilio: Twilio) -> None:
    server.fail_next((400, 21610))
    error = error_of(lambda: twilio.send(TEXT))
    assert (error.trouble, error.retry, error.code) == (Trouble.OPTED_OUT, Retry.NEVER, "21610")
    assert server.requests_seen == 1


def test_a_bare_404_proves_nothing_about_a_text(serve: Serve) -> None:
    with serve(Response("nothing here", status=404)) as elsewhere:
        lost = Twilio(ACCOUNT_SID, AUTH_TOKEN, public_url=PUBLIC_URL, api_url=elsewhere)
        error = error_of(lambda: lost.forget("SM" + "0" * 32))
    assert (error.trouble, error.code) == (Trouble.CONFIGURATION, "404")


def test_what_is_posted(server: TwilioServer, twilio: Twilio) -> None:
    twilio.send(TEXT)
    twilio.send(replace(TEXT, validity_seconds=36_000))
    callback = f"{PUBLIC_URL}/webhooks/twilio/status?ref=ref%201%2F%C3%A9"
    plain = {"To": [MAYA], "From": [LINE], "Body": ["hello"], "StatusCallback": [callback]}
    assert [text.form for text in server.messages] == [plain, plain | {"ValidityPeriod": ["36000"]}]


CALLBACKS = {
    Fault.CALLBACK_FIRST: ["sent"],
    Fault.CALLBACK_TWICE: ["sent", "sent", "delivered", "delivered"],
    Fault.CALLBACK_DISORDER: ["delivered", "sent"],
    Fault.CALLBACK_UNKNOWN: ["delivered"],
}


@pytest.mark.parametrize(("fault", "expected"), CALLBACKS.items())
def test_the_server_posts_its_callbacks(
    server: TwilioServer, twilio: Twilio, fault: Fault, expected: list[str]
) -> None:
    statuses: list[str] = []

    def post(url: str, form: dict[str, str], headers: dict[str, str]) -> int:
        assert headers["X-Twilio-Signature"]
        statuses.append(form["MessageStatus"])
        return 200

    server.post = post
    server.fail_next(fault)
    assert twilio.send(TEXT).provider_message_id == server.messages[0].sid
    assert server.idle.wait(5)
    assert statuses == expected


def test_a_queued_text_is_found_though_it_has_no_date_of_sending(
    server: TwilioServer, twilio: Twilio
) -> None:
    since = now()
    twilio.send(TEXT)
    assert server.messages[0].sent_at is None
    assert len(twilio.find_sent(TEXT, since)) == 1


def test_the_second_page_is_read(server: TwilioServer, twilio: Twilio) -> None:
    start = now() - timedelta(hours=1)
    for n in range(1203):
        server.take_in(MAYA, LINE, str(n), at=start + timedelta(seconds=n))
    assert [text.body for text in twilio.received_since(start)] == [str(n) for n in range(1203)]


def test_a_busy_day_is_not_read_again_each_time(server: TwilioServer, twilio: Twilio) -> None:
    morning, evening = now() - timedelta(hours=12), now()
    for n in range(25_000):
        server.take_in(MAYA, LINE, "earlier", at=morning + timedelta(seconds=n % 3600))
    for n in range(3):
        server.take_in(MAYA, LINE, str(n), at=evening + timedelta(seconds=n))
    before = server.requests_seen
    assert [text.body for text in twilio.received_since(evening)] == ["0", "1", "2"]
    assert server.requests_seen - before == 2


def test_a_listed_picture_counts_as_an_unknown_medium(server: TwilioServer, twilio: Twilio) -> None:
    server.take_in(MAYA, LINE, "", at=now(), num_media=2)
    assert [text.media_types for text in twilio.received_since(now())] == [(UNKNOWN_MEDIA,) * 2]


def test_a_list_that_cannot_be_read_raises(server: TwilioServer, twilio: Twilio) -> None:
    server.stop()
    for ask in (lambda: twilio.find_sent(TEXT, now()), lambda: twilio.received_since(now())):
        assert error_of(ask).trouble is Trouble.DOWN


def test_trailing_blanks_and_the_trial_prefix_do_not_hide_a_text(
    server: TwilioServer, twilio: Twilio
) -> None:
    twilio.send(replace(TEXT, body="Sent from your Twilio trial account - hello"))
    assert len(twilio.find_sent(replace(TEXT, body="hello "), now())) == 1


def test_a_line_that_is_well(server: TwilioServer, twilio: Twilio) -> None:
    server.add_line(LINE, PUBLIC_URL)
    assert twilio.check([LINE]) == []
    assert twilio.check([]) == []


ILL = {
    "not ours": ({"phone_number": "+15555550100"}, "no such number"),
    "texts go elsewhere": (
        {"sms_url": "https://user:secret@elsewhere.example/sms"},
        "texts do not come to us",
    ),
    "texts by GET": ({"sms_method": "GET"}, "HTTP POST"),
    "no fallback": ({"sms_fallback_url": ""}, "no fallback"),
    "calls go elsewhere": ({"voice_url": None}, "calls are not answered"),
    "not in use": ({"status": "released"}, "in use"),
    "voice only": ({"capabilities": {"sms": False}}, "cannot carry texts"),
    "an application in between": ({"sms_application_sid": "AP1"}, "TwiML application"),
}


@pytest.mark.parametrize(("change", "sentence"), ILL.values(), ids=ILL.keys())
def test_a_line_that_is_ill(
    server: TwilioServer, twilio: Twilio, change: dict[str, object], sentence: str
) -> None:
    server.add_line(LINE, PUBLIC_URL, **change)
    found = twilio.check([LINE])
    assert len(found) == 1
    assert sentence in found[0]
    assert "secret" not in found[0]


def test_wrong_credentials_are_one_sentence(server: TwilioServer) -> None:
    twilio = Twilio(ACCOUNT_SID, "hunter2", public_url=PUBLIC_URL, api_url=server.url)
    assert twilio.check([LINE, MAYA]) == ["Twilio refuses our account SID or auth token (code 20003)."]


def test_a_twilio_that_is_away_is_one_sentence(server: TwilioServer, twilio: Twilio) -> None:
    server.stop()
    assert len(twilio.check([LINE, MAYA])) == 1


def test_secrets_are_not_shown(twilio: Twilio) -> None:
    assert AUTH_TOKEN not in repr(twilio)


def test_random_faults_never_lose_the_ledger(server: TwilioServer) -> None:
    twilio = Twilio(ACCOUNT_SID, AUTH_TOKEN, public_url=PUBLIC_URL, api_url=server.url)
    server.random_faults(0.3, seed=7)
    server.released.set()  # nobody hangs: the connection ends at once
    troubles, accepted = set(), 0
    for n in range(120):
        since, text = now(), replace(TEXT, body=f"text {n}")
        try:
            twilio.send(text)
        except ProviderError as error:
            troubles.add(error.trouble)
        accepted += len(twilio.find_sent(text, since))
    assert accepted == len(server.got(MAYA))
    assert troubles == {Trouble.LOST_ANSWER, Trouble.BUSY}
