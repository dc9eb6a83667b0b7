"""Every act that the code writes into the audit, and every fact beside it, has its words in both languages."""

import ast
from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import product

import pytest

from gateway.insight.sheets import Name
from gateway.models import (
    ConsentKind,
    ConsentState,
    ContactHow,
    ContentKind,
    Ending,
    LineKind,
    Reason,
    StaffRole,
)
from gateway.models.safety import Act
from gateway.models.staff_token import TokenKind
from gateway.privacy.trail import Fact
from gateway.web.console import alerts
from gateway.web.console.audit_facts import FACTS, VALUES, facts
from gateway.web.console.audit_words import ACTS, GROUPS, act, choices
from gateway.web.console.matching.saying import PAUSES
from gateway.web.console.people.care import Wish
from gateway.web.console.thread.purposes import Purpose
from gateway.web.languages import speaking
from tests.web.conftest import NOON, World
from tests.web.test_reasons import ZONE
from tests.world import REPOSITORY

ACTION, DETAIL = 2, 5  # which argument of audit()
# Where the code puts an act together from an enum: what can stand in the hole.
HOLES = {
    "f'{kind}.load'": [f"{kind}.load" for kind in ContentKind],
    "f'{row.kind}.load'": [f"{kind}.load" for kind in ContentKind],
    "f'{kind}.propose'": [f"{kind}.propose" for kind in ContentKind],
    "f'{of}.propose'": [f"{kind}.propose" for kind in ContentKind],
    "f'password.{row.kind}'": [f"password.{kind}" for kind in TokenKind],
    "f'text.{act.value}'": [f"text.{one}" for one in Act],
    "f'texts.{wish}'": [f"texts.{wish}" for wish in Wish],
}


def calls() -> Iterator[tuple[ast.Module, ast.Call]]:
    """Each call of audit(), under whatever name it was imported, with its module."""
    for file in sorted((REPOSITORY / "gateway").rglob("*.py")):
        module = ast.parse(file.read_text())
        names = {
            one.asname or one.name
            for node in ast.walk(module)
            if isinstance(node, ast.ImportFrom) and node.module == "gateway.privacy.audit"
            for one in node.names
            if one.name == "audit"
        }
        for node in ast.walk(module):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names:
                yield module, node


def strings(node: ast.expr, module: ast.Module) -> Iterable[str]:
    """Every string that this can be; what cannot be told is a KeyError, and wants a line in HOLES."""
    if isinstance(node, ast.Constant):
        return [str(node.value)]
    if isinstance(node, ast.IfExp):
        return [*strings(node.body, module), *strings(node.orelse, module)]
    if isinstance(node, ast.Name):
        return [text for value in values(node.id, module) for text in strings(value, module)]
    if isinstance(node, ast.FormattedValue):
        return strings(node.value, module)
    if (written := ast.unparse(node)) in HOLES:
        return HOLES[written]
    if isinstance(node, ast.JoinedStr):
        return ["".join(parts) for parts in product(*(strings(part, module) for part in node.values))]
    raise KeyError(written)


def values(name: str, module: ast.Module) -> Iterator[ast.expr]:
    """What a module gives to a name: where it is assigned, and where a function of its own is called with it."""
    for node in ast.walk(module):
        if isinstance(node, ast.Assign) and name in [ast.unparse(target) for target in node.targets]:
            yield node.value
        if isinstance(node, ast.FunctionDef) and name in (names := [one.arg for one in node.args.args]):
            place = names.index(name)
            own = [one for one in ast.walk(module) if isinstance(one, ast.Call)]
            yield from (one.args[place] for one in own if ast.unparse(one.func) == node.name)


def keys(node: ast.expr, module: ast.Module) -> Iterable[str]:
    """The names of the facts in a detail."""
    if isinstance(node, ast.Dict):
        return [text for key in node.keys if key for text in strings(key, module)]
    if isinstance(node, ast.IfExp):
        return [*keys(node.body, module), *keys(node.orelse, module)]
    if isinstance(node, ast.Name):
        return [key for value in values(node.id, module) for key in keys(value, module)]
    if isinstance(node, ast.Constant) and node.value is None:
        return []
    raise KeyError(ast.unparse(node))


WRITTEN = {code for module, call in calls() for code in strings(call.args[ACTION], module)}
NOTED = {
    key for module, call in calls() if len(call.args) > DETAIL for key in keys(call.args[DETAIL], module)
}
LISTS = {"waived"}  # the page shows single values


def test_every_act_that_the_code_writes_has_words_and_no_other() -> None:
    assert {"audit.read", "sign_in.wrong", "number.asked", "need.snooze", "texts.stop", "opt_in"} <= WRITTEN
    assert (WRITTEN - set(ACTS), set(ACTS) - WRITTEN) == (set(), set())
    assert len(ACTS) == sum(len(acts) for _name, acts in GROUPS)


def test_every_fact_beside_an_act_has_words_and_no_other() -> None:
    assert {"count", "why", "by_mail", "last_day"} <= NOTED
    assert (NOTED - LISTS - set(FACTS), set(FACTS) - NOTED) == (set(), set())
    assert set(VALUES) <= NOTED


@pytest.mark.parametrize(
    ("fact", "codes"),
    [
        ("consent", ConsentState),
        ("how", ContactHow),
        ("kind", [*LineKind, *ConsentKind]),
        ("reason", Reason),
        ("role", StaffRole),
        ("sheet", [*Name, "all"]),
        ("why", [*PAUSES, *Purpose, "number_doubted", "planned"]),
        ("ending", [*Ending, *alerts.Ending]),
    ],
)
def test_each_value_that_is_a_code_has_words(fact: str, codes: Iterable[str]) -> None:
    assert set(VALUES[fact]) == set(map(str, codes))


def test_no_two_acts_sound_the_same_in_either_language(world: World) -> None:
    said = {}
    for language in ("en", "fr"):
        with world.app.test_request_context(), speaking(language):
            said[language] = [act(code) for code in ACTS]
            assert [words for _name, some in choices() for _code, words in some] == said[language]
        assert len(set(said[language])) == len(ACTS)
    assert not set(said["en"]) & set(said["fr"])
    with world.app.test_request_context():
        assert act("match.bless") == "match.bless"


@pytest.mark.parametrize(
    ("kept", "english", "french"),
    [
        ({"count": 3, "kind": "csv"}, "how many: 3, kind: csv", "nombre : 3, genre : csv"),
        (
            {"why": "follow_up"},
            "why: to follow up on what happened",
            "pourquoi : pour suivre ce qui est arrivé",
        ),
        (
            {"note": True, "told": False},
            "note: yes, they were told: no",
            "note : oui, personnes prévenues : non",
        ),
        ({"from": None, "to": 5}, "from: –, to: 5", "de : –, à : 5"),
        ({"per_second": 1.5}, "segments a second: 1.5", "segments par seconde : 1,5"),
        ({"last_day": "2026-12-01"}, "last day: December 1, 2026", "dernier jour : 1er décembre 2026"),
        (
            {"until": (NOON + timedelta(hours=11)).isoformat()},
            "until: November 24, 2026",
            "jusqu’au : 24 novembre 2026",
        ),
        ({"until": "…"}, "until: …", "jusqu’au : …"),
        ({"reason": "a cousin", "gate": "x"}, "reason: a cousin, gate: x", "raison : a cousin, gate : x"),
        ({}, "", ""),
    ],
)
def test_facts_stand_in_words(world: World, kept: dict[str, Fact], english: str, french: str) -> None:
    for language, said in (("en", english), ("fr", french.replace(" :", "\N{NO-BREAK SPACE}:"))):
        with world.app.test_request_context(), speaking(language):
            assert facts(kept, ZONE) == said
