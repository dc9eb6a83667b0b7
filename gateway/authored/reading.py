"""Reads one YAML file into plain values, and remembers the line of each.

No tags, no anchors, no duplicate keys, no dates or times that YAML guessed: each is refused with its line and a remedy
(abuse case 21). Nothing is ever evaluated.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from gateway.i18n import MAX_BYTES, ContentRefused

TAG = "tag:yaml.org,2002:"
DEEPEST = 20
Place = tuple[str | int, ...]


@dataclass(frozen=True, order=True)
class Fault:
    """One thing wrong in a file: where, what, and what to do instead."""

    file: str
    line: int
    what: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.what}; {self.remedy}."

    def facts(self) -> dict[str, object]:
        return {"file": self.file, "line": self.line, "what": self.what, "remedy": self.remedy}


class AuthoringRefused(ContentRefused):
    """Files cannot be used; `faults` holds every one, in order."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = sorted(set(faults))
        super().__init__("\n".join(str(fault) for fault in self.faults))


@dataclass(frozen=True)
class Page:
    """A file as plain values. `line` finds a value's line by its keys and positions from the top."""

    file: str
    value: object
    lines: dict[Place, int]

    def line(self, place: Sequence[str | int]) -> int:
        """The line of the value at `place`, or of the nearest value around it."""
        known: Place = ()
        for step in place:
            if (*known, step) in self.lines:
                known = (*known, step)
        return self.lines.get(known, 1)

    def fault(self, place: Sequence[str | int], what: str, remedy: str) -> Fault:
        return Fault(self.file, self.line(place), what, remedy)


@dataclass
class _Reader:
    file: str
    lines: dict[Place, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def refuse(self, node: Node, what: str, remedy: str) -> None:
        self.faults.append(Fault(self.file, node.start_mark.line + 1, what, remedy))

    def read(self, node: Node, place: Place) -> object:
        self.lines.setdefault(place, node.start_mark.line + 1)
        if node.anchor:
            self.refuse(node, "anchors and aliases (& and *) are not taken", "write the value out")
            return None
        if len(place) > DEEPEST:
            self.refuse(node, f"nested deeper than {DEEPEST} levels", "write it flatter")
            return None
        if isinstance(node, MappingNode) and node.tag == f"{TAG}map":
            return dict(self._pairs(node, place))
        if isinstance(node, SequenceNode) and node.tag == f"{TAG}seq":
            return [self.read(item, (*place, number)) for number, item in enumerate(node.value)]
        if isinstance(node, ScalarNode):
            return self._scalar(node)
        self.refuse(node, f"the tag {node.tag} is not taken", "write a plain value")
        return None

    def _pairs(self, node: MappingNode, place: Place) -> Iterator[tuple[str, object]]:
        seen: set[str] = set()
        for key, value in node.value:
            if not isinstance(key, ScalarNode) or key.anchor or not str(key.tag).startswith(f"{TAG}str"):
                self.refuse(key, "a key must be a plain word", "put it in quotes, as in 'no'")
                continue
            name = str(key.value)
            if name in seen:
                self.refuse(key, f"the key {name!r} stands twice", "keep one of them")
            seen.add(name)
            self.lines[*place, name] = key.start_mark.line + 1
            yield name, self.read(value, (*place, name))

    def _scalar(self, node: ScalarNode) -> object:
        text = str(node.value)
        match str(node.tag).removeprefix(TAG):
            case "str":
                return text
            case "int" if text.lstrip("-+").isdecimal():
                return int(text)
            case "bool":
                return text.lower() == "true"
            case "null":
                return None
            case "int" | "float" | "timestamp":
                self.refuse(
                    node, f"{text} is not text and no whole number", f'put it in quotes, as in "{text}"'
                )
            case tag:
                self.refuse(node, f"the tag {tag} is not taken", "write a plain value")
        return None


@lru_cache(maxsize=128)
def read_page(source: bytes, file: str) -> Page:
    """The values of one file. Raises AuthoringRefused with every fault that can be told.

    A set is read when it is checked, compared, put live and used; of its files only those that changed are read again.
    """
    if len(source) > MAX_BYTES:
        raise AuthoringRefused([Fault(file, 1, f"larger than {MAX_BYTES} bytes", "split it")])
    try:
        text = source.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = source[: error.start].count(b"\n") + 1
        raise AuthoringRefused([Fault(file, line, "not UTF-8", "save the file as UTF-8")]) from None
    reader = _Reader(file)
    _refuse_directives(text, reader)
    node = None if reader.faults else _compose(text, file)
    value = reader.read(node, ()) if node is not None else None
    if reader.faults:
        raise AuthoringRefused(reader.faults)
    return Page(file, value, reader.lines)


def _refuse_directives(text: str, reader: _Reader) -> None:
    """`%YAML 1.1` would make NO a false and 22:22 a number; `%TAG` names classes."""
    for number, line in enumerate(text.splitlines(), start=1):
        if line.startswith("%"):
            reader.faults.append(
                Fault(reader.file, number, "directives (%) are not taken", "remove the line")
            )


def _compose(text: str, file: str) -> Node | None:
    try:
        node: Node | None = YAML(typ="rt", pure=True).compose(text)
    except YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        what = str(getattr(error, "problem", None) or "not YAML")
        line = mark.line + 1 if mark else 1
        raise AuthoringRefused([Fault(file, line, what, "check quotes, colons and indentation")]) from None
    except RecursionError:
        raise AuthoringRefused([Fault(file, 1, "nested too deeply", "write it flatter")]) from None
    except (ValueError, AttributeError, AssertionError, TypeError, LookupError, NotImplementedError) as error:
        raise AuthoringRefused([Fault(file, 1, f"not YAML ({error})", "check the file")]) from None
    return node


def yaml_files(folder: Path) -> dict[str, bytes]:
    """Every .yaml file under `folder` by its path from there, sorted. No links that lead out. Raises AuthoringRefused."""
    found: dict[str, bytes] = {}
    for path in sorted(folder.rglob("*.yaml")):
        name = path.relative_to(folder).as_posix()
        if not path.resolve().is_relative_to(folder.resolve()):
            raise AuthoringRefused([Fault(name, 1, "a link that leads out of the folder", "copy the file")])
        if path.stat().st_size > MAX_BYTES:
            raise AuthoringRefused([Fault(name, 1, f"larger than {MAX_BYTES} bytes", "split it")])
        found[name] = path.read_bytes()
    return found
