"""A rehearsal keeps every promise."""

import json
from pathlib import Path

from click.testing import CliRunner

from gateway.cli import cli
from tests.world import REPOSITORY


def test_a_week_of_four_pairs_breaks_no_promise(tmp_path: Path) -> None:
    words = [
        "simulate",
        "--weeks",
        "1",
        "--pairs",
        "4",
        "--content",
        str(REPOSITORY),
        "--json",
        "--transcript",
    ]
    result = CliRunner().invoke(cli, words)
    facts = json.loads(result.stdout.splitlines()[-1])
    assert result.exit_code == 0
    assert set(facts["breaches"].values()) == {0}
    assert any(kind["kind"] == "prompt" for kind in facts["kinds"])
    assert len(facts["transcripts"]) == 8
