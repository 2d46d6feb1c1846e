"""The source of a definition as text that is the same for code that does the same."""

from __future__ import annotations

import ast

FIELD_KINDS = ("ClassVar", "InitVar", "KW_ONLY")  # annotations by which a dataclass does something else


def normal_form(node: ast.AST) -> str:
    """A syntax tree as text, the same under every Python from 3.11; the tree is changed on the way.

    Comments, layout, docstrings, annotations, messages of errors and `Text(...)` are left out; so are imports, wherever
    they stand: what is used of them is to be told beside it.

    Examples:
        >>> normal_form(ast.parse("x: int = 1  # one")) == normal_form(ast.parse("x=(1)"))
        True
        >>> normal_form(ast.parse("raise ValueError('no')")) == normal_form(ast.parse("raise ValueError"))
        True
        >>> normal_form(ast.parse("def f(): import a; a.b()")) == normal_form(ast.parse("def f(): a.b()"))
        True
    """
    return as_text(Stripped().visit(node))


class Stripped(ast.NodeTransformer):
    """Takes out what cannot change a figure."""

    def generic_visit(self, node: ast.AST) -> ast.AST:
        super().generic_visit(node)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            first = node.body[0] if node.body else None
            if (
                isinstance(first, ast.Expr)
                and isinstance(first.value, ast.Constant)
                and isinstance(first.value.value, str)
            ):
                node.body = node.body[1:]
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        if isinstance(node.func, ast.Name) and node.func.id == "Text":
            node.args, node.keywords = [], []
        return self.generic_visit(node)

    def visit_Raise(self, node: ast.Raise) -> ast.AST:
        """Which error it is may be caught and decide something; what it says does not."""
        node.exc = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
        node.cause = None
        return self.generic_visit(node)

    def visit_Assert(self, node: ast.Assert) -> ast.AST:
        node.msg = None
        return self.generic_visit(node)

    def visit_arg(self, node: ast.arg) -> ast.AST:
        node.annotation = None
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.returns = None
        return self.generic_visit(node)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> ast.AST:
        node.returns = None
        return self.generic_visit(node)

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        """A field of a dataclass is one by having an annotation, whichever; a few kinds are told by it."""
        for line in node.body:
            if isinstance(line, ast.AnnAssign):
                said = ast.unparse(line.annotation)
                line.annotation = ast.Constant(next((kind for kind in FIELD_KINDS if kind in said), "field"))
                line.simple = 2  # kept: see visit_AnnAssign
        return self.generic_visit(node)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST | None:
        if node.simple == 2:
            return self.generic_visit(node)
        if node.value is None:
            return None
        return self.generic_visit(ast.Assign(targets=[node.target], value=node.value))

    def visit_If(self, node: ast.If) -> ast.AST | None:
        checked = ast.unparse(node.test) in ("TYPE_CHECKING", "typing.TYPE_CHECKING")
        return None if checked and not node.orelse else self.generic_visit(node)


def as_text(value: object) -> str:
    """Like `ast.dump`, but without empty fields, which is where Python versions differ."""
    if isinstance(value, ast.Constant):
        return f"Constant({value.value!r})"
    if isinstance(value, ast.AST):
        fields = ((name, child) for name, child in ast.iter_fields(value) if child is not None and child != [])
        return f"{type(value).__name__}({', '.join(f'{name}={as_text(child)}' for name, child in fields)})"
    if isinstance(value, list):
        return f"[{', '.join(as_text(one) for one in value if not isinstance(one, ast.Import | ast.ImportFrom))}]"
    return repr(value)
