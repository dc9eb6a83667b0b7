"""A sentence is tried on the screen: what it would find, and what would happen. Nothing of it is kept."""

from dataclasses import dataclass

from flask import render_template, request

from gateway.people.access import Act, Viewer, may
from gateway.safety.screen import Category, Explained, Screened, Verdict, Writer, explain, screen
from gateway.web import words
from gateway.web.console.guard import guarded
from gateway.web.console.program.blueprint import blueprint
from gateway.web.current import current_gateway
from gateway.web.languages import LANGUAGES, current_language
from gateway.web.languages import gettext as _
from gateway.web.words import Said

LONGEST = 1600


@dataclass(frozen=True)
class Piece:
    """A run of the sentence; `is_found` when a rule found it."""

    words: str
    is_found: bool


@dataclass(frozen=True)
class Tried:
    """What the screen said of the sentence."""

    verdict: Said
    pieces: list[Piece]
    findings: list[tuple[str, str, Explained]]  # its category, in words; its own words, visible; the rest


@blueprint.get("/program/screen")
@guarded(Act.LOOK)
def trial(viewer: Viewer) -> str:
    return _page(viewer, "", current_language(), Writer.YOUTH, None)


@blueprint.post("/program/screen")
@guarded(Act.LOOK)
def try_it(viewer: Viewer) -> str:
    """Screen what was typed with the rules in use. It is a look, not a text: nothing is stored and nobody is told."""
    text = request.form.get("text", "").replace("\r\n", "\n").strip()[:LONGEST]
    language = request.form.get("language", "")
    language = language if language in LANGUAGES else current_language()
    writer = Writer.MENTOR if request.form.get("writer") == Writer.MENTOR else Writer.YOUTH
    gateway = current_gateway()
    with gateway.db.reading() as session:
        rules = gateway.library.rules(session)
    screened = screen(rules, text, language, writer)
    return _page(
        viewer,
        text,
        language,
        writer,
        _tried(screened, explain(rules, screened, text, current_language()), text),
    )


def _tried(screened: Screened, explained: list[Explained], text: str) -> Tried:
    findings = [(_category(one.category), words.visible(one.words), one) for one in explained]
    return Tried(_verdict(screened), pieces(text, [one.span for one in screened.findings]), findings)


def pieces(text: str, spans: list[tuple[int, int]]) -> list[Piece]:
    """The sentence in runs, those that a rule found marked; spans may overlap."""
    found = {place for start, end in spans for place in range(start, end)}
    runs: list[tuple[bool, str]] = []
    for place, mark in enumerate(text):
        is_found = place in found
        if runs and runs[-1][0] == is_found:
            runs[-1] = (is_found, runs[-1][1] + mark)
        else:
            runs.append((is_found, mark))
    return [Piece(words.visible(run), is_found) for is_found, run in runs]


def _page(viewer: Viewer, text: str, language: str, writer: Writer, tried: Tried | None) -> str:
    return render_template(
        "console/program/trying.html",
        text=text,
        written_in=language,
        writer=writer.value,
        tried=tried,
        languages=[(code, words.language_name(code)) for code in LANGUAGES],
        writers=[(Writer.YOUTH.value, _("youth")), (Writer.MENTOR.value, _("mentor"))],
        longest=LONGEST,
        may_author=may(viewer, Act.AUTHOR),
    )


def _verdict(screened: Screened) -> Said:
    if screened.verdict is Verdict.ESCALATE and screened.is_held:
        return Said(_("It would wait, and somebody on duty would be told at once."), "bad")
    verdicts = {
        Verdict.ALLOW: Said(
            _("It would pass. That proves nothing: the screen finds only what its rules know."), "good"
        ),
        Verdict.FLAG: Said(_("It would pass, and staff would look at it later."), "wait"),
        Verdict.HOLD: Said(_("It would wait until staff have looked."), "wait"),
        Verdict.ESCALATE: Said(_("It would pass, and somebody on duty would be told at once."), "bad"),
    }
    return verdicts[screened.verdict]


def _category(of: Category) -> str:
    names = {
        Category.CONTACT: _("contact details"),
        Category.MEETING: _("a meeting"),
        Category.SECRECY: _("secrecy"),
        Category.SEXUAL: _("something sexual"),
        Category.CRISIS: _("a crisis"),
        Category.DISCLOSURE: _("somebody is being hurt"),
        Category.VIOLENCE: _("violence"),
        Category.HARASSMENT: _("harassment"),
    }
    return names[of]
