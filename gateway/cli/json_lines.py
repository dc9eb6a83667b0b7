"""Facts as one line of JSON, whatever is in them."""

import json


def json_line(facts: object) -> str:
    """Letters as they are; half a surrogate pair, which no terminal can print, as its escape."""
    line = json.dumps(facts, ensure_ascii=False)
    try:
        line.encode()
    except UnicodeEncodeError:
        return json.dumps(facts)
    return line
