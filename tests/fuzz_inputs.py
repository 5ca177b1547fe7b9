"""
Damage for `fuzz.py`: bytes, values, archives, tables, workbooks and SQLite files, changed as chance says.

Everything is drawn from the generator that is given, so that a number names an input.
"""

import copy
import csv
import io
import json
import sqlite3
import struct
import tomllib
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from datetime import date, datetime, time
from decimal import Decimal
from random import Random
from typing import Any

from peer_ledger.ledger._chain import GENESIS, commitment, link
from peer_ledger.ledger._sqlite_file import SCHEMA as _SCHEMA

LARGEST = 200_000
"""How many bytes an input may have."""

DEEP = 100_000
SHEET = "xl/worksheets/sheet1.xml"

NUMBERS = (
    "0", "-0", "-1", "1e999", "-1e999", "1E-999", "NaN", "nan", "inf", "Infinity", "-Infinity", "00", "0x10", "1_000",
    "0.1", "1.", ".5", "1.5e3", "9" * 20, "9" * 400, "9" * 5000, "2147483648", "9223372036854775808", "1,5", "1.234,5",
    "0.0000001", "10000000", "\u0661\u0662", "\u00bd", "\u00b2", "1/0", "1:30", "1h 99m", "$1", "20 hours", "1e5 hours",
)  # fmt: skip
DATES = (
    "0000-00-00", "0001-01-01", "9999-12-31", "10000-01-01", "1899-12-31", "2200-01-01", "2199-12-31", "1900-01-01",
    "2025-02-29", "2024-02-29", "2025-13-01", "2025-3-4", "03/04/2025", "31/12/25", "29 Feb 2024", "2025-03-04T24:00",
    "2025-03-04T00:00:00+99:99", "2025-03-04T00:00:00Z", "\u0662\u0660\u0662\u0665-03-04", "45000", "1e10",
)  # fmt: skip
TEXTS = (
    "", " ", "\0", "a\0b", "\ufeff", "\u200b", "\u202e", "\r", "\n", "\t", "\\", '"', "'", '""', "\x1b[31m", "\x7f", "\x85",
    "=1+1", "=cmd|' /C calc'!A0", "@SUM(A1)", "-2+3", "+1", "{{7*7}}", "%s%s%n", "../../etc/passwd", "<script>", "&lol;",
    "nan", "none", "None", "null", "true", "yes", "e-1~2", "e-1~retracted", "~", "~2", "#REF!", "#N/A", "#NAME?", "Total",
    "Total 20", "total:", "\u0130", "\u00df", "\u1e9e", "\U0001f600", "e\u0301" * 40, "a" * 201, "a" * 10_001, " " * 5000,
    "a-" * 5000, "A" * 70_000, ";" * 3000, "1" * 5000, "a," * 3000, "9" * 40, "and " * 800, "p" * 200, "0" * 3000, "us-nc-cpss",
    "x" + " " * 60_000 + "y", "1" * 60_000, "x" + "\n" * 30_000 + "y", "/" * 30_000, "a " * 30_000,
)  # fmt: skip
SURROGATES = ("\ud800", "\udfff", "a\udc80b")
CHUNKS = (
    b"\0", b"\xff", b"\xfe\xff", b"\xff\xfe", b"\xef\xbb\xbf", b"\x80", b"\x93caf\xe9\x94", b"\xed\xa0\x80", b"\xc0\xaf",
    b"\xf4\x90\x80\x80", b"\r", b"\n", b"\r\n", b"\x1a", b"\x0b", b"\x0c", b"\x1c", b"\xc2\x85", b"\xe2\x80\xa8", b'"', b"'",
    b'"""', b"[", b"{", b"]", b"}", b",", b";", b"\t", b"|", b"=", b"#", b".", b":", b"\\", b"\\u0000", b"\\ud800", b"<", b">",
    b"&", b"-", b"NaN", b"Infinity", b"null", b"true", b"false",
)  # fmt: skip


def damaged(draw: Random, data: bytes, others: list[bytes]) -> bytes:
    """
    Change bytes.

    Args:
        draw: What decides.
        data: What is changed.
        others: What it may be spliced with.
    """
    for _ in range(draw.choice((1, 1, 1, 2, 3, 6))):
        data = draw.choice(_BYTES)(draw, data, others)[:LARGEST]
    return data


def _place(draw: Random, data: bytes) -> int:
    return draw.randrange(len(data) + 1)


def _span(draw: Random, data: bytes) -> tuple[int, int]:
    begin = _place(draw, data)
    return begin, min(len(data), begin + draw.choice((1, 2, 8, 64, 500, 4096)))


def _flip(draw: Random, data: bytes, _others: list[bytes]) -> bytes:
    made = bytearray(data)
    for _ in range(draw.choice((1, 1, 2, 8, 64))):
        if made:
            place = draw.randrange(len(made))
            made[place] = draw.choice((draw.randrange(256), made[place] ^ 1 << draw.randrange(8), 0, 255))
    return bytes(made)


def _cut(draw: Random, data: bytes, _others: list[bytes]) -> bytes:
    return data[: _place(draw, data)] if draw.random() < 0.8 else data[_place(draw, data) :]


def _leave_out(draw: Random, data: bytes, _others: list[bytes]) -> bytes:
    begin, end = _span(draw, data)
    return data[:begin] + data[end:]


def _repeat(draw: Random, data: bytes, _others: list[bytes]) -> bytes:
    begin, end = _span(draw, data)
    piece = data[begin:end] or b"x"
    times = draw.choice((2, 3, 50, LARGEST // len(piece) // draw.choice((1, 4, 20)) + 1))
    return data[:begin] + piece * times + data[end:]


def _splice(draw: Random, data: bytes, others: list[bytes]) -> bytes:
    other = draw.choice(others)
    return data[: _place(draw, data)] + other[_place(draw, other) :]


def _graft(draw: Random, data: bytes, others: list[bytes]) -> bytes:
    other, place = draw.choice(others), _place(draw, data)
    begin, end = _span(draw, other)
    return data[:place] + other[begin:end] + data[place:]


def _insert(draw: Random, data: bytes, _others: list[bytes]) -> bytes:
    place = draw.choice((0, _place(draw, data), _place(draw, data), len(data)))
    piece = draw.choice((draw.choice(CHUNKS), draw.choice(TEXTS).encode(), draw.choice(NUMBERS).encode()))
    return data[:place] + piece * draw.choice((1, 1, 1, 2, 100)) + data[place:]


def _deepen(draw: Random, data: bytes, _others: list[bytes]) -> bytes:
    place, times = _place(draw, data), draw.choice((50, 500, 2000, DEEP))
    piece = draw.choice((b"[", b"{", b'{"a":', b"{a=", b"a.", b"(", b"[[", b'"a".', b"[a.", b"<c ", b"<!--"))
    return data[:place] + piece * times + data[place:]


def _replace_figure(draw: Random, data: bytes, _others: list[bytes]) -> bytes:
    """Put something else in the place of a run of digits."""
    runs = list(_runs(data, b"0123456789.-"))
    if not runs:
        return data
    begin, end = draw.choice(runs)
    return data[:begin] + draw.choice(draw.choice((NUMBERS, NUMBERS, DATES))).encode() + data[end:]


def _replace_word(draw: Random, data: bytes, _others: list[bytes]) -> bytes:
    """Put something else in the place of a run of letters, or another word of the same text."""
    runs = list(_runs(data, b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_"))
    if not runs:
        return data
    begin, end = draw.choice(runs)
    other = slice(*draw.choice(runs))
    new = data[other] if draw.random() < 0.5 else draw.choice((*TEXTS, *NUMBERS)).encode()
    return data[:begin] + new + data[end:]


def _runs(data: bytes, of: bytes) -> Iterator[tuple[int, int]]:
    begin = None
    for place, byte in enumerate(data[:20_000]):
        if byte in of:
            begin = place if begin is None else begin
        elif begin is not None:
            yield begin, place
            begin = None


def _reencode(draw: Random, data: bytes, _others: list[bytes]) -> bytes:
    text = data.decode("utf-8", "replace")
    name = draw.choice(("utf-16", "utf-16-le", "utf-8-sig", "cp1252", "latin-1", "utf-32", "utf-7"))
    return text.encode(name, "replace")


def _other_newlines(draw: Random, data: bytes, _others: list[bytes]) -> bytes:
    lines = data.splitlines()
    return b"".join(line + draw.choice((b"\n", b"\r\n", b"\r", b"\n\r", b"\n\n", b"\x0b", b"")) for line in lines)


_BYTES = (
    _flip, _flip, _cut, _leave_out, _repeat, _splice, _graft, _insert, _insert, _deepen, _replace_figure, _replace_figure,
    _replace_word, _replace_word, _reencode, _other_newlines,
)  # fmt: skip


# --- values -----------------------------------------------------------------------------------------------------------


def altered(draw: Random, value: Any) -> Any:
    """
    Change one to four nodes of a value as JSON and TOML have them; the value itself stays.
    """
    value = copy.deepcopy(value)
    for _ in range(draw.choice((1, 1, 1, 2, 4))):
        holder: Any = {"": value}
        nodes = list(_nodes(holder))
        place, key = draw.choice(nodes) if draw.random() < 0.7 else draw.choice(nodes[: len(nodes) // 3 + 1])
        draw.choice(_VALUES)(draw, place, key, nodes)
        value = holder.get("", {})
    return value


def _nodes(holder: Any) -> Iterator[tuple[Any, Any]]:
    for key, part in list(holder.items() if type(holder) is dict else enumerate(holder)):
        yield holder, key
        if type(part) in (dict, list):
            yield from _nodes(part)


def _any(draw: Random) -> Any:
    """Draw a value that a reader may not have thought of."""
    return draw.choice(
        (
            lambda: draw.choice(TEXTS),
            lambda: draw.choice(NUMBERS),
            lambda: draw.choice(DATES),
            lambda: draw.choice(SURROGATES),
            lambda: draw.choice((0, -1, 1, 2**31, 2**63, -(2**64), 10**30, 10**400, 10**4000)),
            lambda: draw.choice((0.0, -0.0, 1.5, 1e308, -1e308, float("inf"), float("nan"), 5e-324)),
            lambda: draw.choice((None, True, False, [], {}, [[]], [{}], {"": {}}, [None], {"by": "x", "values": {}})),
            lambda: draw.choice((date(2025, 3, 4), date(1, 1, 1), date(9999, 12, 31), datetime.max, time(1, 2))),  # noqa: DTZ901 - as TOML has it
            lambda: nested(draw.choice((5, 60, 300))),
            lambda: [draw.choice(("a", 1, None, {}))] * draw.choice((3, 250, 20_000)),
            lambda: {f"k{number}": number for number in range(draw.choice((3, 250, 5000)))},
        )
    )()


def nested(levels: int) -> Any:
    """Return lists and tables within one another."""
    value: Any = "x"
    for level in range(levels):
        value = [value] if level % 2 else {"a": value}
    return value


def _put(draw: Random, place: Any, key: Any, _nodes_: list[Any]) -> None:
    place[key] = _any(draw)


def _drop(_draw: Random, place: Any, key: Any, _nodes_: list[Any]) -> None:
    with suppress(KeyError, IndexError):
        del place[key]


def _copy_from(draw: Random, place: Any, key: Any, nodes: list[Any]) -> None:
    other, name = draw.choice(nodes)
    with suppress(KeyError, IndexError):
        place[key] = copy.deepcopy(other[name])


def _rename(draw: Random, place: Any, key: Any, nodes: list[Any]) -> None:
    if type(place) is dict and key in place and key != "":
        names = [name for _, name in nodes if type(name) is str]
        place[draw.choice((*names, *TEXTS[:20], "Zebulon Quux"))] = place.pop(key)


def _add(draw: Random, place: Any, key: Any, nodes: list[Any]) -> None:
    if type(place) is dict:
        names = [name for _, name in nodes if type(name) is str]
        place[draw.choice(names)] = _any(draw)
    else:
        place.insert(min(len(place), key), _any(draw))


def _multiply(draw: Random, place: Any, key: Any, _nodes_: list[Any]) -> None:
    with suppress(KeyError, IndexError):
        value = place[key]
        if type(value) is list and len(value) < 1000:
            place[key] = value * draw.choice((2, 3, 120, 300))
        elif type(value) is str and len(value) < 1000:
            place[key] = value * draw.choice((2, 10, 200))
        else:
            place[key] = [value, value]


def _respell(draw: Random, place: Any, key: Any, _nodes_: list[Any]) -> None:
    with suppress(KeyError, IndexError):
        if type(place[key]) is str:
            place[key] = damaged(draw, place[key].encode("utf-8", "replace"), [b"x"]).decode("utf-8", "replace")
        elif type(place[key]) in (int, float):
            place[key] = draw.choice((-place[key], place[key] + 1, place[key] * 10**9, str(place[key])))
        elif type(place[key]) is dict and place[key]:
            name = draw.choice(list(place[key]))
            place[key][name] = _any(draw)


def _turn(draw: Random, place: Any, key: Any, _nodes_: list[Any]) -> None:
    with suppress(KeyError, IndexError):
        if type(place[key]) is list:
            draw.shuffle(place[key])
        elif type(place[key]) is dict:
            place[key] = list(place[key].values())
        else:
            place[key] = {str(place[key]): place[key]}


_VALUES: tuple[Callable[[Random, Any, Any, list[Any]], None], ...] = (
    _put, _put, _put, _drop, _copy_from, _copy_from, _rename, _add, _multiply, _respell, _respell, _turn,
)  # fmt: skip


def json_text(draw: Random, value: Any) -> bytes:
    """Write a value as JSON, or as what some take for it."""
    text = json.dumps(
        value,
        default=str,
        ensure_ascii=draw.random() < 0.5,
        separators=draw.choice(((",", ":"), (", ", ": "))),
    )
    return text.encode("utf-8", "surrogatepass")


def toml_text(value: Any) -> str:
    """Write a table as TOML, with one line for each of its keys."""
    top = value if type(value) is dict else {"value": value}
    return "".join(f"{_toml_key(key)} = {_toml(part)}\n" for key, part in top.items())


def _toml_key(key: Any) -> str:
    return _toml(str(key))


def _toml(value: Any) -> str:
    if type(value) is dict:
        return "{ " + ", ".join(f"{_toml_key(key)} = {_toml(part)}" for key, part in value.items()) + " }"
    if type(value) is list:
        return "[" + ", ".join(map(_toml, value)) + "]"
    if value is None:
        return '"none"'
    if type(value) is bool:
        return "true" if value else "false"
    if type(value) is int and value > 10**4000:
        return "9" * 4301
    if isinstance(value, int | float | Decimal):
        return str(value).lower()
    if isinstance(value, date | time):
        return value.isoformat()
    return json.dumps(str(value), ensure_ascii=False).replace("\x7f", "\\u007f")


def damaged_toml(draw: Random, data: bytes, others: list[bytes]) -> bytes:
    """Change the value that a TOML file holds, or its bytes."""
    if draw.random() < 0.45:
        return damaged(draw, data, others)
    made = toml_text(altered(draw, tomllib.loads(data.decode()))).encode("utf-8", "surrogatepass")[:LARGEST]
    return damaged(draw, made, others) if draw.random() < 0.1 else made


def damaged_json(draw: Random, data: bytes, others: list[bytes]) -> bytes:
    """Change the value that a JSON file holds, or its bytes."""
    if draw.random() < 0.4:
        return damaged(draw, data, others)
    return json_text(draw, altered(draw, json.loads(data)))[:LARGEST]


def damaged_lines(draw: Random, data: bytes, others: list[bytes]) -> bytes:
    """Change the value that a line of a JSON Lines file holds, or the order of lines, or bytes."""
    if draw.random() < 0.3:
        return damaged(draw, data, others)
    lines = data.splitlines()
    for _ in range(draw.choice((1, 1, 2, 5))):
        place = draw.randrange(len(lines))
        what = draw.random()
        if what < 0.8:
            with suppress(ValueError, RecursionError):
                lines[place] = json_text(draw, altered(draw, json.loads(lines[place])))
        elif what < 0.9:
            lines.insert(draw.randrange(len(lines) + 1), lines[place])
        elif len(lines) > 1:
            del lines[place]
    return (b"\n".join(lines) + b"\n")[:LARGEST]


def damaged_archive(draw: Random, data: bytes, others: list[bytes]) -> bytes:
    """Change an archive as JSON Lines; half of the time, chain what came out anew, as somebody would who can."""
    if draw.random() < 0.5:
        return damaged_lines(draw, data, others)
    lines = [json.loads(line) for line in data.splitlines()]
    for _ in range(draw.choice((1, 1, 2, 4))):
        place = draw.randrange(1, len(lines) - 1)
        entry = lines[place]
        if "record" in entry and draw.random() < 0.8:
            entry["record"] = altered(draw, entry["record"])
        else:
            entry.update((name, altered(draw, part)) for name, part in list(entry.items()) if draw.random() < 0.3)
        if draw.random() < 0.2:
            lines.insert(draw.randrange(1, len(lines)), copy.deepcopy(entry))
    before = GENESIS
    count = 0
    for count, entry in enumerate(lines[1:-1], 1):
        with suppress(TypeError, ValueError, AttributeError, KeyError):
            entry["seq"] = count if draw.random() < 0.98 else entry["seq"]
            held = "record" in entry
            record = json.dumps(entry["record"], ensure_ascii=False, separators=(",", ":")) if held else ""
            committed = commitment(bytes.fromhex(entry["salt"]), record) if held else bytes.fromhex(entry["commitment"])
            before = link(before, entry["seq"], entry["recorded_at"], committed)
            entry["digest"] = before.hex()
    lines[-1] = {"entries": count, "digest": before.hex()}
    text = "".join(json.dumps(line, ensure_ascii=False, separators=(",", ":"), default=str) + "\n" for line in lines)
    return text.encode("utf-8", "surrogatepass")[:LARGEST]


# --- tables -----------------------------------------------------------------------------------------------------------


def _cell(draw: Random) -> str:
    return draw.choice(draw.choice((TEXTS, NUMBERS, DATES, DATES)))


def altered_rows(draw: Random, rows: list[list[str]]) -> list[list[str]]:
    """Change cells, rows and columns of a table."""
    rows = [list(row) for row in rows]
    for _ in range(draw.choice((1, 2, 4, 8))):
        if sum(len(cell) for row in rows for cell in row) > LARGEST:
            break
        row = draw.choice(rows)
        place = draw.randrange(len(row)) if row else 0
        what = draw.random()
        if what < 0.5 and row:
            row[place] = _cell(draw)
        elif what < 0.6 and row:
            other = draw.choice(rows)
            row[place] = draw.choice(other) if other else ""
        elif what < 0.7:
            row[place:place] = [_cell(draw)[:300]] * draw.choice((1, 1, 3, 17_000 if len(rows) < 20 else 5))
        elif what < 0.75 and row:
            del row[place]
        elif what < 0.8:
            rows.insert(draw.randrange(len(rows)), list(row) if draw.random() < 0.5 else [_cell(draw)])
        elif what < 0.85 and len(rows) > 1:
            rows.remove(row)
        elif what < 0.9:
            rows.extend([list(row) for _ in range(draw.choice((1, 20, 400)))])
        elif what < 0.95:
            for one in rows:
                one.insert(min(place, len(one)), _cell(draw))
        else:
            draw.shuffle(row)
    return rows


def damaged_table(draw: Random, data: bytes, others: list[bytes]) -> bytes:
    """Change the rows of a table of text, or its bytes."""
    if draw.random() < 0.4:
        return damaged(draw, data, others)
    bom = data.startswith(b"\xef\xbb\xbf")
    rows = altered_rows(draw, list(csv.reader(io.StringIO(data.decode("utf-8-sig")))))
    text = io.StringIO()
    quoting = csv.QUOTE_ALL if draw.random() < 0.2 else csv.QUOTE_MINIMAL
    csv.writer(text, delimiter=draw.choice(",,,;\t|"), lineterminator="\r\n", quoting=quoting).writerows(rows)
    made = (b"\xef\xbb\xbf" if bom else b"") + text.getvalue().encode()
    return (damaged(draw, made, others) if draw.random() < 0.2 else made)[:LARGEST]


# --- workbooks --------------------------------------------------------------------------------------------------------

BOOK = {
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default '
    'Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override '
    'PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
    '<Override PartName="/xl/worksheets/sheet1.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>',
    "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship '
    'Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
    'Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>'
    '<sheet name="Trainings" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" '
    'Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Target="sharedStrings.xml" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"/><Relationship Id="rId3" '
    'Target="styles.xml" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles"/>'
    "</Relationships>",
    "xl/styles.xml": '<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><cellXfs count="2">'
    '<xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>',
}
"""The parts of a workbook that do not hold its cells."""

_XML = (
    '<!DOCTYPE a [<!ENTITY lol "lol"><!ENTITY b "&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;"><!ENTITY c "&b;&b;&b;&b;&b;">]>',
    '<!DOCTYPE a SYSTEM "file:///etc/passwd">', '<!ENTITY x SYSTEM "file:///etc/passwd">', "&lol;", "&#0;", "&#x110000;", "&#xD800;",
    "<![CDATA[", "]]>", "<!--", "-->", "<?xml version='1.0' encoding='utf-16'?>", "</c>", "<c", "<c ", "<c r=", "<row r='", '<v>',
    '<c r="A1048576"/>', '<c r="XFD1"/>', '<c r="ZZZ9999999"/>', '<c r="A0"/>', '<row r="0"/>', '<row r="9999999"/>', '<c r="a1"/>',
    '<c t="s"><v>999999</v></c>', '<c t="s"><v>-1</v></c>', '<c t="s"><v>4294967296</v></c>', '<c t="s"/>', '<c t="e"><v>#REF!</v></c>',
    '<c t="b"><v>7</v></c>', '<c t="d"><v>2025-99-99</v></c>', '<c t="str"><f>1+1</f></c>', '<c s="99"><v>45000</v></c>', '<c s="1"><v>1e308</v></c>',
    '<c s="1"><v>-1</v></c>', '<c s="1"><v>2958466</v></c>', '<c s="1"><v>NaN</v></c>', '<mergeCell ref="A1:XFD1048576"/>',
    '<mergeCell ref="A2:A1"/>', '<mergeCells><mergeCell ref="A1:A9"/></mergeCells>', '<mergeCell ref=":"/>',
    '<dimension ref="A1:XFD1048576"/>', 'state="hidden"', 'r:id="rId9"', 'Target="../../../etc/passwd"', 'Target="/xl/workbook.xml"',
    'count="4294967295"', 'numFmtId="4294967296"', 'date1904="1"', 'name=""', "<si><t/></si>", '<sheet name="B" sheetId="2" r:id="rId1"/>',
)  # fmt: skip


def workbook_of(rows: list[list[str]], shared: bool = True) -> dict[str, bytes]:
    """Return the parts of a workbook of one sheet, whose texts stand in it or are shared."""
    texts: dict[str, int] = {}
    lines = []
    for number, row in enumerate(rows, 1):
        cells = []
        for place, text in enumerate(row):
            name = f"{chr(65 + place)}{number}"
            if text.replace(".", "", 1).isdigit():
                cells.append(f'<c r="{name}"><v>{text}</v></c>')
            elif text.startswith("day "):
                cells.append(f'<c r="{name}" s="1"><v>{text[4:]}</v></c>')
            elif shared:
                cells.append(f'<c r="{name}" t="s"><v>{texts.setdefault(text, len(texts))}</v></c>')
            else:
                cells.append(f'<c r="{name}" t="inlineStr"><is><t>{text}</t></is></c>')
        lines.append(f'<row r="{number}">{"".join(cells)}</row>')
    space = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    parts = {name: text.encode() for name, text in BOOK.items()}
    parts[SHEET] = f"<worksheet {space}><sheetData>{''.join(lines)}</sheetData></worksheet>".encode()
    parts["xl/sharedStrings.xml"] = (
        f"<sst {space}>{''.join(f'<si><t>{text}</t></si>' for text in texts)}</sst>".encode()
    )
    return parts


def packed(parts: list[tuple[str, bytes]], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Pack parts into a zip file, always the same bytes."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as book:
        for name, content in parts:
            info = zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0))
            info.compress_type = method
            book._didModify = True
            if name in book.NameToInfo:  # a name twice is meant, and no reason to warn
                del book.NameToInfo[name]
            book.writestr(info, content)
    return file.getvalue()


def damaged_workbook(draw: Random, data: bytes, others: list[bytes]) -> bytes:
    """Change the parts of a workbook, how they are packed, or its bytes."""
    if draw.random() < 0.15:
        return damaged(draw, data, others)
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        parts = [(name, book.read(name)) for name in book.namelist()]
    for _ in range(draw.choice((1, 1, 2, 3))):
        place = next(n for n, (name, _) in enumerate(parts) if name == SHEET)
        if draw.random() < 0.5:
            place = draw.randrange(len(parts))
        name, content = parts[place]
        what = draw.random()
        if what < 0.5:
            parts[place] = name, _altered_xml(draw, content)
        elif what < 0.75:
            parts[place] = name, damaged(draw, content, [one for _, one in parts])
        elif what < 0.8 and name != SHEET:
            del parts[place]
        elif what < 0.85:
            parts.append((draw.choice((name, f"xl/worksheets/{draw.choice(NUMBERS)[:9]}.xml", "xl/x.bin")), content))
        elif what < 0.9:
            parts[place] = (
                name,
                content[:200] + bytes((draw.choice(b"\0 a<"),)) * draw.choice((10**5, 10**6)) + content[200:],
            )
        else:
            other = draw.randrange(len(parts))
            parts[place], parts[other] = (name, parts[other][1]), (parts[other][0], content)
            if not any(one == SHEET for one, _ in parts):
                parts.append((SHEET, content))
    made = packed(
        parts, draw.choice((zipfile.ZIP_DEFLATED, zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED, zipfile.ZIP_BZIP2))
    )
    if draw.random() < 0.3:
        made = _altered_directory(draw, made)
    return made[: 5 * LARGEST]


def _altered_xml(draw: Random, content: bytes) -> bytes:
    """Put markup before a tag or after one, or in the place of a tag, once or very often."""
    tags = [place for place, byte in enumerate(content) if byte == ord("<")] or [0]
    begin = draw.choice(tags)
    end = content.find(b">", begin) + 1 or len(content)
    piece = draw.choice(_XML).encode() * draw.choice((1, 1, 1, 3, 2000, 30_000))
    how = draw.random()
    if how < 0.4:
        return content[:begin] + piece + content[begin:]
    if how < 0.6:
        return content[:begin] + piece + content[end:]
    if how < 0.8:  # among the attributes
        word = draw.choice((b"a", b" r", b' r="A1"', b" t='e'", b"x:", b" r =", b" =", b' t="e" ', b"\n"))
        return content[: end - 1] + b" " + word * draw.choice((1, 5, 3000, 60_000)) + content[end - 1 :]
    return _replace_figure(draw, content, [])


def _altered_directory(draw: Random, data: bytes) -> bytes:
    """Let the directory of a zip file lie about sizes, places, flags and names."""
    made = bytearray(data)
    marks = [(b"PK\x01\x02", 46), (b"PK\x03\x04", 30), (b"PK\x05\x06", 22)]
    for _ in range(draw.choice((1, 1, 2, 5))):
        mark, length = draw.choice(marks)
        places = []
        place = made.find(mark)
        while place >= 0:
            places.append(place)
            place = made.find(mark, place + 1)
        if places:
            place = draw.choice(places) + draw.randrange(4, length - 3)
            new = struct.pack("<I", draw.choice((0, 1, 2**16 - 1, 2**31, 2**32 - 1, len(data), draw.randrange(2**32))))
            new = new[: draw.choice((1, 2, 4))]
            made[place : place + len(new)] = new
    return bytes(made)


# --- SQLite files -----------------------------------------------------------------------------------------------------

_COLUMNS = (
    "seq", "recorded_at", "type", "id", "person", "other_person", "retracts", "record", "salt", "commitment", "digest",
)  # fmt: skip


def damaged_database(draw: Random, data: bytes, others: list[bytes]) -> bytes:
    """Change the bytes of a ledger's file, or by SQL what its cells hold, with or without chaining them anew."""
    if draw.random() < 0.45:
        return _altered_pages(draw, data) if draw.random() < 0.7 else damaged(draw, data, others)
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as sql:
        sql.deserialize(b"".join((data[:18], b"\1\1", data[20:])))  # a file in write-ahead mode is none for memory
        with suppress(sqlite3.Error, UnicodeEncodeError, OverflowError):
            sql.execute("DROP TRIGGER entry_stays")
            sql.execute("DROP TRIGGER entry_is_as_it_was")
            for _ in range(draw.choice((1, 1, 2, 4))):
                with suppress(sqlite3.Error, UnicodeEncodeError, OverflowError):
                    _altered_cell(draw, sql)
            if draw.random() < 0.5:
                _chain_anew(sql)
            sql.execute(_SCHEMA[-2])
            sql.execute(_SCHEMA[-1])
        made = sql.serialize()
    made = made[:18] + data[18:20] + made[20:]
    return _altered_pages(draw, made) if draw.random() < 0.05 else made


def _altered_cell(draw: Random, sql: sqlite3.Connection) -> None:
    what = draw.random()
    seqs = [seq for (seq,) in sql.execute("SELECT seq FROM entry ORDER BY seq")]
    seq = draw.choice(seqs or [1])
    if what < 0.35 and seqs:
        [(text,)] = sql.execute("SELECT record FROM entry WHERE seq = ?", (seq,))
        new = b"{}"
        with suppress(TypeError, ValueError, RecursionError):
            new = json_text(draw, altered(draw, json.loads(text)))
        if draw.random() < 0.2:
            new = damaged(draw, new, [b'{"type":"erasure","id":"x","entries":[1]}'])
        value: Any = new.decode("utf-8", "replace")
        if draw.random() < 0.1:
            value = new
        sql.execute("UPDATE entry SET record = ? WHERE seq = ?", (value, seq))
    elif what < 0.75:
        column = draw.choice(_COLUMNS)
        value = draw.choice(
            (None, 0, -1, 1, 2, 2**62, 1.5, b"", bytes(16), bytes(32), b"\xff\xfe", *TEXTS[:30], "p-1", "e-1")
        )
        sql.execute(f"UPDATE entry SET {column} = ? WHERE seq = ?", (value, seq))
        if draw.random() < 0.2:
            sql.execute(f"UPDATE entry SET {column} = CAST(x'ff80' AS TEXT) WHERE seq = ?", (seq,))
    elif what < 0.85:
        column = draw.choice(("seq", "recorded_at", "digest"))
        value = draw.choice((None, 0, -1, 3, 10**6, 2**62, 1.5, "", "x", "2026-01-01T00:00:00.000000Z", b"", bytes(32)))
        sql.execute(f"UPDATE head SET {column} = ?", (value,))
    elif what < 0.9:
        sql.execute("DELETE FROM entry WHERE seq = ?", (seq,))
    elif what < 0.95:
        columns = ", ".join(_COLUMNS[1:])
        sql.execute(
            f"INSERT INTO entry (seq, {columns}) SELECT ?, {columns} FROM entry WHERE seq = ?",
            (draw.choice((0, -5, 99, 2**62)), seq),
        )
    else:
        sql.execute(
            draw.choice(
                (
                    "PRAGMA user_version = 7",
                    "PRAGMA user_version = -1",
                    "DELETE FROM head",
                    "CREATE TABLE note (x)",
                    "CREATE VIEW v AS SELECT * FROM v2",
                    "DROP INDEX entry_by_person",
                    "ALTER TABLE entry ADD COLUMN more",
                    "ALTER TABLE head RENAME COLUMN only TO lonely",
                    "PRAGMA application_id = 1",
                )
            )
        )


def _chain_anew(sql: sqlite3.Connection) -> None:
    before, last = GENESIS, (0, "")
    for seq, moment, record, salt, committed in list(
        sql.execute("SELECT seq, recorded_at, record, salt, commitment FROM entry ORDER BY seq")
    ):
        if type(record) is str and type(salt) is bytes:
            committed = commitment(salt, record)  # noqa: PLW2901 - as it follows
        if type(committed) is not bytes or type(moment) is not str:
            continue
        before, last = link(before, seq, moment, committed), (seq, moment)
        sql.execute("UPDATE entry SET commitment = ?, digest = ? WHERE seq = ?", (committed, before, seq))
        if record is not None:
            with suppress(ValueError, AttributeError, RecursionError):
                data = json.loads(record)
                for column in ("type", "id", "person", "retracts"):
                    if type(data.get(column)) is str:
                        sql.execute(f"UPDATE entry SET {column} = ? WHERE seq = ?", (data[column], seq))
    sql.execute("UPDATE head SET seq = ?, recorded_at = ?, digest = ?", (*last, before))


def _altered_pages(draw: Random, data: bytes) -> bytes:
    """Change the file's header, the heads of its pages, or a whole page."""
    made = bytearray(data)
    size = 4096
    pages = max(1, len(made) // size)
    for _ in range(draw.choice((1, 1, 2, 5))):
        what = draw.random()
        page = draw.randrange(pages) * size
        if what < 0.25:
            place = draw.randrange(100)
        elif what < 0.7:
            place = page + (100 if page == 0 else 0) + draw.randrange(64)
        elif what < 0.9:
            place = draw.randrange(len(made))
        else:
            other = draw.randrange(pages) * size
            made[page : page + size] = draw.choice((made[other : other + size], bytes(size), b"\xff" * size))
            continue
        new = draw.choice(
            (bytes((draw.randrange(256),)), b"\0", b"\xff", b"\xff\xff", b"\0\0\0\0", b"\xff\xff\xff\xff", b"\0\0\0\1")
        )
        made[place : place + len(new)] = new
    return bytes(made)
