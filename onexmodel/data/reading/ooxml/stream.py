"""XML of a part, element by element: each is handed on when it is whole and then forgotten, so that no part grows in memory beyond what is
kept of it. What no program for tables writes is refused: declared types, endless texts, depth, elements with endless children."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from xml.etree import ElementTree

from .archive import Unreadable, has_dtd

DEPTH = 40  # elements in each other
CHILDREN = 40_000  # of one item: a row has 16,384 cells, a text 32,767 letters
BROKEN = "内容已损坏（不是完好的 XML）"


def elements(
    chunks: Iterable[bytes],
    groups: frozenset[str] = frozenset(),
    alone: frozenset[str] | None = None,
) -> Iterator[tuple[str, ElementTree.Element]]:
    """(name, element) of every child of the root when it is whole; of a child named in `groups` in place of it each of its own children,
    under its name. `alone`: names of the others that are wanted, all if left out. Raises Unreadable."""
    builder = ElementTree.TreeBuilder()
    parser = ElementTree.XMLParser(target=builder)
    head, root, guard = b"", None, _Guard()
    try:
        for chunk in chunks:
            if root is None:
                head += chunk
                if has_dtd(head):
                    raise Unreadable("声明了文档类型（DTD），不是表格软件写的")
                if len(head) > 1 << 20:
                    raise Unreadable(BROKEN)
            guard.look(chunk)
            parser.feed(chunk)
            root = builder.close()  # the tree so far; it goes on growing
            if root is not None:
                yield from _whole(root, groups, alone, growing=True)
        root = parser.close()
        yield from _whole(root, groups, alone, growing=False)
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise Unreadable(BROKEN) from error


def local(tag: str) -> str:
    """{namespace}name → name."""
    return tag.rpartition("}")[2]


def _whole(root, groups, alone, growing: bool) -> Iterator[tuple[str, ElementTree.Element]]:
    """What is whole of the tree so far; it is taken out of it."""
    last = len(root) - 1
    for at, top in enumerate(root):
        name, grows = local(top.tag), growing and at == last
        if name in groups:
            count = len(top) - 1 if grows else len(top)
            for one in top[: max(count, 0)]:
                yield name, one
            del top[: max(count, 0)]
        elif not grows and (alone is None or name in alone):
            yield name, top
        if grows:
            _bounded(top, forgotten=name not in groups and alone is not None and name not in alone)
    del root[: last if growing else last + 1]


def _bounded(top, forgotten: bool) -> None:
    """The elements that still grow: not too deep, not too wide; where nobody wants them, what is whole below is let go."""
    depth = 2
    while len(top):
        if forgotten:
            del top[:-1]
        elif len(top) > CHILDREN:
            raise Unreadable("有一段内容大得不像表格")
        top, depth = top[-1], depth + 1
        if depth > DEPTH:
            raise Unreadable("元素套得太深，不是表格软件写的")


class _Guard:
    """Against what the parser would collect before it hands anything on: a text, tag, comment or instruction longer than a chunk."""

    def __init__(self) -> None:
        self.plain = False  # in the last chunk no element ended
        self.open = b""  # what ends the comment or instruction that was open at its end
        self.tail = b""

    def look(self, chunk: bytes) -> None:
        """One more chunk. Raises Unreadable."""
        if b"\x00" in chunk[:100]:  # UTF-16
            chunk = chunk.replace(b"\x00", b"")
        plain = b"</" not in chunk and b"/>" not in chunk
        joined = self.tail + chunk
        if (plain and self.plain) or (self.open and self.open not in joined):
            raise Unreadable("有一段文字长得不像单元格")
        self.plain, self.tail, self.open = plain, chunk[-3:], b""
        for begin, end in ((b"<!--", b"-->"), (b"<?", b"?>")):
            at = joined.rfind(begin)
            if at >= 0 and joined.find(end, at) < 0:
                self.open = end
