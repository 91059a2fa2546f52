"""Rules that hold for every module: who may import whom, that each says what it is for, and what none may do."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import grimp
import pytest

import lwf_gui

PACKAGE = Path(lwf_gui.__file__).parent
ROOT = PACKAGE.parent
MODULES = sorted(path for path in PACKAGE.rglob("*.py") if "resources" not in path.relative_to(PACKAGE).parts)
TREES = {path.relative_to(ROOT).as_posix(): ast.parse(path.read_text("utf-8")) for path in MODULES}

HEAVY = ("torch", "torchvision", "sklearn", "PySide6", "pyqtgraph")


MOST_ARGUMENTS = 8
"""Of a constructor that is written out: one that needs more does several jobs, or its arguments belong together."""


PICKLES = {"pickle", "marshal", "shelve", "dill", "cloudpickle"}
"""Libraries whose files run code as they are read."""

FORBIDDEN = {"eval", "exec", "compile", "os.system", "os.popen", "torch.load", "os._exit"}
"""Calls that run a text as code, or end the program without a word."""


def name_of(call: ast.Call) -> str:
    return ast.unparse(call.func)


@pytest.mark.skipif(
    not (ROOT / "pyproject.toml").is_file(), reason="the contracts are in the checkout's pyproject.toml"
)
def test_import_contracts_hold() -> None:
    # in a process of its own: it switches off the loggers of the one that it runs in
    code = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"
    done = subprocess.run((sys.executable, "-c", code), cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert " 0 broken." in done.stdout


def test_no_modules_import_each_other_in_a_circle() -> None:
    graph = grimp.build_graph("lwf_gui", cache_dir=None)
    below = {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}
    while free := {module for module, imported in below.items() if not imported & below.keys()}:
        below = {module: imported for module, imported in below.items() if module not in free}
    circle = sorted(below)  # and what imports from one
    assert not circle


def test_every_module_says_what_it_is_for() -> None:
    words = {module: ast.get_docstring(tree) or "" for module, tree in TREES.items()}
    assert len(words) > 400, "all of the package's modules are looked at"
    assert {module: said for module, said in words.items() if len(said) <= 20} == {}


def runs_text(node: ast.AST) -> bool:
    """Return whether this part of a program runs a text as code or in a shell, reads pickles, or kills."""
    if isinstance(node, ast.Import):
        return any(alias.name.partition(".")[0] in PICKLES for alias in node.names)
    if isinstance(node, ast.ImportFrom):
        return str(node.module).partition(".")[0] in PICKLES
    if not isinstance(node, ast.Call):
        return False
    switched_on = {word.arg for word in node.keywords if ast.unparse(word.value) != "False"}
    return name_of(node) in FORBIDDEN or "terminate" in name_of(node) or bool(switched_on & {"shell", "allow_pickle"})


def prints_to_stdout(node: ast.AST) -> bool:
    """Return whether this part of a program prints what is no result: scripts read `--json` from standard output."""
    if not isinstance(node, ast.Call) or name_of(node) != "print":
        return False
    return "sys.stderr" not in [ast.unparse(word.value) for word in node.keywords if word.arg == "file"]


def catches_all(node: ast.AST) -> bool:
    """Return whether this part of a program catches exceptions without naming them."""
    return isinstance(node, ast.ExceptHandler) and node.type is None


RULES = (runs_text, prints_to_stdout, catches_all)


def faults(tree: ast.AST) -> list[tuple[str, str]]:
    """Return which rule is broken, and where, by any part of a program."""
    return [(rule.__name__, ast.unparse(node)) for node in ast.walk(tree) for rule in RULES if rule(node)]


def test_no_module_breaks_a_rule_that_holds_for_all() -> None:
    found = {module: faults(tree) for module, tree in TREES.items()}
    assert {module: broken for module, broken in found.items() if broken} == {}


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("import pickle", runs_text),
        ("import os, marshal.inner", runs_text),
        ("from shelve import open", runs_text),
        ("def f():\n    eval('1')", runs_text),
        ("os.system('ls')", runs_text),
        ("torch.load(path)", runs_text),
        ("thread.terminate()", runs_text),
        ("subprocess.run('ls', shell=True)", runs_text),
        ("numpy.load(path, allow_pickle=wanted)", runs_text),
        ("print('done')", prints_to_stdout),
        ("print('done', file=sys.stdout)", prints_to_stdout),
        ("try:\n    pass\nexcept:\n    pass", catches_all),
    ],
)
def test_every_rule_sees_what_breaks_it(text: str, rule: Callable[[ast.AST], bool]) -> None:
    assert [name for name, _ in faults(ast.parse(text))] == [rule.__name__]


def test_rules_allow_what_is_harmless() -> None:
    text = (
        "print('so', file=sys.stderr)\nrun(['ls'], shell=False)\ntry:\n    literal_eval('1')\nexcept OSError:\n    pass"
    )
    assert faults(ast.parse(text)) == []


def constructors(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Return the name of every class whose constructor is written out, and the arguments that it takes."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            for part in node.body:
                if isinstance(part, ast.FunctionDef) and part.name in ("__init__", "__new__"):
                    arguments = part.args
                    taken = (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)
                    yield node.name, len(taken) - 1  # all but the first, the object or its class


def test_no_constructor_takes_more_arguments_than_one_can_survey() -> None:
    large = {
        f"{module}: {name}"
        for module, tree in TREES.items()
        for name, count in constructors(tree)
        if count > MOST_ARGUMENTS
    }
    assert large == set()


def loaded_after(code: str, **environment: str) -> set[str]:
    """Return which heavy libraries are loaded after some code ran in a process of its own."""
    tail = f"; import sys; print(*[m for m in {HEAVY!r} if m in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", code + tail],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
        env=os.environ | environment,
    )
    return set(done.stdout.splitlines()[-1].split())


def test_first_paint_of_the_window_waits_for_neither_torch_nor_plots(tmp_path: Path) -> None:
    code = (
        "from lwf_gui.gui import app; from lwf_gui.recipe import load_preset; "
        "from tests.gui.scripted import ScriptedEngine; application = app._application(); "
        "window = app.make_window(ScriptedEngine(), load_preset('classroom').recipe, app.Options('classroom')); "
        "window.painted.connect(application.quit); window.show(); application.exec(); assert window._was_painted"
    )
    folders = {f"XDG_{kind}_HOME": str(tmp_path) for kind in ("CONFIG", "STATE", "CACHE", "DATA")}
    loaded = loaded_after(code, QT_QPA_PLATFORM="offscreen", **folders)
    assert loaded == {"PySide6"}


def test_help_and_package_load_no_heavy_library() -> None:
    helps = (
        "import sys, contextlib, lwf_gui\n"
        "from lwf_gui.cli import main\n"
        "for words in (['--help'], ['window', '--help'], ['run', '--help'], ['--version']):\n"
        "    sys.argv = ['lwf-gui', *words]\n"
        "    with contextlib.suppress(SystemExit):\n"
        "        main()\n"
        "None"
    )
    assert loaded_after(helps) == set()


def test_window_loads_no_torch_and_the_engine_no_qt() -> None:
    assert loaded_after("import lwf_gui.gui.app") == {"PySide6"}  # the curves come after the first paint
    assert loaded_after("import lwf_gui.gui.panels.curves") == {"PySide6", "pyqtgraph"}
    assert loaded_after("import lwf_gui.engine.runner, lwf_gui.engine.experiment") == {"torch"}
    assert loaded_after("import lwf_gui.engine.thread, lwf_gui.exports.report, lwf_gui.console") == set()


def test_readme_installs_the_system_packages_that_the_program_names() -> None:
    from lwf_gui.display import DEBIAN_PACKAGES

    readme = (ROOT / "README.md").read_text("utf-8")
    assert readme.count(DEBIAN_PACKAGES) == 2  # in the command that runs and in the command that tests
