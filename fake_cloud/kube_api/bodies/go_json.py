"""What Go's JSON decoder says about bytes that are no JSON."""

from __future__ import annotations

import re

LITERALS = ("null", "true", "false")
BYTE = re.compile(r"\(byte (\d+)\)")


def go_json_error(body: bytes, error: Exception) -> str:
    """The message of encoding/json for the usual mistakes; `error` is what our decoder said."""
    text = body.decode("latin-1")
    stripped = text.lstrip()
    if not stripped or "truncated" in str(error):
        return "unexpected end of JSON input"
    first = stripped[0]
    for literal in LITERALS:
        if first == literal[0]:
            return _literal_error(stripped, literal)
    if first not in '{["0123456789-':
        return f"invalid character {_quoted(first)} looking for beginning of value"
    match = BYTE.search(str(error))
    at = int(match.group(1)) if match else len(text)
    found = _quoted(text[at]) if at < len(text) else "'\\x00'"
    if "expected" in str(error) and ":" in str(error):
        return f"invalid character {found} after object key"
    if "trailing" in str(error):
        return f"invalid character {found} after top-level value"
    return f"invalid character {found} looking for beginning of value"


def _literal_error(text: str, literal: str) -> str:
    for index, wanted in enumerate(literal):
        if index >= len(text):
            break
        if text[index] != wanted:
            where = f"in literal {literal} (expecting '{wanted}')"
            return f"invalid character {_quoted(text[index])} {where}"
    return "unexpected end of JSON input"


def _quoted(character: str) -> str:
    """Bytes that are no text are shown by their value."""
    if "\x80" <= character <= "\xff":
        return f"'\\u{ord(character):04x}'"
    return {"'": r"'\''", '"': "'\"'"}.get(character, f"'{character}'")
