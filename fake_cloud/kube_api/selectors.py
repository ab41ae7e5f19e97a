"""Label and field selectors: parsed once, asked often.

Grammar: k8s.io/apimachinery/pkg/labels/selector.go and pkg/fields/selector.go.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from fake_cloud.kube_api.names import label_value_problems, qualified_name_problems
from fake_cloud.kube_api.status_errors import bad_request

TOKEN = re.compile(r"\s*(==|!=|=|!|,|\(|\)|>|<|[^\s=!,()<>]+)")
Labels = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class LabelRequirement:
    """One comma-separated part. `operator` is one of in, notin, exists, !, gt, lt."""

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


class LabelParser:
    """Recursive descent over the tokens of one selector."""

    def __init__(self, text: str):
        self.text = text
        self.tokens = TOKEN.findall(text)
        self.at = 0

    def parse(self) -> list[LabelRequirement]:
        found = []
        while self.at < len(self.tokens):
            found.append(self._requirement())
            if self.at < len(self.tokens) and self._next() != ",":
                raise self._failure(
                    f"found '{self.tokens[self.at - 1]}', expected: ',' or 'end of string'"
                )
            if self.at == len(self.tokens) and self.tokens[-1] == ",":
                raise self._failure("found '', expected: identifier after ','")
        return found

    def _requirement(self) -> LabelRequirement:
        word = self._next()
        if word == "!":
            return self._checked(LabelRequirement(self._next(), "!"))
        if not self._word(word):
            raise self._failure(f"found '{word}', expected: !, identifier, or ','")
        operator = self._peek()
        if operator in ("", ","):
            return self._checked(LabelRequirement(word, "exists"))
        self.at += 1
        if operator in ("=", "==", "!="):
            values = frozenset([self._value()])
            return self._checked(
                LabelRequirement(word, "notin" if operator == "!=" else "in", values)
            )
        if operator in (">", "<"):
            return self._checked(
                LabelRequirement(
                    word, "gt" if operator == ">" else "lt", frozenset([self._value()])
                )
            )
        if operator in ("in", "notin"):
            return self._checked(LabelRequirement(word, operator, self._values()))
        raise self._failure(f"found '{operator}', expected: in, notin, =, ==, !=, gt, lt")

    def _checked(self, found: LabelRequirement) -> LabelRequirement:
        problems = [
            f'key: Invalid value: "{found.key}": {p}' for p in qualified_name_problems(found.key)
        ]
        for value in found.values:
            problems += [
                f'values[0][{found.key}]: Invalid value: "{value}": {p}'
                for p in label_value_problems(value)
            ]
        if problems:
            raise self._failure("; ".join(problems))
        if found.operator in ("gt", "lt") and not re.fullmatch(r"-?\d+", next(iter(found.values))):
            raise self._failure("for 'Gt', 'Lt' operators, the value must be an integer")
        return found

    def _value(self) -> str:
        if self._peek() in ("", ","):
            return ""
        value = self._next()
        if not self._word(value):
            raise self._failure(f"found '{value}', expected: identifier")
        return value

    def _values(self) -> frozenset[str]:
        if self._next() != "(":
            raise self._failure(f"found '{self.tokens[self.at - 1]}', expected: '('")
        values: list[str] = []
        last = ""
        while True:
            word = self._next()
            if word == ")":
                return (
                    frozenset(values or [""])
                    if values and last != ","
                    else frozenset([*values, ""])
                )
            if word == ",":
                if last in ("", ","):
                    values.append("")
            elif self._word(word):
                values.append(word)
            else:
                raise self._failure(f"found '{word}', expected: ',', or identifier")
            last = word

    def _next(self) -> str:
        if self.at >= len(self.tokens):
            raise self._failure("found '', expected: identifier")
        self.at += 1
        return str(self.tokens[self.at - 1])

    def _peek(self) -> str:
        return str(self.tokens[self.at]) if self.at < len(self.tokens) else ""

    def _word(self, token: str) -> bool:
        return re.fullmatch(r"[^\s=!,()<>]+", token) is not None

    def _failure(self, why: str) -> Exception:
        return bad_request(f"unable to parse requirement: {why}")


def label_selector(text: str) -> Callable[[Labels], bool] | None:
    """A predicate, or None when everything matches. Raises a 400 `StatusError`."""
    requirements = LabelParser(text).parse() if text.strip() else []
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
        raise bad_request(f"invalid selector: '{part}'; can't understand '{part}'")
    value = re.sub(r"\\([\\,=])", r"\1", match.group(3))
    return FieldTerm(match.group(1), value, match.group(2) != "!=")
