"""The little language of phrases, and files that must be refused with their line."""

import pytest

from gateway.authored.reading import AuthoringRefused
from gateway.library import shipped_rules
from gateway.safety.screen import Writer, screen
from gateway.safety.screen.reading import read_rules
from tests.world import REPOSITORY

RULE = """lists:
  fruit: [apple, red pear]
rules:
  - rule: fruit-talk
    category: meeting
    why: "An example."
    phrases: ["{phrase}"]
    unless: ["..2 lol"]
    hits: ["{hit}"]
"""


def files(source: str) -> dict[str, str]:
    shipped = shipped_rules(REPOSITORY)
    return {"policy.yaml": shipped["policy.yaml"], "any.yaml": shipped["any.yaml"], "en.yaml": source}


def finds(phrase: str, hit: str, text: str) -> bool:
    rules = read_rules(files(RULE.format(phrase=phrase, hit=hit)))
    return "fruit-talk" in [one.rule for one in screen(rules, text, "en", Writer.YOUTH).findings]


@pytest.mark.parametrize(
    ("phrase", "text", "other"),
    [
        ("eat (one|two or three) plums", "Eat two or three plums!", "eat two plums"),
        ("eat [my] plums", "i eat my plums", "eat your plums"),
        ("eat (my|your)? plums", "eat plums", "eat their plums"),
        ("plum*", "plumsauce", "sugarplum"),
        ("banana~ split", "bannana split", "sultana split"),
        ("eat .. plums", "eat all of my plums", "eat all of my good plums"),
        ("eat ..5 plums", "eat all of my good ripe plums", "eat. plums"),
        ("eat a <fruit>", "eat a red pear", "eat a pear"),
        ("room <number> plums", "room 12 plums", "room twelve plums"),
        ("plums at <time>", "plums at 7:30pm", "plums at 99"),
        ("i don't eat plums", "I dont eat plums", "i do eat plums"),
        ("je n'aime pas l'été", "jaime pas l ete je aime pas l'ete", "j'aime le pas"),
    ],
)
def test_a_phrase_finds_what_it_says_and_no_more(phrase: str, text: str, other: str) -> None:
    assert finds(phrase, text, text)
    assert not finds(phrase, text, other)


def test_an_exception_spares_what_it_lies_over() -> None:
    assert not finds("eat plums", "eat plums", "eat plums now lol")
    assert finds("eat plums", "eat plums", "eat plums now and then lol")


@pytest.mark.parametrize(
    ("before", "after", "line", "word"),
    [
        ("{phrase}", "", 7, "at least 1 character"),
        ("{phrase}", "[maybe] ..", 7, "any text"),
        ("{phrase}", "eat (plums", 7, "bracket"),
        ("{phrase}", "eat plums)", 7, "bracket"),
        ("{phrase}", "eat ..40 plums", 7, "gap"),
        ("{phrase}", "eat <nothing>", 7, "list"),
        ("{phrase}", "eat really plums", 7, "noise"),
        ("{phrase}", "a*", 7, "short"),
        (
            "{phrase}",
            "(a|b c|d e|f g) (a|b c|d e|f g) (a|b c|d e|f g) (a|b c|d e|f g) (a|b c|d e|f g)",
            7,
            "split",
        ),
        ("{phrase}", "eat pears", 9, "does not find"),
        ("category: meeting", "category: weather", 5, "category"),
        ("rule: fruit-talk", "rule: Fruit Talk", 4, "pattern"),
        ("rule: fruit-talk", "rule: phone-number", 4, "another rule"),
        ("    why:", "    reason:", 4, "why"),
    ],
)
def test_a_bad_rule_is_refused_with_its_line(before: str, after: str, line: int, word: str) -> None:
    source = RULE.replace(before, after).replace("{phrase}", "eat plums").replace("{hit}", "eat plums")
    with pytest.raises(AuthoringRefused) as caught:
        read_rules(files(source))
    assert any(fault.file == "en.yaml" and fault.line == line for fault in caught.value.faults), (
        caught.value.faults
    )
    assert word in str(caught.value)


@pytest.mark.parametrize("name", ["policy.yaml", "any.yaml"])
def test_a_set_without_its_policy_or_its_detectors_is_refused(name: str) -> None:
    whole = files(RULE.format(phrase="eat plums", hit="eat plums"))
    with pytest.raises(AuthoringRefused, match=name):
        read_rules({file: source for file, source in whole.items() if file != name})


def test_a_policy_that_forgets_a_category_is_refused() -> None:
    whole = files(RULE.format(phrase="eat plums", hit="eat plums"))
    broken = whole["policy.yaml"].replace("  crisis: { youth: escalate, mentor: escalate }\n", "")
    with pytest.raises(AuthoringRefused, match="crisis: youth"):
        read_rules({**whole, "policy.yaml": broken})
    with pytest.raises(AuthoringRefused, match="no verdict"):
        read_rules({**whole, "policy.yaml": whole["policy.yaml"].replace("flag", "shrug")})
