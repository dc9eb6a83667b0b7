"""Errors that a person can mend, as sentences."""

from sqlalchemy.exc import DBAPIError, OperationalError

from gateway.crypto import KeyProblem
from gateway.i18n import ContentRefused
from gateway.people.directory import Refused
from gateway.people.roster import RosterRefused
from gateway.settings import SettingsRefused
from gateway.sms.numbers import NumberRefused

SAID_PLAINLY = (Refused, KeyProblem, ContentRefused, SettingsRefused, RosterRefused, NumberRefused)


def as_sentence(error: Exception) -> str | None:
    """What to tell the person, or None when it is a bug and the stack trace is needed."""
    if isinstance(error, SAID_PLAINLY):
        text = str(error)
        return text if text.endswith((".", "!", "?")) else f"{text}."
    if isinstance(error, OperationalError):
        return f"The database does not answer: {_first_line(error)}. Check GATEWAY_DATABASE_URL and that it runs."
    if isinstance(error, PermissionError | FileNotFoundError | IsADirectoryError):
        return f"{error.filename}: {error.strerror}."
    return None


def _first_line(error: DBAPIError) -> str:
    return str(error.orig).strip().partition("\n")[0].rstrip(".")
