"""Any conversation or prompt, played on one simulated phone: answer as a person would, or skip ahead to its next word.

Nothing is stored and nothing is sent: what was typed stands in the address, and the conversation is held anew each time.
"""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import Blueprint, abort, render_template, request

from gateway.flows.conversation import Flow
from gateway.flows.player import SKIP, Line, LineKind, Player
from gateway.library import Live, played_flow
from gateway.prompts.schema import PromptKind
from gateway.sms.segments import measure
from gateway.web import words
from gateway.web.console.reasons import alarm_within
from gateway.web.current import current_gateway
from gateway.web.languages import LANGUAGES, current_language, link
from gateway.web.languages import gettext as _

MOST_TURNS = 80
LONGEST_ANSWER = 320
FLOW, PROMPT = "flow", "prompt"

blueprint = Blueprint("plays", __name__)


@dataclass(frozen=True)
class Choice:
    """Something that may be played. `what` is its kind and its name."""

    what: str
    title: str


@dataclass(frozen=True)
class Shown:
    """A text on the phone's screen; or, without a cost, a word beside it: time that passed, what staff see, the end."""

    text: str
    is_mine: bool = False
    cost: str = ""


@dataclass(frozen=True)
class Page:
    """All that the page shows. `skips_to` is when the conversation would go on by itself, as people say it."""

    what: str
    title: str
    spoken: str  # the language that was asked for; a conversation may change it to `in_language`
    in_language: str
    said: tuple[str, ...]
    shown: tuple[Shown, ...]
    skips_to: str
    has_ended: bool
    flows: tuple[Choice, ...]
    prompts: tuple[Choice, ...]


@blueprint.get("/phones/play")
def play() -> str:
    gateway = current_gateway()
    with gateway.db.reading() as session:
        live = gateway.library.live(session)
    asked = request.args.get("what", "")
    flow = _flow(live, asked) if asked else None
    if asked and flow is None:
        abort(404)
    said = tuple(word[:LONGEST_ANSWER] for word in request.args.getlist("said")[:MOST_TURNS])
    wanted = request.args.get("in")
    spoken = wanted if wanted in LANGUAGES else current_language()
    player = Player(flow, spoken) if flow else None
    shown = _shown(player, said) if player else ()
    return render_template(
        "play.html",
        page=Page(
            what=asked,
            title=_title(flow) if flow else "",
            spoken=spoken,
            in_language=player.language if player else spoken,
            said=said,
            shown=shown,
            skips_to=_skips_to(player) if player else "",
            has_ended=player is not None and player.place is not None and player.place.has_ended,
            flows=tuple(
                Choice(f"{FLOW}/{slug}", _title(each)) for slug, each in sorted(live.flows.by_slug.items())
            ),
            prompts=tuple(Choice(f"{PROMPT}/{slug}", slug) for slug in sorted(live.prompts.by_slug)),
        ),
        skip=SKIP,
        again=link("plays.play", what=asked, **{"in": spoken}),
    )


def _flow(live: Live, what: str) -> Flow | None:
    kind, _, slug = what.partition("/")
    if kind == FLOW:
        return live.flows.by_slug.get(slug)
    prompt = live.prompts.by_slug.get(slug) if kind == PROMPT else None
    return played_flow(slug, prompt) if prompt and prompt.kind is not PromptKind.FLOW else None


def _title(flow: Flow) -> str:
    return flow.title.get(current_language(), flow.title["en"])


def _shown(player: Player, said: tuple[str, ...]) -> tuple[Shown, ...]:
    """The whole conversation, from its first word."""
    lines = player.begin()
    for word in said:
        lines += player.skip() if word == SKIP else player.hear(word)
    return tuple(_on_screen(line) for line in lines)


def _on_screen(line: Line) -> Shown:
    text = words.visible(line.words)
    match line.kind:
        case LineKind.SAID | LineKind.TYPED:
            size = measure(line.words)
            return Shown(text, line.kind is LineKind.TYPED, words.cost(size.segments, size.encoding))
        case LineKind.TIME:
            return Shown(_("Time passes"))
        case LineKind.KEPT:
            return Shown(_("Kept for staff: %(name)s = %(answer)s", name=line.name, answer=text))
        case LineKind.SET:
            return Shown(_("Changed: %(name)s = %(answer)s", name=line.name, answer=text))
        case LineKind.STAFF:
            return Shown(_("Staff are alerted: %(why)s", why=alarm_within(text)))
    return Shown(_("The conversation has ended."))


def _skips_to(player: Player) -> str:
    """When it goes on without an answer; empty when it does not."""
    moment = player.place.wake_at if player.place else None
    return _moment(moment) if moment else ""


def _moment(moment: datetime) -> str:
    zone = ZoneInfo(current_gateway().content.charter.timezone)
    return words.moment(moment, zone)
