"""The thread of a match as a page: who said what on which day, what became of it, and where the screen saw something."""
