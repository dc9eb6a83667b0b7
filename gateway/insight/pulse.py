"""Keeps the derived tables: `refresh` for the matches in which something happened, `rebuild` for all of them.

A match is always measured from its whole log, so that doing it twice, late, or after a crash comes to the same.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, insert
from sqlmodel import col, select

from gateway.db import Session
from gateway.insight.needs import Facts, needs_of
from gateway.insight.readings import Reading, read
from gateway.insight.rules import Rules
from gateway.insight.talk import (
    BUCKETS,
    RECENT,
    by_week,
    lately_and_before,
    median_seconds,
    streaks,
)
from gateway.models import (
    Agenda,
    InboundMessage,
    Installation,
    KeptAnswer,
    Match,
    MatchState,
    Need,
    PulseWeek,
    Role,
    Run,
    Standing,
)

AT_ONCE = 25  # matches in one transaction: writers must not wait long for it
OVERLAP = timedelta(minutes=10)  # a process may commit late, and its clock may be a little behind
STALE_AFTER = timedelta(days=1)
MOST_STALE = 25

Row = dict[str, Any]
Measured = dict[int, tuple[list[Row], Row, list[Row]]]  # by match: its weeks, its standing, its needs


def to_refresh(session: Session, now: datetime) -> list[int]:
    """The matches to measure anew, in order: with news since the last refresh, not measured yet, or long ago."""
    since = (refreshed_until(session) or now) - OVERLAP
    news = (
        select(InboundMessage.match_id).where(col(InboundMessage.handled_at) >= since),
        select(Run.match_id).where(col(Run.created_at) >= since),
        select(KeptAnswer.match_id).where(col(KeptAnswer.at) >= since),
        select(Agenda.match_id).where(col(Agenda.closing_at) >= since),
        select(Match.id)
        .outerjoin(Standing, col(Standing.match_id) == Match.id)
        .where(col(Standing.match_id).is_(None), Match.state != MatchState.PROPOSED),
        select(Standing.match_id)
        .where(col(Standing.refreshed_at) < now - STALE_AFTER)
        .order_by(col(Standing.refreshed_at))
        .limit(MOST_STALE),
    )
    found = {match_id for query in news for match_id in session.exec(query)}
    return sorted(match_id for match_id in found if match_id)


def all_matches(session: Session) -> list[int]:
    return [match_id for match_id in session.exec(select(Match.id).order_by(col(Match.id))) if match_id]


def in_batches(match_ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(match_ids), AT_ONCE):
        yield match_ids[start : start + AT_ONCE]


def measure(session: Session, match_ids: Sequence[int], rules: Rules, now: datetime) -> Measured:
    """What the log says of these matches; writes nothing."""
    return {
        match_id: _measure_one(match_id, reading, rules, now)
        for match_id, reading in read(session, match_ids).items()
    }


def store(session: Session, measured: Measured) -> None:
    """Put it in place of what was known. Safe to call twice, and by two processes at once."""
    session.take_turn("insight")
    for table in (PulseWeek, Standing, Need):
        session.execute(delete(table).where(col(table.match_id).in_(measured)))
    weeks = [row for found, _, _ in measured.values() for row in found]
    needs = [row for _, _, found in measured.values() for row in found]
    for table, rows in (
        (PulseWeek, weeks),
        (Standing, [row for _, row, _ in measured.values()]),
        (Need, needs),
    ):
        if rows:
            session.execute(insert(table), rows)


def measure_again(session: Session, match_id: int, rules: Rules, now: datetime) -> None:
    """Staff did something about this match: what it needs is worked out anew at once."""
    session.flush()
    store(session, measure(session, [match_id], rules, now))


def refreshed_until(session: Session) -> datetime | None:
    """All that happened before this moment has been measured; None before the first refresh."""
    return session.get_one(Installation, 1).insight_read_until


def note_refreshed(session: Session, until: datetime) -> None:
    """The same from now on."""
    home = session.get_one(Installation, 1)
    home.insight_read_until = until
    session.add(home)


def _measure_one(
    match_id: int, reading: Reading, rules: Rules, now: datetime
) -> tuple[list[Row], Row, list[Row]]:
    facts = reading.facts()
    weeks = [
        {"match_id": match_id, "week_on": week_on, "participant_id": person}
        | {"role": reading.members[person], "texts": week.texts, "segments": week.segments}
        | _bucket_columns(week.replies)
        for (week_on, person), week in by_week(facts.words, facts.replies, rules).items()
    ]
    needs = needs_of(facts, rules) if reading.state is not MatchState.CLOSED else []
    rows = [{"match_id": match_id, "rank": need.reason.rank} | asdict(need) for need in needs]
    return weeks, _standing(match_id, facts, rules, now), rows


def _bucket_columns(counts: Mapping[str, int]) -> Row:
    return {name: counts.get(name, 0) for name in BUCKETS}


def _standing(match_id: int, facts: Facts, rules: Rules, now: datetime) -> Row:
    words, run = facts.words, streaks(facts.words, rules)
    lately, before = lately_and_before(words)
    return {
        "match_id": match_id,
        "first_text_at": words[0].at if words else None,
        "last_text_at": words[-1].at if words else None,
        "texts_in_4_weeks": lately,
        "texts_in_4_weeks_before": before,
        "active_weeks": run.active,
        "streak_weeks": run.last,
        "streak_until_on": run.until_on,
        "longest_streak_weeks": run.longest,
        "unread_texts": len(facts.unread),
        "oldest_unread_at": facts.unread[0].at if facts.unread else None,
        "refreshed_at": now,
        **_side(facts, Role.YOUTH),
        **_side(facts, Role.MENTOR),
    }


def _side(facts: Facts, role: Role) -> Row:
    words = [word for word in facts.words if word.role is role]
    replies = [reply for reply in facts.replies if reply.role is role]
    return {
        f"{role}_texts": len(words),
        f"{role}_last_at": words[-1].at if words else None,
        f"{role}_reply_seconds": median_seconds(replies),
        f"{role}_recent_reply_seconds": median_seconds(replies[-RECENT:]),
    }
