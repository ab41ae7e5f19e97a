"""The wire format of protobuf: numbered parts, each a number, eight or four bytes, or bytes.

Source: https://protobuf.dev/programming-guides/encoding.
"""

from __future__ import annotations

from collections.abc import Iterator

NUMBER, EIGHT, BYTES, FOUR = 0, 1, 2, 5
"""Wire types."""

LONGEST_NUMBER = 10
SIZES = {EIGHT: 8, FOUR: 4}

Raw = int | bytes


class Malformed(Exception):
    """Bytes that are no message, in the words of the generated Go code."""


def parts(data: bytes) -> Iterator[tuple[int, int, Raw]]:
    """Field number, wire type and value of each part. Raises `Malformed`."""
    position, end = 0, len(data)
    while position < end:
        key, position = read_number(data, position)
        number, wire = key >> 3, key & 7
        if number == 0:
            raise Malformed(f"illegal tag {number} (wire type {wire})")
        if wire == NUMBER:
            value, position = read_number(data, position)
            yield number, wire, value
            continue
        if wire == BYTES:
            size, position = read_number(data, position)
        elif wire in SIZES:
            size = SIZES[wire]
        else:
            raise Malformed(f"proto: illegal wireType {wire}")
        if position + size > end:
            raise Malformed("unexpected EOF")
        yield number, wire, data[position : position + size]
        position += size


def read_number(data: bytes, position: int) -> tuple[int, int]:
    """A number in base 128, and where it ends. Raises `Malformed`."""
    value = shift = 0
    try:
        while (byte := data[position]) >= 0x80:
            value |= (byte & 0x7F) << shift
            shift += 7
            position += 1
            if shift >= 7 * LONGEST_NUMBER:
                raise Malformed("proto: integer overflow")
    except IndexError:
        raise Malformed("unexpected EOF") from None
    return value | byte << shift, position + 1


def write_number(value: int) -> bytes:
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def write_part(number: int, wire: int, raw: Raw) -> bytes:
    key = write_number(number << 3 | wire)
    if isinstance(raw, int):
        return key + write_number(raw)
    return key + write_number(len(raw)) + raw if wire == BYTES else key + raw
