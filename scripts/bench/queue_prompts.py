"""Queue so many prompts to as many phones, from the first so many lines in turn: the broadcast of `pace`."""

import sys

from sqlmodel import select

from gateway.cli.edge import opened
from gateway.models import Kind, Line
from gateway.outbox.enqueue import Draft, enqueue
from gateway.people.directory import house_key


def main() -> None:
    gateway = opened()
    with gateway.db.transaction() as session:
        lines = [line_id for line_id in session.exec(select(Line.id)) if line_id][: int(sys.argv[2])]
        for number in range(int(sys.argv[1])):
            draft = Draft(
                kind=Kind.PROMPT,
                dedupe_key=f"bench:{number}",
                line_id=lines[number % len(lines)],
                to_number=f"+1613{4000000 + number}",
                body=f"prompt {number}",
                key_uid=house_key(session),
                wording="bench",
            )
            enqueue(session, draft, gateway.clock.now())


if __name__ == "__main__":
    main()
