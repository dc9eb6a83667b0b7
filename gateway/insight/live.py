"""What cannot wait for the next refresh: read where it happens, by index, each time somebody looks.

Texts that are held, alerts that are open, phones that left, are away or in doubt, texts that did not arrive.
The few people concerned are found first, and then their matches: never the places of everybody.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, select, text
from sqlalchemy.orm import aliased
from sqlmodel import col, exists, func, or_

from gateway.db import Session
from gateway.insight.rules import Rules
from gateway.models import (
    Alert,
    Kind,
    MaskState,
    Match,
    MatchState,
    Member,
    OptOut,
    OutboundMessage,
    OutboundState,
    Participant,
    Reason,
)

Query = Select[*tuple[Any, ...]]
Matches = Query  # of the ids of matches: whatever the viewer may see
MOST = 2_000  # matches with one reason: a page that shows more has lost its meaning

NOT_ARRIVED = (OutboundState.UNDELIVERED, OutboundState.FAILED, OutboundState.UNCERTAIN)
NO_MATCH = 0  # until the places of a person are known
# A report about staff, and what its writer texted after it, are for admins alone, and they have `safety.duty` and
# `safety.waiting` for that: what a coordinator reads of her own match must not tell that there is one.
FOR_ADMINS = ("report_staff", "after_report_staff")
FLAGGED = "flagged"  # the alert that a text was passed on, and should be looked at
SAID_OTHERWISE = {"opted_out": Reason.STOPPED, "number_doubted": Reason.NUMBER_DOUBTED}
# As in the indexes, and not as parameters: a planner must see that the index fits.
_HELD = text("outbound_messages.state = 'held'")
_TROUBLE = text(
    "(outbound_messages.state IN ('undelivered', 'failed') OR outbound_messages.parked_at IS NOT NULL)"
)
_OUT_OF_REACH = text(
    "(participants.unreachable_since IS NOT NULL OR participants.number_doubted_at IS NOT NULL)"
)
_OPEN = text("alerts.closed_at IS NULL")


@dataclass(frozen=True)
class Urgent:
    """One reason, now. `newest_at` is when it was last added to; `amount` counts texts or alerts."""

    match_id: int
    reason: Reason
    since_at: datetime
    newest_at: datetime
    amount: int | None = None
    about_id: int | None = None
    subject: str | None = None


def urgent(session: Session, among: Matches, rules: Rules, now: datetime) -> list[Urgent]:
    """Every urgent reason in these matches that are not closed, in no order."""
    return [
        *_held(session, among),
        *_not_arrived(session, among, now - timedelta(days=rules.undelivered_days)),
        *_about_people(session, among),
        *_alerts_of_matches(session, among),
    ]


def _held(session: Session, among: Matches) -> Iterator[Urgent]:
    rows = session.execute(
        select(
            col(OutboundMessage.match_id),
            func.count(func.distinct(OutboundMessage.inbound_id)),
            func.min(OutboundMessage.created_at),
            func.max(OutboundMessage.created_at),
        )
        .where(
            _HELD,
            col(OutboundMessage.match_id).in_(among),
            or_(col(OutboundMessage.reason).is_(None), col(OutboundMessage.reason).not_in(FOR_ADMINS)),
        )
        .group_by(col(OutboundMessage.match_id))
        .limit(MOST)
    )
    for match_id, count, first, last in rows:
        yield Urgent(match_id, Reason.HELD, first, last, count)


def _about_people(session: Session, among: Matches) -> Iterator[Urgent]:
    """What concerns a person, in each of that person's matches. A doubt or a STOP is not said again as an alert."""
    found = [*_away(session), *_stopped(session)]
    said = {(one.about_id, one.reason) for one in found}
    found += [
        one for one in _alerts(session) if (one.about_id, SAID_OTHERWISE.get(one.subject or "")) not in said
    ]
    places = _places(session, among, {one.about_id for one in found if one.about_id})
    for one in found:
        for match_id in places[one.about_id or 0]:
            yield replace(one, match_id=match_id)


def _places(session: Session, among: Matches, people: Collection[int]) -> dict[int, list[int]]:
    """The open matches of these people that the viewer may see, by person."""
    rows = session.execute(
        select(col(Member.match_id), col(Member.participant_id)).where(
            col(Member.participant_id).in_(people), col(Member.mask_state) == MaskState.ACTIVE
        )
    ).all()
    visible = set(
        session.scalars(
            select(col(Match.id)).where(
                col(Match.id).in_({row[0] for row in rows}),
                col(Match.id).in_(among),
                col(Match.state) != MatchState.CLOSED,
            )
        )
    )
    places: dict[int, list[int]] = defaultdict(list)
    for match_id, person_id in rows:
        if match_id in visible:
            places[person_id].append(match_id)
    return places


def _away(session: Session) -> Iterator[Urgent]:
    rows = session.execute(
        select(
            col(Participant.id), col(Participant.number_doubted_at), col(Participant.unreachable_since)
        ).where(_OUT_OF_REACH)
    )
    for person_id, doubted, away in rows:
        if doubted:
            yield Urgent(NO_MATCH, Reason.NUMBER_DOUBTED, doubted, doubted, about_id=person_id)
        if away:
            yield Urgent(NO_MATCH, Reason.UNREACHABLE, away, away, about_id=person_id)


def _stopped(session: Session) -> Iterator[Urgent]:
    rows = session.execute(
        select(col(Participant.id), col(OptOut.changed_at), col(OptOut.how))
        .select_from(OptOut)
        .join(Participant, col(Participant.phone_index) == OptOut.phone_index)
        .where(col(OptOut.active))
    )
    for person_id, at, how in rows:
        yield Urgent(NO_MATCH, Reason.STOPPED, at, at, about_id=person_id, subject=how)


def _alerts(session: Session) -> Iterator[Urgent]:
    """Open alerts about a person in no match in particular."""
    for person_id, *rest in _open_alerts(session, col(Alert.participant_id), col(Alert.match_id).is_(None)):
        yield _of_alerts(NO_MATCH, rest, person_id)


def _alerts_of_matches(session: Session, among: Matches) -> Iterator[Urgent]:
    """Open alerts about a match, or about somebody in it. What is held is read from the texts themselves."""
    which = col(Alert.match_id).in_(among) & (col(Alert.reason) != Reason.HELD)
    for match_id, *rest in _open_alerts(session, col(Alert.match_id), which):
        yield _of_alerts(match_id, rest)


def _open_alerts(session: Session, about: Any, which: ColumnElement[bool]) -> list[Any]:
    """What is about a member of staff is for others than the one who looks after the match: see `safety.duty`."""
    rows = session.execute(
        select(about, col(Alert.reason), func.count(), func.min(Alert.at), func.max(Alert.at))
        .where(
            _OPEN,
            col(Alert.about_staff_id).is_(None),
            col(Alert.reason).not_in(FOR_ADMINS),
            about.is_not(None),
            which,
        )
        .group_by(about, col(Alert.reason))
    )
    return list(rows)


def _of_alerts(match_id: int, told: Sequence[Any], person_id: int | None = None) -> Urgent:
    why, count, first, last = told
    reason = Reason.FLAGGED if why == FLAGGED else Reason.ALERT
    return Urgent(match_id, reason, first, last, count, person_id, why)


def _not_arrived(session: Session, among: Matches, since: datetime) -> Iterator[Urgent]:
    """Words that did not reach a partner whom nothing has reached since."""
    later = aliased(OutboundMessage)
    got_through = exists().where(
        col(later.match_id) == OutboundMessage.match_id,
        col(later.participant_id) == OutboundMessage.participant_id,
        col(later.id) > OutboundMessage.id,
        col(later.state) == OutboundState.DELIVERED,
    )
    rows = session.execute(
        select(
            col(OutboundMessage.match_id),
            col(OutboundMessage.participant_id),
            func.count(),
            func.min(OutboundMessage.created_at),
            func.max(OutboundMessage.created_at),
            func.max(OutboundMessage.reason),
        )
        .where(
            _TROUBLE,
            col(OutboundMessage.state).in_(NOT_ARRIVED),  # what was parked may have arrived after all
            col(OutboundMessage.created_at) > since,
            col(OutboundMessage.kind) == Kind.RELAY,
            col(OutboundMessage.match_id).in_(among),
            ~got_through,
        )
        .group_by(col(OutboundMessage.match_id), col(OutboundMessage.participant_id))
        .limit(MOST)
    )
    for match_id, person_id, count, first, last, why in rows:
        yield Urgent(match_id, Reason.UNDELIVERED, first, last, count, person_id, why)


def alerts_without_match(session: Session, community_ids: Query) -> list[Alert]:
    """Open alerts about people of these communities who are in no open match: no caseload shows them. Oldest first."""
    placed = (
        select(col(Member.participant_id))
        .join(Match, col(Match.id) == Member.match_id)
        .where(col(Member.participant_id) == Alert.participant_id, col(Match.state) != MatchState.CLOSED)
    )
    return list(
        session.scalars(
            select(Alert)
            .join(Participant, col(Participant.id) == Alert.participant_id)
            .where(
                _OPEN,
                col(Alert.about_staff_id).is_(None),
                col(Participant.community_id).in_(community_ids),
                ~placed.exists(),
            )
            .order_by(col(Alert.id))
            .limit(MOST)
        )
    )
