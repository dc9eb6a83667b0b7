"""The check that runs after every story can fail: it finds numbers in any dress, names and places."""

import pytest

from tests.unmasking import Secrets, what_unmasks

SECRETS = Secrets(
    numbers={"p1": "+17055550111", "p2": "+14165550112"},
    names={"p1": "Maya Tremblay", "p2": "Ben Okafor"},
    places=frozenset({"Moose Factory", "Toronto"}),
)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        pytest.param("call +1 (705) 555-0111", "number of p1", id="written out"),
        pytest.param("7.0.5.5.5.5.0.1.1.1", "number of p1", id="with points"),
        pytest.param("705 555 01", "number of p1", id="its first seven digits"),
        pytest.param("5 5 5 0 1 1 1", "number of p1", id="its last seven"),
        pytest.param("from MAYA", "name of p1", id="a first name"),
        pytest.param("Ms. Tremblay wrote", "name of p1", id="a surname"),
        pytest.param("in moose factory today", "place Moose Factory", id="a place"),
    ],
)
def test_what_gives_somebody_away_is_found(text: str, what: str) -> None:
    assert what in what_unmasks(text, "p2", SECRETS)


@pytest.mark.parametrize(
    "text",
    [
        "Hi Ben, how was your week?",
        "A person can help: 1-800-555-0100",
        "Until Tue 13:00, what you write here goes to staff alone.",
        "call 911 or 988",
    ],
)
def test_what_gives_nobody_away_passes(text: str) -> None:
    assert what_unmasks(text, "p2", SECRETS) == []
