"""The official Twilio client on a short leash: our timeouts, no repeats, no logs, and only ProviderErrors come out.

It must never let one of the library's own errors pass: their texts hold phone numbers and addresses.
"""

import json
from typing import Any

import requests
from twilio.http.http_client import TwilioHttpClient  # type: ignore[import-untyped]
from twilio.http.response import Response  # type: ignore[import-untyped]
from twilio.rest import Client  # type: ignore[import-untyped]
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError

from gateway.providers.protocol import ProviderError, Retry, Trouble
from gateway.providers.twilio_errors import judge_reply, wait_seconds

NO_CONTENT = 204  # a removal that worked
_NEVER_LEFT = (
    requests.exceptions.ConnectTimeout,
    requests.exceptions.ProxyError,
    requests.exceptions.InvalidURL,
)


class Wire(TwilioHttpClient):  # type: ignore[misc]
    """Carries one request once. Any reply but a readable success becomes a ProviderError."""

    def __init__(self, connect_seconds: float, read_seconds: float, *, trust_environment: bool) -> None:
        super().__init__()
        self.timeout = (connect_seconds, read_seconds)
        self.session.trust_env = trust_environment

    def request(self, *args: Any, **kwargs: Any) -> Response:
        """As the library's own; raises ProviderError, LOST_ANSWER when the request may have been carried out."""
        try:
            response = super().request(*args, **kwargs)
        except requests.exceptions.RequestException as error:
            raise _unanswered(error) from None
        if not 200 <= response.status_code < 300:
            raise _refused(response) from None
        if response.status_code != NO_CONTENT and _json(response.text) is None:
            raise lost("unreadable answer")
        return response

    def log_request(self, kwargs: dict[str, Any]) -> None:
        """Nothing: the library would log numbers."""

    def log_response(self, status_code: int, response: Any) -> None:
        """Nothing."""


def open_client(account_sid: str, auth_token: str, api_url: str, wire: Wire) -> Any:
    """Twilio's client for one account, speaking to `api_url` whatever the environment says of edges and regions."""
    client = Client(
        account_sid, auth_token, http_client=wire, environment={"TWILIO_EDGE": "", "TWILIO_REGION": ""}
    )
    client.api.base_url = api_url
    return client


def lost(code: str) -> ProviderError:
    """The request may have been carried out: look it up."""
    return ProviderError(Trouble.LOST_ANSWER, Retry.LOOK_UP, code)


def _unanswered(error: requests.exceptions.RequestException) -> ProviderError:
    reason = getattr(error.args[0], "reason", None) if error.args else None
    if isinstance(error, _NEVER_LEFT) or isinstance(reason, NewConnectionError | ConnectTimeoutError):
        return ProviderError(Trouble.DOWN, Retry.SOON, "no connection")
    if isinstance(error, requests.exceptions.SSLError) and "CERTIFICATE_VERIFY_FAILED" in str(reason):
        return ProviderError(Trouble.DOWN, Retry.SOON, "bad certificate")
    return lost("timeout" if isinstance(error, requests.exceptions.Timeout) else "broken connection")


def _refused(response: Response) -> ProviderError:
    named = (_json(response.text) or {}).get("code")
    code = str(named) if isinstance(named, int) else ""
    verdict = judge_reply(response.status_code, code)
    wait = wait_seconds(response.headers.get("Retry-After"))
    return ProviderError(verdict.trouble, verdict.retry, code or str(response.status_code), wait_seconds=wait)


def _json(text: str) -> dict[str, Any] | None:
    try:
        answer = json.loads(text)
    except ValueError:
        return None
    return answer if isinstance(answer, dict) else None
