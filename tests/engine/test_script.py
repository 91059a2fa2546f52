"""The script of a run, which shares nothing with the program, comes to the run's weights bit for bit."""

from __future__ import annotations

import ast
import contextlib
import io
import runpy
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from lwf_gui import InputError, paths
from lwf_gui.data import sources
from lwf_gui.documents import files
from lwf_gui.exports import script
from lwf_gui.messages import Branch, Evaluated, LearnerScore, LiveSettingsApplied
from lwf_gui.recipe import Recipe, compose, preset_names
from lwf_gui.runs.record import Record
from tests.engine.lab import Lab, Ran
from tests.engine.sets import write_set
from tests.tools import minimal_script

ROOT = paths.resources().parent
FOUR = 'learners=["fine-tune", "lwf", "replay", "joint"]'
FIVE_TASKS = "data.tasks=[[0,1],[2,3],[4,5],[6,7],[8,9]]"
THREE_TASKS = "data.tasks=[[0,1],[2,3],[4,5]]"
SMALL = ("engine.threads=1", "engine.device=cpu", "engine.precision=fp32", "model.hidden=32", "train.probe_every=1000")
CNN = ("model.network=cnn", "train.batch_size=16", "train.probe_images=20", "train.probe_every=1000")
OWN = (
    'learners=["lwf", {method="lwf", name="T 5", temperature=5.0, alpha=0.3, scale_t2=false}, '
    '{method="lwf", name="new", ce_scope="new", alpha=0.7, temperature=3.0}, "replay", '
    '{method="fine-tune", name="f", ce_scope="new"}, {method="replay", name="few", per_class=7, mix="share"}]'
)
NAME = '""" $seed {0} \\ #'
"""Of a learner, which is plain text wherever it stands."""

WARM_UP = "task2.warmup_epochs=1"

RECIPES: dict[str, tuple[str, ...]] = {
    "classroom": (FOUR, "task1.epochs=2"),
    "five tasks": (FOUR, FIVE_TASKS, "train.batch_size=10"),
    "learners with settings of their own": (OWN, "data.tasks=[[3,1,7],[0,9],[5]]", "train.batch_size=16", "seed=3"),
    "steps": (FOUR, FIVE_TASKS, "task1.steps=11", "task2.steps=17", "train.batch_size=16", "seed=1"),
    "steps and epochs": (FOUR, "task2.steps=25", "replay.mix=share"),
    "two warm-ups": (FOUR, FIVE_TASKS, "task2.epochs=4", "task2.warmup_epochs=2", "model.growth=random"),
    "never unfrozen": (FOUR, "task2.warmup_epochs=2", "model.growth=identity", "task2.momentum=0"),
    "Adam": (FOUR, "task2.algorithm=adam", "task2.lr=0.001", WARM_UP, "task2.max_step=0"),
    "Adam for task 1": (FOUR, "task1.algorithm=adam", "task1.lr=0.001", "train.batch_size=7"),
    "restarted optimiser": (FOUR, "task2.optimizer=restarted", "data.train_images=100"),
    "two threads": (FOUR, "engine.threads=8", "model.hidden=256", "train.batch_size=128"),
    "aliased teachers": ('learners=["lwf", {method="lwf", name="bug", teacher="aliased"}]', FIVE_TASKS),
    "CNN": (FOUR, *CNN, "model.growth=identity"),
    "notebook": (FOUR, THREE_TASKS, *CNN, "model.growth=random", WARM_UP, "task2.optimizer=restarted", "lwf.alpha=0.9",
                 "lwf.teacher=aliased"),
    "paper": (FOUR, THREE_TASKS, *CNN, WARM_UP, "lwf.scale_t2=false", "lwf.ce_scope=new"),
    "digits": (FOUR, "data.dataset=digits", "data.train_images=333", "data.tasks=[[9,8,7],[0,1],[4]]"),
}  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with IDX files: 40 training and 30 test images of each class, 14x14, of Fashion-MNIST's part."""
    part = sources.load("fashion-mnist-part")

    def first(labels: Any, count: int) -> Any:
        return np.sort(np.concatenate([np.flatnonzero(labels == label)[:count] for label in range(10)]))

    trained, tested = first(part.train_labels, 40), first(part.test_labels, 30)
    return write_set(
        tmp_path_factory.mktemp("small"),
        compressed=True,
        train_images=part.train_images[trained, ::2, ::2],
        train_labels=part.train_labels[trained],
        test_images=part.test_images[tested, ::2, ::2],
        test_labels=part.test_labels[tested],
    )


def recipe_of(folder: Path, *changes: str) -> Recipe:
    return compose("classroom", (f"data.dataset={folder}", "task1.epochs=1", "task2.epochs=2", *SMALL, *changes))


def record_of(ran: Ran) -> Record:
    record = Record()
    for message in ran.messages:
        record.apply(message)
    return record


@pytest.fixture(scope="module")
def ran(folder: Path, tmp_path_factory: pytest.TempPathFactory, lab: Lab) -> Ran:
    """Return a short run of three learners, one of which no script can do."""
    with pytest.MonkeyPatch.context() as patch:  # a module's fixture is made before the user's folders are set aside
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        return lab.run_recipe(recipe_of(folder, "learners=['fine-tune', {method='lwf', name='" + NAME + "'}, 'ncm']"))


def run_script(text: str, folder: Path, place: Path) -> tuple[dict[str, torch.nn.Sequential], str]:
    """Return the networks that a script trains, by learner, and what it prints."""
    file = place / "script.py"
    file.write_text(text, "utf-8")
    told = io.StringIO()
    with pytest.MonkeyPatch.context() as patch, contextlib.redirect_stdout(told):
        patch.setattr(sys, "argv", [str(file), str(folder)])
        try:
            found = runpy.run_path(str(file))
        finally:
            torch.set_num_threads(1)
    return found["learnt"], told.getvalue()


@pytest.mark.parametrize("name", RECIPES)
def test_script_trains_the_same_weights_to_the_last_bit(name: str, folder: Path, lab: Lab, tmp_path: Path) -> None:
    done = lab.run_recipe(recipe_of(folder, *RECIPES[name]))
    learnt, told = run_script(script.text_of(record_of(done)), folder, tmp_path)
    assert learnt.keys() == done.learners.keys()
    for learner, network in learnt.items():
        for ours, its in zip(done.learners[learner].network.parameters(), network.parameters(), strict=True):
            assert torch.equal(ours, its), learner
    assert told.count("as in the run") == 2 * len(learnt), told
    assert "in the run (" not in told


def test_script_needs_torch_alone(ran: Ran, folder: Path, tmp_path: Path) -> None:
    """It is run in a process of its own, where nothing else that is installed can be imported."""
    file = tmp_path / "script.py"
    script.write(record_of(ran), file)
    blocked = "import sys, runpy; sys.modules.update(dict.fromkeys(('lwf_gui', 'numpy', 'torchvision', 'sklearn'))); "
    code = f"{blocked}sys.argv[:] = sys.argv[1:]; runpy.run_path(sys.argv[0], run_name='__main__')"
    command = (sys.executable, "-I", "-c", code, str(file), str(folder))
    told = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120).stdout
    for learner in ("fine-tune", NAME):
        by_protocol = ran.summary["learners"][learner]
        for protocol, key in (("task-aware", "task_aware"), ("class-incremental", "class_incremental")):
            shares = [100 * by_protocol[key][part] for part in ("old", "new")]
            (line,) = [line for line in told.splitlines() if line.startswith(learner) and protocol in line]
            assert "old / new {:.1f} / {:.1f} %".format(*shares) in line
            assert line.endswith("as in the run")


def constants(text: str) -> dict[str, Any]:
    """Return the plain data that a script assigns, by name."""
    found = {}
    for node in ast.parse(text).body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            with contextlib.suppress(ValueError):
                found[node.targets[0].id] = ast.literal_eval(node.value)
    return found


def test_script_says_what_the_run_came_to_and_with_what(ran: Ran) -> None:
    told, record = constants(script.text_of(record_of(ran))), record_of(ran)
    assert record.data is not None
    scores = record.evaluations[-1].scores
    for name in ("fine-tune", NAME):
        assert told["RUN"][name]["task-aware"] == scores[name].task_aware
        assert told["RUN"][name]["class-incremental"] == scores[name].class_incremental
    assert told["IMAGES"] == tuple(zip(record.data.train_sizes, record.data.test_sizes, strict=True))
    assert told["LEARNERS"] == {"fine-tune": {"method": "fine-tune"}, NAME: {"method": "lwf", "alpha": 1.0, "T": 2.0}}
    assert told["TASKS"] == record.data.recipe.data.tasks


def with_branch(record: Record) -> Record:
    assert record.incremental is not None
    branch = Branch("lwf@5#1", "lwf", 5, {"alpha": 3.0})
    record.incremental.started = replace(record.incremental.started, branches=(branch,))
    return record


def diverged(record: Record, learner: str) -> Record:
    told: Evaluated = record.evaluations[-1]
    scores = {**told.scores, learner: LearnerScore((), (), ())}
    record.evaluations[-1] = replace(told, scores=scores)
    return record


def changed(record: Record, step: int, learner: str = "") -> Record:
    assert record.data is not None
    live = record.data.recipe.live_settings()
    record.marks.append(LiveSettingsApplied(1, step, live, ("alpha", "lr"), "user", learner))
    return record


def of_device(record: Record, device: str) -> Record:
    assert record.data is not None
    record.data = replace(record.data, device=device)
    return record


def unfinished(record: Record) -> Record:
    record.outcome = None
    return record


def at_the_top(text: str) -> str:
    """Return the comments of a script in one line."""
    return " ".join(line.removeprefix("# ") for line in text.splitlines() if line.startswith("# "))


def test_learners_that_no_script_can_do_are_left_out_and_named_at_the_top(ran: Ran) -> None:
    text = script.text_of(with_branch(diverged(record_of(ran), NAME)))
    top = at_the_top(text)
    assert "Left out: 'ncm', which follows 'ncm', no method that a script can do;" in top
    assert f"'lwf@5#1', a fork of 'lwf' at step 5; {NAME!r}, which diverged." in top
    assert list(constants(text)["LEARNERS"]) == list(constants(text)["RUN"]) == ["fine-tune"]


def test_learner_that_was_changed_on_the_way_is_left_out(ran: Ran) -> None:
    text = script.text_of(changed(record_of(ran), 7, NAME))
    assert f"{NAME!r}, whose settings changed at step 7." in at_the_top(text)
    assert list(constants(text)["LEARNERS"]) == ["fine-tune"]


REFUSED: dict[str, Callable[[Record], Record]] = {
    "is not finished": unfinished,
    "in fp32": lambda record: of_device(record, "CPU, 1 thread, bf16"),
    "on the processor": lambda record: of_device(record, "NVIDIA H100, fp32"),
    "Alpha and Learning rate at step 7": lambda record: changed(record, 7),
    "fine-tune, lwf, replay and joint": lambda record: diverged(diverged(record, NAME), "fine-tune"),
}


@pytest.mark.parametrize("why", REFUSED)
def test_what_no_script_can_do_is_refused_in_a_sentence(why: str, ran: Ran, tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        script.write(REFUSED[why](record_of(ran)), tmp_path / "script.py")
    assert why in str(caught.value)
    assert str(caught.value).endswith(".")
    assert ". " not in str(caught.value)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("change", ["engine.precision=bf16", "engine.device=cuda", 'learners=["slda"]'])
def test_recipe_that_no_script_can_do_is_refused(change: str) -> None:
    with pytest.raises(InputError, match=r"A script can|A script computes"):
        script.text_of(compose("classroom", (change,)))


def test_changes_by_the_schedule_are_the_recipes(ran: Ran) -> None:
    record = changed(record_of(ran), 7)
    record.marks[-1] = replace(record.marks[-1], by="schedule")
    assert script.text_of(record) == script.text_of(record_of(ran))


def test_script_has_only_what_its_recipe_needs() -> None:
    """The longest are those of recipes with everything, the classroom's can be read on two pages."""
    plain = script.text_of(compose("classroom"))
    assert not any(word in plain for word in ("replay", "joint", "stored", "Recorded", "Conv2d", "STEPS", "numpy"))
    assert len(plain.splitlines()) < 175
    both = script.text_of(compose("classroom", (FOUR, WARM_UP)))
    assert all(word in both for word in ("def stored", "def shared", "class Recorded"))


def imported(text: str) -> set[str]:
    """Return the packages that a script imports and that do not come with Python."""
    tree = ast.parse(text)
    plain = [alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names]
    given = [str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    return {name.partition(".")[0] for name in (*plain, *given)} - sys.stdlib_module_names


def test_only_scripts_that_cannot_do_without_import_more_than_torch() -> None:
    more = {"digits": {"sklearn"}}
    for preset in preset_names():
        assert imported(script.text_of(compose(preset))) == {"torch", *more.get(preset, ())}
    assert imported(script.text_of(compose("classroom", ("data.train_images=600",)))) == {"torch", "numpy"}


@pytest.mark.skipif(not (ROOT / "pyproject.toml").is_file(), reason="what is clean the checkout's pyproject.toml says")
def test_scripts_are_clean_python(folder: Path, tmp_path: Path) -> None:
    """All recipes of this file and all presets: as the linter and the formatter of this repository want them."""
    recipes = [recipe_of(folder, *changes) for changes in RECIPES.values() if "steps" not in " ".join(changes)]
    long = (f"data.tasks={[[label] for label in range(10)]}", "task2.epochs=9")
    recipes += [compose(preset) for preset in preset_names()] + [compose("classroom", (FOUR, *long))]
    for number, recipe in enumerate(recipes):
        (tmp_path / f"script_{number}.py").write_text(script.text_of(recipe), "utf-8")
    settings = ("--no-cache", "--config", str(ROOT / "pyproject.toml"), str(tmp_path))
    for command in (("check", "--ignore", "T20"), ("format", "--check")):
        done = subprocess.run((sys.executable, "-m", "ruff", *command, *settings), capture_output=True, text=True)
        assert not done.returncode, done.stdout + done.stderr


def test_script_of_the_run_that_is_shown_at_first_is_sound() -> None:
    record = files.load(paths.resources() / "runs" / "classroom.lwfrun")
    told = constants(script.text_of(record))
    assert told["IMAGES"] == ((36000, 6000), (24000, 4000))
    assert told["RUN"]["lwf"]["task-aware"] == record.evaluations[-1].scores["lwf"].task_aware


def test_page_that_ships_is_the_script_of_the_classroom_preset() -> None:
    """Written anew by ``python -m tests.tools.minimal_script``."""
    assert minimal_script.FILE.read_text("utf-8") == minimal_script.text()


def test_missing_and_other_images_are_told_in_a_sentence(
    ran: Ran, folder: Path, tmp_path: Path, no_package: Path
) -> None:
    text = script.text_of(record_of(ran))
    with pytest.raises(SystemExit, match=r"There is no train-images-idx3-ubyte in .*: name a folder"):
        run_script(text, no_package, tmp_path)
    with pytest.raises(SystemExit, match=r"These are other images than those of the run\."):
        run_script(text, write_set(tmp_path / "others", train_labels=np.arange(20, dtype=np.uint8) % 10,
                                   test_labels=np.arange(6, dtype=np.uint8)), tmp_path)  # fmt: skip
