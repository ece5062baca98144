"""Behaviour: the house. Imports point one way, what is heavy is loaded late, every lab and every test has its place."""

import ast
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from nbtests.import_graph import FILES, PACKAGE, circle, imported, imports, module_of, offered, reached

TESTS = Path(__file__).parent
REPOSITORY = TESTS.parent
FLOORS = ["engine", "figures", "labs", "classroom"]  # each may import those before it
HEAVY = {
    "trainingwheels": {"torch", "matplotlib", "ipywidgets", "numpy"},
    "trainingwheels.engine": {"torch", "matplotlib", "ipywidgets", "scipy", "IPython", "pandas", "charset_normalizer"},
    "trainingwheels.figures": {"torch", "ipywidgets", "ipympl"},
    "trainingwheels.labs": {"torch", "matplotlib", "ipywidgets", "numpy"},
    "trainingwheels.labs.catalog": {"torch", "voila", "pandas"},
    "trainingwheels.classroom": {"torch", "matplotlib", "ipywidgets"},
}
WIDGETS = ["ipywidgets", "ipympl", "traitlets"]
LABS = sorted({path.parent.name for path in PACKAGE.glob("labs/*/*.py")} - {"base"})
PICTURES = [module_of(path) for path in sorted(PACKAGE.glob("labs/*/pictures/**/*.py"))]
FIGURES = [module for module in FILES if module.startswith("trainingwheels.figures.")]
BEHAVIOUR = ["browser", "claims", "notebooks", "bench"]  # folders of tests that mirror no file


def place(module, floor):
    """Where on a floor a module lies: a folder or file of it; "" is the floor itself, None is elsewhere."""
    package, _, rest = module.partition(".")[2].partition(".")
    return rest.partition(".")[0] if package == floor else None


# Imports -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("floor", FLOORS)
def test_imports_point_one_way(floor):
    above = FLOORS[FLOORS.index(floor) + 1 :]
    for module in FILES:
        if place(module, floor) is not None:
            wrong = {target for target in imported(module) for each in above if place(target, each) is not None}
            assert not wrong, f"{module} may not import {wrong}: {floor} stands below; move what both need down"


def may_import(module):
    """The folders and files of labs/ that a file may import from."""
    match place(module, "labs"):
        case "catalog":
            return {"base", *LABS}
        case "base" | "watch":
            return {"base"}
        case lab if lab in LABS:
            return {"base", lab}
    return {"", "base", "catalog", "watch"}


def test_labs_know_the_base_and_not_each_other():
    for module in FILES:
        wrong = {target for target in imported(module) if place(target, "labs") not in (None, *may_import(module))}
        assert not wrong, (
            f"{module} may not import {wrong}: what several labs share lives in labs/base or figures/, "
            "and labs are got from trainingwheels.labs"
        )


def test_files_import_what_others_offer():
    for module in FILES:
        for each in imports(module):
            names = offered(each.module) if each.module == each.file else None
            hidden = names is not None and each.name not in ("", "*", *names)
            assert not hidden, f"{module} imports {each.name} from {each.module}: add it to the __all__ there"


def room(module):
    """The room of the engine in which a module lies; "engine" is its __init__.py, which imports them all; None is a
    file that lies in none."""
    name = place(module, "engine")
    return "engine" if name == "" else name if name and (PACKAGE / "engine" / name).is_dir() else None


def test_rooms_of_the_engine_do_not_import_each_other_in_a_circle():
    graph = {room(module): set() for module in FILES if room(module)}
    assert len(graph) > 1
    for module in FILES:
        if room(module):
            graph[room(module)] |= {room(target) for target in imported(module)} - {None, room(module)}
    found = circle(graph)
    assert not found, f"{found}: move what both need into the lower room, or into a file in engine/"


def test_every_room_is_in_the_plan_of_the_house():
    plan = (REPOSITORY / "CONTRIBUTING.md").read_text().partition("figures/")[0].split()
    rooms = {path.parent.name for path in PACKAGE.glob("engine/*/__init__.py")}
    assert rooms
    missing = sorted(name for name in rooms if f"{name}/" not in plan)
    assert not missing, f"CONTRIBUTING.md names the rooms of the engine, but not {missing}"


def test_what_lies_in_the_engine_itself_imports_no_room():
    for module in FILES:
        if place(module, "engine") and not room(module):
            wrong = {target for target in imported(module) if room(target)}
            assert not wrong, f"{module} may not import {wrong}: move it into a room, or what it needs out of one"


def test_files_do_not_import_each_other_in_a_circle():
    found = circle({module: imported(module, "load") for module in FILES})
    assert not found, f"{found}: move what both need into a file of its own"


@pytest.mark.parametrize("module", HEAVY)
def test_what_is_heavy_is_loaded_late(module):
    code = f"import sys, {module}; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not HEAVY[module] & set(loaded)


def test_pictures_load_no_widgets():
    code = f"""
import importlib, sys
for name in {PICTURES}:
    importlib.import_module(name)
    loaded = [each for each in {WIDGETS} if each in sys.modules]
    if loaded:
        sys.exit(f"{{name}} loads {{loaded}}: a picture takes arrays, and what else it needs lies in figures/")
"""
    assert PICTURES
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert run.returncode == 0, run.stderr


# Words ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("floor", ["engine", "figures", "labs"])
def test_shares_are_written_in_percent_with_a_space(floor):
    """Python's own format writes 95%: that is for what scripts print, and scripts are still text in these files."""
    for module, path in FILES.items():
        if place(module, floor) is not None:
            lines = [node.lineno for node in ast.walk(ast.parse(path.read_text())) if unspaced(node)]
            assert not lines, f"{path}, {lines}: in_percent of engine/shares.py, or percent of figures/panels.py"


def unspaced(node):
    """Whether it is a number in a text that Python's format writes as a share, or a hundred times one before a %."""
    if not isinstance(node, ast.JoinedStr):
        return False
    for value, after in zip(node.values, [*node.values[1:], None], strict=True):
        if isinstance(value, ast.FormattedValue) and value.format_spec:
            form = ast.unparse(value.format_spec).strip("f'\"")
            before_sign = isinstance(after, ast.Constant) and after.value.startswith(" %")
            if form.endswith("%") or (before_sign and form.endswith("f") and "100 *" in ast.unparse(value.value)):
                return True
    return False


# Places --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", FILES.values(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_file_has_one_subject(path):
    assert len(path.read_text().splitlines()) <= 400, "two subjects: split it"


@pytest.fixture(params=LABS)
def folder(request):
    """The folder of a lab, by name."""
    return request.param


@pytest.fixture
def lab(folder):
    """The lab of a folder."""
    from trainingwheels.labs.base.lab import Lab

    module = import_module(f"trainingwheels.labs.{folder}.lab")
    own = [each for each in vars(module).values() if isinstance(each, type) and each.__module__ == module.__name__]
    labs = [each for each in own if issubclass(each, Lab)]
    assert len(labs) == 1, f"labs/{folder}/lab.py defines {len(labs)} labs: one, please"
    return labs[0]


@pytest.mark.parametrize("name", ["__init__.py", "lab.py", "presets.py"])
def test_a_lab_has_the_files_that_every_lab_has(folder, name):
    path = PACKAGE / "labs" / folder / name
    assert path.exists(), f"labs/{folder}/{name} is missing: write it as the other labs have it"


def test_a_lab_has_its_slides_and_views_in_files_beside_it(folder, lab):
    home = f"trainingwheels.labs.{folder}"
    assert lab.presets == import_module(f"{home}.presets").PRESETS, "presets.py has the PRESETS of the lab"
    assert lab.views, f"{lab.__name__} has no views: a lab is made of at least one"
    for view in lab.views:
        elsewhere = view.__module__.rpartition(".")[0] != home or view.__module__ == lab.__module__
        assert not elsewhere, f"{view.__name__} lies in {view.__module__}: a view has a file in labs/{folder}/"


def test_a_lab_has_its_card(folder, lab):
    for name in ("slug", "number", "title", "summary", "part"):
        assert getattr(lab, name), f"{lab.__name__}.{name} is empty: the gallery shows it"
    assert folder == lab.slug.replace("-", "_"), f"labs/{folder}/ has the slug {lab.slug!r}: call both the same"


def test_a_lab_has_its_notebook_and_is_in_the_readme(lab):
    assert (REPOSITORY / "notebooks" / lab.notebook).exists(), f"write notebooks/{lab.notebook}"
    row = f"| {lab.number} | [{lab.title}](notebooks/{lab.notebook}) | {lab.summary} |"
    assert row in (REPOSITORY / "README.md").read_text(), f"this row belongs into the README's table: {row}"


def test_a_lab_has_its_tests(folder):
    assert [*(TESTS / "labs" / folder).rglob("test_*.py")], f"nbtests/labs/{folder}/ has no test"
    browser = TESTS / "browser" / f"test_{folder}.py"
    assert browser.exists(), f"nbtests/browser/test_{folder}.py is missing: drive the lab as a learner does"


def test_every_lab_is_in_the_catalog(lab):
    catalog = import_module("trainingwheels.labs.catalog")
    assert lab in catalog.LABS.values(), f"{lab.__name__} is not in LABS: add it to labs/catalog.py"


def test_what_belongs_to_one_lab_alone_lives_in_that_lab():
    users = {name: [] for name in ("base", "watch", *LABS)}
    for module in FILES:
        if place(module, "labs") in users:
            users[place(module, "labs")].append(module)
    needs = {name: reached(modules) for name, modules in users.items()}
    for module in FIGURES:
        who = [name for name, needed in needs.items() if module in needed]
        assert len(who) > 1, (
            f"{module} is needed by labs/{who[0]} alone: move it there, a lab's picture into its pictures/" if who
            else f"{module} is needed by no lab: remove it"
        )  # fmt: skip


@pytest.mark.parametrize(
    "path", sorted(path.relative_to(TESTS) for path in TESTS.rglob("test_*.py")), ids=lambda path: str(path)
)
def test_a_test_mirrors_a_file_or_says_which_behaviour_it_is_about(path):
    if path.parts[0] in BEHAVIOUR or behaviour(TESTS / path):
        return
    name = path.stem.removeprefix("test_")
    package = PACKAGE / path.parent / name / "__init__.py"
    mirrored = (PACKAGE / path.parent / f"{name}.py").exists() or (package.exists() and says_something(package))
    assert mirrored, (
        f"there is no {path.parent}/{name}.py in the package: name the test after the file that it tests, put it where "
        'that file lies, or begin its docstring with "Behaviour: " and say which'
    )


def behaviour(path):
    return (ast.get_docstring(ast.parse(path.read_text())) or "").startswith("Behaviour: ")


def says_something(package):
    """Whether a package is more than a folder of files."""
    return len(ast.parse(package.read_text()).body) > 1
