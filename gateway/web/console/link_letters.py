"""A link to set a password, as a letter in its reader's language. What it lets in still asks for the second factor."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import structlog

from gateway.db import Session
from gateway.i18n import pick
from gateway.models import Staff
from gateway.models.types import new_uid
from gateway.providers.mail import MailRefused
from gateway.web import words
from gateway.web.current import current_gateway
from gateway.web.languages import LANGUAGES, speaking
from gateway.web.languages import gettext as _

log = structlog.get_logger()


@dataclass(frozen=True)
class Addressee:
    """To whom a letter goes, and in which language and zone it speaks."""

    email: str
    language: str
    zone: ZoneInfo


def can_be_sent() -> bool:
    """Whether there is a mail server."""
    return current_gateway().mailbox is not None


def addressee(session: Session, row: Staff) -> Addressee:
    language = row.language.partition("-")[0]
    email = session.open(row, "email_sealed")
    return Addressee(email, language if language in LANGUAGES else LANGUAGES[0], ZoneInfo(row.timezone))


def post(to: Addressee, address: str, until: datetime) -> bool:
    """Hand the link to the mail server, which may take seconds: no transaction may be open. False when it was not taken."""
    gateway = current_gateway()
    assert gateway.mailbox is not None
    with speaking(to.language):
        program = pick(gateway.content.charter.name, to.language)
        subject = _("%(program)s: a link to set your password", program=program)
        body = _body(program, address, words.moment(until, to.zone))
    try:
        gateway.mailbox.post(to.email, subject, body, new_uid())
    except MailRefused as error:
        log.warning("link_letter_refused", code=error.code)
        return False
    return True


def _body(program: str, address: str, until: str) -> str:
    paragraphs = (
        _("Here you set your password for the console of %(program)s:", program=program),
        address,
        _("The link works once, until %(until)s.", until=until),
        _("If you did not expect it, do nothing, and tell an admin of your program."),
        _("This letter is automatic; please do not answer it."),
    )
    return "\n\n".join(paragraphs) + "\n"
