"""How the program does, in figures: without names, but for those who may look anyway."""

from gateway.web.console.insight import exporting, page
from gateway.web.console.insight.blueprint import blueprint

__all__ = ["blueprint", "exporting", "page"]
