"""Tables that leave the console as files. A sheet that opens one runs nothing: no cell begins a formula.

Source: OWASP, CSV Injection. A cell that could begin one gets an apostrophe in front, phone numbers too; every cell is
quoted, so that no separator in it begins a new one.
"""

import csv
import io
import json
import unicodedata
from collections.abc import Mapping, Sequence

STARTS = tuple("=+-@\t\r\n|%")


def as_csv(columns: Sequence[str], rows: Sequence[Mapping[str, object]]) -> bytes:
    """UTF-8 with a byte order mark, without which some sheets misread accents."""
    made = io.StringIO(newline="")
    writer = csv.writer(made, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([harmless(row[column]) for column in columns] for row in rows)
    return made.getvalue().encode("utf-8-sig")


def as_json(columns: Sequence[str], rows: Sequence[Mapping[str, object]]) -> bytes:
    """An array of objects."""
    facts = [{column: row[column] for column in columns} for row in rows]
    return json.dumps(facts, ensure_ascii=False, indent=1, default=str).encode()


def harmless(value: object) -> str:
    """A cell as text; one that could begin a formula, also behind blanks, quotes or full-width signs, is disarmed."""
    text = "" if value is None else str(value).replace("\0", "")
    seen = unicodedata.normalize("NFKC", text).lstrip(" '\"\u200b\ufeff")
    return f"'{text}" if seen.startswith(STARTS) or text.startswith(("\t", "\r", "\n")) else text
