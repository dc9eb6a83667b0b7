"""Screens one text before it is passed on: what it holds, where, and what the policy says of it.

Pure and offline: no database, no clock, no network, no environment. What it finds is for people to weigh; it never
judges a person, and finding nothing never means that nothing is wrong.
"""

from gateway.safety.screen.deciding import Explained, explain, screen
from gateway.safety.screen.rules import Rules
from gateway.safety.screen.verdicts import Category, Finding, Screened, Verdict, Writer

__all__ = [
    "Category",
    "Explained",
    "Finding",
    "Rules",
    "Screened",
    "Verdict",
    "Writer",
    "explain",
    "screen",
]
