"""Why somebody is needed is said in one plain sentence, in both languages, for every reason and every alert there is."""

import re
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from gateway.cli.content import own_files
from gateway.flows.conversations import read_flows
from gateway.insight.attention import NEVER_SET_ASIDE, Evidence
from gateway.models import ContentKind, Reason
from gateway.people.alerts import Reason as Alarm
from gateway.web.console import reasons
from gateway.web.languages import speaking
from tests.web.conftest import NOON, World
from tests.world import REPOSITORY

ZONE = ZoneInfo("America/Toronto")
SHIPPED = read_flows(own_files(ContentKind.FLOWS, REPOSITORY / "flows"))
MADE_BY_FLOWS = {
    step.alert.reason for flow in SHIPPED.by_slug.values() for step in flow.steps if step.alert is not None
}
RAISED = re.compile(r"""(?:\bCall\(|\braise_alert\([^)"]*|"alert": \{"reason": )"(\w+)\"""")
MADE_BY_CODE = {
    reason for file in (REPOSITORY / "gateway").rglob("*.py") for reason in RAISED.findall(file.read_text())
}


def sentence(world: World, language: str, reason: Reason, **more: object) -> reasons.Why:
    evidence = Evidence(
        **{  # type: ignore[arg-type]
            "reason": reason,
            "since_at": NOON - timedelta(days=3),
            "days": 3,
            "amount": 5,
            "before": 12,
            "about_id": 7,
            "subject": "crisis",
        }
        | more
    )
    with world.app.test_request_context(), speaking(language):
        return reasons.why(evidence, {7: "Maya"}, ZONE)


@pytest.mark.parametrize("reason", Reason)
def test_each_reason_is_one_sentence_of_its_own_in_both_languages(world: World, reason: Reason) -> None:
    english, french = (sentence(world, language, reason) for language in ("en", "fr"))
    for told in (english, french):
        assert re.fullmatch(
            r"[^.%{}]+(\.[^.%{}]+)?\.", told.sentence.replace("nov.", "nov").replace("sam.", "sam")
        ), told.sentence
        assert told.can_wait == (reason not in NEVER_SET_ASIDE)
    assert english.sentence != french.sentence


def test_no_two_reasons_sound_the_same(world: World) -> None:
    for language in ("en", "fr"):
        said = [sentence(world, language, reason).sentence for reason in Reason]
        assert len(set(said)) == len(said)


@pytest.mark.parametrize(
    ("reason", "more", "english", "french"),
    [
        (Reason.MENTOR_QUIET, {}, "Not a word from Maya for 8 days.", "Pas un mot de Maya depuis 8 jours."),
        (
            Reason.NO_EXCHANGE,
            {"amount": 0, "days": 1},
            "Nobody has written for 1 day.",
            "Personne n’a écrit depuis 1 jour.",
        ),
        (
            Reason.SLOWER,
            {"amount": 90_000, "before": 3600},
            "Maya now answers after about 1 day; it used to be 1 hour.",
            "Maya répond maintenant au bout de 1\N{NO-BREAK SPACE}jour environ; avant, c’était 1\N{NO-BREAK SPACE}heure.",
        ),
        (
            Reason.ONE_SIDED,
            {"about_id": None, "amount": 0},
            "Of the last 12 texts, one side wrote only 0.",
            "Des 12 derniers textos, un côté n’en a écrit que 0.",
        ),
        (
            Reason.ENDING,
            {"amount": 14},
            "The match comes to its end on Sat December 5.",
            "Le jumelage prend fin le samedi 5 décembre.",
        ),
        (
            Reason.UNREACHABLE,
            {"about_id": 99},
            "Somebody’s phone has been out of reach since Sat November 21.",
            "Le téléphone de quelqu’un est hors de portée depuis le samedi 21 novembre.",
        ),
    ],
)
def test_the_evidence_stands_in_the_sentence(
    world: World, reason: Reason, more: dict[str, object], english: str, french: str
) -> None:
    assert sentence(world, "en", reason, **more).sentence == english
    assert sentence(world, "fr", reason, **more).sentence == french


def test_each_alert_has_words_of_its_own_in_both_languages(world: World) -> None:
    assert "little_hope" in MADE_BY_FLOWS
    assert {"task_help", "could_not_read_an_answer", "person_set_aside"} <= MADE_BY_CODE
    kinds = sorted({*map(str, Alarm), *MADE_BY_FLOWS, *MADE_BY_CODE})
    for language in ("en", "fr"):
        with world.app.test_request_context(), speaking(language):
            said = [reasons.alarm(kind) for kind in kinds]
        assert len(set(said)) == len(said)
        assert not [
            words
            for words, kind in zip(said, kinds, strict=True)
            if words == kind.replace("_", " ").capitalize()
        ]
    with world.app.test_request_context():
        assert reasons.alarm("a_reason_of_theirs") == "A reason of theirs"


def test_what_is_coming_has_words_for_every_reason(world: World) -> None:
    for language in ("en", "fr"):
        with world.app.test_request_context(), speaking(language):
            assert all(reasons.soon(reason) for reason in Reason)
