"""A rehearsal keeps every promise, and is the same however it is run."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from gateway.cli import cli
from gateway.cli.rehearsal import Rehearsal, open_rehearsal, rehearse_with
from gateway.cli.simulate import shares_of
from gateway.cli.stage import Broken, VirtualClock, open_stage
from gateway.cli.verdict import Breaches, KindCount, Verdict
from gateway.db import Database
from gateway.models import Kind
from tests.world import REPOSITORY


def test_a_week_of_four_pairs_breaks_no_promise() -> None:
    words = ["simulate", "--weeks", "1", "--pairs", "4", "--json", "--transcript", "--content"]
    result = CliRunner().invoke(cli, [*words, str(REPOSITORY)])
    facts = json.loads(result.stdout.splitlines()[-1])
    assert result.exit_code == 0
    assert facts["breaches"] == dict.fromkeys(facts["breaches"], 0)
    assert {"prompt", "relay", "flow"} <= {kind["kind"] for kind in facts["kinds"]}
    assert len(facts["transcripts"]) == 9
    newcomer = facts["transcripts"]["newcomer0 (new)"]
    assert newcomer[0] == (
        "> Passerelle: hi Person. Staff signed you up with us. Want to see how it works? 1 Yes, 2 No. No rush."
    )


def test_shares_hold_every_pair_once_and_none_is_too_small() -> None:
    assert shares_of(500, 4) == [range(125), range(125, 250), range(250, 375), range(375, 500)]
    assert shares_of(30, 8) == [range(30)]
    assert shares_of(51, 2) == [range(25), range(25, 51)]


def test_what_came_of_the_shares_adds_up() -> None:
    one = Verdict((KindCount(Kind.PROMPT, 2, 3),), texts_in=4, waiting=1, breaches=Breaches(duplicates=1))
    two = Verdict((KindCount(Kind.PROMPT, 1, 1), KindCount(Kind.RELAY, 5, 6)), texts_in=1)
    assert one + two == Verdict(
        (KindCount(Kind.PROMPT, 3, 4), KindCount(Kind.RELAY, 5, 6)), 5, 1, Breaches(duplicates=1)
    )


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Rehearsal]:
    opened = open_rehearsal(tmp_path, REPOSITORY, range(2), weeks=1)
    yield opened
    opened.close()


def test_one_transaction_changes_nothing_but_the_time_it_takes(small: Rehearsal, tmp_path: Path) -> None:
    """The same days on a database that commits each step, as a real one does: every phone saw the same."""
    (tmp_path / "real").mkdir()
    real = open_stage(tmp_path / "real", REPOSITORY, VirtualClock(), Database)
    slow = rehearse_with(*real, range(2), weeks=1)
    for day in range(3):
        small.live_a_day(day)
        slow.live_a_day(day)
    assert small.transcripts() == slow.transcripts()
    assert any(len(lines) > 3 for lines in small.transcripts().values())
    slow.close()


def test_a_bug_ends_a_rehearsal_though_the_worker_outlives_it(small: Rehearsal) -> None:
    with pytest.raises(Broken), small.gateway.db.transaction():
        raise ZeroDivisionError
