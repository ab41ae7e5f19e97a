"""Label and field selectors: parsed once, asked often.

Grammar and words: k8s.io/apimachinery/pkg/labels/selector.go and pkg/fields/selector.go.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from fake_cloud.kube_api.names import label_value_problems, qualified_name_problems
from fake_cloud.kube_api.status_errors import StatusError, bad_request

TOKEN = re.compile(r"\s*(==|!=|=|!|,|\(|\)|>|<|[^\s=!,()<>]+)")
END = ""
SYMBOLS = ("==", "!=", "=", "!", ",", "(", ")", ">", "<", END)
OPERATORS = ("in", "notin", "=", "==", "!=", "gt", "lt")
MEANING = {"=": "in", "==": "in", "!=": "notin", ">": "gt", "<": "lt"}
Labels = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class LabelRequirement:
    """One part. `operator` is one of in, notin, exists, !, gt, lt."""

    key: str
    operator: str
    values: frozenset[str] = frozenset()

    def matches(self, labels: Labels) -> bool:
        value = labels.get(self.key)
        if self.operator == "in":
            return value in self.values
        if self.operator == "notin":
            return value not in self.values
        if self.operator in ("gt", "lt"):
            return self._compares(value)
        return (value is not None) == (self.operator == "exists")

    def _compares(self, value: str | None) -> bool:
        if value is None or not re.fullmatch(r"-?\d+", value):
            return False
        bound = int(next(iter(self.values)))
        return int(value) > bound if self.operator == "gt" else int(value) < bound


class Unparsable(Exception):
    """A part of a selector that is none."""


class LabelParser:
    """Recursive descent over the tokens of one selector."""

    def __init__(self, text: str):
        self._tokens: list[str] = [*TOKEN.findall(text), END]
        self._at = 0

    def parse(self) -> list[LabelRequirement]:
        """Raises a 400 `StatusError`."""
        found: list[LabelRequirement] = []
        while (word := self._peek()) != END:
            if word in SYMBOLS and word != "!":
                why = f"found '{word}', expected: !, identifier, or 'end of string'"
                raise bad_request(why)
            try:
                found.append(self._requirement())
            except Unparsable as error:
                raise bad_request(f"unable to parse requirement: {error}") from None
            self._expect_more()
        return found

    def _expect_more(self) -> None:
        """A comma with something behind it, or the end."""
        word = self._next()
        if word == END:
            self._at -= 1
        elif word != ",":
            raise bad_request(f"found '{word}', expected: ',' or 'end of string'")
        elif self._peek() in SYMBOLS and self._peek() != "!":
            raise bad_request(f"found '{self._peek()}', expected: identifier after ','")

    def _requirement(self) -> LabelRequirement:
        key = self._next()
        negated = key == "!"
        if negated:
            key = self._next()
        if key in SYMBOLS:
            raise Unparsable(f"found '{key}', expected: identifier")
        if problems := qualified_name_problems(key):
            raise Unparsable(f'<nil>: Invalid value: "{key}": {"; ".join(problems)}')
        if negated or self._peek() in (END, ","):
            return LabelRequirement(key, "!" if negated else "exists")
        return self._checked(self._compared(key))

    def _compared(self, key: str) -> LabelRequirement:
        operator = self._next()
        if operator in ("in", "notin"):
            return LabelRequirement(key, operator, self._values())
        if operator in MEANING:
            return LabelRequirement(key, MEANING[operator], frozenset([self._value()]))
        raise Unparsable(f"found '{operator}', expected: {', '.join(OPERATORS)}")

    def _checked(self, found: LabelRequirement) -> LabelRequirement:
        numeric = found.operator in ("gt", "lt")
        for index, value in enumerate(sorted(found.values)):
            if numeric and not re.fullmatch(r"-?\d+", value):
                why = "for 'Gt', 'Lt' operators, the value must be an integer"
                raise Unparsable(f'values[{index}]: Invalid value: "{value}": {why}')
            if problems := label_value_problems(value):
                where = f"values[{index}][{found.key}]"
                raise Unparsable(f'{where}: Invalid value: "{value}": {"; ".join(problems)}')
        return found

    def _value(self) -> str:
        if self._peek() in (END, ","):
            return ""
        value = self._next()
        if value in SYMBOLS:
            raise Unparsable(f"found '{value}', expected: identifier")
        return value

    def _values(self) -> frozenset[str]:
        word = self._next()
        if word != "(":
            raise Unparsable(f"found '{word}' expected: '('")
        values: set[str] = set()
        last = ","
        while (word := self._next()) != ")":
            if word == ",":
                values |= {""} if last == "," else set()
            elif word in SYMBOLS:
                raise Unparsable(f"found '{word}', expected: {_follower(last)}")
            elif last != ",":
                raise Unparsable(f"found '{word}', expected: ',' or ')'")
            else:
                values.add(word)
            last = word
        return frozenset(values | ({""} if last == "," else set()))

    def _next(self) -> str:
        word = self._tokens[min(self._at, len(self._tokens) - 1)]
        self._at += 1
        return word

    def _peek(self) -> str:
        return self._tokens[min(self._at, len(self._tokens) - 1)]


def _follower(last: str) -> str:
    return "',', ')' or identifier" if last == "," else "',' or ')'"


def label_selector(text: str) -> Callable[[Labels], bool] | None:
    """A predicate, or None when everything matches. Raises a 400 `StatusError`."""
    requirements = LabelParser(text).parse()
    if not requirements:
        return None
    return lambda labels: all(requirement.matches(labels) for requirement in requirements)


@dataclass(frozen=True, slots=True)
class FieldTerm:
    """`path=value` or `path!=value`."""

    path: str
    value: str
    equal: bool

    def matches(self, fields: Mapping[str, str]) -> bool:
        return (fields.get(self.path, "") == self.value) == self.equal


def field_terms(text: str) -> list[FieldTerm]:
    """Raises a 400 `StatusError` for a term without an operator."""
    return [_field_term(part) for part in re.split(r"(?<!\\),", text) if part]


def _field_term(part: str) -> FieldTerm:
    match = re.match(r"([^=!]*)(!=|==|=)(.*)", part, re.DOTALL)
    if match is None:
        raise _bad_field(part)
    value = re.sub(r"\\([\\,=])", r"\1", match.group(3))
    return FieldTerm(match.group(1), value, match.group(2) != "!=")


def _bad_field(part: str) -> StatusError:
    return bad_request(f"invalid selector: '{part}'; can't understand '{part}'")
