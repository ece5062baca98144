"""Which file of the package imports which, read from its source."""

import ast
from functools import cache
from graphlib import CycleError, TopologicalSorter
from importlib.util import resolve_name
from pathlib import Path
from typing import NamedTuple

PACKAGE = Path(__file__).parents[1] / "widgets" / "trainingwheels"


def module_of(path):
    """The name under which a file is imported."""
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


FILES = {module_of(path): path for path in sorted(PACKAGE.rglob("*.py"))}
"""The path of each file, by the name of its module."""


class Import(NamedTuple):
    """``from module import name`` (``name`` is "" in ``import module``). ``when``: "load" with the file, "late" in a
    function, or "typing" for the type checker alone."""

    module: str
    name: str
    when: str

    @property
    def file(self):
        """The module that it loads: a submodule of the package that is named, or what is named itself."""
        within = f"{self.module}.{self.name}"
        return within if within in FILES else self.module


@cache
def imports(module):
    """Every import of the package's own files that stands in a file."""
    path = FILES[module]
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    found = _imports(ast.parse(path.read_text()), "load", package)
    return [each for each in found if each.file in FILES]


def _imports(node, when, package):
    for child in ast.iter_child_nodes(node):
        match child:
            case ast.Import():
                yield from (Import(alias.name, "", when) for alias in child.names)
            case ast.ImportFrom():
                module = resolve_name("." * child.level + (child.module or ""), package)
                yield from (Import(module, alias.name, when) for alias in child.names)
            case ast.Call(
                func=ast.Name("import_module") | ast.Attribute(attr="import_module"),
                args=[ast.Constant(str(module)), *_],
            ):
                yield Import(module, "", when)
            case ast.If(test=ast.Name("TYPE_CHECKING") | ast.Attribute(attr="TYPE_CHECKING")):
                yield from _imports(ast.Module(child.body, []), "typing", package)
                yield from _imports(ast.Module(child.orelse, []), when, package)
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.Lambda():
                yield from _imports(child, "late", package)
            case _:
                yield from _imports(child, when, package)


@cache
def offered(module):
    """The names in a file's ``__all__``; None if it has none."""
    for node in ast.parse(FILES[module].read_text()).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            return ast.literal_eval(node.value) if isinstance(node.value, ast.List) else None
    return None


def imported(module, *when):
    """The modules that a file imports: whenever, or at these times only."""
    return {each.file for each in imports(module) if not when or each.when in when}


def reached(modules):
    """All modules whose code these need, directly or through others. A package that only passes a name on leads to
    the file that defines it, and to nothing else."""
    found, new = set(), set(modules)
    while new:
        found |= new
        new = {_origin(each) for module in new for each in imports(module)} - found
    return found


def _origin(wanted):
    if wanted.file == wanted.module and FILES[wanted.module].name == "__init__.py":
        for each in imports(wanted.module):
            if each.name == wanted.name != "":
                return _origin(each)
    return wanted.file


def circle(graph):
    """A circle in ``graph`` (a set of what it imports, for each), as "a imports b imports a"; "" if there is none."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return " imports ".join(reversed(error.args[1]))
    return ""
