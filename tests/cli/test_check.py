"""`gateway check` reads what staff wrote and ends with 0 or 1."""

import json
from pathlib import Path
from shutil import copytree

import pytest
from click.testing import CliRunner

from gateway.authored.level import reading_level
from gateway.authored.texts import NO_TEXTS
from gateway.cli import cli
from gateway.i18n import WORDINGS
from tests.authored.test_bad_yaml import FLOW, PROMPT
from tests.world import REPOSITORY


def run(*words: str) -> tuple[int, str]:
    result = CliRunner().invoke(cli, ["check", *words])
    return result.exit_code, result.output


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, source in (("prompts/one.yaml", PROMPT), ("flows/two.yaml", FLOW)):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_text(source, encoding="utf-8")
    return tmp_path


def test_a_good_folder_shows_what_each_text_costs(folder: Path) -> None:
    code, output = run(str(folder), "--json", "--pairs", "30", "--price", "0.01")
    facts = json.loads(output)
    assert (code, facts["faults"], len(facts["texts"])) == (0, [], 6)
    first = facts["texts"][0]
    assert (first["encoding"], first["segments"], first["per_send"], first["per_month"]) == (
        "GSM-7",
        1,
        0.01,
        0.1,
    )


def test_a_fault_names_file_line_and_remedy_and_ends_with_1(folder: Path) -> None:
    (folder / "prompts/one.yaml").write_text(PROMPT.replace("good thing", "good {thing}"), encoding="utf-8")
    code, output = run(str(folder))
    assert code == 1
    assert f"{folder}/prompts/one.yaml:4: {{thing}} is not a placeholder here; use one of" in output


def test_texts_stand_under_their_file_with_what_makes_them_dear(folder: Path) -> None:
    code, output = run(str(folder / "prompts/one.yaml"))
    assert code == 0
    file, *rows = output.splitlines()
    assert file == f"{folder}/prompts/one.yaml"
    assert max(map(len, rows)) <= 90


def test_what_the_program_says_by_itself_is_counted_too() -> None:
    facts = json.loads(run("--json", str(REPOSITORY))[1])
    own = [one for one in facts["texts"] if one["file"].endswith("flows/texts.yaml")]
    said = {(one["text"].split()[0], one["language"]): one for one in own}
    assert said["help", "fr"]["encoding"] == "GSM-7" and said["help", "fr"]["segments"] == 1
    assert {key for key, _ in said} == set(WORDINGS) - set(NO_TEXTS)
    assert {one["per_month"] for one in own} == {0}


def test_a_folder_without_files_is_no_folder_without_faults(tmp_path: Path) -> None:
    code, output = run(str(tmp_path))
    assert (code, output) == (
        1,
        f"{tmp_path}:1: no .yaml file in it; name the folder that holds flows/ and prompts/.\n1 fault.\n",
    )


def test_one_file_can_be_checked(folder: Path) -> None:
    assert run(str(folder / "flows/two.yaml"))[0] == 0
    assert run(str(folder / "nowhere.yaml"))[0] == 1


def test_what_is_shipped_has_no_fault() -> None:
    code, output = run("--json", str(Path(__file__).parent.parent.parent))
    assert code == 0, json.loads(output)["faults"]


def test_short_words_read_more_easily_than_long_ones() -> None:
    easy, hard = (
        "What made you laugh today?",
        "Institutional considerations necessitate administrative collaboration.",
    )
    assert float(str(reading_level(easy, "en")).split()[1]) < float(str(reading_level(hard, "en")).split()[1])
    facile, dur = (
        "Un bon mot pour toi ?",
        "Les considérations institutionnelles nécessitent une collaboration administrative.",
    )
    assert float(str(reading_level(facile, "fr")).split()[1]) > float(
        str(reading_level(dur, "fr")).split()[1]
    )
    assert reading_level("ᐊᐃ", "oji") is None


def test_an_outcome_that_no_question_shows_is_a_fault(tmp_path: Path) -> None:
    copytree(REPOSITORY / "flows", tmp_path / "flows")
    charter = tmp_path / "flows" / "program.yaml"
    source = charter.read_text(encoding="utf-8").replace("questions: [hopeful]", "questions: [glad]")
    charter.write_text(source, encoding="utf-8")
    code, output = run(str(tmp_path), "--json")
    assert code == 1
    (fault,) = json.loads(output)["faults"]
    assert fault["what"] == "hopeful: no conversation asks 'glad'"
    assert source.splitlines()[fault["line"] - 1].strip() == "- id: hopeful"
