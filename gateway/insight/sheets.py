"""Tables that leave the house: numbers as CSV or JSON. Matches go by uid; no name, no number and no word of anybody.

CSV cells cannot become formulas (OWASP, CSV Injection): what a spreadsheet would read as one gets an apostrophe before
it, at the start of a cell and after anything that a spreadsheet may take for the end of one; every cell is quoted.
"""

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import asdict, fields
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import select

from gateway.db import Session
from gateway.insight.engagement import Life, Numbers, by_community, lives, numbers, weeks
from gateway.insight.live import Matches
from gateway.insight.outcomes import Outcome, outcomes
from gateway.insight.rules import Rules
from gateway.insight.small_counts import LEAST
from gateway.models import Community, Staff

Cell = str | int | float | date | datetime | None
Sheet = list[dict[str, Cell]]

_FORMULA = "=+\\-@\uff1d\uff0b\uff0d\uff20\u2212"  # with their full-width forms and the minus sign
_BLANK = r"\s\"'\u200b-\u200f\u2060\ufeff\u201c\u201d\u2018\u2019"
_STARTS = re.compile(rf"^(?:[\t\r\n]|[{_BLANK}]*[{_FORMULA}])")
_AFTER_A_SEPARATOR = re.compile(rf"([,;|\t\r\n][{_BLANK}]*)([{_FORMULA}])")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


class Name(StrEnum):
    """The sheets of an export."""

    MATCHES = "matches"
    WEEKS = "weeks"
    COMMUNITIES = "communities"
    OUTCOMES = "outcomes"


def sheets(
    session: Session, among: Matches, rules: Rules, now: datetime, *, weeks_back: int = 12
) -> dict[Name, Sheet]:
    """Every sheet about these matches, with the last `weeks_back` weeks up to now."""
    this_week_on = rules.week_on(now)
    found = lives(session, among, now, this_week_on)
    return {
        Name.MATCHES: _matches(session, found),
        Name.WEEKS: _weeks(session, among, this_week_on, weeks_back),
        Name.COMMUNITIES: _communities(session, among, now, this_week_on, weeks_back),
        Name.OUTCOMES: [asdict(one) for one in outcomes(session, among)],
    }


COLUMNS: dict[Name, tuple[str, ...]] = {
    Name.MATCHES: (
        *("match", "community", "coordinator", "state", "began_on", "ended_on", "weeks_lasted"),
        *("youth_texts", "mentor_texts", "youth_reply_seconds", "mentor_reply_seconds"),
        *("last_text_on", "active_weeks", "streak_weeks", "longest_streak_weeks", "unread_texts"),
    ),
    Name.WEEKS: (
        *("week_on", "matches_talking", "youth_texts", "mentor_texts", "segments"),
        *("youth_reply_seconds", "mentor_reply_seconds"),
    ),
    Name.COMMUNITIES: ("community", *(field.name for field in fields(Numbers))),
    Name.OUTCOMES: tuple(field.name for field in fields(Outcome)),
}


def as_csv(name: Name, sheet: Sheet) -> str:
    """One sheet as CSV (RFC 4180, commas, CRLF), its header first, safe to open in a spreadsheet."""
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(COLUMNS[name])
    writer.writerows([safe_cell(row[column]) for column in COLUMNS[name]] for row in sheet)
    return out.getvalue()


def as_facts(sheet: Sheet) -> list[dict[str, object]]:
    """One sheet as plain values for JSON."""
    return [{name: _plain(cell) for name, cell in row.items()} for row in sheet]


def safe_cell(cell: Cell) -> str:
    """What may be written into a spreadsheet: text stays text, whatever it begins with. Numbers of ours are left alone."""
    if cell is None:
        return ""
    if not isinstance(cell, str):
        return str(_plain(cell))
    words = _AFTER_A_SEPARATOR.sub(r"\1'\2", _CONTROL.sub("", cell))
    return f"'{words}" if _STARTS.match(words) else words


def _plain(cell: Cell) -> str | int | float | None:
    return cell.isoformat() if isinstance(cell, date | datetime) else cell


def _matches(session: Session, found: Sequence[Life]) -> Sheet:
    slugs = {row.id: row.slug for row in session.scalars(select(Community))}
    staff = {row.id: row.uid for row in session.scalars(select(Staff))}
    return [
        {
            "match": one.match.uid,
            "community": slugs[one.match.community_id],
            "coordinator": staff.get(one.match.coordinator_id),
            "state": one.match.state.value,
            "began_on": one.match.created_at.date(),
            "ended_on": one.match.closed_at.date() if one.match.closed_at else None,
            "weeks_lasted": one.weeks_lasted,
            "youth_texts": standing.youth_texts if standing else 0,
            "mentor_texts": standing.mentor_texts if standing else 0,
            "youth_reply_seconds": standing.youth_reply_seconds if standing else None,
            "mentor_reply_seconds": standing.mentor_reply_seconds if standing else None,
            "last_text_on": standing.last_text_at.date() if standing and standing.last_text_at else None,
            "active_weeks": standing.active_weeks if standing else 0,
            "streak_weeks": one.streak_weeks,
            "longest_streak_weeks": standing.longest_streak_weeks if standing else 0,
            "unread_texts": standing.unread_texts if standing else 0,
        }
        for one in found
        for standing in [one.standing]
    ]


def _weeks(session: Session, among: Matches, this_week_on: date, count: int) -> Sheet:
    return [
        {
            "week_on": week.week_on,
            "matches_talking": week.talking,
            "youth_texts": week.youth.texts,
            "mentor_texts": week.mentor.texts,
            "segments": week.youth.segments + week.mentor.segments,
            "youth_reply_seconds": week.youth.reply_seconds,
            "mentor_reply_seconds": week.mentor.reply_seconds,
        }
        for week in weeks(session, among, this_week_on, count)
    ]


def _communities(session: Session, among: Matches, now: datetime, this_week_on: date, count: int) -> Sheet:
    """One row a community; one with fewer than five matches shows that it is there, and nothing of them."""
    rows: Sheet = []
    for slug, own in by_community(session, among).items():
        found = lives(session, own, now, this_week_on)
        facts = asdict(numbers(found, weeks(session, own, this_week_on, count)))
        hidden = len(found) < LEAST
        rows.append({"community": slug} | (dict.fromkeys(facts) if hidden else facts))
    return rows
