"""A gradient check as a short script in plain NumPy, made of the very functions that the engine checks."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable
from typing import Any

from trainingwheels.engine.activations import ACTIVATIONS
from trainingwheels.engine.gradients.bugs import BUGS
from trainingwheels.engine.gradients.checked import NO_BUG, Planted, bug_place
from trainingwheels.engine.gradients.differences import DIFFERENCES
from trainingwheels.engine.gradients.functions import CHECKS
from trainingwheels.engine.gradients.kinks import KINKS

__all__ = ["check_script", "kink_script"]

_LOOP = """\
def flat(arrays):
    return np.concatenate([array.ravel() for array in arrays.values()])

def f(x):
    ends = np.cumsum([array.size for array in parameters.values()])[:-1]
    parts = [part.reshape(array.shape) for part, array in zip(np.split(x, ends), parameters.values())]
    return value(**dict(zip(parameters, parts)), **constants)

parameters, constants = draw(np.random.default_rng({seed}), {batch})
parameters = {{name: array.astype("{precision}") for name, array in parameters.items()}}
constants = {{name: array.astype("{precision}") for name, array in constants.items()}}
x = flat(parameters)
analytic = flat(gradient(**parameters, **constants)).astype("float64")

h = np.{precision}({h:g})
numeric = np.zeros(x.size)
for i in range(x.size):
    step = np.zeros_like(x)
    step[i] = h
    numeric[i] = {difference}

larger = np.maximum(np.abs(analytic), np.abs(numeric))
error = np.abs(analytic - numeric) / np.where(larger > 0, larger, 1)
first = 0
for name, array in parameters.items():
    print(f"{{name:8s}} largest relative error {{error[first : first + array.size].max():.1e}}")
    first += array.size
whole = np.linalg.norm(analytic - numeric) / max(np.linalg.norm(analytic), np.linalg.norm(numeric))
print(f"whole gradient: relative error {{whole:.1e}}")
"""


def check_script(planted: Planted, h: float, difference: str = "centred") -> str:
    """A runnable script that does what :func:`run_check` does, and leaves ``analytic``, ``numeric`` and ``error``."""
    check = CHECKS[planted.function]
    parts = ["import numpy as np", *_activation(check.activation)]
    for name, piece in check.pieces.items():
        if name == bug_place(planted.bug, planted.function):
            piece = BUGS[planted.bug].wrong if planted.bug != NO_BUG else piece
        elif check.activation and name in ("activation", "activation_backward"):
            continue  # written from the table's own code
        parts.append(_source(piece, name))
    parts += [_source(check.draw, "draw"), _source(check.value, "value"), _source(check.gradient, "gradient")]
    code = DIFFERENCES[difference].code
    parts.append(
        _LOOP.format(seed=planted.seed, batch=planted.batch, precision=planted.precision, h=h, difference=code)
    )
    return "\n\n".join(parts)


def kink_script(name: str, x: float, h: float, difference: str = "centred") -> str:
    """A runnable script that does what :func:`secant` does, and leaves ``analytic`` and ``numeric``."""
    kink = KINKS[name]
    return f"""\
import numpy as np

def f(x):
    return {kink.code}

def df(x):
    return {kink.code_derivative}

x, h = np.float64({x:g}), {h:g}
step = h
analytic = float(df(x))
numeric = float({DIFFERENCES[difference].code})
print(f"analytic {{analytic:.6g}}, numeric {{numeric:.6g}}")
"""


def _activation(name: str) -> list[str]:
    if not name:
        return []
    entry = ACTIVATIONS[name]
    slope = [f"def activation_backward(d, x):\n    return d * ({entry.code_derivative})"] if entry.pieces == 1 else []
    setup = [entry.code_setup] if entry.code_setup else []
    return [*setup, f"def activation(x):\n    return {entry.code}", *slope]


def _source(function: Callable[..., Any], name: str) -> str:
    """A function's own code under another name, without types and without the ``o`` that holds the pieces."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    definition = tree.body[0]
    assert isinstance(definition, ast.FunctionDef)
    definition.name, definition.returns = name, None
    definition.args.args = [ast.arg(each.arg) for each in definition.args.args if each.arg != "o"]
    return ast.unparse(ast.fix_missing_locations(_Plain().visit(tree)))


class _Plain(ast.NodeTransformer):
    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        assert node.value is not None
        return ast.Assign([node.target], self.visit(node.value), lineno=node.lineno)

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        self.generic_visit(node)
        if isinstance(node.value, ast.Name) and node.value.id == "o":
            return ast.Name(node.attr, ast.Load())
        return node
