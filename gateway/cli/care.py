"""What `doctor` and `check` say of the numbers that help in a crisis, and of who is told: facts that grow old by themselves."""

from collections.abc import Iterator
from datetime import date, timedelta

from gateway.flows.schema import Charter, Helplines

GOOD_FOR = timedelta(days=180)


def stale_helplines(charter: Charter, today: date) -> Iterator[str]:
    """A sentence for each set of numbers that nobody has called for half a year, or ever."""
    everyone = {"default": charter.crisis.default, **charter.crisis.communities}
    for slug, lines in everyone.items():
        if trouble := _trouble(lines, today):
            yield f"the crisis numbers of {slug!r} {trouble}: call each, then set verified_on in flows/program.yaml"


def _trouble(lines: Helplines, today: date) -> str | None:
    if lines.verified_on is None:
        return "were never verified"
    if lines.verified_on > today:
        return "are said to be verified on a day that is still to come"
    return "were last verified more than 180 days ago" if today - lines.verified_on > GOOD_FOR else None
