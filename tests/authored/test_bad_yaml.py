"""Files that must be refused, each with its line: hardening, abuse cases 21 and 22."""

import pytest

from gateway.authored.reading import AuthoringRefused, read_page
from gateway.flows.conversations import read_flows
from gateway.prompts.catalogue import read_prompts

PROMPT = """kind: activity
when: { week: 3, weekday: tue }
text:
  en: "One good thing today?"
  fr: "Une bonne chose aujourd'hui ?"
"""
FLOW = """title: { en: Hello, fr: Bonjour }
for: [youth]
steps:
  - id: hello
    say: { en: "Hello from {program}.", fr: "Bonjour de {program}." }
  - id: happy
    ask: { en: "All well? 1 yes, 2 no", fr: "Tout va bien ? 1 oui, 2 non" }
    answer: yes_no
    save: happy
    go: [ { if: "yes", to: fin }, { else: tell } ]
  - id: tell
    alert: { reason: asked }
  - id: fin
    end: true
"""
BOMB = "a: &a [x, x, x]\n" + "".join(f"b{n}: &b{n} [*a, *a, *a]\n" for n in range(9))


def line_of(refused: AuthoringRefused) -> int:
    return refused.faults[0].line


@pytest.mark.parametrize(
    ("source", "line", "word"),
    [
        (b"a: 1\nb: !!python/object:os.system {}\n", 2, "tag"),
        (b"a: 1\nb: !secret x\n", 2, "tag"),
        (BOMB.encode(), 1, "anchors"),
        (b"a: 1\nb: 2\na: 3\n", 3, "twice"),
        (b"%YAML 1.1\n---\na: NO\n", 1, "directives"),
        (b"a: x\nb: 2027-01-15\n", 2, "quotes"),
        (b"a: x\nb: 1.5\n", 2, "quotes"),
        (b"a: x\n1: y\n", 2, "key"),
        (b"a: [1, 2\nb: 3\n", 2, "quotes"),
        (b"a: x\nb: \xff\n", 2, "UTF-8"),
        (b"a: " + b"[" * 40 + b"]" * 40, 1, "nested"),
        (b"a: " + b"[" * 20_000, 1, "nested"),
        (b"# " + b"x" * 1_000_001, 1, "split"),
        (b"a: 1\n---\nb: 2\n", 2, ""),
    ],
    ids=lambda value: "" if isinstance(value, bytes) else str(value),
)
def test_yaml_that_could_do_harm_is_refused_with_its_line(source: bytes, line: int, word: str) -> None:
    with pytest.raises(AuthoringRefused) as caught:
        read_page(source, "bad.yaml")
    assert line_of(caught.value) == line
    assert word in str(caught.value)


def test_no_is_a_word_and_a_time_is_text() -> None:
    assert read_page(b"a: NO\nb: 22:22\nc: on\n", "good.yaml").value == {"a": "NO", "b": "22:22", "c": "on"}


@pytest.mark.parametrize(
    ("before", "after", "line", "word"),
    [
        ("kind: activity", "kind: dance", 1, "activity"),
        ("kind: activity", "kinds: activity", 1, "spelling"),
        ("week: 3, weekday: tue", "week: 3", 2, "weekday"),
        ("week: 3, weekday: tue", "silence: 10 days, week: 2", 2, "exactly one"),
        ("week: 3, weekday: tue", "silence: ten", 2, "3 days"),
        ("week: 3, weekday: tue", "event: task_done, of: nothing", 2, "no task"),
        ("week: 3, weekday: tue", 'date: "2027-02-30"', 2, "day"),
        ("good thing", "good {thing}", 4, "{first_name}"),
        ("good thing", "good {0.__class__}", 4, "placeholder"),
        ("good thing", "good {{7*7}}", 4, "placeholder"),
        ("good thing", "good } thing", 4, "brace"),
        ("One good thing today?", "word " * 40, 4, "136"),
        ('  fr: "Une bonne chose aujourd\'hui ?"\n', "", 3, "missing in fr"),
    ],
)
def test_a_bad_prompt_is_refused_with_its_line_and_a_remedy(
    before: str, after: str, line: int, word: str
) -> None:
    read_prompts({"good.yaml": PROMPT.encode()})
    with pytest.raises(AuthoringRefused) as caught:
        read_prompts({"good.yaml": PROMPT.encode(), "bad.yaml": PROMPT.replace(before, after).encode()})
    assert [(fault.file, fault.line) for fault in caught.value.faults][:1] == [("bad.yaml", line)]
    assert word in str(caught.value)


@pytest.mark.parametrize(
    ("before", "after", "line", "word"),
    [
        ("to: fin", "to: nowhere", 6, "nowhere"),
        ("{ else: tell }", "{ else: fin }", 11, "nothing leads"),
        ("id: tell", "id: hello", 11, "taken"),
        ('{ if: "yes"', '{ if: "maybe"', 10, "no answer"),
        ("answer: yes_no", "answer: choice", 6, "choices"),
        ("alert: { reason: asked }", "then: hello", 11, "exactly one"),
        ("alert: { reason: asked }", 'set: { admin: "yes" }', 11, "cannot be set"),
        ("alert: { reason: asked }", 'set: { language: "{tongue}" }', 11, "tongue"),
        ('en: "', 'en: "{week} ', 5, "{week} is not a placeholder here"),
        ("end: true", "alert: { reason: asked }\n    then: tell", 11, "circle"),
    ],
)
def test_a_bad_flow_is_refused_with_its_line_and_a_remedy(
    before: str, after: str, line: int, word: str
) -> None:
    read_flows({"good.yaml": FLOW.encode()})
    with pytest.raises(AuthoringRefused) as caught:
        read_flows({"good.yaml": FLOW.encode(), "bad.yaml": FLOW.replace(before, after).encode()})
    faults = [fault for fault in caught.value.faults if fault.file == "bad.yaml"]
    assert any(fault.line == line and word in str(fault) for fault in faults), faults


def test_two_files_with_one_name_are_refused() -> None:
    with pytest.raises(AuthoringRefused, match="another file"):
        read_prompts({"a/same.yaml": PROMPT.encode(), "b/same.yaml": PROMPT.encode()})
