"""Questions that prompts ask, as conversations like any other: is the task done, and a check-in's number."""

from collections.abc import Mapping, Sequence

from gateway.authored.said import Said, signed
from gateway.flows.conversation import Flow, Step

CHOICES = (
    {"is": "done", "en": "DONE", "fr": "FAIT"},
    {"is": "later", "en": "LATER", "fr": "PLUS TARD"},
    {"is": "help", "en": "HELP", "fr": "AIDE"},
)
ANSWER = "done"  # the name under which the answer is kept
LATER = "7 days"


def done_flow(slug: str, question: Said, help_text: Said, to: Sequence[str]) -> Flow:
    """Ask whether the task `slug` is done; ask once more a week after LATER; HELP calls staff, and says so."""
    ask = {
        "ask": {language: signed(words, language) for language, words in question.texts.items()},
        "answer": "choice",
        "choices": CHOICES,
        "save": ANSWER,
        "go": ({"if": "help", "to": "tell"}, {"if": "done", "to": "end"}, {"else": "end"}),
    }
    first = {**ask, "id": "ask", "go": ({"if": "later", "to": "rest"}, *ask["go"])}
    return Flow.model_validate(
        {
            "title": {"en": slug, "fr": slug},
            "for": tuple(to),
            "steps": (
                first,
                {"id": "rest", "wait": LATER},
                {**ask, "id": "once_more"},
                {"id": "tell", "alert": {"reason": "task_help"}},
                {"id": "comes", "say": dict(help_text.texts)},
            ),
        }
    )


def checkin_flow(
    slug: str, question: Said, range_: tuple[int, int], call: tuple[int, Said] | None, to: Sequence[str]
) -> Flow:
    """Ask for a number in `range_`, once again when it cannot be read; `call` is the answer that asks for a person."""
    text = {language: signed(words, language) for language, words in question.texts.items()}
    ask: dict[str, object] = {
        "id": "ask",
        "ask": text,
        "answer": "scale",
        "range": range_,
        "save": _name(slug),
        "again": text,
        "timeout": {"after": "5 days"},
        "go": ({"else": "end"},),
    }
    steps: tuple[Mapping[str, object], ...] = (ask,)
    if call:
        at, words = call
        ask["go"] = ({"if": str(at), "to": "call"}, {"else": "end"})
        steps = (
            ask,
            {"id": "call", "alert": {"reason": "asked_for_a_person"}},
            {"id": "comes", "say": dict(words.texts)},
        )
    return Flow.model_validate({"title": {"en": slug, "fr": slug}, "for": tuple(to), "steps": steps})


def told_flow(slug: str, said: Sequence[Said], to: Sequence[str], question: Flow | None) -> Flow:
    """Say these texts, a week apart, and then ask `question`."""
    steps: list[Mapping[str, object]] = []
    for number, words in enumerate(said):
        text = {language: signed(text, language) for language, text in words.texts.items()}
        steps += [{"id": f"rest{number}", "wait": "1 weeks"}] if number else []
        steps.append({"id": f"say{number}", "say": text})
    told = Flow.model_validate({"title": {"en": slug, "fr": slug}, "for": tuple(to), "steps": tuple(steps)})
    if question is None:
        return told
    rest = Step.model_validate({"id": "until_its_day", "wait": "1 weeks"})
    return told.model_copy(update={"steps": (*told.steps, rest, *question.steps)})


def _name(slug: str) -> str:
    """A slug as the name of an answer: letters first, and no dashes."""
    return f"checkin_{slug.replace('-', '_')}"[:40]
