"""What the program says, shown to staff and changed by those who may."""

from gateway.web.console.program import charter, listing, proposals, sending, talks, texts
from gateway.web.console.program.blueprint import blueprint

__all__ = ["blueprint", "charter", "listing", "proposals", "sending", "talks", "texts"]
