"""Posts letters to staff through a mail server (SMTP, RFC 5321). It never writes to a participant.

Plain `smtp://` moves to TLS before anything is said (STARTTLS, RFC 3207), except to this very machine; `smtps://` begins
with it.
"""

import smtplib
import ssl
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import formatdate
from urllib.parse import unquote, urlsplit

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
PORTS = {"smtp": 587, "smtps": 465}
TIMEOUT_SECONDS = 10.0


class MailRefused(Exception):
    """A letter was not accepted. `is_final`: it never will be (its address, its form); `code` is for an operator."""

    def __init__(self, code: str, *, is_final: bool) -> None:
        super().__init__(f"mail {code}")
        self.code = code
        self.is_final = is_final


@dataclass(frozen=True)
class Mailbox:
    """Where letters are posted, and from whom they come. Holds a password: it is never printed."""

    address: str = field(repr=False)
    sender: str

    def post(self, to: str, subject: str, body: str, uid: str) -> None:
        """Hand over one letter. `uid` makes its Message-ID, so that one posted twice can be known. Raises MailRefused."""
        letter = EmailMessage()
        letter["From"], letter["To"], letter["Subject"] = self.sender, to, subject
        letter["Date"] = formatdate(usegmt=True)
        letter["Message-ID"] = f"<{uid}@{self.sender.rpartition('@')[2].strip('<> ')}>"
        letter["Auto-Submitted"] = "auto-generated"  # RFC 3834: nobody's holiday answer comes back
        letter.set_content(body)
        try:
            self._hand_over(letter)
        except smtplib.SMTPRecipientsRefused as error:
            codes = [code for code, _ in error.recipients.values()]
            raise MailRefused(f"smtp {codes[0]}", is_final=all(code >= 500 for code in codes)) from None
        except smtplib.SMTPAuthenticationError as error:
            raise MailRefused(f"smtp {error.smtp_code}", is_final=False) from None  # an operator can mend it
        except smtplib.SMTPResponseException as error:
            raise MailRefused(f"smtp {error.smtp_code}", is_final=error.smtp_code >= 500) from None
        except (smtplib.SMTPException, OSError) as error:
            raise MailRefused(type(error).__name__, is_final=False) from None

    def _hand_over(self, letter: EmailMessage) -> None:
        parts = urlsplit(self.address)
        host, port = parts.hostname or "", parts.port or PORTS[parts.scheme]
        context = ssl.create_default_context()
        if parts.scheme == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=TIMEOUT_SECONDS, context=context)
        else:
            server = smtplib.SMTP(host, port, timeout=TIMEOUT_SECONDS)
        with server:
            if parts.scheme == "smtp" and host not in LOOPBACK:
                server.starttls(context=context)
            if parts.username:
                server.login(unquote(parts.username), unquote(parts.password or ""))
            server.send_message(letter)
