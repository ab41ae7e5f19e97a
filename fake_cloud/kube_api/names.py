"""What names, label keys and label values may look like, in the words of apimachinery.

Source: k8s.io/apimachinery/pkg/util/validation/validation.go. Each function gives its complaints.
"""

from __future__ import annotations

import re
from collections.abc import Callable

Problems = list[str]
NameRule = Callable[[str], Problems]

LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?"
LABEL_1035 = "[a-z]([-a-z0-9]*[a-z0-9])?"
SUBDOMAIN = rf"{LABEL}(\.{LABEL})*"
QUALIFIED = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]"
PLAIN_NAME = re.compile(rf"({SUBDOMAIN}/)?(?=[^/]{{1,63}}$){QUALIFIED}", re.ASCII)
"""Nearly every key of a label: says yes quickly ; what it refuses is looked at closely."""

CONFIG_KEY = "[-._a-zA-Z0-9]+"

LABEL_TEXT = (
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', "
    "and must start and end with an alphanumeric character"
)
LABEL_1035_TEXT = (
    "a DNS-1035 label must consist of lower case alphanumeric characters or '-', "
    "start with an alphabetic character, and end with an alphanumeric character"
)
SUBDOMAIN_TEXT = (
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, "
    "'-' or '.', and must start and end with an alphanumeric character"
)
NAME_PART_TEXT = (
    "must consist of alphanumeric characters, '-', '_' or '.', "
    "and must start and end with an alphanumeric character"
)
LABEL_VALUE_TEXT = (
    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', "
    "and must start and end with an alphanumeric character"
)
CONFIG_KEY_TEXT = "a valid config key must consist of alphanumeric characters, '-', '_' or '.'"


def shape_error(text: str, pattern: str, *examples: str) -> str:
    """apimachinery's `RegexError`."""
    shown = " or ".join(f"'{example}', " for example in examples)
    return f"{text} (e.g. {shown}regex used for validation is '{pattern}')"


def too_long(limit: int) -> str:
    return f"must be no more than {limit} characters"


def subdomain_problems(value: str) -> Problems:
    problems = [too_long(253)] if len(value) > 253 else []
    if not re.fullmatch(SUBDOMAIN, value):
        problems.append(shape_error(SUBDOMAIN_TEXT, SUBDOMAIN.replace("\\.", "\\."), "example.com"))
    return problems


def label_problems(value: str) -> Problems:
    problems = [too_long(63)] if len(value) > 63 else []
    if re.fullmatch(LABEL, value):
        return problems
    if re.fullmatch(SUBDOMAIN, value):
        problems.append("must not contain dots")
    else:
        problems.append(shape_error(LABEL_TEXT, LABEL, "my-name", "123-abc"))
    return problems


def label_1035_problems(value: str) -> Problems:
    problems = [too_long(63)] if len(value) > 63 else []
    if not re.fullmatch(LABEL_1035, value):
        problems.append(shape_error(LABEL_1035_TEXT, LABEL_1035, "my-name", "abc-123"))
    return problems


def qualified_name_problems(value: str) -> Problems:
    """Keys of labels and annotations, finalizers: `[prefix/]name`."""
    if len(value) < 253 and PLAIN_NAME.fullmatch(value):
        return []
    prefix, slash, name = value.rpartition("/")
    if value.count("/") > 1:
        text = shape_error(
            "a valid label key " + NAME_PART_TEXT, QUALIFIED, "MyName", "my.name", "123-abc"
        )
        return [f"{text} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')"]
    problems = []
    if slash:
        problems += ["prefix part must be non-empty"] if not prefix else []
        problems += [f"prefix part {p}" for p in (subdomain_problems(prefix) if prefix else [])]
    if not name:
        problems.append("name part must be non-empty")
    elif len(name) > 63:
        problems.append("name part " + too_long(63))
    if not re.fullmatch(QUALIFIED, name):
        problems.append(
            "name part " + shape_error(NAME_PART_TEXT, QUALIFIED, "MyName", "my.name", "123-abc")
        )
    return problems


def label_value_problems(value: str) -> Problems:
    problems = [too_long(63)] if len(value) > 63 else []
    if value and not re.fullmatch(QUALIFIED, value):
        pattern = f"({QUALIFIED})?"
        problems.append(shape_error(LABEL_VALUE_TEXT, pattern, "MyValue", "my_value", "12345"))
    return problems


def config_key_problems(value: str) -> Problems:
    problems = [too_long(253)] if len(value) > 253 else []
    if not re.fullmatch(CONFIG_KEY, value):
        examples = ("key.name", "KEY_NAME", "key-name")
        problems.append(shape_error(CONFIG_KEY_TEXT, CONFIG_KEY, *examples))
    if value == ".":
        problems.append("must not be '.'")
    elif value == "..":
        problems.append("must not be '..'")
    elif value.startswith(".."):
        problems.append("must not start with '..'")
    return problems


def path_segment_problems(value: str) -> Problems:
    """Names that only have to fit into a URL path (RBAC and few others)."""
    if value in (".", ".."):
        return [f"may not be '{value}'"]
    return [f"may not contain '{bad}'" for bad in ("/", "%") if bad in value]
