"""Mutators: one good input → a spoiled one, by bytes, by lines, by the tree of a YAML or JSON text, by cells, by parts of a workbook.

Each takes a `random.Random` and gives the same for the same state of it."""

from __future__ import annotations

import copy
import csv
import io
import json
import re
import struct
import zipfile
import zlib
from random import Random

import yaml
from fuzz_words import ATTRIBUTES, BYTES, CELLS, LINES, VALUES

MOST = 400_000  # bytes: what grows beyond says little more and takes long
ENCODINGS = ("gb18030", "utf-16", "utf-16-le", "utf-8-sig", "latin-1", "utf-32", "utf-7", "big5")


def spoiled_bytes(rng: Random, raw: bytes, others: tuple[bytes, ...] = ()) -> bytes:
    """One to eight edits of bytes: flipped, put in, taken out, doubled, moved, cut, taken from another input."""
    made = bytearray(raw)
    for _ in range(rng.choice((1, 1, 1, 2, 3, 8))):
        at = rng.randrange(len(made) + 1)
        end = min(len(made), at + rng.choice((1, 1, 2, 4, 16, 100, 1000)))
        way = rng.randrange(8)
        if way == 0 and at < len(made):
            made[at] ^= 1 << rng.randrange(8)
        elif way == 1:
            made[at:at] = rng.choice(BYTES)
        elif way == 2:
            made[at:end] = b""
        elif way == 3:
            made[at:at] = made[at:end] * rng.choice((1, 2, 50))
        elif way == 4:
            made[at:end] = rng.randbytes(end - at)
        elif way == 5:
            to = rng.randrange(len(made) + 1)
            made[to:to] = made[at:end]
        elif way == 6 and rng.random() < 0.3:
            made = made[:at]
        elif way == 7 and others:
            other = rng.choice(others)
            start = rng.randrange(len(other) + 1)
            made[at:end] = other[start : start + rng.choice((4, 40, 400))]
    return bytes(made[:MOST])


def other_encoding(rng: Random, raw: bytes) -> bytes:
    """The same text as another program would have saved it."""
    text = raw.decode("utf-8", "replace")
    return text.encode(rng.choice(ENCODINGS), rng.choice(("replace", "ignore")))


def spoiled_lines(rng: Random, raw: bytes, words=LINES) -> bytes:
    """A line dropped, doubled, moved, indented otherwise, or what follows its colon replaced by something odd."""
    lines = raw.decode("utf-8", "replace").splitlines()
    for _ in range(rng.choice((1, 1, 2, 3))):
        if not lines:
            break
        at, word, way = rng.randrange(len(lines)), rng.choice(words), rng.randrange(8)
        if way == 0:
            del lines[at]
        elif way == 1:
            lines.insert(at, lines[rng.randrange(len(lines))])
        elif way == 2:
            lines[at] = rng.choice((" ", "  ", "\t", "- ", "")) + lines[at].lstrip(" ")
        elif way == 3:
            lines.insert(at, word)
        elif way == 4:
            lines[at] = lines[at].partition(":")[0] + ": " + word
        elif way == 5:
            parts = re.findall(r"[^,{}\[\]]+|[,{}\[\]]", lines[at]) or [""]
            parts[rng.randrange(len(parts))] = f" {word} "
            lines[at] = "".join(parts)
        elif way == 6:
            head, colon, rest = lines[at].partition(":")
            lines[at] = f"{head}: {{a: {rest}}}" if rng.random() < 0.5 else f"{word}{colon}{rest}"
        else:
            lines[at] = lines[at].replace(rng.choice(": -{}[],'\"") or ":", rng.choice(" :-[{'\""))
    return "\n".join(lines).encode("utf-8", "replace")[:MOST]


def _places(tree, path=()) -> list[tuple]:
    """Every path of a tree of mappings and lists."""
    found = [path]
    if isinstance(tree, (dict, list)):
        for key, value in tree.items() if isinstance(tree, dict) else enumerate(tree):
            found += _places(value, (*path, key))
    return found


def spoiled_tree(rng: Random, tree, values=VALUES):
    """A copy with one to three nodes replaced, dropped, doubled, wrapped, or a key renamed."""
    tree = copy.deepcopy(tree)
    for _ in range(rng.choice((1, 1, 2, 3))):
        path = rng.choice(_places(tree))
        if not path:
            if rng.random() < 0.05:
                return copy.deepcopy(rng.choice(values))
            continue
        parent = tree
        for key in path[:-1]:
            parent = parent[key]
        key, way = path[-1], rng.randrange(6)
        if way <= 1:
            parent[key] = copy.deepcopy(rng.choice(values))
        elif way == 2:
            del parent[key]
        elif way == 3:
            parent[key] = rng.choice(([parent[key]], {"zh": parent[key]}, [parent[key]] * 3))
        elif way == 4 and isinstance(parent, dict):
            parent[str(rng.choice(CELLS))[:50]] = parent.pop(key)
        elif way == 5:
            other = tree
            for step in rng.choice(_places(tree)):
                other = other[step]
            parent[key] = copy.deepcopy(other)
    return tree


def spoiled_yaml(rng: Random, raw: bytes) -> bytes:
    """The file as a tree, spoiled, written again."""
    tree = yaml.safe_load(raw.decode("utf-8"))
    made = yaml.safe_dump(
        spoiled_tree(rng, tree),
        allow_unicode=True,
        sort_keys=False,
        default_flow_style=rng.choice((None, True, False)),
    )
    return made.encode("utf-8", "surrogatepass")[:MOST]


def spoiled_json(rng: Random, text: str) -> str:
    """The text as a tree, spoiled, written again (NaN and Infinity as Python writes them)."""
    return json.dumps(spoiled_tree(rng, json.loads(text)), ensure_ascii=rng.random() < 0.5)


def spoiled_table(rng: Random, raw: bytes) -> bytes:
    """Cells, headers, rows and columns of a CSV spoiled, and now and then how it is written."""
    lines = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"))))
    for _ in range(rng.choice((1, 1, 2, 4))):
        row = rng.randrange(len(lines))
        if not lines[row]:
            continue
        at, way = rng.randrange(len(lines[row])), rng.randrange(12)
        if way <= 5:
            lines[row][at] = str(rng.choice(CELLS))
        elif way == 6:
            lines[0][at % len(lines[0])] = str(rng.choice(CELLS))
        elif way == 7:
            lines.insert(row, list(lines[rng.randrange(len(lines))]))
        elif way == 8 and len(lines) > 1:
            del lines[row]
        elif way == 9:
            lines[row] = lines[row][:at] if rng.random() < 0.5 else [*lines[row], *lines[row][:at]]
        elif way == 10:
            lines = [line[:at] + line[at + 1 :] for line in lines]
        else:
            lines = [line[:at] + line[at : at + 1] * 2 + line[at + 1 :] for line in lines]
    out = io.StringIO()
    odd = rng.random() < 0.1
    csv.writer(
        out,
        lineterminator=rng.choice(("\n", "\r\n", "\r")) if odd else "\n",
        delimiter=rng.choice(",;\t|，") if odd else ",",
        quoting=rng.choice((csv.QUOTE_ALL, csv.QUOTE_MINIMAL)) if odd else csv.QUOTE_MINIMAL,
    ).writerows(lines)
    return out.getvalue().encode("utf-8", "surrogatepass")[:MOST]


_TOKEN = re.compile(rb"<[^<>]*>|[^<>]+")
_ATTRIBUTE = re.compile(rb'(\w+)="([^"]*)"')


def spoiled_xml(rng: Random, raw: bytes) -> bytes:
    """Tokens of a part: an attribute or a text replaced, an element dropped, doubled, opened or moved, the part cut."""
    tokens = _TOKEN.findall(raw)
    for _ in range(rng.choice((1, 1, 2, 4))):
        if not tokens:
            break
        at, way = rng.randrange(len(tokens)), rng.randrange(9)
        if way <= 2:
            found = list(_ATTRIBUTE.finditer(tokens[at]))
            if found:
                one = rng.choice(found)
                odd = rng.choice(ATTRIBUTES).encode()
                tokens[at] = tokens[at][: one.start(2)] + odd + tokens[at][one.end(2) :]
        elif way == 3:
            del tokens[at]
        elif way == 4:
            end = at + rng.choice((1, 3, 10))
            tokens[at:at] = tokens[at:end] * rng.choice((1, 1, 30))
        elif way == 5 and not tokens[at].startswith(b"<"):
            odd = rng.choice(CELLS).replace("&", "&amp;").replace("<", "&lt;")
            tokens[at] = odd.encode("utf-8", "replace")
        elif way == 6:
            tokens[at] = rng.choice(
                (b"<!DOCTYPE x>", b"<x>", b"</x>", b"<!--", b"<![CDATA[", b"&x;")
            )
        elif way == 7:
            to = rng.randrange(len(tokens))
            tokens[at], tokens[to] = tokens[to], tokens[at]
        elif rng.random() < 0.2:
            tokens = tokens[:at]
    return b"".join(tokens)[:MOST]


def can_be_unzipped(raw: bytes) -> bool:
    """Whether each part can be read: among the inputs are workbooks with a locked or broken one."""
    try:
        return bool(unzipped(raw))
    except (RuntimeError, zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError):
        return False


def unzipped(raw: bytes) -> dict[str, bytes]:
    """The parts of a workbook by name."""
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        return {one.filename: archive.read(one) for one in archive.infolist()}


def zipped(parts: dict[str, bytes]) -> bytes:
    """A workbook of these parts, stored: the same bytes for the same parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    return out.getvalue()


def spoiled_header(rng: Random, raw: bytes) -> bytes:
    """A number in the zip's own directory replaced: method, flags, sizes, offsets, checksums."""
    starts = [one.start() for one in re.finditer(rb"PK\x01\x02|PK\x03\x04|PK\x05\x06", raw)]
    made, start = bytearray(raw), rng.choice(starts)
    at = start + rng.randrange(4, 46, 2)
    odd = rng.choice((0, 1, 8, 9, 12, 14, 99, 0xFFFF, 0x7FFF, rng.randrange(0x10000)))
    if at + 2 <= len(made):
        struct.pack_into("<H", made, at, odd)
    return bytes(made)
