"""Reads the conversations of a folder, whole or not at all: every step known, every step within reach."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from gateway.authored.catalogue import known, read_set
from gateway.authored.costs import Cost, costs
from gateway.authored.reading import AuthoringRefused, Fault, Page, Place
from gateway.authored.said import MUST, Wording
from gateway.flows.conversation import COMPARISON, END, UNANSWERED, AnswerKind, Flow, Step
from gateway.i18n import PLACEHOLDER

CHARTERS = ("program.yaml", "texts.yaml", "communities/")  # other shapes, read by `flows.catalogue`


@dataclass(frozen=True)
class Flows:
    """Every conversation by slug, with the page that it came from."""

    by_slug: Mapping[str, Flow]
    pages: Mapping[str, Page]

    def wordings(self) -> list[tuple[str, Page, Wording]]:
        return [
            (f"{slug} {flow.steps[int(wording.place[1])].id}", self.pages[slug], wording)
            for slug, flow in self.by_slug.items()
            for wording in flow.wordings()
        ]


NO_FLOWS = Flows({}, {})


def read_flows(files: Mapping[str, bytes]) -> Flows:
    """The conversations in these files (path to source). Raises AuthoringRefused with every fault in all of them."""
    own = {name: source for name, source in files.items() if not name.startswith(CHARTERS)}
    flows, by_slug, faults = read_set(own, Flow, _step_faults)
    if faults:
        raise AuthoringRefused(faults)
    return Flows(flows, by_slug)


def questions_of(flows: Flows) -> set[str]:
    """The names under which answers are kept."""
    return {step.save for flow in flows.by_slug.values() for step in flow.steps if step.save}


def _step_faults(page: Page, flow: Flow) -> Iterator[Fault]:
    ids = [step.id for step in flow.steps]
    if missing := [language for language in MUST if language not in flow.title]:
        yield page.fault(("title",), f"the title is missing in {missing[0]}", f'add {missing[0]}: "…"')
    if flow.start and flow.start not in ids:
        yield page.fault(("start",), f"there is no step {flow.start!r}", f"name one of: {known(ids)}")
        return
    saved = {step.save for step in flow.steps if step.save}
    for number, step in enumerate(flow.steps):
        place: Place = ("steps", number)
        if ids.index(step.id) != number or step.id == END:
            yield page.fault(
                (*place, "id"), f"the step id {step.id!r} is taken", "give the step a name of its own"
            )
            continue
        for target in step.targets(flow.following(step.id)):
            if target not in ids and target != END:
                yield page.fault(
                    place,
                    f"step {step.id} leads to {target!r}, which is no step",
                    f"name one of: {known(ids)}",
                )
        yield from _name_faults(page, place, step, saved)
        yield from _choice_faults(page, place, step)
    yield from _reach_faults(page, flow)


def _name_faults(page: Page, place: Place, step: Step, saved: set[str]) -> Iterator[Fault]:
    """What a step says of answers must be saved by some step."""
    names = [name for value in (step.set or {}).values() for name in PLACEHOLDER.findall(str(value))]
    if step.branch:
        names.append(step.branch.on)
    for name in names:
        if name not in saved:
            yield page.fault(place, f"no step saves {name!r}", f"use one of: {known(saved)}")


def _choice_faults(page: Page, place: Place, step: Step) -> Iterator[Fault]:
    for number, choice in enumerate(step.choices):
        for language in MUST:
            if not choice.labels.get(language):
                here = (*place, "choices", number)
                yield page.fault(
                    here, f"the choice {choice.is_} is missing in {language}", f'add {language}: "…"'
                )
    values = possible(step)
    for number, go in enumerate(step.go):
        wanted = value_of(go.if_)
        if wanted and values and wanted not in values and not re.fullmatch(COMPARISON, wanted):
            yield page.fault(
                (*place, "go", number), f"{wanted!r} is no answer here", f"use one of: {known(values)}"
            )


def value_of(written: str | int | bool | None) -> str:
    """What YAML may have made of an answer, as it is kept."""
    if isinstance(written, bool):
        return "yes" if written else "no"
    return "" if written is None else str(written)


def possible(step: Step) -> set[str]:
    """The answers that can be listed; empty when they cannot."""
    if step.answer is AnswerKind.CHOICE:
        return {choice.is_ for choice in step.choices}
    if step.answer is AnswerKind.YES_NO:
        return {"yes", "no"}
    if step.answer is AnswerKind.SCALE:
        low, high = step.range or (1, 5)
        return {str(number) for number in range(low, high + 1)}
    return set()


def _reach_faults(page: Page, flow: Flow) -> Iterator[Fault]:
    steps = flow.by_id
    reached: set[str] = set()
    ahead = [flow.first] + ([UNANSWERED] if UNANSWERED in steps else [])
    while ahead:
        step_id = ahead.pop()
        if step_id in reached or step_id not in steps:
            continue
        reached.add(step_id)
        ahead += steps[step_id].targets(flow.following(step_id))
    for number, step in enumerate(flow.steps):
        if step.id not in reached:
            yield page.fault(
                ("steps", number), f"nothing leads to step {step.id}", "lead to it, or remove it"
            )
        elif _turns_for_ever(flow, step.id):
            yield page.fault(
                ("steps", number), f"from step {step.id} it turns in a circle", "let it ask, wait or end"
            )


def _turns_for_ever(flow: Flow, step_id: str) -> bool:
    """Whether the steps that happen at once, without an answer or a wait, come back to `step_id`."""
    steps, seen, ahead = flow.by_id, set(), [step_id]
    while ahead:
        step = steps.get(ahead.pop())
        if step is None or step.ask or step.wait or step.end:
            continue
        for target in step.targets(flow.following(step.id)):
            if target == step_id:
                return True
            if target not in seen:
                seen.add(target)
                ahead.append(target)
    return False


def cost_of(flows: Flows) -> list[Cost]:
    """What every text of the conversations costs; each is held about once in three months."""
    return [
        cost
        for name, page, wording in flows.wordings()
        for cost in costs(name, page, wording, sends_a_month=1 / 3)
    ]
