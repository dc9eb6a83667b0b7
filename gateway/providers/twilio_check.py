"""What is wrong with one line at Twilio, in sentences for an operator. It must never print a secret or an address
that Twilio holds: such an address may bear a password."""

from collections.abc import Iterator
from typing import Any


def complaints(line: str, number: Any, sms_url: str, voice_url: str) -> Iterator[str]:
    """Sentences about one line; `number` is Twilio's record of it, None when the account has no such number."""
    if number is None:
        yield f"{line}: the Twilio account has no such number."
        return
    if number.status and number.status != "in-use":
        yield f"{line}: Twilio does not hold the number to be in use."
    if number.capabilities and not number.capabilities.get("sms"):
        yield f"{line}: the number cannot carry texts."
    if number.sms_application_sid:
        yield f"{line}: a TwiML application is set, and takes every text away from the gateway."
    if _bare(number.sms_url) != sms_url:
        yield f"{line}: texts do not come to us; set 'A message comes in' to {sms_url}."
    if (number.sms_method or "").upper() != "POST":
        yield f"{line}: texts must come by HTTP POST."
    if not number.sms_fallback_url:
        yield f"{line}: no fallback address, so texts get lost while we are down."
    if _bare(number.voice_url) != voice_url:
        yield f"{line}: calls are not answered by us; set 'A call comes in' to {voice_url}."


def _bare(url: str | None) -> str:
    """Without the connection overrides after '#', which are addressed to Twilio itself."""
    return (url or "").partition("#")[0]
