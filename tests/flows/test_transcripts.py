"""Every conversation as people see it, found by name: > is the program, < is the person, ~ is time passing."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from gateway.authored.reading import yaml_files
from gateway.cli import cli
from gateway.flows.conversations import read_flows
from gateway.flows.player import LineKind, Player, every_step
from tests.world import REPOSITORY

FOLDER = Path(__file__).parent.parent / "transcripts"
FILES = sorted(FOLDER.glob("*.txt"))
FLOWS = read_flows(yaml_files(REPOSITORY / "flows")).by_slug


def play(file: Path) -> tuple[list[str], set[str]]:
    """What the flow says to the answers and the silences in a transcript, and the steps and texts that it came by."""
    slug, language = file.name.split(".")[:2]
    player = Player(FLOWS[slug], language)
    lines = player.begin()
    for line in file.read_text(encoding="utf-8").splitlines():
        if line.startswith("< "):
            lines += player.hear(line[2:])
        elif line.startswith("~ "):
            lines += player.pass_time(int(line.split()[1]))
    shown = (LineKind.SAID, LineKind.TYPED, LineKind.TIME)
    return [str(line) for line in lines if line.kind in shown], player.seen


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_conversation_reads_as_its_transcript(file: Path) -> None:
    lines, _ = play(file)
    assert lines == file.read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("slug", sorted(FLOWS))
def test_its_transcripts_come_by_every_step(slug: str, language: str) -> None:
    seen: set[str] = set()
    for file in FOLDER.glob(f"{slug}.{language}.*txt"):
        seen |= play(file)[1]
    assert [step.id for step in FLOWS[slug].steps if step.id not in seen] == []


@pytest.mark.parametrize("slug", sorted(FLOWS))
def test_every_text_of_it_can_be_said(slug: str) -> None:
    _, seen = every_step(FLOWS[slug], "en")
    wanted = {f"{step.id}.{place[0]}" for step in FLOWS[slug].steps for place, _ in step.wordings()}
    assert wanted - seen == set()


def test_no_transcript_is_left_of_a_flow_that_is_gone() -> None:
    assert {file.name.partition(".")[0] for file in FILES} == set(FLOWS)


def test_a_conversation_can_be_held_in_the_terminal() -> None:
    slug = sorted(FLOWS)[0]
    words = [
        "chat",
        slug,
        "--as",
        FLOWS[slug].for_[0],
        "--language",
        "fr",
        "--content",
        str(REPOSITORY),
    ]
    result = CliRunner().invoke(cli, words, input="\n" * 60)
    assert result.exit_code == 0, result.output
    assert result.output.startswith("> ")
    assert result.output.rstrip().endswith(".")


def test_a_prompt_can_be_heard_in_the_terminal_by_whom_it_is_for() -> None:
    chat = ["chat", "five-lines", "--language", "fr", "--content", str(REPOSITORY)]
    result = CliRunner().invoke(cli, chat, input="\n\n3\n")
    assert result.exit_code == 0, result.output
    assert "> Passerelle : Tes cinq lignes ? 1 FAIT, 2 PLUS TARD, 3 AIDE." in result.output
    assert "(staff: task_help)\n> Demander, c'est un bon pas." in result.output
    assert CliRunner().invoke(cli, [*chat, "--as", "mentor"]).exit_code == 1
