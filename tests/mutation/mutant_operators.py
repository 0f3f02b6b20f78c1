"""Mutants of a source text: one thing changed where it stands, everything else left as written."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

COMPARED = {
    ast.Lt: ("<", "<=", ">="),
    ast.LtE: ("<=", "<", ">"),
    ast.Gt: (">", ">=", "<="),
    ast.GtE: (">=", ">", "<"),
    ast.Eq: ("==", "!="),
    ast.NotEq: ("!=", "=="),
    ast.In: ("in", "not in"),
    ast.NotIn: ("not in", "in"),
    ast.Is: ("is", "is not"),
    ast.IsNot: ("is not", "is"),
}
ARITHMETIC = {
    ast.Add: ("+", "-"),
    ast.Sub: ("-", "+"),
    ast.Mult: ("*", "/"),
    ast.Div: ("/", "*"),
    ast.FloorDiv: ("//", "/"),
    ast.Pow: ("**", "*"),
    ast.Mod: ("%", "//"),
    ast.BitAnd: ("&", "|"),
    ast.BitOr: ("|", "&"),
}
SWAPPED = {  # names of functions and methods
    "minimum": "maximum",
    "maximum": "minimum",
    "min": "max",
    "max": "min",
    "floor": "ceil",
    "ceil": "floor",
    "any": "all",
    "all": "any",
    "cumsum": "cumprod",
    "ffill": "bfill",
    "zeros": "ones",
    "ones": "zeros",
}
KEPT_WHOLE = ("isnan", "len", "range", "list", "tuple", "dict", "set", "sorted", "zip", "enumerate")


@dataclass(frozen=True)
class Mutant:
    """`line` of `file`, from 1; `before` and `after`: that line, or the first of those it spans, without indent; `start`, `end`: the bytes
    of the file that `new` takes the place of; `function`: line of the outermost definition it stands in, 0 for none."""

    file: str
    line: int
    kind: str
    before: str
    after: str
    start: int
    end: int
    new: str
    function: int

    @property
    def key(self) -> tuple[str, str, str]:
        """What it is called in the kept list: no line number, which moves."""
        return self.file, self.before, self.after

    def source(self, text: str) -> str:
        """The text, changed."""
        raw = text.encode()
        return (raw[: self.start] + self.new.encode() + raw[self.end :]).decode()

    def differs(self, text: str) -> bool:
        """Whether it parses, and into another tree."""
        try:
            return ast.dump(ast.parse(self.source(text))) != ast.dump(ast.parse(text))
        except SyntaxError:
            return False


def mutants_of(file: str, text: str) -> list[Mutant]:
    """Every mutant of a text, in its order; a few of them do not differ (Mutant.differs, which takes its time)."""
    raw, starts, found = text.encode(), _starts(text), {}
    lines = raw.splitlines()
    for node, function in _walk(ast.parse(text)):
        for kind, start, end, new in _changes(node, raw, starts):
            line = raw.count(b"\n", 0, start)
            old, ends = lines[line], starts[line] + len(lines[line])
            made = raw[starts[line] : start] + new.encode() + raw[min(end, ends) : ends]
            before, after = old.decode().strip(), " ".join(made.decode().split())
            if before == after:  # what changed stands further down
                after = f"{before} … {' '.join(new.split())}"
            one = Mutant(file, line + 1, kind, before, after, start, end, new, function)
            found.setdefault((start, end, new), one)
    return sorted(found.values(), key=lambda one: (one.start, one.end, one.new))


def _starts(text: str) -> list[int]:
    at, starts = 0, [0]
    for line in text.encode().splitlines(keepends=True):
        at += len(line)
        starts.append(at)
    return starts


def _walk(tree: ast.Module) -> Iterator[tuple[ast.AST, int]]:
    """Nodes that run, with the line of the outermost function: no annotation, no docstring, nothing that only words an error."""

    def down(node: ast.AST, function: int) -> Iterator[tuple[ast.AST, int]]:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and not function:
            function = min([node.lineno, *(one.lineno for one in node.decorator_list)])
        yield node, function
        for name, value in ast.iter_fields(node):
            if name in ("annotation", "returns", "decorator_list", "type_comment"):
                continue
            for child in value if isinstance(value, list) else [value]:
                if not isinstance(child, ast.AST) or isinstance(child, (ast.Raise, ast.Assert)):
                    continue
                if isinstance(child, (ast.Import, ast.ImportFrom)):
                    continue
                yield from down(child, function)

    yield from down(tree, 0)


def _changes(node, raw: bytes, starts) -> Iterator[tuple[str, int, int, str]]:
    """(kind, first byte, last byte, new text) of every change of one node."""

    def span(one) -> tuple[int, int]:
        return (
            starts[one.lineno - 1] + one.col_offset,
            starts[one.end_lineno - 1] + one.end_col_offset,
        )

    def words(one) -> str:
        start, end = span(one)
        return raw[start:end].decode()

    def instead(kind: str, new: str) -> tuple[str, int, int, str]:
        return kind, *span(node), new

    def between(left, right, old: str, new: str, kind: str):
        start, end = span(left)[1], span(right)[0]
        at = raw.find(old.encode(), start, end)
        return [(kind, at, at + len(old.encode()), new)] if at >= 0 else []

    if isinstance(node, ast.Compare):
        sides = [node.left, *node.comparators]
        for left, operator, right in zip(sides, node.ops, sides[1:]):
            old, *others = COMPARED[type(operator)]
            for new in others:
                yield from between(left, right, old, new, "comparison")
    elif isinstance(node, ast.BinOp) and type(node.op) in ARITHMETIC and not _is_text(node):
        old, new = ARITHMETIC[type(node.op)]
        yield from between(node.left, node.right, old, new, "arithmetic")
        yield instead("drop a term", f"({words(node.left)})")
        if not isinstance(node.op, (ast.Sub, ast.Div)):
            yield instead("drop a term", f"({words(node.right)})")
    elif isinstance(node, ast.BoolOp):
        old, new = ("and", "or") if isinstance(node.op, ast.And) else ("or", "and")
        for left, right in zip(node.values, node.values[1:]):
            yield from between(left, right, old, new, "boolean")
        for one in node.values:
            rest = f" {old} ".join(f"({words(other)})" for other in node.values if other is not one)
            yield instead("drop a condition", rest if len(node.values) == 2 else f"({rest})")
    elif isinstance(node, ast.UnaryOp):
        if isinstance(node.op, (ast.Not, ast.USub, ast.Invert)):
            yield instead("sign", f"({words(node.operand)})")
    elif isinstance(node, ast.Constant):
        yield from _constants(node, instead)
    elif isinstance(node, ast.IfExp):
        yield instead("branch", f"({words(node.body)})")
        yield instead("branch", f"({words(node.orelse)})")
    elif isinstance(node, ast.Call):
        yield from _calls(node, span, words, instead)
    elif isinstance(node, (ast.If, ast.While)):
        start, end = span(node.test)
        yield "negate", start, end, f"not ({words(node.test)})"
    elif isinstance(node, ast.AugAssign):
        yield instead("drop a statement", "pass")
    elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        yield instead("drop a statement", "pass")


def _is_text(node: ast.BinOp) -> bool:
    """Words put together: nothing that is computed."""
    return any(
        isinstance(one, ast.JoinedStr) or isinstance(getattr(one, "value", None), str)
        for one in (node.left, node.right)
    )


def _constants(node, instead):
    value = node.value
    if isinstance(value, bool):
        yield instead("constant", str(not value))
    elif isinstance(value, (int, float)):
        yield instead("constant", repr(value + 1))
        if value not in (0, 1):
            yield instead("constant", "0" if isinstance(value, int) else "0.0")
        if value and abs(value) < 1e-3:
            yield instead("constant", repr(value * 1000))


def _calls(node, span, words, instead):
    """Functions exchanged, and calls replaced by what they are given."""
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    if name in SWAPPED:
        start, end = span(node.func)
        yield "function", end - len(name.encode()), end, SWAPPED[name]
    if name == "where" and len(node.args) == 3:
        yield instead("branch", f"({words(node.args[1])})")
        yield instead("branch", f"({words(node.args[2])})")
    elif node.args and name not in KEPT_WHOLE and not isinstance(node.args[0], ast.Starred):
        if isinstance(node.func, ast.Name) or name in ("abs", "clip", "floor", "ceil", "round"):
            yield instead("unwrap", f"({words(node.args[0])})")
        if name in ("minimum", "maximum") and len(node.args) == 2:
            yield instead("drop a bound", f"({words(node.args[0])})")
            yield instead("drop a bound", f"({words(node.args[1])})")
    elif isinstance(node.func, ast.Attribute) and name in ("fillna", "round", "clip", "abs"):
        yield instead("unwrap", f"({words(node.func.value)})")
