"""A small program in use: one activity and one conversation."""

from gateway.editions.proposals import propose
from gateway.library import store
from gateway.models import ContentKind
from tests.authored.test_bad_yaml import FLOW, PROMPT
from tests.web.console import Office

PROMPTS = {"1-beginning/good-thing.yaml": PROMPT.encode()}
FLOWS = {"hello.yaml": FLOW.encode()}


def write_the_program(office: Office) -> None:
    """Put both in use."""
    with office.place.gateway.db.transaction() as session:
        now = office.place.clock.now()
        store(session, ContentKind.PROMPTS, PROMPTS, now)
        store(session, ContentKind.FLOWS, FLOWS, now)


def a_proposal(office: Office) -> str:
    """The uid of a change that Ann looks at: one more activity."""
    more = PROMPTS | {"another.yaml": PROMPT.replace("good", "fine").encode()}
    with office.place.gateway.db.transaction() as session:
        row = propose(session, ContentKind.PROMPTS, more, office.ann.staff_id, office.place.clock.now())
        return row.uid
