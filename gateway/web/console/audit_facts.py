"""The facts beside an act, in words. A fact or a value that the tables do not know is shown as it is kept."""

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from babel.numbers import format_decimal

from gateway.i18n import long_date
from gateway.privacy.trail import Fact
from gateway.web.languages import current_language, later
from gateway.web.languages import gettext as _

DAYS = frozenset({"last_day", "on", "until"})  # kept in ISO 8601
FACTS: Mapping[str, str] = {
    "by": later("given by"),
    "by_mail": later("by e-mail"),
    "code": later("code"),
    "consent": later("consent noted"),
    "coordinator": later("coordinator"),
    "count": later("how many"),
    "ending": later("ending"),
    "files": later("files"),
    "flow": later("conversation"),
    "from": later("from"),
    "guardian": later("guardian"),
    "how": later("how"),
    "inbound": later("up to text"),
    "kind": later("kind"),
    "last_day": later("last day"),
    "note": later("note"),
    "on": later("last day"),
    "outbound": later("text"),
    "participant": later("person"),
    "per_second": later("segments a second"),
    "person": later("person"),
    "phone": later("phone given"),
    "program": later("line of the program"),
    "reason": later("reason"),
    "role": later("role"),
    "second_factor": later("second factor taken off"),
    "session": later("session"),
    "sheet": later("sheet"),
    "shift": later("shift"),
    "state": later("state"),
    "to": later("to"),
    "to_look_up": later("texts to look up"),
    "told": later("they were told"),
    "until": later("until"),
    "version": later("version"),
    "what": later("what"),
    "why": later("why"),
}
VALUES: Mapping[str, Mapping[str, str]] = {
    "consent": {
        "given": later("given"),
        "withdrawn": later("withdrawn"),
        "pending": later("awaited"),
    },
    "state": {
        "given": later("given"),
        "withdrawn": later("withdrawn"),
    },
    "ending": {
        "planned": later("planned"),
        "sudden": later("sudden"),
        "unreachable": later("one of them could not be reached"),
        "spoken": later("the person was spoken to"),
        "safe": later("everybody is safe"),
        "passed_on": later("others look after it"),
        "mended": later("it works again"),
        "nothing": later("a false alarm"),
    },
    "how": {
        "call": later("by phone"),
        "text": later("by text"),
        "visit": later("in person"),
        "video": later("by video"),
        "email": later("by e-mail"),
    },
    "kind": {
        "long": later("long code"),
        "tollfree": later("toll-free"),
        "short": later("short code"),
        "program": later("taking part"),
        "texting": later("receiving texts"),
    },
    "reason": {
        "alert": later("an open alert"),
        "held": later("a text is held"),
        "flagged": later("a text was flagged"),
        "number_doubted": later("a number must be verified"),
        "stopped": later("somebody stopped all texts"),
        "unreachable": later("a phone out of reach"),
        "undelivered": later("texts that did not arrive"),
        "no_exchange": later("nobody writes"),
        "mentor_quiet": later("no word from the mentor"),
        "never_began": later("matched, and not begun"),
        "task_past_due": later("a task past its day"),
        "never_reviewed": later("a thread that nobody has read"),
        "contact_due": later("a talk with staff is due"),
        "one_sided": later("one side writes nearly all"),
        "slower": later("answers take longer"),
        "less_often": later("fewer texts than before"),
        "review_due": later("the thread to be read again"),
        "ending": later("the match comes to its end soon"),
    },
    "role": {
        "coordinator": later("coordinator"),
        "admin": later("admin"),
        "auditor": later("auditor"),
        "owner": later("owner"),
    },
    "sheet": {
        "matches": later("by match"),
        "weeks": later("by week"),
        "communities": later("by community"),
        "outcomes": later("before and after"),
        "all": later("all of them"),
    },
    "what": {
        "settings": later("settings"),
        "enrolment": later("enrolment details"),
    },
    "why": {
        "asked": later("one of them asked"),
        "holiday": later("a holiday"),
        "check": later("something must be looked into"),
        "staff": later("staff decided"),
        "number_doubted": later("a number must be verified"),
        "planned": later("its last day is over"),
        "alert": later("an open alert"),
        "follow_up": later("to follow up on what happened"),
        "second_look": later("a second look for a colleague"),
        "handover": later("taking the match over"),
    },
}


def facts(of: Mapping[str, Fact], zone: ZoneInfo) -> str:
    """All of them in one line: "how many: 3, kind: csv". Days are those of `zone`."""
    return ", ".join(
        _(
            "%(name)s: %(value)s",
            name=_(FACTS[name]) if name in FACTS else name,
            value=_value(name, value, zone),
        )
        for name, value in of.items()
    )


def _value(name: str, value: Fact, zone: ZoneInfo) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, float):
        return format_decimal(value, locale=current_language())
    if name in DAYS:
        return _day(str(value), zone)
    said = VALUES.get(name, {}).get(str(value))
    return _(said) if said else str(value)


def _day(written: str, zone: ZoneInfo) -> str:
    """The day in full; what is no day as it stands."""
    try:
        at = datetime.fromisoformat(written)
    except ValueError:
        return written
    return long_date((at.astimezone(zone) if at.tzinfo else at).date(), current_language())
