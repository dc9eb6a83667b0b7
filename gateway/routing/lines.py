"""The lines that we own: adding one, and the pace that its kind allows."""

from datetime import datetime

from sqlalchemy import bindparam
from sqlmodel import col, select

from gateway.db import Session
from gateway.models import Line, LineKind, Participant
from gateway.people.directory import Refused
from gateway.sms.numbers import NumberRefused, parse_number

# Segments a second. Source: Twilio support 115002943027 (long code 1, toll-free 3); short codes from 30 to 100 and up.
PACE = {LineKind.LONG: 1.0, LineKind.TOLLFREE: 3.0, LineKind.SHORT: 100.0}


def add_line(session: Session, number: str, kind: LineKind, is_program: bool, now: datetime) -> Line:
    """Add a number of ours. Raises Refused when it is there already or is a participant's own phone."""
    if session.exec(select(Line.id).where(Line.number == number)).first():
        raise Refused(f"{number} is a line already; `gateway lines list` shows all of them")
    if session.exec(select(Participant.id).where(Participant.phone_index == session.index(number))).first():
        raise Refused(f"{number} is a participant's phone; a line must be a number that the program owns")
    line = Line(
        number=number,
        kind=kind,
        is_program=is_program,
        segments_per_second=PACE[kind],
        next_slot_at=now,
        created_at=now,
    )
    session.add(line)
    session.flush()
    return line


def line_with_number(session: Session, number: str) -> Line:
    """The line with this number, in whatever way it is written; locked until the transaction ends. Raises Refused."""
    for written in (number, _as_e164(number)):
        line = session.exec(select(Line).where(Line.number == written).with_for_update()).first()
        if line:
            return line
    raise Refused(f"{number} is not one of the lines; `gateway lines list` shows them")


def _as_e164(number: str) -> str:
    try:
        return parse_number(number)
    except NumberRefused:
        return number


def start(session: Session, line: Line) -> None:
    """Let a line send again, once its trouble was mended."""
    line.stopped_at, line.stopped_why = None, None
    session.add(line)


def program_line(session: Session) -> Line | None:
    """The line from which the program itself speaks: the first that was added as one and is not stopped."""
    found: Line | None = session.execute(_PROGRAM_LINE).scalars().first()
    return found


def any_line(session: Session) -> Line | None:
    """A line that can send, for staff alone, when the program line cannot."""
    return session.exec(
        select(Line).where(col(Line.stopped_at).is_(None)).order_by(col(Line.id)).limit(1)
    ).first()


def is_own_line(session: Session, number: str) -> bool:
    return session.execute(_OWN, {"number": number}).first() is not None


_PROGRAM_LINE = (
    select(Line).where(col(Line.is_program), col(Line.stopped_at).is_(None)).order_by(col(Line.id)).limit(1)
)
_OWN = select(Line.id).where(col(Line.number) == bindparam("number"))
