"""The question after a task's day, as a conversation like any other: done, later (asked once more), or help."""

from collections.abc import Sequence

from gateway.authored.said import Said
from gateway.flows.conversation import Flow

CHOICES = (
    {"is": "done", "en": "DONE", "fr": "FAIT"},
    {"is": "later", "en": "LATER", "fr": "PLUS TARD"},
    {"is": "help", "en": "HELP", "fr": "AIDE"},
)
ANSWER = "done"  # the name under which the answer is kept
LATER = "7 days"


def done_flow(slug: str, question: Said, to: Sequence[str]) -> Flow:
    """Ask whether the task `slug` is done; ask once more a week after LATER; HELP calls staff."""
    ask = {
        "ask": dict(question.texts),
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
            ),
        }
    )
