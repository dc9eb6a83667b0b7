"""`gateway screen` says what the rules say; `gateway screening` puts a set in use, whole or not at all."""

import json
import shutil
from pathlib import Path

import pytest

from gateway.library import Library, live_files, shipped_rules, store
from gateway.models import ContentKind
from gateway.safety.screen import Writer, screen
from tests.cli.conftest import Shell
from tests.world import REPOSITORY, World


def lines(*texts: tuple[str, str, str]) -> str:
    return "\n".join(json.dumps({"text": text, "language": lang, "from": who}) for text, lang, who in texts)


def test_each_line_gets_its_verdict_and_findings(bare: Shell) -> None:
    typed = lines(
        ("text me 705 555 0142", "en", "mentor"), ("jveux mourir", "fr", "youth"), ("allo", "fr", "youth")
    )
    number, cry, hello = [json.loads(line) for line in bare.done("screen", typed=typed).out.splitlines()]
    assert number["verdict"] == "hold"
    assert {"category": "contact", "rule": "phone-number", "span": [8, 20]} in number["findings"]
    assert (cry["verdict"], cry["findings"][0]["category"]) == ("escalate", "crisis")
    assert hello == {"verdict": "allow", "findings": []}


def test_words_are_judged_with_their_reason(bare: Shell) -> None:
    said = bare.done("screen", "i want to die, text me 705 555 0142", "--from", "mentor").out
    assert said.startswith("escalate+hold\n")
    assert "Wants to die" in said
    assert "705 555 0142" in said
    assert bare.done("screen", "see you at practice").out == "allow\n"
    assert bare.done("screen", "jveux mourir", "--language", "fr", "--json").json["verdict"] == "escalate"


@pytest.mark.parametrize("line", ["nonsense", "[]", '{"text": 5}', '{"text": "x", "from": "stranger"}'])
def test_a_line_that_is_no_text_is_refused(bare: Shell, line: str) -> None:
    assert "Line 1 is not" in bare.refused("screen", typed=line)


def test_a_stream_is_counted_and_no_word_of_it_is_shown(bare: Shell) -> None:
    stream = bare.write(
        "texts.txt", "nice goal yesterday\ni want to die\n" + lines(("see you", "en", "youth")) + "\n"
    )
    facts = bare.done("screen", "--stream", stream, "--json").json
    assert facts["texts"] == 3
    assert facts["per_thousand"] == {"crisis": 333.33, "escalate": 333.33}
    assert facts["alarms"] == [{"text": 2, "verdict": "escalate", "rules": ["wants-to-die"]}]
    assert "want to" not in bare.done("screen", "--stream", stream).out


def test_a_set_is_loaded_whole_and_given_back(shell: Shell, tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    shutil.copytree(REPOSITORY / "screening", mine)
    any_file = mine / "any.yaml"
    any_file.write_text(
        any_file.read_text(encoding="utf-8").replace('  - "988"\n', '  - "988"\n  - "705 555 0142"\n'),
        encoding="utf-8",
    )
    refused = shell.refused("screening", "load", str(mine))
    assert "any.yaml" in refused  # its own examples say that this number is one
    any_file.write_text(
        (REPOSITORY / "screening/any.yaml").read_text(encoding="utf-8").replace('"988"', '"989"'),
        encoding="utf-8",
    )
    assert shell.done("screening", "load", str(mine), "--json").json["version"] == 1
    shell.done("screening", "export", str(tmp_path / "again"))
    assert (tmp_path / "again/any.yaml").read_bytes() == any_file.read_bytes()


def test_a_gateway_without_rules_does_not_open(shell: Shell, tmp_path: Path) -> None:
    shutil.copytree(REPOSITORY / "flows", tmp_path / "bare/flows")
    assert "screening" in shell.refused("lines", "list", GATEWAY_CONTENT=str(tmp_path / "bare"))


def test_check_reads_the_rules_with_their_examples(bare: Shell, tmp_path: Path) -> None:
    shutil.copytree(REPOSITORY / "screening", tmp_path / "content/screening")
    (tmp_path / "content/flows").mkdir()
    policy = tmp_path / "content/screening/policy.yaml"
    policy.write_text(policy.read_text(encoding="utf-8").replace("escalate+hold", "faint"), encoding="utf-8")
    ran = bare.run("check", str(tmp_path / "content"), "--json")
    assert ran.code == 1
    assert ran.json["faults"][0]["file"].endswith("screening/policy.yaml")


def test_a_program_that_loaded_nothing_is_screened_by_the_shipped_rules(world: World) -> None:
    with world.gateway.db.transaction() as session:
        shipped = world.gateway.library.rules(session)
        assert screen(shipped, "i want to die", "en", Writer.YOUTH).findings
        files = {name: text.encode() for name, text in shipped_rules(REPOSITORY).items()}
        store(
            session, ContentKind.SCREENING, {**files, "en/mine.yaml": b"noise: [plum]\n"}, world.clock.now()
        )
        assert world.gateway.library.rules(session).version != shipped.version
        assert Library().rules(session).version == world.gateway.library.rules(session).version
        assert live_files(session, ContentKind.SCREENING).keys() == {*files, "en/mine.yaml"}
