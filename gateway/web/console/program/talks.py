"""One conversation as steps that anybody can read."""

from collections.abc import Iterator
from dataclasses import dataclass

from flask import render_template, request

from gateway.editions.shown import as_sent
from gateway.flows.conversation import END, AnswerKind, Flow, Step
from gateway.flows.conversations import value_of
from gateway.i18n import pick
from gateway.people.access import Act, Hidden, Viewer, may
from gateway.web import words
from gateway.web.console.guard import guarded
from gateway.web.console.program import words as said
from gateway.web.console.program.blueprint import blueprint, pairs_wanted
from gateway.web.console.program.texts import Spoken, spoken
from gateway.web.console.reasons import alarm_within
from gateway.web.current import current_gateway
from gateway.web.languages import current_language
from gateway.web.languages import gettext as _


@dataclass(frozen=True)
class Way:
    """Where a conversation goes on: when, and to which step; "" for its end."""

    words: str
    step: str


@dataclass(frozen=True)
class Told:
    """One step: its texts in the language that was asked for, what else it does, and where it leads."""

    id: str
    texts: list[tuple[str, Spoken]]  # when it is said, unless at once; the text
    lines: list[str]
    ways: list[Way]


@blueprint.get("/program/flows/<slug>")
@guarded(Act.LOOK)
def flow(viewer: Viewer, slug: str) -> str:
    """The conversation in the page's language, or in the one that `in` names."""
    gateway = current_gateway()
    with gateway.db.reading() as session:
        live, pairs = gateway.library.live(session), pairs_wanted(session, viewer)
    one = live.flows.by_slug.get(slug)
    if one is None:
        raise Hidden
    languages = _languages(one)
    language = request.args.get("in", current_language())
    language = language if language in languages else languages[0]
    page, own = live.flows.pages[slug], gateway.content.charter.words
    shown = [
        (str(one.steps[int(wording.place[1])].id), str(wording.place[2]), each)
        for wording in one.wordings()
        for each in as_sent(slug, page, wording, own, 1 / 3)
        if each.language == language
    ]
    texts = [(step_id, (_moment(part), spoken(each, pairs))) for step_id, part, each in shown]
    return render_template(
        "console/program/flow.html",
        slug=slug,
        title=pick(one.title, current_language()),
        facts=_facts(one, page.file),
        steps=[
            _told(one, step, [text for step_id, text in texts if step_id == step.id]) for step in one.steps
        ],
        languages=[(code, words.language_name(code), code == language) for code in languages],
        pairs=pairs,
        may_author=may(viewer, Act.AUTHOR),
    )


def _languages(one: Flow) -> list[str]:
    found = [code for wording in one.wordings() for code in wording.said.texts]
    return list(dict.fromkeys(found)) or [current_language()]


def _facts(one: Flow, file: str) -> list[tuple[str, str]]:
    begins = (
        said.when(one.starts.moment())
        if one.starts
        else _("When staff begin it, or another part of the program")
    )
    facts = [(_("With"), said.audience(one.for_)), (_("Begins"), begins)]
    if one.starts and one.starts.window:
        facts.append((_("Hours"), said.hours(one.starts.window)))
    if one.starts:
        facts += [(_("Condition"), line) for line in said.conditions(one.starts.if_)]
    return [*facts, (_("File"), file)]


def _moment(part: str) -> str:
    """When a step says one of its texts."""
    return {"again": _("When the answer cannot be read"), "remind": _("The reminder")}.get(part, "")


def _told(flow: Flow, step: Step, texts: list[tuple[str, Spoken]]) -> Told:
    return Told(step.id, texts, list(_lines(step)), list(_ways(flow, step)))


def _lines(step: Step) -> Iterator[str]:
    """What a step does besides saying something."""
    if step.answer:
        yield _answer(step)
    if step.save:
        yield _("The answer is kept as “%(name)s”.", name=step.save)
    if step.remind:
        yield _("Without an answer it reminds once, after %(span)s.", span=said.span(step.remind.after))
    if step.alert and step.alert.urgent:
        yield _("Staff are told at once, at any hour: %(reason)s.", reason=alarm_within(step.alert.reason))
    elif step.alert:
        yield _("Staff are told: %(reason)s.", reason=alarm_within(step.alert.reason))
    if step.wait:
        yield _("It waits for %(span)s.", span=said.span(step.wait))
    for name, value in (step.set or {}).items():
        yield _("It sets %(name)s to %(value)s.", name=name, value=value)
    if step.end:
        yield _("The conversation ends.")


def _answer(step: Step) -> str:
    low, high = step.range or (1, 5)
    names = {
        AnswerKind.CHOICE: _("It waits for one of %(menu)s.", menu=_menu(step)),
        AnswerKind.YES_NO: _("It waits for yes (1) or no (2)."),
        AnswerKind.SCALE: _("It waits for a number from %(low)s to %(high)s.", low=low, high=high),
        AnswerKind.NUMBER: _("It waits for a number."),
        AnswerKind.DATE: _("It waits for a date."),
        AnswerKind.TEXT: _("It waits for a few words."),
    }
    return names[step.answer or AnswerKind.TEXT]


def _menu(step: Step) -> str:
    return pick(step.menu, current_language()) if step.menu else ""


def _label(step: Step, value: str) -> str:
    """An answer as its reader sees it, not as the file calls it."""
    if step.answer is AnswerKind.YES_NO:
        return {"yes": _("Yes"), "no": _("No")}.get(value, value)
    chosen = next((choice for choice in step.choices if choice.is_ == value), None)
    return pick(chosen.labels, current_language()) if chosen else value


def _ways(flow: Flow, step: Step) -> Iterator[Way]:
    """Where the step leads; nothing for one that goes on to the step below."""
    below = flow.following(step.id)
    if step.branch:
        for value, target in step.branch.cases.items():
            yield _way(_("When %(name)s is “%(value)s”", name=step.branch.on, value=value), target)
        yield _way(_("Otherwise"), step.branch.else_)
    for go in step.go:
        answer = (
            _("When the answer is “%(value)s”", value=_label(step, value_of(go.if_)))
            if go.if_ is not None
            else _("Otherwise")
        )
        yield _way(answer, go.target)
    if step.ask and step.unanswered:
        yield _way(_("When the answer cannot be read"), step.unanswered)
    if step.ask:
        yield _way(_("After %(span)s without an answer", span=said.span(step.timeout.after)), step.timeout.go)
    if step.then and step.then != below and not step.branch:
        yield _way(_("Then"), step.then)


def _way(words: str, target: str) -> Way:
    return Way(words, "" if target == END else target)
