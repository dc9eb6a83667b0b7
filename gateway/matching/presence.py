"""Somebody leaves or comes back, by a word, by a provider's block or by staff. Partners are told neutrally, once."""

from datetime import datetime, timedelta

from sqlmodel import col, select

from gateway.db import Session
from gateway.i18n import Voices
from gateway.models import (
    InboundMessage,
    Kind,
    Line,
    MaskState,
    Match,
    MatchState,
    Member,
    OptOut,
    OutboundMessage,
    Outcome,
    Participant,
)
from gateway.outbox.answers import ONCE_IN, Answer, say
from gateway.people.alerts import raise_alert
from gateway.people.directory import data_key_of, people_at, voice_for
from gateway.people.opt_out import opt_in, opt_out
from gateway.routing.routes import Partner, partners_of
from gateway.sms.keywords import Keyword
from gateway.sms.numbers import as_written

OPEN = (MatchState.ACTIVE, MatchState.PAUSED, MatchState.CLOSING)
LOOK_NOT_BACK = timedelta(seconds=-1)  # `say` asks by phone alone; here it is asked match by match


def leave(session: Session, voices: Voices, phone_index: bytes, how: str, now: datetime) -> set[int]:
    """Stop every text to this phone, for the whole program. Returns the lines to ring."""
    if not opt_out(session, phone_index, how, now):
        return set()
    lines: set[int] = set()
    for person in people_at(session, phone_index):
        raise_alert(session, person.id or 0, "opted_out", now)
        lines |= tell_partners(session, voices, person, "partner_left", "member_left", now)
    return lines


def start_elsewhere(session: Session, row: OutboundMessage) -> InboundMessage | None:
    """The START by which this phone came back for us, when it went to another line than the one that is shut to it.

    Twilio keeps STOP and START for each line (21610); whoever wrote STOP to one and START to another is still away for
    the first, and has not left again.
    """
    said = session.get(OptOut, row.to_index)
    if said is None or said.active or said.how != "keyword":
        return None
    start = session.exec(
        select(InboundMessage)
        .where(
            InboundMessage.from_index == row.to_index,
            InboundMessage.outcome == Outcome.KEYWORD,
            InboundMessage.reason == Keyword.START,
        )
        .order_by(col(InboundMessage.id).desc())
        .limit(1)
    ).first()
    shut = session.get_one(Line, row.line_id)
    return start if start and start.to_number != shut.number else None


def say_where_to_start(
    session: Session, voices: Voices, row: OutboundMessage, start: InboundMessage, now: datetime
) -> set[int]:
    """Tell the reader once, from the line that works, which number still waits for START. The lines to ring."""
    line = session.exec(select(Line).where(Line.number == start.to_number)).first()
    reader = session.get(Participant, row.participant_id) if row.participant_id else None
    if line is None or reader is None:
        return set()
    notice = Answer(
        wording="start_there_too",
        kind=Kind.NOTICE,
        line=line,
        to_number=session.open(reader, "phone_sealed"),
        language=reader.language,
        dedupe_key=f"start_there_too:{row.line_id}:{start.id}",
        key_uid=data_key_of(session, reader.community_id),
        participant=reader,
        once_in=LOOK_NOT_BACK,
    )
    number = as_written(session.get_one(Line, row.line_id).number)
    return say(session, voice_for(session, voices, reader), notice, now, number=number)


def come_back(session: Session, voices: Voices, phone_index: bytes, how: str, now: datetime) -> set[int]:
    """Texts may go to this phone again; prompts too. Returns the lines to ring."""
    is_news = opt_in(session, phone_index, how, now)
    lines: set[int] = set()
    for person in people_at(session, phone_index):
        person.prompts_paused = False
        session.add(person)
        if is_news:
            lines |= tell_partners(session, voices, person, "partner_back", "partner_back", now)
    return lines


def pause_prompts(session: Session, phone_index: bytes) -> None:
    """No activities or reminders to this phone; what partners write still passes."""
    for person in people_at(session, phone_index):
        person.prompts_paused = True
        session.add(person)


def ask_for_help(session: Session, phone_index: bytes, now: datetime) -> None:
    """HELP may be a question about texts, or a cry: a human looks."""
    for person in people_at(session, phone_index):
        raise_alert(session, person.id or 0, "asked_for_help", now)


def tell_partners(
    session: Session, voices: Voices, person: Participant, in_pair: str, in_group: str, now: datetime
) -> set[int]:
    """Say one neutral text to everyone who shares an open match with this person."""
    lines: set[int] = set()
    for match_id in _open_matches(session, person):
        partners = partners_of(session, match_id, person.id or 0)
        wording = in_pair if len(partners) == 1 else in_group
        for partner in partners:
            lines |= tell(session, voices, partner, match_id, wording, f"{match_id}:{now:%Y%m%d%H%M%S}", now)
    return lines


def tell(
    session: Session,
    voices: Voices,
    partner: Partner,
    match_id: int,
    wording: str,
    occasion: str,
    now: datetime,
    **values: str,
) -> set[int]:
    """Say one text of ours to one member, from the line which that member texts; once a day for each match."""
    person = partner.person
    if _was_told(session, person, match_id, wording, now - ONCE_IN):
        return set()
    notice = Answer(
        wording=wording,
        kind=Kind.NOTICE,
        line=partner.line,
        to_number=session.open(person, "phone_sealed"),
        language=person.language,
        dedupe_key=f"notice:{wording}:{occasion}:{person.id}",
        key_uid=data_key_of(session, person.community_id),
        participant=person,
        match_id=match_id,
        once_in=LOOK_NOT_BACK,
    )
    return say(session, voice_for(session, voices, person), notice, now, **values)


def _was_told(session: Session, person: Participant, match_id: int, wording: str, since: datetime) -> bool:
    """Whether this member heard these words about this match. What was said of another match is other news."""
    told = select(OutboundMessage.id).where(
        OutboundMessage.to_index == person.phone_index,
        OutboundMessage.wording == wording,
        OutboundMessage.match_id == match_id,
        col(OutboundMessage.created_at) >= since,
    )
    return session.exec(told.limit(1)).first() is not None


def _open_matches(session: Session, person: Participant) -> list[int]:
    return list(
        session.exec(
            select(Member.match_id)
            .join(Match, col(Match.id) == Member.match_id)
            .where(
                Member.participant_id == person.id,
                Member.mask_state == MaskState.ACTIVE,
                col(Match.state).in_(OPEN),
            )
        )
    )


def member_of(session: Session, match_id: int, participant_id: int) -> Partner | None:
    """One member with the line of his or her mask, while it is active."""
    found = session.exec(
        select(Participant, Line)
        .join(Member, col(Member.participant_id) == Participant.id)
        .join(Line, col(Line.id) == Member.line_id)
        .where(
            Member.match_id == match_id,
            Member.participant_id == participant_id,
            Member.mask_state == MaskState.ACTIVE,
        )
    ).first()
    return Partner(found[0], found[1]) if found else None
