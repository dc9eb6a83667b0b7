"""What the program says, shown to staff and changed by those who may."""

from gateway.web.console.program import answers, charter, listing, proposals, sending, talks, texts, trying
from gateway.web.console.program.blueprint import blueprint

__all__ = ["answers", "blueprint", "charter", "listing", "proposals", "sending", "talks", "texts", "trying"]
