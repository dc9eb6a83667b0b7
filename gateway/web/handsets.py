"""What one simulated phone shows: the texts that truly reached it, by the number they came from, with what each cost.

The network says what lies on the phone; the tables say what became of it. It reads, and changes nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlmodel import col, func, select

from gateway.db import Session
from gateway.models import (
    InboundMessage,
    Line,
    MaskState,
    Member,
    OutboundMessage,
    OutboundState,
    Participant,
)
from gateway.people.directory import first_name
from gateway.providers.simulator import HandsetText, TextState
from gateway.sms.numbers import as_written
from gateway.sms.segments import measure
from gateway.web import words
from gateway.web.languages import gettext as _

MOST_BUBBLES = 30
STRANGER = "stranger"
STRANGER_NUMBER = "+17095550199"  # 555-0199 belongs to nobody
ON_THE_WAY = (OutboundState.QUEUED, OutboundState.SENDING, OutboundState.SENT, OutboundState.UNCERTAIN)


@dataclass(frozen=True)
class Owner:
    """Whose phone it is. `person` is None for the stranger."""

    uid: str
    name: str
    number: str
    language: str
    zone: ZoneInfo
    person: Participant | None = None


@dataclass(frozen=True)
class Bubble:
    text: str
    language: str
    is_mine: bool
    at: str
    cost: str
    said: words.Said


@dataclass(frozen=True)
class Thread:
    """The texts between this phone and one number of ours."""

    line_id: int
    number: str
    is_program: bool


@dataclass(frozen=True)
class Opened:
    """The thread on the screen. `note` says, to the viewer, who can see what here."""

    thread: Thread
    bubbles: list[Bubble]
    on_the_way: int
    note: str


@dataclass(frozen=True)
class Handset:
    owner: Owner
    role: str
    language_name: str
    clock: str
    has_signal: bool
    threads: list[Thread]
    other_lines: list[Thread]
    open: Opened


def owner_of(session: Session, uid: str, stranger: Owner) -> Owner | None:
    """The owner of a phone by the id in the page's address."""
    if uid == STRANGER:
        return stranger
    person = session.exec(select(Participant).where(Participant.uid == uid)).first()
    if person is None:
        return None
    number = session.open(person, "phone_sealed")
    name = first_name(session, person)
    return Owner(uid, words.visible(name), number, person.language, ZoneInfo(person.timezone), person)


def handset(
    session: Session,
    owner: Owner,
    line_id: int | None,
    texts: Sequence[HandsetText],
    has_signal: bool,
    now: datetime,
) -> Handset | None:
    """The phone of `owner`, open at `line_id` or at its first conversation. None while we own no line."""
    lines = {line.id: line for line in session.exec(select(Line).order_by(col(Line.id)))}
    ours = _own_lines(session, owner, list(lines.values()), texts)
    current = lines.get(line_id) or next(iter(ours), None) or next(iter(lines.values()), None)
    if current is None:
        return None
    threads = [_thread(line) for line in (ours if current in ours else [*ours, current])]
    return Handset(
        owner=owner,
        role=words.role(owner.person.role) if owner.person else _("not enrolled"),
        language_name=words.language_name(owner.language) if owner.person else "",
        clock=words.time_of_day(now, owner.zone),
        has_signal=has_signal,
        threads=threads,
        other_lines=[_thread(line) for line in lines.values() if line not in ours and line is not current],
        open=_opened(session, owner, current, texts, now),
    )


def _own_lines(session: Session, owner: Owner, lines: list[Line], texts: Sequence[HandsetText]) -> list[Line]:
    """The masks that the person holds, the program line, and whatever else this phone has texts with."""
    person = owner.person
    held = set(
        session.exec(
            select(Member.line_id).where(
                Member.participant_id == (person.id if person else None),
                col(Member.mask_state).in_([MaskState.ACTIVE, MaskState.COOLING]),
            )
        )
    )
    talked = {_other_number(text) for text in texts}
    masks = [line for line in lines if line.id in held]
    others = [
        line
        for line in lines
        if line.id not in held and ((line.is_program and person) or line.number in talked)
    ]
    return [*masks, *sorted(others, key=lambda line: not line.is_program)]


def _thread(line: Line) -> Thread:
    assert line.id is not None
    return Thread(line.id, as_written(line.number), line.is_program)


def _opened(
    session: Session, owner: Owner, line: Line, texts: Sequence[HandsetText], now: datetime
) -> Opened:
    here = [text for text in texts if _other_number(text) == line.number and _is_on_screen(text)]
    sent = _rows_sent(session, [text.provider_message_id for text in here if text.typed_here])
    received = _rows_received(session, [text.provider_message_id for text in here if not text.typed_here])
    bubbles = []
    for text in here[-MOST_BUBBLES:]:
        if text.typed_here:
            bubbles.append(_mine(owner, text, sent.get(text.provider_message_id)))
        else:
            bubbles.append(_theirs(owner, text, received.get(text.provider_message_id), now))
    return Opened(
        _thread(line), bubbles, _on_the_way(session, owner, line, set(received)), _note(session, owner, line)
    )


def _other_number(text: HandsetText) -> str:
    return text.to_number if text.typed_here else text.from_number


def _is_on_screen(text: HandsetText) -> bool:
    return text.typed_here or text.state is TextState.ARRIVED


def _mine(owner: Owner, text: HandsetText, row: InboundMessage | None) -> Bubble:
    size = measure(text.body)
    said = words.arrived(row) if row else words.typed(text.state is TextState.LOST)
    return Bubble(
        words.visible(text.body),
        owner.language,
        True,
        words.moment(text.at, owner.zone),
        words.cost(size.segments, size.encoding),
        said,
    )


Received = tuple[OutboundMessage, str | None]


def _theirs(owner: Owner, text: HandsetText, found: Received | None, now: datetime) -> Bubble:
    size = measure(text.body)
    row, language = found or (None, None)
    return Bubble(
        words.visible(text.body),
        (language if row and row.wording is None else None) or owner.language,
        False,
        words.moment(text.at, owner.zone),
        words.cost(row.segments if row else size.segments, row.encoding if row else size.encoding),
        words.leaving(row, now, owner.zone) if row else words.Said(""),
    )


def _rows_sent(session: Session, ids: list[str]) -> dict[str, InboundMessage]:
    rows = session.exec(select(InboundMessage).where(col(InboundMessage.provider_message_id).in_(ids)))
    return {row.provider_message_id: row for row in rows}


def _rows_received(session: Session, ids: list[str]) -> dict[str, Received]:
    """The rows of texts that reached this phone, each with the language of whoever wrote it."""
    rows = session.exec(
        select(OutboundMessage, Participant.language)
        .outerjoin(InboundMessage, col(InboundMessage.id) == OutboundMessage.inbound_id)
        .outerjoin(Participant, col(Participant.id) == InboundMessage.participant_id)
        .where(col(OutboundMessage.provider_message_id).in_(ids))
    )
    return {str(row.provider_message_id): (row, language) for row, language in rows}


def _on_the_way(session: Session, owner: Owner, line: Line, here: set[str]) -> int:
    return session.exec(
        select(func.count())
        .select_from(OutboundMessage)
        .where(
            OutboundMessage.to_index == session.index(owner.number),
            OutboundMessage.line_id == line.id,
            col(OutboundMessage.state).in_(ON_THE_WAY),
            func.coalesce(OutboundMessage.provider_message_id, "").not_in(here),
        )
    ).one()


def _note(session: Session, owner: Owner, line: Line) -> str:
    number = as_written(line.number)
    if owner.person is None:
        return _("A phone that nobody has enrolled. Whatever it writes reaches nobody.")
    if line.is_program:
        return _(
            "The program’s own number. What %(name)s writes here is for staff and reaches no partner.",
            name=owner.name,
        )
    others = _partners(session, owner.person, line)
    if not others:
        return _("%(name)s shares this number with nobody, so a text to it reaches nobody.", name=owner.name)
    return _(
        "%(name)s sees %(number)s. The real number on the other side (%(others)s) never appears here.",
        name=owner.name,
        number=number,
        others=", ".join(others),
    )


def _partners(session: Session, person: Participant, line: Line) -> list[str]:
    mine = select(Member.match_id).where(
        Member.participant_id == person.id, Member.line_id == line.id, Member.mask_state == MaskState.ACTIVE
    )
    found = session.exec(
        select(Participant)
        .join(Member, col(Member.participant_id) == Participant.id)
        .where(col(Member.match_id).in_(mine), Member.participant_id != person.id)
        .order_by(col(Member.id))
    )
    return [words.visible(first_name(session, partner)) for partner in found]
