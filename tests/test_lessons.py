"""Lessons: what a file may hold, which sentence names which line, the shipped ones, and lessons on a slow machine."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from lwf_gui import InputError, lessons
from lwf_gui.gui.panels.table import PANELS
from lwf_gui.lessons import Lesson, Step, adapted, available, line_of, load_lesson, reading
from lwf_gui.methods import METHODS
from lwf_gui.recipe import live_keys, load_preset, settings

NAMES = (
    "forgetting",
    "distillation",
    "memory",
    "first-steps",
    "temperature",
    "class-incremental",
    "cure",
    "notebook-bug",
)

RUN_TO = 'run_to = "expansion"'
GOOD = """\
format = 1
title = "Mine"
about = "A lesson."
minutes = 5
preset = "classroom"

[settings]
"data.train_images" = 6000

[[step]]
caption = "One."
run_to = "expansion"

[[step]]
caption = "Two."
run_to = 16
settings = { "lwf.alpha" = 0.5 }

[step.question]
text = "Why?"
choices = ["So", "Not so"]
answer = 1
because = "It is."
"""


def written(folder: Path, text: str | bytes, name: str = "mine.toml") -> Path:
    file = folder / "lessons" / name
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return file


def refusal(folder: Path, text: str | bytes) -> str:
    """Load what must be refused; return the sentence, having checked that it is one and names the file."""
    with pytest.raises(InputError) as caught:
        load_lesson(written(folder, text))
    sentence = str(caught.value)
    assert sentence.startswith("lessons/mine.toml, line ")
    assert sentence.endswith((".", "?"))
    assert "\n" not in sentence
    return sentence


def changed(old: str, new: str) -> tuple[str, int]:
    """Return the good file with a part replaced, and the line of that part."""
    assert GOOD.count(old) == 1
    return GOOD.replace(old, new), GOOD[: GOOD.index(old)].count("\n") + 1


# ---- reading


def test_file_gives_its_lesson(tmp_path: Path) -> None:
    lesson = load_lesson(written(tmp_path, GOOD))
    assert (lesson.title, lesson.minutes, lesson.max_seconds) == ("Mine", 5, 40)
    assert [step.run_to for step in lesson.step] == ["expansion", 16]
    question = lesson.step[1].question
    assert question is not None
    assert question.choices[question.answer] == "Not so"
    assert load_lesson(str(tmp_path / "lessons" / "mine.toml")) == lesson


def test_settings_may_be_written_with_dots_in_or_out_of_quotes(tmp_path: Path) -> None:
    dotted, _ = changed('"data.train_images" = 6000', "data.train_images = 6000\nlearners = ['lwf']")
    lesson = load_lesson(written(tmp_path, dotted))
    assert lesson.settings == {"data.train_images": 6000, "learners": ("lwf",)}
    assert lesson.recipe_at(0).names == ("lwf",)


def test_settings_add_up_from_preset_to_step(tmp_path: Path) -> None:
    text = GOOD + '\n[[step]]\ncaption = "Three."\nrestart = true\nsettings = { lwf.teacher = "aliased" }\n'
    lesson = load_lesson(written(tmp_path, text))
    first, second, third = (lesson.recipe_at(index) for index in range(3))
    preset = load_preset("classroom").recipe
    assert first == preset.with_settings({"data.train_images": 6000})
    assert second == first.with_settings({"lwf.alpha": 0.5})
    assert third == second.with_settings({"lwf.teacher": "aliased"})
    assert lesson.recipe_at(1, {"data.train_images": 500}).data.train_images == 500


def test_locks_name_fields_or_all() -> None:
    assert Step(caption="x").locked() == ()
    assert Step(caption="x", locks=("alpha",)).locked() == ("alpha",)
    assert set(Step(caption="x", locks="all").locked()) == {*live_keys(), "backbone_frozen"}


# ---- refusals


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("run_to = 16", "run_to = -3", "run_to = -3 is not allowed: it must be a whole number of steps from 1 to "),
        ("run_to = 16", "run_to = 0", "run_to = 0 is not allowed: it must be a whole number of steps from 1 to 1,000,"),
        ("run_to = 16", "run_to = true", "run_to = true is not allowed: it must be a whole number of steps from 1"),
        ("run_to = 16", 'run_to = "epoch 0"', 'run_to = "epoch 0" is not allowed: it must be a whole number of steps'),
        ("run_to = 16", 'run_to = "start"', 'run_to = "start" is not allowed: it must be a whole number of steps fr'),
        (RUN_TO, "run_too = 1", "run_too is not a key of a step; did you mean run_to?"),
        (RUN_TO, "zzz = 1", "zzz is not a key of a step; keys are caption, settings, locks, panels, "),
        (RUN_TO, "restart = 1", "restart = 1 is not allowed: it must be true or false."),
        (RUN_TO, 'locks = "some"', 'locks = "some" is not allowed: it must be "all" or a list of alpha'),
        (RUN_TO, 'locks = ["beta"]', 'locks = ["beta"] is not allowed: it must be "all" or a list of'),
        (RUN_TO, 'panels = ["wal"]', 'panels = ["wal"] is not allowed: it must be a list of classes, i'),
        (RUN_TO, 'panels = "image_grid"', 'panels = "image_grid" is not allowed: it must be a list of classes, ima'),
        (RUN_TO, 'protocol = "both"', 'protocol = "both" is not allowed: it must be task_aware or clas'),
        (RUN_TO, 'look = "then"', 'look = "then" is not allowed: it must be "live" or a table with st'),
        (RUN_TO, "look = { step = -1 }", "step = -1 is not allowed: it must be a whole number of steps "),
        (RUN_TO, "look = { stp = 1 }", "stp is not a key of a look; did you mean step?"),
        (RUN_TO, "look = { temperature = 0 }", "temperature = 0 is not allowed: it must be a number fr"),
        (RUN_TO, 'highlight = "kdd"', 'highlight = "kdd" is not allowed: it must be ce, kd, kl, total'),
        (RUN_TO, 'predict = { learner = "joint", text = "?" }', 'learner = "joint" is not allowed: it m'),
        (
            RUN_TO,
            'predict = { learner = "lwf" }',
            "text is missing: a predict needs it, and it must be s",
        ),
        (
            'caption = "One."',
            "caption = 1",
            "caption = 1 is not allowed: it must be some words, 1,000 characters at most.",
        ),
        (
            'caption = "One."',
            'caption = ""',
            'caption = "" is not allowed: it must be some words, 1,000 characters at most.',
        ),
        (
            "answer = 1",
            "answer = 2",
            "answer = 2 is not allowed: it must be from 0 to 1, the number of one of the 2 ch",
        ),
        ("answer = 1", "answer = -1", "answer = -1 is not allowed: it must be the number of a choice, counted from 0."),
        ("answer = 1", "answr = 1", "answr is not a key of a question; did you mean answer?"),
        ('choices = ["So", "Not so"]', 'choices = ["So"]', 'choices = ["So"] is not allowed: it must be a list of 2'),
        ('choices = ["So", "Not so"]', "choices = [1, 2]", "choices = [1, 2] is not allowed: it must be a list of 2 t"),
        ('settings = { "lwf.alpha" = 0.5 }', 'settings = { "lwf.alpha" = -1 }', "lwf.alpha = -1 is not allowed: it mu"),
        (
            'settings = { "lwf.alpha" = 0.5 }',
            "settings = { lwf.alpa = 1 }",
            "lwf.alpa is not a setting; did you mean lw",
        ),
        (
            'settings = { "lwf.alpha" = 0.5 }',
            "settings = 5",
            "settings = 5 is not allowed: it must be a table of setti",
        ),
        (
            'settings = { "lwf.alpha" = 0.5 }',
            "settings = { seed = 1 }",
            "seed is not live: a step that sets it needs r",
        ),
        (
            'settings = { "lwf.alpha" = 0.5 }',
            "settings = { backbone_frozen = 1 }",
            "backbone_frozen = 1 is not allowed: it mu",
        ),
        (
            '"data.train_images" = 6000',
            '"data.train_images" = -6',
            "data.train_images = -6 is not allowed: it must be a",
        ),
        ('"data.train_images" = 6000', '"data.images" = 6', "data.images is not a setting; "),
        (
            'preset = "classroom"',
            'preset = "clasroom"',
            'preset = "clasroom" is not allowed: it must be classroom, cnn',
        ),
        ("minutes = 5", 'minutes = "5"', 'minutes = "5" is not allowed: it must be a number of minutes from 1 to 120.'),
        ("minutes = 5", "minutes = nan", "minutes = NaN is not allowed: it must be a number of minutes from 1 to 120."),
        ("minutes = 5", "minute = 5", "minute is not a key of a lesson; did you mean minutes?"),
        ("minutes = 5", "", "minutes is missing: a lesson needs it, and it must be a number of minutes from"),
        ('about = "A lesson."', 'about = "A."\nauthor = "me"', "author is not a key of a lesson; keys are format, "),
        ("format = 1", "format = 2", "this was written for a later version of this program (format 2)."),
        ("format = 1", "format = 0", "format = 0 is not allowed: it must be 1."),
        ("format = 1", 'format = "1"', 'format = "1" is not allowed: it must be 1.'),
        ("minutes = 5", "minutes 5", "this is not valid TOML: expected '=' after a key in a key/value pair."),
        ("answer = 1", "answer = 1\nanswer = 0", "this is not valid TOML: cannot overwrite a value."),
    ],
)
def test_fault_is_named_with_its_line_and_what_is_allowed(tmp_path: Path, old: str, new: str, said: str) -> None:
    text, line = changed(old, new)
    sentence = refusal(tmp_path, text)
    # A missing key has no line: the table's is named. A second key on a new line is the faulty one.
    line = {"": 1, 'predict = { learner = "lwf" }': line}.get(new, line + new.count("\n"))
    assert sentence.startswith(f"lessons/mine.toml, line {line}: {said}")


def test_missing_key_of_a_step_is_named_with_the_line_of_the_step(tmp_path: Path) -> None:
    text, line = changed('caption = "Two."\n', "")
    missing = "caption is missing: a step needs it, and it must be some words, 1,000 characters at most."
    assert refusal(tmp_path, text) == f"lessons/mine.toml, line {line - 1}: {missing}"


@pytest.mark.parametrize("steps", ["", "step = []\n", "step = 3\n", "step = [1]\n"])
def test_lesson_needs_a_step(tmp_path: Path, steps: str) -> None:
    head = steps + GOOD[: GOOD.index("[settings]")]
    assert "must be 1 to 200 [[step]] tables." in refusal(tmp_path, head)


@pytest.mark.parametrize(
    ("targets", "said"),
    [
        (("16", "8"), "run_to = 8 is not allowed: it must be later than run_to = 16 of an earlier step, unless resta"),
        (('"end"', "8"), 'run_to = 8 is not allowed: it must be later than run_to = "end" of an earlier step'),
        (('"epoch 2"', '"epoch 1"'), 'run_to = "epoch 1" is not allowed: it must be later than run_to = "epoch 2"'),
        (('"epoch 1"', '"expansion"'), 'run_to = "expansion" is not allowed: it must be later than run_to = "epoch 1"'),
    ],
)
def test_run_cannot_go_back(tmp_path: Path, targets: tuple[str, str], said: str) -> None:
    text = GOOD[: GOOD.index("[[step]]")] + "".join(f'[[step]]\ncaption = "x"\nrun_to = {t}\n' for t in targets)
    last = text.count("\n")
    assert refusal(tmp_path, text).startswith(f"lessons/mine.toml, line {last}: {said}")
    load_lesson(written(tmp_path, text + "restart = true\n"))


@pytest.mark.parametrize("targets", [("16", '"epoch 1"'), ('"epoch 1"', "400"), ("16", "16"), ('"end"', '"end"')])
def test_run_can_go_on(tmp_path: Path, targets: tuple[str, str]) -> None:
    text = GOOD[: GOOD.index("[[step]]")] + "".join(f'[[step]]\ncaption = "x"\nrun_to = {t}\n' for t in targets)
    assert len(load_lesson(written(tmp_path, text)).step) == 2


def test_settings_may_fit_only_together(tmp_path: Path) -> None:
    text, _ = changed('"data.train_images" = 6000', "task2.warmup_epochs = 5\ntask2.epochs = 6")
    assert load_lesson(written(tmp_path, text)).recipe_at(0).task2.warmup_epochs == 5


def test_settings_that_do_not_fit_together_are_named(tmp_path: Path) -> None:
    text, line = changed('"data.train_images" = 6000', "task2.epochs = 2\ntask2.warmup_epochs = 3")
    said = f"lessons/mine.toml, line {line + 1}: task2.warmup_epochs = 3 is not allowed: it must be at most task2.epoch"
    assert refusal(tmp_path, text).startswith(said)


def test_only_learners_that_train_can_be_predicted(tmp_path: Path) -> None:
    text, line = changed(RUN_TO, 'predict = { learner = "lwf", text = "?" }')
    load_lesson(written(tmp_path, text))
    alone = text.replace('"data.train_images" = 6000', 'learners = ["fine-tune"]')
    said = 'learner = "lwf" is not allowed: it must be one that this lesson trains: fine-tune.'
    assert refusal(tmp_path, alone) == f"lessons/mine.toml, line {line}: {said}"


@pytest.mark.parametrize("until", ['"expansion"', "0", '"epoch 0"'])
def test_what_is_predicted_ends_after_the_head_expansion(tmp_path: Path, until: str) -> None:
    text, line = changed(RUN_TO, f'predict = {{ learner = "lwf", text = "?", until = {until} }}')
    said = f"until = {until} is not allowed: it must be a whole number of steps from 1 to 1,000,000, "
    assert refusal(tmp_path, text).startswith(f"lessons/mine.toml, line {line}: {said}")
    load_lesson(written(tmp_path, text.replace(f"until = {until}", 'until = "epoch 1"')))


def test_a_hero_stands_below_the_plot_and_not_where_a_curve_is_drawn(tmp_path: Path) -> None:
    right = {panel.key for panel in PANELS if panel.area == "right"}
    assert set(lessons.HEROES) == {panel.key for panel in PANELS} - right
    text, line = changed(RUN_TO, 'hero = "put_back"')
    load_lesson(written(tmp_path, text))
    text = text.replace('hero = "put_back"', 'hero = "put_back"\npredict = { learner = "lwf", text = "?" }')
    said = "The hero stands where the curve is to be drawn: no step can have both."
    assert refusal(tmp_path, text) == f"lessons/mine.toml, line {line}: {said}"
    text, line = changed(RUN_TO, 'hero = "confusion"')
    assert refusal(tmp_path, text).startswith(f'lessons/mine.toml, line {line}: hero = "confusion" is not allowed')


def test_file_that_is_not_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        load_lesson(written(tmp_path, b'format = 1\ntitle = "\xff"\n'))
    assert str(caught.value) == "lessons/mine.toml cannot be read: line 2 is not UTF-8 text."


def test_unfinished_file_is_refused_at_its_end(tmp_path: Path) -> None:
    assert refusal(tmp_path, 'format = 1\ntitle = """a\nb\n').startswith("lessons/mine.toml, line 4: this is not val")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("temprature", "temprature: there is no such lesson or file; did you mean temperature?"),
        (
            "zzz.toml",
            "zzz.toml: there is no such lesson or file; lessons are class-incremental, cure, distillation",
        ),
    ],
)
def test_unknown_lesson_is_refused(name: str, said: str) -> None:
    with pytest.raises(InputError) as caught:
        load_lesson(name)
    assert str(caught.value).startswith(said)


def test_folder_is_no_lesson(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no such lesson or file"):
        load_lesson(tmp_path)


# ---- lines


TOML = '''\
# step = 1
title = """
about = 1
[[step]]
"""
list = [
  "x = 1", # comment
  "]",
]

  [settings] # comment
  "a.b" = 1
  c . d = 2

[[step]]
caption = 'x'
[[step]]
look = { step = 4 }
[step.question]
text = "a = b"
choices = [
  "p",
]
answer = 0
[[step.more]]
x = 1
[[step.more]]
x = 2
'''


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("title", 2),
        ("list", 6),
        ("settings", 11),
        ("settings.a.b", 12),
        ("settings.c.d", 13),
        ("step.0", 15),
        ("step.0.caption", 16),
        ("step.1", 17),
        ("step.1.look.step", 18),
        ("step.1.question", 19),
        ("step.1.question.text", 20),
        ("step.1.question.choices", 21),
        ("step.1.question.answer", 24),
        ("step.1.more.1.x", 28),
        ("step.1.missing", 17),
        ("nothing", 1),
    ],
)
def test_line_of_a_key(path: str, line: int) -> None:
    tomllib.loads(TOML)  # else the lines would mean nothing
    assert line_of(TOML, path) == line


# ---- the shipped lessons


def test_vocabulary_is_that_of_the_window_and_the_recipe() -> None:
    assert sorted(panel.key for panel in PANELS) == sorted(lessons.PANELS)
    assert set(lessons.LIVE_FIELDS) == {*live_keys(), lessons.FROZEN}


def test_eight_lessons_ship_in_teaching_order() -> None:
    assert tuple(available()[0]) == NAMES
    assert available()[1] == ()


def test_a_bad_file_does_not_hide_the_good_ones(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(tmp_path, GOOD, "b.toml")
    written(tmp_path, GOOD.replace("format = 1", "format = 1\norder = 2"), "a.toml")
    written(tmp_path, GOOD.replace("format = 1", "format = 1\norder = 1"), "z.toml")
    written(tmp_path, GOOD.replace("minutes = 5", "minutes = -5"), "bad.toml")
    written(tmp_path, b"\xff", "worse.toml")
    monkeypatch.setattr(reading, "FORM", replace(reading.FORM, folder=tmp_path / "lessons"))
    good, faults = available()
    assert list(good) == ["z", "a", "b"]
    assert faults == (
        "lessons/bad.toml, line 4: minutes = -5 is not allowed: it must be a number of minutes from 1 to 120.",
        "lessons/worse.toml cannot be read: line 1 is not UTF-8 text.",
    )


@pytest.fixture(params=NAMES)
def lesson(request: pytest.FixtureRequest) -> Lesson:
    return load_lesson(request.param)


def test_lesson_teaches_in_6_to_10_short_steps(lesson: Lesson) -> None:
    assert 6 <= len(lesson.step) <= 10
    assert lesson.about.endswith(".")
    assert lesson.about.count(". ") == 0
    assert any(step.question or step.predict for step in lesson.step)
    for step in lesson.step:
        assert len(step.caption) <= 250
        assert 1 <= len(re.findall(r"[.?](?: |$)", step.caption)) <= 5


def test_lesson_says_what_it_is_for_and_what_it_is_of(lesson: Lesson) -> None:
    assert 2 <= len(lesson.objectives) <= 4
    for objective in lesson.objectives:
        assert re.fullmatch(r"You can (say|show|read|name) [^.]+\.", objective)
        assert len(objective) <= 150
    assert lesson.needs.endswith(".")
    assert lesson.needs.count(". ") == 0
    assert all(limit in lesson.needs for limit in ("one data set (Fashion-MNIST)", "network", "one seed"))


def test_users_own_lessons_need_say_neither(tmp_path: Path) -> None:
    lesson = load_lesson(written(tmp_path, GOOD))
    assert (lesson.objectives, lesson.needs) == ((), "")
    five, line = changed("minutes = 5", f"minutes = 5\nobjectives = {['x'] * 5}")
    assert refusal(tmp_path, five).startswith(f"lessons/mine.toml, line {line + 1}: objectives = ")
    assert refusal(tmp_path, five).endswith("is not allowed: it must be a list of at most 4 sentences.")


def test_lesson_begins_with_a_run_and_ends_with_all_controls_free(lesson: Lesson) -> None:
    assert lesson.step[0].run_to is not None
    assert all(step.locks == "all" for step in lesson.step[:-1])
    assert lesson.step[-1].locked() == ()


def test_every_key_of_a_lesson_is_known_and_every_recipe_valid(lesson: Lesson) -> None:
    for index, step in enumerate(lesson.step):
        recipe = lesson.recipe_at(index)
        assert set(step.settings) <= set(settings()) | {lessons.FROZEN}
        assert step.predict is None or (step.predict.learner in METHODS and step.predict.learner in recipe.names)
        for key, value in (lesson.settings | step.settings).items():
            overridden = any(key in later.settings for later in lesson.step[: index + 1])
            assert recipe.get(key) == value or overridden


def test_targets_of_a_lesson_lie_within_its_runs(lesson: Lesson) -> None:
    for index, step in enumerate(lesson.step):
        recipe = lesson.recipe_at(index)
        images = min(recipe.data.train_images or 10**9, lessons.IMAGES_PER_CLASS * len(recipe.data.tasks[1]))
        per_epoch = -(-images // recipe.train.batch_size)
        if isinstance(step.run_to, int):
            assert step.run_to <= recipe.task2.epochs * per_epoch
        elif step.run_to is not None and step.run_to.startswith("epoch"):
            assert int(step.run_to.split()[1]) <= recipe.task2.epochs


def test_moments_are_two_pages_that_end_with_all_controls_free() -> None:
    good, faults = lessons.moments()
    assert (list(good), faults) == (["forgetting", "climb", "cure"], ())
    for name, moment in good.items():
        assert load_lesson(f"moments/{name}") == moment
        first, last = moment.step
        assert None not in (first.run_to, last.run_to), "it trains what it needs"
        assert (first.locks, last.locked()) == ("all", ())
        for step in moment.step:
            assert len(step.caption) <= 250
            assert not re.findall(r"[0-9.]+ (?:points|%)", step.caption)


def test_answers_are_not_always_the_same_letter() -> None:
    answers = [step.question.answer for name in NAMES for step in load_lesson(name).step if step.question]
    assert len(set(answers)) > 1


def test_reading_lessons_loads_neither_torch_nor_qt() -> None:
    code = (
        "import sys, lwf_gui.lessons as l; assert l.available();"
        "print(*{'torch', 'PySide6', 'pyqtgraph'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == ""


# ---- slow machines


def made(tmp_path: Path, **top: Any) -> Lesson:
    """Return a lesson whose one run trains 3 x 6,000 + 2 x 3 x 6,000 = 54,000 images."""
    text = "".join(f"{key} = {value}\n" for key, value in top.items()) + GOOD
    return load_lesson(written(tmp_path, text))


@pytest.mark.parametrize("rate", [None, 54_000 / 40, 30_000.0])
def test_fast_or_unmeasured_machine_changes_nothing(tmp_path: Path, rate: float | None) -> None:
    assert adapted(made(tmp_path), rate) == ({}, "")


def test_slow_machine_trains_on_fewer_images_in_round_numbers_and_says_so(tmp_path: Path) -> None:
    lesson = made(tmp_path)
    changes, sentence = adapted(lesson, 512.0)
    assert changes == {"data.train_images": 2000}  # 9 x 2,000 / 512 is 35 s; 3,000 would take 53 s
    assert sentence == (
        "This machine trains 510 samples/s: the lesson uses 2,000 images per task instead of 6,000, "
        "so figures differ a little; begun anew, it measures again."
    )
    assert lesson.recipe_at(0, changes).data.train_images == 2000


def test_longer_limit_allows_more_images(tmp_path: Path) -> None:
    assert adapted(made(tmp_path, max_seconds=60), 512.0)[0] == {"data.train_images": 3000}
    assert adapted(made(tmp_path, max_seconds=106), 512.0) == ({}, "")


def test_very_slow_machine_is_told_how_long_it_still_takes(tmp_path: Path) -> None:
    changes, sentence = adapted(made(tmp_path), 45.0)
    assert changes == {"data.train_images": 500}
    assert sentence.endswith(
        "instead of 6,000, so figures differ; a run still takes about 100 s; begun anew, it measures again."
    )


def test_all_images_are_counted_by_classes(tmp_path: Path) -> None:
    text, _ = changed('"data.train_images" = 6000', "")
    lesson = load_lesson(written(tmp_path, text))
    whole = 3 * 36_000 + 2 * 3 * 24_000
    assert adapted(lesson, whole / 40) == ({}, "")
    changes, sentence = adapted(lesson, whole / 41)
    assert changes == {"data.train_images": 30_000}
    assert "the lesson uses 30,000 of the 36,000 images of the old task, so figures differ a little" in sentence
    assert "the lesson uses 20,000 images per task instead of all" in adapted(lesson, whole / 55)[1]


def test_longest_run_of_a_lesson_decides(tmp_path: Path) -> None:
    longer = '\n[[step]]\ncaption = "x"\nrestart = true\nsettings = { task2.epochs = 6 }\n'
    lesson = load_lesson(written(tmp_path, GOOD + longer))
    assert adapted(lesson, 54_000 / 40)[0] == {"data.train_images": 3000}


def test_passes_with_a_frozen_backbone_count_little(tmp_path: Path) -> None:
    text, _ = changed('"data.train_images" = 6000', '"data.train_images" = 6000\ntask2.warmup_epochs = 3')
    assert adapted(load_lesson(written(tmp_path, text)), 18_000 / 40) == ({}, "")


def test_lesson_that_is_small_already_stays(tmp_path: Path) -> None:
    text, _ = changed('"data.train_images" = 6000', '"data.train_images" = 500')
    assert adapted(load_lesson(written(tmp_path, text)), 1.0) == ({}, "")


def test_note_of_a_slow_machine_counts_the_images_that_there_are(tmp_path: Path) -> None:
    text, _ = changed('"data.train_images" = 6000', "")
    lesson = load_lesson(written(tmp_path, text))
    whole = 3 * 6_000 + 2 * 3 * 4_000
    assert adapted(lesson, whole / 40, (6_000, 4_000)) == ({}, "")
    changes, sentence = adapted(lesson, whole / 41, (6_000, 4_000))
    assert changes == {"data.train_images": 5_000}
    assert "the lesson uses 5,000 of the 6,000 images of the old task" in sentence


# ---- figures in texts


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            'caption = "Two."',
            'caption = "It is {lwf.odl}."',
            "caption: {lwf.odl} stands for no figure; did you mean {l",
        ),
        (
            'caption = "Two."',
            'caption = "It is {zzz}."',
            "caption: {zzz} stands for no figure; tokens are fine-tune.old",
        ),
        ('caption = "Two."', 'caption = "It is {lwf.old!r}."', "caption: {lwf.old!r} stands for no figure; did you me"),
        ('caption = "Two."', 'caption = "{lwf.old at noon}."', "caption: {lwf.old at noon} stands for no figure; did"),
        ('caption = "Two."', 'caption = "A { alone."', "caption: a brace stands alone; write a figure of the run as"),
        ('text = "Why?"', 'text = "Why {x}?"', "text: {x} stands for no figure; tokens are fine-tune.old"),
        ('choices = ["So", "Not so"]', 'choices = ["So", "{b}"]', "choices: {b} stands for no figure; tokens are"),
        ('because = "It is."', 'because = "{}"', "because: {} stands for no figure; tokens are"),
    ],
)
def test_token_that_stands_for_no_figure_is_named_with_its_line(tmp_path: Path, old: str, new: str, said: str) -> None:
    text, line = changed(old, new)
    sentence = refusal(tmp_path, text)
    assert sentence.startswith(f"lessons/mine.toml, line {line}: {said}")
    assert len(sentence) < 1200, "it can be read in a banner"


def test_figure_of_a_learner_that_the_lesson_does_not_train_is_refused(tmp_path: Path) -> None:
    text, line = changed('caption = "Two."', 'caption = "It is {fine-tune.old}."')
    load_lesson(written(tmp_path, text))
    alone = text.replace('"data.train_images" = 6000', 'learners = ["lwf"]')
    said = "caption has figures of fine-tune, but this lesson trains lwf."
    assert refusal(tmp_path, alone) == f"lessons/mine.toml, line {line}: {said}"


def test_figure_of_the_run_before_is_of_a_learner_that_was_trained_there(tmp_path: Path) -> None:
    own = "learners = ['lwf', {method = 'replay', name = 'Replay 20', per_class = 20}]"
    second = f'\n[[step]]\ncaption = "It is {{Replay 20.old}}."\nrestart = true\nsettings = {{ {own} }}\n'
    third = (
        '\n[[step]]\ncaption = "It was {Replay 20.old before}."\nrestart = true\nsettings = { learners = ["lwf"] }\n'
    )
    load_lesson(written(tmp_path, GOOD + second))
    load_lesson(written(tmp_path, GOOD + second + third))
    early = GOOD + second.replace("Replay 20.old}", "Replay 20.old before}")
    said = "caption has figures of Replay 20, but the run before trained fine-tune, lwf."
    assert refusal(tmp_path, early).endswith(said)
    assert refusal(tmp_path, GOOD + second + third.replace(" before", "")).endswith(
        "caption has figures of Replay 20, but this lesson trains lwf."
    )
    first = GOOD.replace('caption = "Two."', 'caption = "It was {lwf.old before}."')
    assert refusal(tmp_path, first).endswith("caption has figures of lwf, but the run before trained nobody.")


def test_learner_with_a_name_of_its_own_can_be_predicted(tmp_path: Path) -> None:
    text, _ = changed(RUN_TO, 'predict = { learner = "LwF 3", text = "?" }')
    own = """learners = [{ method = "lwf", name = "LwF 3", alpha = 3.0 }, "fine-tune", "lwf"]"""
    lesson = load_lesson(written(tmp_path, text.replace('"data.train_images" = 6000', own)))
    assert lesson.step[0].predict is not None
    assert lesson.step[0].predict.learner == "LwF 3"


def test_shipped_lessons_hold_no_percentage_of_their_own(lesson: Lesson) -> None:
    """What a run says stands in no file: another seed, other images or another machine would belie it."""
    for step in lesson.step:
        for _, text in step.texts():
            assert not re.findall(r"[0-9.]+ (?:points|%)", text.replace("One kind, 100 %", ""))


def test_page_of_a_shipped_lesson_names_no_two_panels_of_one_tab_area(lesson: Lesson) -> None:
    areas = {panel.key: panel.area for panel in PANELS}
    for step in lesson.step:
        assert len({areas[key] for key in step.panels}) == len(step.panels)


# ---- files that others write


def test_lesson_file_that_is_too_large_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        load_lesson(written(tmp_path, GOOD + "#" * 1_000_000))
    assert str(caught.value) == "lessons/mine.toml cannot be read: it has more than 1,000,000 bytes."


def test_lesson_file_that_is_nested_too_deep_is_refused(tmp_path: Path) -> None:
    for depth in (20, 5000):
        with pytest.raises(InputError) as caught:
            load_lesson(written(tmp_path, GOOD + f"x = {'[' * depth}{']' * depth}\n"))
        assert str(caught.value) == "lessons/mine.toml cannot be read: it has lists or tables more than 16 deep."


def test_lesson_of_too_many_steps_or_words_is_refused(tmp_path: Path) -> None:
    text, line = changed('caption = "One."', f'caption = "{"x" * 1001}"')
    assert refusal(tmp_path, text).startswith(f"lessons/mine.toml, line {line}: caption = ")
    assert "1 to 200 [[step]] tables" in refusal(tmp_path, GOOD + '[[step]]\ncaption = "x"\n' * 199)


def test_an_answer_can_only_be_told_by_a_step_that_follows_and_asks_nothing(tmp_path: Path) -> None:
    proved, line = changed('because = "It is."', 'answered_by = "next"\nbecause = "It is {lwf.old}."')
    said = f'lessons/mine.toml, line {line}: answered_by = "next" is not allowed: it must be "page" unless a step follo'
    assert refusal(tmp_path, proved).startswith(said)
    then = '\n[[step]]\ncaption = "Three."\n'
    load_lesson(written(tmp_path, proved + then))
    asks = then + 'predict = { learner = "lwf", text = "?" }\n'
    assert refusal(tmp_path, proved + asks).startswith(said)


def test_figures_of_an_answer_that_the_next_step_tells_are_of_that_step(tmp_path: Path) -> None:
    proved, line = changed('because = "It is."', 'answered_by = "next"\nbecause = "It is {replay.old}."')
    alone = '\n[[step]]\ncaption = "Three."\nrun_to = "end"\n'
    said = f"lessons/mine.toml, line {line + 1}: because has figures of replay, but this lesson trains fine-tune, lwf."
    assert refusal(tmp_path, proved + alone) == said
    load_lesson(written(tmp_path, proved + f'{alone}restart = true\nsettings = {{ learners = ["replay"] }}\n'))


REASONED = (
    "KD compares the student with the teacher. What does it see when both share a backbone?",
    "Old pictures are in every step of joint training. Why does it fall at all?",
)
"""What follows from the page itself, though the next one trains."""


def test_a_question_of_a_shipped_lesson_gives_no_answer_before_its_run(lesson: Lesson) -> None:
    for step, then in pairwise(lesson.step):
        question = step.question
        if question is None or question.text in REASONED:
            continue
        if then.run_to is not None and question.look is None:  # else the page itself shows it
            assert question.answered_by == "next"
        if question.answered_by == "next":
            assert len(question.because) <= 140, "it stands below the caption of that page"
            assert len(question.because) + len(then.caption) <= 380


def test_line_of_a_fault_in_a_file_of_many_lines_is_found_at_once(tmp_path: Path) -> None:
    text = GOOD.replace("minutes = 5", "minutes = [\n" + "1,\n" * 200_000 + "]")
    assert "minutes = [1, 1," in refusal(tmp_path, text)
