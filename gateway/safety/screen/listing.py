"""Lists of words in one line, easier to read than one quoted word a line."""


def words(line: str) -> frozenset[str]:
    return frozenset(line.split())
