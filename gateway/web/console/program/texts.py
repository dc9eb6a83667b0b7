"""One text of the program as it will be sent, in each language, and what it costs."""

from dataclasses import dataclass

from babel.numbers import format_decimal
from flask import render_template

from gateway.authored.costs import PRICE
from gateway.authored.reading import Page
from gateway.authored.said import Wording
from gateway.editions.shown import Shown, as_sent
from gateway.people.access import Act, Hidden, Viewer, may
from gateway.prompts.catalogue import sends_a_month
from gateway.prompts.schema import Prompt
from gateway.web import words
from gateway.web.console.guard import guarded
from gateway.web.console.program import words as said
from gateway.web.console.program.blueprint import blueprint, pairs_wanted
from gateway.web.current import current_gateway
from gateway.web.languages import gettext as _


@dataclass(frozen=True)
class Spoken:
    """One text in one language, ready to be read."""

    language: str
    name: str
    body: str
    cost: str
    units: int
    offenders: str
    level: str
    per_send: str
    per_month: str


@dataclass(frozen=True)
class Part:
    """One of a prompt's texts in all its languages."""

    title: str
    spoken: list[Spoken]


@blueprint.get("/program/prompts/<slug>")
@guarded(Act.LOOK)
def prompt(viewer: Viewer, slug: str) -> str:
    gateway = current_gateway()
    with gateway.db.reading() as session:
        live, pairs = gateway.library.live(session), pairs_wanted(session, viewer)
    one = live.prompts.by_slug.get(slug)
    if one is None:
        raise Hidden
    page, own_words = live.prompts.pages[slug], gateway.content.charter.words
    parts = [_part(wording, slug, page, one, own_words, pairs) for wording in one.wordings()]
    return render_template(
        "console/program/prompt.html",
        slug=slug,
        kind=said.prompt_kind(one.kind),
        facts=_facts(one, page),
        parts=parts,
        pairs=pairs,
        may_author=may(viewer, Act.AUTHOR),
    )


def _facts(one: Prompt, page: Page) -> list[tuple[str, str]]:
    window = one.window or current_gateway().content.charter.program_window
    facts = [
        (_("When"), said.when(one.when)),
        (_("Hours"), said.hours(window)),
        (_("To"), said.audience(one.to)),
        (_("If late"), said.late(one.late)),
        *((_("Condition"), line) for line in said.conditions(one.if_)),
        (_("Stage"), said.stage(one.stage)),
    ]
    if one.task:
        facts.append((_("Task due"), said.due_on(one.task.due)))
        facts += [
            (_("Reminder"), _("%(span)s before", span=said.span(before))) for before in one.task.remind_before
        ]
    if one.answer:
        low, high = one.answer.range
        facts.append(
            (_("Answer"), _("a number from %(low)s to %(high)s, for staff only", low=low, high=high))
        )
    return [*facts, (_("File"), page.file)]


def _part(
    wording: Wording, slug: str, page: Page, one: Prompt, own: dict[str, dict[str, str]], pairs: int
) -> Part:
    titles = {
        "text": _("As it is sent"),
        "task.remind_text": _("The reminder"),
        "task.done_question": _("The question on the day after"),
        "task.help_text": _("To whoever asks for help"),
        "answer.call.text": _("To whoever asks for a person"),
    }
    shown = as_sent(slug, page, wording, own, sends_a_month(one))
    return Part(titles[".".join(map(str, wording.place))], [spoken(each, pairs) for each in shown])


def spoken(shown: Shown, pairs: int) -> Spoken:
    """One text and its price in words."""
    cost = shown.cost
    return Spoken(
        cost.language,
        words.language_name(cost.language),
        words.visible(shown.body),
        words.cost(cost.segments, cost.encoding),
        cost.units,
        " ".join(cost.offenders),
        level(cost.level),
        said.money(cost.segments * PRICE),
        said.money(cost.month(pairs, PRICE)),
    )


def level(measured: str | None) -> str:
    """How hard a text is to read: "grade 3.1" in English, "ease 84" of 100 in French."""
    kind, _space, number = (measured or "").partition(" ")
    if kind == "grade":
        return _("reads like grade %(number)s", number=format_decimal(number, "0.0", locale=said.locale()))
    return _("ease of reading %(number)s of 100", number=number) if kind == "ease" else ""
