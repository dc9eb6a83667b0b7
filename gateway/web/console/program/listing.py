"""What the program says by itself, in the order in which it says it, and every conversation that it holds."""

from collections.abc import Iterator
from dataclasses import dataclass

from flask import render_template, request

from gateway.authored.costs import PRICE, Cost, month_of
from gateway.authored.said import Said
from gateway.authored.timing import DEFAULT_WEEKDAY, WEEKDAYS
from gateway.flows import conversations
from gateway.flows.conversation import Flow
from gateway.i18n import pick
from gateway.people.access import Act, Viewer, may
from gateway.prompts import catalogue
from gateway.prompts.schema import Prompt
from gateway.web.console.guard import guarded
from gateway.web.console.program import words as said
from gateway.web.console.program.blueprint import blueprint, pairs_wanted
from gateway.web.current import current_gateway
from gateway.web.languages import current_language
from gateway.web.words import excerpt

STAGES = ("beginning", "building", "deepening", "closing")
LAST = 10_000


@dataclass(frozen=True)
class Row:
    """One text, or one conversation, in a list."""

    slug: str
    title: str
    when: str
    to: str
    kind: str
    segments: int
    offenders: str


@blueprint.get("/program")
@guarded(Act.LOOK)
def index(viewer: Viewer) -> str:
    """The texts of one stage by week and day, with what a month of them all costs."""
    gateway = current_gateway()
    with gateway.db.reading() as session:
        live, pairs = gateway.library.live(session), pairs_wanted(session, viewer)
    found = catalogue.cost_of(live.prompts)
    by_stage = {
        name: [each for each in live.prompts.by_slug.items() if each[1].stage == name] for name in STAGES
    }
    there = [name for name in STAGES if by_stage[name]]
    asked = request.args.get("stage", "")
    stage = asked if asked in there else next(iter(there), "")
    return render_template(
        "console/program/index.html",
        stages=[(name, said.stage(name), len(by_stage[name]), name == stage) for name in there],
        title=said.stage(stage) if stage else "",
        rows=[_prompt_row(slug, one, found) for slug, one in sorted(by_stage.get(stage, []), key=_order)],
        count=len(live.prompts.by_slug),
        pairs=pairs,
        month=said.money(month_of(found, pairs, PRICE)),
        price=said.money(PRICE),
        may_author=may(viewer, Act.AUTHOR),
    )


@blueprint.get("/program/flows")
@guarded(Act.LOOK)
def flows(viewer: Viewer) -> str:
    """Every conversation, by whom it is for."""
    gateway = current_gateway()
    with gateway.db.reading() as session:
        live, pairs = gateway.library.live(session), pairs_wanted(session, viewer)
    found = conversations.cost_of(live.flows)
    rows = [_flow_row(slug, flow, found) for slug, flow in sorted(live.flows.by_slug.items())]
    month = said.money(month_of(found, pairs, PRICE))
    return render_template(
        "console/program/flows.html", rows=rows, pairs=pairs, month=month, may_author=may(viewer, Act.AUTHOR)
    )


def _order(entry: tuple[str, Prompt]) -> tuple[int, int, str]:
    """By week and day of the match; what answers to an event or has a date comes last."""
    when = entry[1].when
    return when.week or when.from_ or LAST, WEEKDAYS.index(when.weekday or DEFAULT_WEEKDAY), entry[0]


def _prompt_row(slug: str, prompt: Prompt, costs: list[Cost]) -> Row:
    own = [cost for cost in costs if cost.name.split()[0] == slug]
    return Row(
        slug,
        _first_words(prompt.text),
        said.when(prompt.when),
        said.audience(prompt.to),
        said.prompt_kind(prompt.kind),
        max((cost.segments for cost in own), default=0),
        _offenders(own),
    )


def _flow_row(slug: str, flow: Flow, costs: list[Cost]) -> Row:
    own = [cost for cost in costs if cost.name.split()[0] == slug]
    when = said.when(flow.starts.moment()) if flow.starts else ""
    return Row(
        slug,
        pick(flow.title, current_language()),
        when,
        said.audience(flow.for_),
        "",
        max((cost.segments for cost in own), default=0),
        _offenders(own),
    )


def _first_words(text: Said | None) -> str:
    return excerpt(pick(text.texts, current_language())) if text else ""


def _offenders(costs: list[Cost]) -> str:
    """The characters that make these texts cost double, each once."""
    return " ".join(dict.fromkeys(_each(costs)))


def _each(costs: list[Cost]) -> Iterator[str]:
    for cost in costs:
        yield from cost.offenders
