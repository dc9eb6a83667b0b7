"""What is wrong in files is said in French to whoever reads French; the sentences are gathered from the code that says them."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.authored.reading import AuthoringRefused, Fault
from gateway.flows.conversations import read_flows
from gateway.prompts.catalogue import read_prompts
from gateway.web.console.program.faults import sentence
from gateway.web.languages import speaking
from tests.authored.test_bad_yaml import FLOW, PROMPT
from tests.web.conftest import World

PACKAGE = Path(__file__).parents[2] / "gateway"
READING = (
    *("authored/reading.py", "authored/catalogue.py", "authored/said.py", "authored/timing.py"),
    *("flows/conversations.py", "flows/conversation.py", "flows/purpose.py"),
    *("prompts/catalogue.py", "prompts/schema.py", "editions/sets.py"),
    *(f"safety/screen/{name}.py" for name in ("reading", "schema", "phrases")),
)
SAYING = {
    "fault": 2,
    "Fault": 2,
    "refuse": 2,
    "ValueError": 1,
    "PhraseRefused": 1,
}  # how many words they take, last
NOT_SAID = {"%s %s %s"}  # put together of words that have sentences of their own


def sentences() -> Iterator[str]:
    """Every sentence in the code that reads files, with a word in place of what is put in."""
    for name in READING:
        for node in ast.walk(ast.parse((PACKAGE / name).read_text(encoding="utf-8"))):
            for part in _words_of(node):
                said = _text(part)
                if said and said not in NOT_SAID:
                    yield from filter(None, said.replace("%s", "thing").split("; "))


def _words_of(node: ast.AST) -> list[ast.expr]:
    if isinstance(node, ast.Call):
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        return node.args[-SAYING[name] :] if name in SAYING else []
    if isinstance(node, ast.Assign) and any(
        getattr(one, "id", "") in {"what", "remedy"} for one in node.targets
    ):
        return [node.value]
    return []


def _text(node: ast.expr) -> str | None:
    if isinstance(node, ast.JoinedStr):
        return "".join(part.value if isinstance(part, ast.Constant) else "%s" for part in node.values)  # type: ignore[misc]
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def in_french(world: World, what: str, remedy: str = "split it") -> tuple[str, str]:
    with world.app.test_request_context(), speaking("fr"):
        return sentence(Fault("a.yaml", 1, what, remedy))


def test_every_sentence_about_a_fault_has_its_french(world: World) -> None:
    found = set(sentences())
    assert len(found) > 100
    assert [said for said in sorted(found) if in_french(world, said)[1] != "fr"] == []


@pytest.mark.parametrize(
    ("what", "remedy", "french"),
    [
        (
            "the key 'when' stands twice",
            "keep one of them",
            "la clé 'when' est là deux fois; n’en gardez qu’une.",
        ),
        ("when.week: Field required", "add it", "when.week : il manque cette clé; ajoutez-la."),
        ("the file: text is missing", "correct it", "le fichier : text manque; corrigez."),
        (
            "150 units in UCS-2 because of ç ê, and there is room for 58",
            "split it",
            "150 unités en UCS-2 à cause de ç ê, et il y a de la place pour 58; divisez en plusieurs parties.",
        ),
    ],
)
def test_a_fault_is_said_whole_with_its_own_words(world: World, what: str, remedy: str, french: str) -> None:
    assert in_french(world, what, remedy) == (french, "fr")


def test_what_nobody_foresaw_stays_english_and_says_so(world: World) -> None:
    assert in_french(world, "the moon is wrong", "wait") == ("the moon is wrong; wait.", "en")


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("when: { week: 3", "when: { week: three"),
        ("kind: activity", "kind: song"),
        ("kind: activity", "kin: activity"),
        ("  fr:", "fr"),
        ("weekday: tue }", "weekday: tue"),
        ("weekday: tue", "weekday: tue, every: 3 days"),
        ("aujourd'hui", "{nobody}"),
        ('"One good thing today?"', '"One good thing today?'),
        ('"One good thing today?"', '""'),
    ],
)
def test_real_faults_of_a_prompt_are_said_in_french(world: World, right: str, wrong: str) -> None:
    with pytest.raises(AuthoringRefused) as refused:
        read_prompts({"a.yaml": PROMPT.replace(right, wrong).encode()})
    with world.app.test_request_context(), speaking("fr"):
        assert [one for one in refused.value.faults if sentence(one)[1] != "fr"] == []


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("answer: yes_no", "answer: maybe"),
        ("to: fin", "to: nowhere"),
        ("for: [youth]", "for: youth"),
        ("id: tell", "id: hello"),
        ("end: true", "end: 3"),
        ("save: happy", "save: Happy one"),
        ("  - id: fin\n    end: true\n", ""),
    ],
)
def test_real_faults_of_a_conversation_are_said_in_french(world: World, right: str, wrong: str) -> None:
    with pytest.raises(AuthoringRefused) as refused:
        read_flows({"a.yaml": FLOW.replace(right, wrong).encode()})
    with world.app.test_request_context(), speaking("fr"):
        assert [one for one in refused.value.faults if sentence(one)[1] != "fr"] == []
