"""The few things that a conversation may change of what we hold of a person."""

from datetime import datetime
from zoneinfo import ZoneInfo

from gateway.db import Session
from gateway.i18n import is_language
from gateway.models import ConsentKind, ConsentState, Participant
from gateway.people.consent import record_consent

TRUE = frozenset({"yes", "true", "quiet", "1"})


def put(session: Session, person: Participant, name: str, value: str, wording: str, now: datetime) -> None:
    """Change one thing; a value that makes no sense changes nothing. `wording` names the text that asked."""
    match name:
        case "language" if is_language(value):
            person.language = value
        case "nights_quiet":
            person.nights_quiet = value in TRUE
        case "prompts_paused":
            person.prompts_paused = value in TRUE
        case "training" if value in TRUE | {"done"}:
            person.trained_on = now.astimezone(ZoneInfo(person.timezone)).date()
        case "texting_consent" if value in ("yes", "no"):
            state = ConsentState.GIVEN if value == "yes" else ConsentState.WITHDRAWN
            record_consent(session, person, ConsentKind.TEXTING, state, "text", now, wording)
    session.add(person)
