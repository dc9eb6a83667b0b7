"""Screens one text that came in and keeps what was found. Fails closed: no verdict means that staff look first."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from time import thread_time

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import col, select

from gateway.db import Erased, Session, Tampered
from gateway.models import Finding, InboundMessage
from gateway.safety.screen import Category, Rules, Screened, Verdict, Writer, screen
from gateway.sms.wording import clean

log = structlog.get_logger()
LOOKS_BACK = 5  # texts; a number may come in pieces (abuse case 16)
SLOWEST_SECONDS = 1.0  # of this thread's own work: a machine that stalls is no slow screen
FAILED = "screen_failed"
# Rules about somebody else than the writer have this in their name.
ABOUT_ANOTHER = ("third", "worry", "friend")

RulesOf = Callable[[Session], Rules]


@dataclass(frozen=True)
class Seen:
    """What the screen made of a text; `screened` is None when it failed or took too long."""

    screened: Screened | None

    @property
    def kinds(self) -> frozenset[Category]:
        return (
            frozenset(finding.category for finding in self.screened.findings)
            if self.screened
            else frozenset()
        )

    @property
    def is_crisis(self) -> bool:
        return Category.CRISIS in self.kinds

    @property
    def is_worry(self) -> bool:
        """Whether the crisis is somebody else's, as far as the rules can tell."""
        found = self.screened.findings if self.screened else ()
        rules = [finding.rule for finding in found if finding.category is Category.CRISIS]
        return bool(rules) and all(any(word in rule for word in ABOUT_ANOTHER) for rule in rules)

    @property
    def escalates(self) -> bool:
        return self.screened is not None and self.screened.verdict is Verdict.ESCALATE

    @property
    def is_flagged(self) -> bool:
        return self.screened is not None and self.screened.verdict is Verdict.FLAG

    def hold_for(self, writer: Writer) -> str | None:
        """Why the text may not be passed on yet.

        In a crisis a young person's words always pass, whatever else they hold: a number is the smaller harm. An adult's
        words that may not reach a minor stay held even then; staff were alerted the moment they came.
        """
        if self.screened is None:
            return FAILED
        is_held = self.screened.is_held or self.screened.verdict is Verdict.HOLD
        if not is_held or (self.is_crisis and writer is Writer.YOUTH):
            return None
        kinds = [one.category.value for one in self.screened.findings if one.category is not Category.CRISIS]
        return kinds[0] if kinds else Verdict.HOLD.value


NOTHING = Seen(Screened(Verdict.ALLOW, (), "", is_held=False))


def look(
    session: Session,
    rules_of: RulesOf,
    row: InboundMessage,
    words: str,
    language: str,
    writer: Writer,
    now: datetime,
    *,
    stopwatch: Callable[[], float] = thread_time,
) -> Seen:
    """Screen one text beside the five before it from the same phone to the same line, and keep what was found."""
    seen = _screened(session, rules_of, row, words, language, writer, stopwatch)
    if seen.screened:
        for finding in seen.screened.findings:
            session.add(
                Finding(
                    inbound_id=row.id or 0,
                    category=finding.category.value,
                    rule=finding.rule[:64],
                    span_start=finding.span[0],
                    span_end=finding.span[1],
                    verdict=seen.screened.verdict.value,
                    rules=seen.screened.rules[:64],
                    at=now,
                )
            )
        session.flush()
    return seen


def _screened(
    session: Session,
    rules_of: RulesOf,
    row: InboundMessage,
    words: str,
    language: str,
    writer: Writer,
    stopwatch: Callable[[], float],
) -> Seen:
    try:
        rules, recent = rules_of(session), recent_words(session, row)
        began = stopwatch()
        result = screen(rules, words, language, writer, recent)
        took_seconds = stopwatch() - began
    except SQLAlchemyError:  # the database's trouble is nobody's verdict: the text is handled again
        raise
    except Exception as error:  # noqa: BLE001 - whatever is wrong with the rules, the text is held, not lost
        # no traceback: it could quote the text
        log.error("screen_failed", inbound=row.id, why=type(error).__name__)  # noqa: TRY400
        return Seen(None)
    if took_seconds > SLOWEST_SECONDS:
        log.error("screen_too_slow", inbound=row.id)
        return Seen(None)
    return Seen(result)


def recent_words(session: Session, row: InboundMessage, most: int = LOOKS_BACK) -> list[str]:
    """What this phone wrote to this line before `row`, oldest first. What cannot be opened is left out."""
    before = session.exec(
        select(InboundMessage)
        .where(
            InboundMessage.from_index == row.from_index,
            InboundMessage.to_number == row.to_number,
            col(InboundMessage.id) < row.id,
        )
        .order_by(col(InboundMessage.id).desc())
        .limit(most)
    ).all()
    found: list[str] = []
    for one in reversed(before):
        try:
            found.append(clean(session.open(one, "body_sealed")))
        except (Erased, Tampered):
            continue
    return found
