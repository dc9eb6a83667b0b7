"""Reads the prompts of a folder, whole or not at all."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from gateway.authored.catalogue import known, read_set
from gateway.authored.costs import Cost, costs
from gateway.authored.reading import AuthoringRefused, Fault, Page
from gateway.authored.said import Wording
from gateway.prompts.schema import Prompt, PromptKind


@dataclass(frozen=True)
class Prompts:
    """Every prompt by slug, with the page that it came from."""

    by_slug: Mapping[str, Prompt]
    pages: Mapping[str, Page]

    def wordings(self) -> list[tuple[str, Page, Wording]]:
        return [
            (slug, self.pages[slug], wording)
            for slug, prompt in self.by_slug.items()
            for wording in prompt.wordings()
        ]


NO_PROMPTS = Prompts({}, {})


def read_prompts(files: Mapping[str, bytes]) -> Prompts:
    """The prompts in these files (path to source). Raises AuthoringRefused with every fault in all of them."""
    prompts, by_slug, faults = read_set(files, Prompt, _own_faults)
    faults += _cross_faults(prompts, by_slug)
    if faults:
        raise AuthoringRefused(faults)
    return Prompts(prompts, by_slug)


def _own_faults(page: Page, prompt: Prompt) -> list[Fault]:
    faults = []
    if prompt.kind is PromptKind.TIP and "youth" in prompt.to:
        faults.append(page.fault(("to",), "a tip is for mentors", "write to: [mentor]"))
    if prompt.when.silence and prompt.when.silence < timedelta(days=1):
        faults.append(
            page.fault(("when",), "a silence shorter than a day is none", 'write it as in "10 days"')
        )
    return faults


def _cross_faults(prompts: Mapping[str, Prompt], pages: Mapping[str, Page]) -> list[Fault]:
    tasks = {slug for slug, prompt in prompts.items() if prompt.kind is PromptKind.TASK}
    return [
        pages[slug].fault(
            ("when", "of"), f"there is no task {prompt.when.of!r}", f"name one of: {known(tasks)}"
        )
        for slug, prompt in prompts.items()
        if prompt.when.of is not None and prompt.when.of not in tasks
    ]


PROGRAM_MONTHS = 6  # a match's calendar runs 26 weeks
WEEKS_A_MONTH = 365.25 / 12 / 7


def cost_of(prompts: Prompts) -> list[Cost]:
    """What every text of the prompts costs."""
    return [
        cost
        for slug, page, wording in prompts.wordings()
        for cost in costs(slug, page, wording, sends_a_month(prompts.by_slug[slug]))
    ]


def sends_a_month(prompt: Prompt) -> float:
    """How many texts a month one pair gets of it: a repeated prompt by its span, any other once in the program."""
    people = len([role for role in prompt.to if role != "guardian"])
    if prompt.when.every:
        return people * WEEKS_A_MONTH * timedelta(weeks=1) / prompt.when.every
    return people / PROGRAM_MONTHS
