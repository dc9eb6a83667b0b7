"""The front door: who gets in, what is answered, and what is never said about those who do not."""

import json
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlencode

import pytest
from sqlmodel import func, select
from structlog.typing import EventDict
from werkzeug.test import TestResponse

from gateway.models import InboundMessage
from gateway.providers.twilio_webhook import SIGNATURE
from tests.web.conftest import MASKS, PHONES, World, a_text, post

SMS = "/webhooks/twilio/sms"
STATUS = "/webhooks/twilio/status"
VOICE = "/webhooks/twilio/voice"
ROUTES = (SMS, STATUS, VOICE)
FORM = "application/x-www-form-urlencoded"
EMPTY_ANSWER = b'<?xml version="1.0" encoding="UTF-8"?><Response/>'


def stored(world: World) -> int:
    with world.gateway.db.reading() as session:
        return session.exec(select(func.count()).select_from(InboundMessage)).one()


def body_stored(world: World) -> str:
    with world.gateway.db.reading() as session:
        return session.open(session.exec(select(InboundMessage)).one(), "body_sealed")


# What is let in


def test_a_signed_text_is_kept_and_answered_with_nothing_to_say(world: World) -> None:
    answer = post(world, a_text())
    assert (answer.status_code, answer.data, answer.mimetype) == (200, EMPTY_ANSWER, "text/xml")
    assert body_stored(world) == "secret of Maya é 🙂"


def test_no_answer_carries_a_cookie(world: World) -> None:
    assert "Set-Cookie" not in post(world, a_text()).headers
    assert "Set-Cookie" not in world.client.post(SMS).headers


def test_a_repeated_delivery_is_answered_alike_and_kept_once(world: World) -> None:
    assert [post(world, a_text()).status_code for _ in range(5)] == [200] * 5
    assert stored(world) == 1


def test_parameters_that_nobody_heard_of_are_signed_like_any_other(world: World) -> None:
    assert post(world, a_text(TomorrowsParameter="x", Blank="")).status_code == 200


def test_a_text_over_real_phones_goes_the_same_way(world: World) -> None:
    world.network.text(PHONES["maya"], MASKS[0], "hello")
    assert body_stored(world) == "hello"


def test_a_query_that_was_signed_encoded_is_checked_encoded(world: World) -> None:
    assert post(world, a_text(), f"{SMS}?who=caf%C3%A9&x=%2F").status_code == 200


@pytest.mark.parametrize(
    ("sent", "kept"),
    [("a\0b", "a\0b"), ("\ud800 half", "\ufffd half"), ("\u202egnp", "\u202egnp"), ("", ""), (" \n", " \n")],
    ids=["a NUL byte", "half a surrogate pair", "a bidirectional override", "nothing", "only white space"],
)
def test_a_strange_body_is_kept(world: World, sent: str, kept: str) -> None:
    form = a_text(Body=kept)
    raw = urlencode(a_text(Body=sent), errors="surrogatepass")
    answer = world.client.post(SMS, data=raw, content_type=FORM, headers=world.sign(SMS, form))
    if sent.startswith(
        "\ud800"
    ):  # three bytes that are no UTF-8, so three replacements: the signature differs
        assert answer.status_code == 403
    else:
        assert answer.status_code == 200
        assert body_stored(world) == kept


# What is not


def forged(world: World) -> TestResponse:
    return world.client.post(SMS, data=a_text(), headers={SIGNATURE: "bm90IHRoZSBzaWduYXR1cmU="})


def unsigned(world: World) -> TestResponse:
    return world.client.post(SMS, data=a_text())


def tampered_body(world: World) -> TestResponse:
    return world.client.post(SMS, data=a_text(Body="other"), headers=world.sign(SMS, a_text()))


def extra_parameter(world: World) -> TestResponse:
    return world.client.post(SMS, data=a_text(Extra="1"), headers=world.sign(SMS, a_text()))


def doubled_parameter(world: World) -> TestResponse:
    raw = urlencode(a_text()) + "&Body=other"
    return world.client.post(SMS, data=raw, content_type=FORM, headers=world.sign(SMS, a_text()))


def tampered_query(world: World) -> TestResponse:
    return world.client.post(f"{SMS}?a=1", data=a_text(), headers=world.sign(SMS, a_text()))


def another_address(world: World) -> TestResponse:
    return world.client.post(SMS, data=a_text(), headers=world.sign(STATUS, a_text()))


def another_account(world: World) -> TestResponse:
    return post(world, a_text(AccountSid="AC" + "6" * 32))


def no_account(world: World) -> TestResponse:
    form = a_text()
    del form["AccountSid"]
    return post(world, form)


def empty_signature(world: World) -> TestResponse:
    return world.client.post(SMS, data=a_text(), headers={SIGNATURE: ""})


def nothing_at_all(world: World) -> TestResponse:
    return world.client.post(SMS, data=b"", content_type=FORM)


def not_utf8(world: World) -> TestResponse:
    return world.client.post(SMS, data=b"Body=%ff\xfe\x00&From=%ED%A0%80", content_type=FORM)


@pytest.mark.parametrize(
    "attempt",
    [
        forged,
        unsigned,
        empty_signature,
        tampered_body,
        extra_parameter,
        doubled_parameter,
        tampered_query,
        another_address,
        another_account,
        no_account,
        nothing_at_all,
        not_utf8,
    ],
    ids=lambda attempt: attempt.__name__.replace("_", " "),
)
def test_a_false_webhook_gets_403_and_leaves_no_trace(
    world: World, log: list[EventDict], attempt: Callable[[World], TestResponse]
) -> None:
    answer = attempt(world)
    assert (answer.status_code, answer.data) == (403, b"")
    assert stored(world) == 0
    assert log == [
        {"event": "webhook_refused", "log_level": "warning", "route": "webhooks.sms", "reason": "signature"}
    ]


@pytest.mark.parametrize("path", ROUTES)
def test_every_webhook_wants_a_signature(world: World, path: str) -> None:
    assert world.client.post(path, data=a_text()).status_code == 403


@pytest.mark.parametrize("path", ROUTES)
@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_only_post_is_answered(world: World, path: str, method: str) -> None:
    answer = world.client.open(path, method=method, query_string=a_text(), headers=world.sign(path, {}))
    assert (answer.status_code, answer.data) == (405, b"")


@pytest.mark.parametrize("kind", ["application/json", "text/plain", "multipart/form-data; boundary=x", ""])
def test_only_a_form_is_read(world: World, kind: str) -> None:
    body = json.dumps(a_text()) if "json" in kind else urlencode(a_text())
    answer = world.client.post(SMS, data=body, content_type=kind, headers=world.sign(SMS, a_text()))
    assert (answer.status_code, answer.data) == (415, b"")


@pytest.mark.parametrize(
    "path",
    [
        "/webhooks/twilio/sms/",
        "//webhooks/twilio/sms",
        "/webhooks//twilio/sms",
        "/webhooks/twilio/SMS",
        "/webhooks/twilio",
    ],
)
def test_a_path_is_exact_and_nothing_redirects(world: World, path: str) -> None:
    assert world.client.post(f"http://localhost{path}", data=a_text()).status_code == 404


@pytest.mark.parametrize("bytes_sent", [65_537, 5_000_000])
def test_a_large_body_is_refused(world: World, bytes_sent: int) -> None:
    answer = world.client.post(SMS, data=b"a" * bytes_sent, content_type=FORM)
    assert (answer.status_code, answer.data) == (413, b"")


def test_ten_thousand_parameters_are_refused_even_when_signed(world: World) -> None:
    form = {f"p{number}": "" for number in range(10_000)}
    short = world.client.post(SMS, data="&".join("a" for _ in range(10_000)), content_type=FORM)
    assert short.status_code == 413
    assert post(world, form).status_code == 413


def test_a_signed_text_without_an_id_makes_no_sense(world: World) -> None:
    assert post(world, a_text(MessageSid="")).status_code == 400
    assert post(world, a_text(MessageSid="SM\0")).status_code == 400
    assert stored(world) == 0


def test_forwarding_headers_change_nothing(world: World) -> None:
    lies = {
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-Proto": "https",
        "X-Forwarded-For": "3.3.3.3",
        "X-Original-URL": "/other",
        "Forwarded": "host=evil.example",
        "Host": "evil.example",
    }
    assert post(world, a_text(), **lies).status_code == 200
    assert world.client.post(SMS, data=a_text(), headers=lies).status_code == 403


# When the database is in trouble


def test_a_broken_database_is_never_a_false_200(world: World, log: list[EventDict]) -> None:
    file = Path(str(world.gateway.db.engine.url.database))
    world.gateway.db.engine.dispose()
    for part in file.parent.glob("gateway.db*"):
        part.unlink()
    file.write_bytes(b"this is no database" * 500)
    answer = post(world, a_text())
    assert (answer.status_code, answer.data) == (503, b"")
    assert answer.headers["Retry-After"] == "2"
    assert [event["event"] for event in log] == ["webhook_not_kept"]
    assert "Maya" not in repr(log)
    assert PHONES["maya"] not in repr(log)


def test_a_folder_where_the_database_should_be_is_a_503(world: World) -> None:
    file = Path(str(world.gateway.db.engine.url.database))
    world.gateway.db.engine.dispose()
    for part in file.parent.glob("gateway.db*"):
        part.unlink()
    file.mkdir()
    assert post(world, a_text()).status_code == 503
    assert post(world, a_text(MessageStatus="sent"), STATUS).status_code == 503
