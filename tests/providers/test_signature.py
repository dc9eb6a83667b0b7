"""Who may knock: the signature of a webhook, tried from every side."""

from dataclasses import replace

import pytest

from gateway.providers.protocol import SignedRequest
from gateway.providers.twilio import Twilio
from gateway.providers.twilio_webhook import TwilioWebhooks, sign

ACCOUNT = "AC" + "a" * 32
TOKEN, PREVIOUS = "the token", "the previous token"
PUBLIC = "https://gateway.example"
FORM = {"AccountSid": [ACCOUNT], "From": ["+15555550101"], "Body": [""], "To": ["+15555550199"]}
SMS = "/webhooks/twilio/sms"


def twilio(public_url: str = PUBLIC, token: str = TOKEN, previous: str | None = PREVIOUS) -> Twilio:
    return Twilio(ACCOUNT, token, previous_auth_token=previous, public_url=public_url)


def signed(url: str, token: str = TOKEN, query: str = "", form: dict[str, list[str]] = FORM) -> SignedRequest:
    signature = sign(token, url, {name: values[0] for name, values in form.items()})
    return SignedRequest(SMS, query, form, {"X-Twilio-Signature": signature})


GENUINE = signed(PUBLIC + SMS)


def test_twilio_own_test_vector() -> None:
    form = {
        "CallSid": "CA1234567890ABCDE",
        "Caller": "+14158675309",
        "Digits": "1234",
        "From": "+14158675309",
        "To": "+18005551212",
    }
    url = "https://mycompany.com/myapp.php?foo=1&bar=2"
    assert sign("12345", url, form) == "RSOYDt4T1cUTdK1PDd93/VVr8B8="
    webhooks = TwilioWebhooks("AC1", ("12345",), "https://mycompany.com")
    request = SignedRequest("/myapp.php", "foo=1&bar=2", {name: [value] for name, value in form.items()})
    request = replace(request, headers={"X-Twilio-Signature": "RSOYDt4T1cUTdK1PDd93/VVr8B8="})
    assert not webhooks.verify(request), "the vector names no account"


ACCEPTED = {
    "a genuine request with an empty value": (twilio(), GENUINE),
    "a header in lower case": (
        twilio(),
        replace(GENUINE, headers={"x-twilio-signature": GENUINE.headers["X-Twilio-Signature"]}),
    ),
    "the previous token, during a change": (twilio(), signed(PUBLIC + SMS, PREVIOUS)),
    "signed with the port, configured without": (twilio(), signed("https://gateway.example:443" + SMS)),
    "signed without the port, configured with": (
        twilio("https://gateway.example:8443"),
        signed(PUBLIC + SMS),
    ),
    "a public URL with a slash at its end": (twilio(PUBLIC + "/"), GENUINE),
    "a public URL with a folder": (twilio(PUBLIC + "/sms-gate/"), signed(PUBLIC + "/sms-gate" + SMS)),
    "a query as it came, percent signs and all": (
        twilio(),
        signed(f"{PUBLIC}{SMS}?ref=%C3%A9t%C3%A9", query="ref=%C3%A9t%C3%A9"),
    ),
    "a field that Twilio added yesterday": (
        twilio(),
        signed(PUBLIC + SMS, form=FORM | {"Brand-new é": ["ça"]}),
    ),
}


@pytest.mark.parametrize(("provider", "request_"), ACCEPTED.values(), ids=ACCEPTED.keys())
def test_a_genuine_request_is_let_in(provider: Twilio, request_: SignedRequest) -> None:
    assert provider.verify(request_)


def test_repeated_names_are_signed_by_their_distinct_values_sorted() -> None:
    form = FORM | {"Tag": ["b", "a", "b"]}
    signature = sign(
        TOKEN, PUBLIC + SMS, {name: "".join(sorted(set(v))) for name, v in FORM.items()} | {"Tag": "aTagb"}
    )
    request = SignedRequest(SMS, "", form, {"X-Twilio-Signature": signature})
    assert twilio().verify(request)


SHARED_KEY = {"X-Twilio-Webhooks-Signature-Settings": "key=mine,algorithm=HMAC_SHA256"}
GOOD = GENUINE.headers["X-Twilio-Signature"]
REFUSED = {
    "no signature": (twilio(), replace(GENUINE, headers={})),
    "an empty signature": (twilio(), replace(GENUINE, headers={"X-Twilio-Signature": ""})),
    "two signatures": (
        twilio(),
        replace(GENUINE, headers={"X-Twilio-Signature": GOOD, "x-twilio-signature": GOOD}),
    ),
    "another token": (twilio(), signed(PUBLIC + SMS, "guess")),
    "the empty token": (twilio(), signed(PUBLIC + SMS, "")),
    "a token that is not set": (twilio(token="", previous=None), signed(PUBLIC + SMS, "")),
    "no previous token configured": (twilio(previous=None), signed(PUBLIC + SMS, PREVIOUS)),
    "a changed body": (twilio(), replace(GENUINE, form=FORM | {"Body": ["yes"]})),
    "a field added": (twilio(), replace(GENUINE, form=FORM | {"Extra": ["1"]})),
    "a field taken away": (twilio(), replace(GENUINE, form={k: v for k, v in FORM.items() if k != "Body"})),
    "a value added": (twilio(), replace(GENUINE, form=FORM | {"From": ["+15555550101", "+15555550102"]})),
    "another path": (twilio(), replace(GENUINE, path="/webhooks/twilio/status")),
    "a path that moves the host": (twilio(), replace(GENUINE, path=".evil.example/")),
    "a query added": (twilio(), replace(GENUINE, query="ref=1")),
    "a decoded query": (twilio(), replace(signed(f"{PUBLIC}{SMS}?ref=%C3%A9"), query="ref=é")),
    "another host": (twilio("https://elsewhere.example"), GENUINE),
    "plain HTTP": (twilio("http://gateway.example"), GENUINE),
    "another account": (twilio(), signed(PUBLIC + SMS, form=FORM | {"AccountSid": ["AC" + "b" * 32]})),
    "no account": (twilio(), signed(PUBLIC + SMS, form={k: v for k, v in FORM.items() if k != "AccountSid"})),
    "our account and another": (
        twilio(),
        replace(GENUINE, form=FORM | {"AccountSid": [ACCOUNT, "AC" + "b" * 32]}),
    ),
    "JSON, which leaves the form empty": (
        twilio(),
        signed(f"{PUBLIC}{SMS}?bodySHA256=00", query="bodySHA256=00", form={}),
    ),
    "a lone surrogate": (twilio(), replace(GENUINE, form=FORM | {"Body": ["\ud800"]})),
    "a signature that is no ASCII": (twilio(), replace(GENUINE, headers={"X-Twilio-Signature": "é" * 28})),
}


@pytest.mark.parametrize(("provider", "request_"), REFUSED.values(), ids=REFUSED.keys())
def test_anything_else_is_turned_away(provider: Twilio, request_: SignedRequest) -> None:
    assert not provider.verify(request_)


def test_the_caller_chooses_neither_algorithm_nor_key() -> None:
    from twilio.request_validator import RequestValidator  # type: ignore[import-untyped]  # noqa: PLC0415

    flat = {name: values[0] for name, values in FORM.items()}
    for token in (TOKEN, "mine", ""):
        stronger = RequestValidator(token).compute_signature(PUBLIC + SMS, flat, "HMAC_SHA256")
        attack = replace(GENUINE, headers={"X-Twilio-Signature": stronger} | SHARED_KEY)
        assert not twilio().verify(attack)
    assert twilio().verify(replace(GENUINE, headers=dict(GENUINE.headers) | SHARED_KEY))
