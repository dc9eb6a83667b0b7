"""Duty, phones of staff, legal holds and the numbers that help: by command, and watched over by `doctor` and `check`."""

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from shutil import copytree

import pytest

from gateway import intake
from gateway.cli.care import stale_helplines
from gateway.flows.catalogue import read_content
from gateway.flows.schema import Crisis, Helplines
from gateway.people import legal_hold
from gateway.people.directory import person_with_key
from gateway.providers.protocol import InboundText
from gateway.work import jobs
from tests.cli.conftest import Shell, opened_with
from tests.world import PROGRAM, REPOSITORY, TestClock

CHARTER = read_content(REPOSITORY).charter
TODAY = date(2026, 11, 25)


def findings(shell: Shell, area: str) -> list[str]:
    return [one["sentence"] for one in shell.run("doctor", "--json").json if one["area"] == area]


def test_somebody_is_put_on_duty_seen_and_taken_off(town: Shell) -> None:
    town.done("staff", "add", "ruth@example.org", "--role", "coordinator")
    assert any("nobody is on duty" in sentence for sentence in findings(town, "duty"))
    town.done("duty", "phone", "ruth@example.org", "613 555 0190")
    town.done("duty", "add", "ruth@example.org", "--from", "2020-01-01T09:00", "--to", "2099-01-01T09:00")
    (shift,) = town.done("duty", "list", "--json").json
    assert shift["who"] == "ruth@example.org" and shift["phone"].endswith("90")
    assert "613555" not in shift["phone"]
    assert findings(town, "duty") == ["1 on duty now"]
    town.done("duty", "remove", str(shift["shift"]))
    assert town.done("duty", "list", "--json").json == []


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (
            ("add", "nobody@example.org", "--from", "2026-01-01T09:00", "--to", "2026-01-02T09:00"),
            "nobody on the staff",
        ),
        (
            ("add", "ada@example.org", "--from", "2026-01-01T09:00", "--to", "2026-01-02T09:00"),
            "only a coordinator",
        ),
        (
            ("add", "ruth@example.org", "--from", "2026-01-02T09:00", "--to", "2026-01-01T09:00"),
            "must end after",
        ),
        (("remove", "99"), "there is no shift 99"),
        (("phone", "ruth@example.org", PROGRAM), "one of the gateway's own lines"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(town: Shell, words: tuple[str, ...], sentence: str) -> None:
    town.done("staff", "add", "ruth@example.org", "--role", "coordinator")
    town.done("staff", "add", "ada@example.org", "--role", "auditor")
    assert sentence in town.refused("duty", *words)


def test_a_legal_hold_keeps_a_person_and_both_sides_of_her_thread(town: Shell) -> None:
    town.done("match", "create", "--youth", "maya", "--mentor", "ben")
    town.done("hold", "place", "--person", "maya", "--why", "police file")
    gateway = opened_with(town)
    with gateway.db.reading() as session:
        people = {key: person_with_key(session, key).id for key in ("maya", "ben", "lea")}
        assert legal_hold.is_kept(session, participant_id=people["maya"])
        assert legal_hold.is_kept(session, match_id=1)
        assert not legal_hold.is_kept(session, participant_id=people["lea"])
    town.done("hold", "lift", "1")
    assert town.done("hold", "list", "--json").json == []
    assert "no legal hold 1 in force" in town.refused("hold", "lift", "1")
    with gateway.db.reading() as session:
        assert not legal_hold.is_kept(session, match_id=1)


@pytest.mark.parametrize(
    ("days", "is_held", "said"),
    [
        pytest.param(31, False, [], id="a day late"),
        pytest.param(33, False, ["simulated still has its copies of 1 texts"], id="three days late"),
        pytest.param(33, True, ["1 texts older than 30 days stay at simulated"], id="on hold"),
    ],
)
def test_doctor_says_what_the_provider_still_has(
    town: Shell, days: int, is_held: bool, said: list[str]
) -> None:
    clock = TestClock(datetime.now(UTC) - timedelta(days=days))
    gateway = opened_with(town, clock)
    with gateway.db.transaction() as session:
        text = InboundText("SM" + "1" * 32, "+17055550111", PROGRAM, "hello")
        intake.record(session, text, "simulated", clock.now())
    assert jobs.drain_inbox(gateway) == 1
    if is_held:
        town.done("hold", "place", "--person", "maya", "--why", "police file")
    assert [re.split("[,:]", sentence)[0] for sentence in findings(town, "copies")] == said


def test_a_hold_names_one_thing_and_says_why(town: Shell) -> None:
    assert "either a person or a match" in town.refused("hold", "place", "--why", "x")
    assert "say why" in town.refused("hold", "place", "--person", "maya", "--why", " ")


@pytest.mark.parametrize(
    ("verified_on", "said"),
    [
        pytest.param(None, "were never verified", id="never"),
        pytest.param(date(2026, 5, 28), "more than 180 days ago", id="181 days ago"),
        pytest.param(date(2026, 11, 26), "still to come", id="tomorrow"),
        pytest.param(date(2026, 5, 29), None, id="180 days ago"),
        pytest.param(TODAY, None, id="today"),
    ],
)
def test_numbers_that_help_grow_old(verified_on: date | None, said: str | None) -> None:
    lines = Helplines(voice_line="1-800-555-0100", verified_on=verified_on)
    charter = CHARTER.model_copy(update={"crisis": Crisis(default=lines)})
    told = list(stale_helplines(charter, TODAY))
    assert [said in sentence for sentence in told if said] == [True] * bool(said)
    assert len(told) == bool(said)


def test_check_and_doctor_remind_of_numbers_that_nobody_has_called(town: Shell, tmp_path: Path) -> None:
    copytree(REPOSITORY / "flows", tmp_path / "content" / "flows")
    assert "were never verified" in town.done("check", str(tmp_path / "content")).out
    assert any("were never verified" in sentence for sentence in findings(town, "crisis"))
