"""Templates whose numbers say under which key they were written: ⟨macro⟩: ⟨what was written⟩, as `lead: t.outlay.moved`."""

from __future__ import annotations

from typing import Any

from jinja2 import Environment, nodes

NOTED, PUT = "_noted", "_put"  # called with a key and a value, which they give back
BY_NAME = ("span", "ends", "carried", "relative", "shown", "told")  # functions that write numbers
BY_ATTRIBUTE = "write"  # of what knows how it is written: c.write(c.before)


class KeyedEnvironment(Environment):
    """Compiles templates in which each number that a macro writes is handed to `_noted`, and each other value that it puts in to `_put`.
    `writers`: the filters that write numbers."""

    writers: frozenset[str] = frozenset()

    def compile(self, source: Any, *given: Any, **named: Any) -> Any:
        """As of any environment, after the keys are laid in."""
        if isinstance(source, str):
            source = self.parse(source, *given[:2])
        return super().compile(keyed(source, self.writers), *given, **named)


def keyed(template: nodes.Template, writers: frozenset[str]) -> nodes.Template:
    """The template with keys laid into its macros."""
    for macro in template.find_all(nodes.Macro):
        for statement in macro.body:
            _lay(statement, macro.name, writers)
    return template


def writes(node: nodes.Node, writers: frozenset[str]) -> bool:
    """Does an expression write a number? Of filters one upon the other (|percent|signed) the outermost is asked."""
    if isinstance(node, nodes.Filter) and node.node is not None:
        return node.name in writers or (node.name == "signed" and writes(node.node, writers))
    if not isinstance(node, nodes.Call):
        return False
    called = node.node
    return (isinstance(called, nodes.Name) and called.name in BY_NAME) or (
        isinstance(called, nodes.Getattr) and called.attr == BY_ATTRIBUTE
    )


def _lay(node: nodes.Node, macro: str, writers: frozenset[str]) -> None:
    """Wrap what writes below a node; what is only asked (an if's test) prints nothing."""
    for name, value in node.iter_fields(exclude=("test",)):
        if isinstance(value, nodes.Node):
            setattr(node, name, _wrapped(value, node, macro, writers))
        elif isinstance(value, list):
            value[:] = [
                _wrapped(one, node, macro, writers) if isinstance(one, nodes.Node) else one
                for one in value
            ]


def _wrapped(
    node: nodes.Node, parent: nodes.Node, macro: str, writers: frozenset[str]
) -> nodes.Node:
    if writes(node, writers):
        return _call(NOTED, macro, node, writers)
    if not isinstance(node, nodes.Compare):
        _lay(node, macro, writers)
    if isinstance(parent, nodes.Output) and not isinstance(node, (nodes.TemplateData, nodes.Const)):
        called = isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name)
        return node if called else _call(PUT, macro, node, writers)  # a macro notes its own
    return node


def _call(name: str, macro: str, node: nodes.Node, writers: frozenset[str]) -> nodes.Call:
    key = nodes.Const(f"{macro}: {source(node, writers)}")
    return nodes.Call(nodes.Name(name, "load"), [key, node], [], None, None, lineno=node.lineno)


def source(node: nodes.Node, writers: frozenset[str]) -> str:
    """An expression as it stands in a template, without the filters and functions that only say how it is written."""

    def of(other: Any) -> str:
        return source(other, writers)

    match node:
        case nodes.Name(name=name):
            return name
        case nodes.Const(value=value):
            return str(value)
        case nodes.Getattr(node=inner, attr=attr):
            return f"{of(inner)}.{attr}"
        case nodes.Getitem(node=inner, arg=arg):
            return f"{of(inner)}[{of(arg)}]"
        case nodes.Filter(node=inner, name=name) if inner is not None:
            return of(inner) if name in writers or name == "signed" else f"{of(inner)}|{name}"
        case nodes.Call(node=nodes.Name(name=name), args=[_, inner]) if name in (NOTED, PUT):
            return of(inner)
        case nodes.Call(
            node=nodes.Name(name="span" | "ends" | "carried" | "shown" | "told"), args=[inner, *_]
        ):
            return of(inner)
        case nodes.Call(node=nodes.Getattr(attr="write"), args=[inner]):
            return of(inner)
        case nodes.Call(node=inner, args=args):
            return f"{of(inner)}({', '.join(map(of, args))})"
        case nodes.Concat(nodes=parts):
            return " ~ ".join(map(of, parts))
        case nodes.CondExpr(expr1=first, expr2=second):
            return of(first) if second is None else f"{of(first)} or {of(second)}"
        case nodes.Neg(node=inner):
            return f"-{of(inner)}"
        case nodes.BinExpr(left=left, right=right, operator=operator):
            return f"({of(left)} {operator} {of(right)})"
        case nodes.Tuple(items=items) | nodes.List(items=items):
            return f"({', '.join(map(of, items))})"
    return type(node).__name__.lower()
