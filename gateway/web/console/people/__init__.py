"""The pages about people: the list, one person, changes, consent, numbers, lists in and out."""

from gateway.web.console.people import adding, care, consent, edit, export, listing, lists, number, person
from gateway.web.console.people.door import blueprint

PAGES = (listing, person, care, edit, consent, number, adding, lists, export)

__all__ = ["PAGES", "blueprint"]
