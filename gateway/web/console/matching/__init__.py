"""The pages about matches, beside the thread: the list, the facts, the acts, the ends, the proposals."""

from gateway.web.console.matching import about, acts, ending, listing, proposals

PAGES = (listing, about, acts, ending, proposals)
