"""`gateway insight` and `gateway answers`, as scripts rely on them."""

import csv
import io
from datetime import timedelta

from sqlmodel import col, select

from gateway.cli.insight import REASONS
from gateway.insight import pulse
from gateway.models import AuditEntry, Match, Reason
from tests.cli.conftest import Shell, opened_with


def match_made_days_ago(town: Shell, days: int) -> None:
    town.done("match", "create", "--youth", "maya", "--mentor", "ben")
    with opened_with(town).db.transaction() as session:
        match = session.exec(select(Match)).one()
        match.created_at -= timedelta(days=days)
        session.add(match)


def actions(town: Shell) -> list[str]:
    with opened_with(town).db.reading() as session:
        return list(session.exec(select(AuditEntry.action).order_by(col(AuditEntry.id))))


def test_today_says_who_needs_a_human_and_why(town: Shell) -> None:
    match_made_days_ago(town, 16)
    facts = town.done("insight", "today", "--json").json
    assert facts["total"] == 1
    assert [(one["reason"], one["days"]) for one in facts["matches"][0]["reasons"]] == [
        ("never_began", 9),
        ("contact_due", 1),
    ]
    assert "nobody has written yet" in town.done("insight", "today").out
    assert actions(town)[-1] == "today.read"


def test_every_reason_has_words() -> None:
    assert set(REASONS) == set(Reason)


def test_a_day_on_which_nobody_is_needed_says_so(town: Shell) -> None:
    assert town.done("insight", "today").out == "Today (0 in need): none.\n"


def test_the_numbers_can_be_made_anew(town: Shell) -> None:
    match_made_days_ago(town, 16)
    before = town.done("insight", "today", "--json").json
    assert town.done("insight", "rebuild").out == "1 matches measured.\n"
    assert town.done("insight", "today", "--json").json == before
    assert "insight.rebuild" in actions(town)


def test_the_numbers_are_exported_and_the_export_is_audited(town: Shell) -> None:
    match_made_days_ago(town, 16)
    everything = town.done("insight", "export", "--json").json
    assert set(everything) == {"matches", "weeks", "communities", "outcomes"}
    assert len(everything["weeks"]) == 12
    rows = list(csv.DictReader(io.StringIO(town.done("insight", "export", "--csv", "matches").out)))
    assert [(row["community"], row["state"], row["weeks_lasted"]) for row in rows] == [
        ("north", "active", "2")
    ]
    assert actions(town)[-1] == "insight.export"
    assert town.run("insight", "export", "--csv", "matches", "--json").code == 2


def test_answers_are_listed_and_reading_them_is_audited(town: Shell) -> None:
    assert town.done("answers", "--json").json == []
    assert actions(town)[-1] == "answers.read"
    assert "nobody has the key" in town.refused("answers", "--person", "zoe")
    assert "there is no match 9" in town.refused("answers", "--match", "9")


def test_doctor_says_when_nobody_keeps_the_numbers(town: Shell) -> None:
    def said() -> list[str]:
        return [each["sentence"] for each in town.done("doctor", "--json").json if each["area"] == "today"]

    town.done("insight", "today")
    assert said() == []
    gateway = opened_with(town)
    with gateway.db.transaction() as session:
        pulse.note_refreshed(session, gateway.clock.now() - timedelta(minutes=40))
    assert said() == ["who needs a human was worked out 40 min ago; is a scheduler running?"]
