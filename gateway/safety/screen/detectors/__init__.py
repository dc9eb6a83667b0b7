"""What cannot be said as phrases: numbers, addresses, links. Each is a rule with a name, as those in the files are."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import cached_property

from gateway.safety.screen.detectors import links, phones, places
from gateway.safety.screen.detectors.digits import Digits, digits_of
from gateway.safety.screen.folding import Plain

Span = tuple[int, int]


@dataclass(frozen=True)
class Sight:
    """What a detector sees: the folded text, the writer's texts before it, and numbers that may be passed on."""

    plain: Plain
    recent: Sequence[Plain]
    allowed: Collection[str]

    @cached_property
    def digits(self) -> Digits:
        return digits_of(self.plain)

    @cached_property
    def emails(self) -> list[Span]:
        return links.emails_in(self.plain)


def _one(span: Span | None) -> list[Span]:
    return [span] if span else []


DETECTORS: dict[str, Callable[[Sight], list[Span]]] = {
    "phone-number": lambda sight: phones.phones_in(sight.plain, sight.digits, sight.allowed),
    "phone-number-in-pieces": lambda sight: _one(
        phones.phone_in_pieces(sight.digits, sight.recent, sight.allowed)
    ),
    "email-address": lambda sight: sight.emails,
    "link": lambda sight: links.links_in(sight.plain, sight.emails),
    "at-name": lambda sight: links.handles_in(sight.plain, sight.emails),
    "address-in-pieces": lambda sight: _one(links.address_in_pieces(sight.plain, sight.recent)),
    "civic-address": lambda sight: places.addresses_in(sight.plain),
    "postal-code": lambda sight: places.postal_codes_in(sight.plain),
}
