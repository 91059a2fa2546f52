"""``lwf-gui export``: every kind by name or by the file's ending, and sentences for what cannot be."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from lwf_gui import InputError, paths
from lwf_gui.documents import files
from lwf_gui.export_command import NAMES, export
from lwf_gui.exports.kinds import FIGURES, FILMS, KINDS
from tests.runs import synthetic

RUN = paths.resources() / "runs" / "classroom.lwfrun"


@pytest.mark.parametrize("name", [name for name in KINDS if name not in ("tensorboard",)])
def test_every_kind_writes_a_run(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kind = KINDS[name]
    export(RUN, tmp_path / f"out{kind.ending}", kind="" if kind.ending else name)
    (made,) = tmp_path.iterdir()
    assert made.name == f"out{kind.ending}"
    assert any(made.iterdir()) if made.is_dir() else made.stat().st_size > 200
    assert capsys.readouterr().out.strip() == str(made)


def test_a_file_in_a_named_folder_is_called_after_the_run(tmp_path: Path) -> None:
    export(RUN, tmp_path, kind="md")
    assert [file.name for file in tmp_path.iterdir()] == ["classroom.md"]


@pytest.mark.parametrize("kind", ["png", "svg"])
def test_figures_are_painted_without_a_screen(kind: str, tmp_path: Path, qapp: object) -> None:
    export(RUN, tmp_path / f"why.{kind}", panel="why", step=12)
    assert (tmp_path / f"why.{kind}").stat().st_size > 1000


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"to": "x.doc"}, "--to has no ending that says it; --as must be one of html, script"),
        ({"to": "x", "kind": "word"}, "--as word: there is no such kind"),
        ({"to": "x", "kind": "csv", "panel": "all"}, "--panel all is for figures: --as must be one of png, svg, pdf."),
        ({"to": "x.csv", "panel": "all"}, "--panel all makes a folder, and --to x.csv is named as a file."),
        ({"to": "x.html", "kind": "pdf"}, "--to x.html ends as html does, and --as is pdf: change one of them."),
        ({"to": "x.svg", "step": 99_999_999}, "--step 99,999,999: the run has steps -1,689 to 1,125"),
        ({"to": "x.svg", "step": -5_000}, "--step -5,000: the run has steps -1,689 to 1,125"),
        ({"to": "x.svg", "protocol": "none"}, "--protocol none: there is no such protocol; it must be task-aware or"),
        ({"to": "/proc/nowhere/x.md"}, "was not written"),
    ],
)
def test_what_cannot_be_is_one_sentence_and_leaves_nothing(
    tmp_path: Path, arguments: dict[str, Any], said: str
) -> None:
    more = {key: value for key, value in arguments.items() if key != "to"}
    with pytest.raises(InputError, match=re.escape(said)):
        export(RUN, tmp_path / arguments["to"], **more)
    assert not list(tmp_path.iterdir())


def test_a_panel_may_be_named_as_on_screen_and_a_run_is_never_written_over(tmp_path: Path, qapp: object) -> None:
    export(RUN, tmp_path / "wall.svg", panel="memory wall")
    assert (tmp_path / "wall.svg").stat().st_size > 1000
    mine = tmp_path / "mine.lwfrun"
    mine.write_bytes(RUN.read_bytes())
    with pytest.raises(InputError, match="is the run file itself"):
        export(mine, mine, kind="csv")
    assert mine.read_bytes() == RUN.read_bytes()


def test_a_run_that_cannot_give_a_kind_says_so(tmp_path: Path) -> None:
    path = tmp_path / "early.lwfrun"
    files.save(synthetic.record(synthetic.task1()), path)
    with pytest.raises(InputError, match="has not come to its second task"):
        export(path, tmp_path / "x.html")
    assert [file.name for file in tmp_path.iterdir()] == ["early.lwfrun"]


def test_kinds_are_those_of_the_design() -> None:
    wanted = ["html", "png", "svg", "pdf", "gif", "webp", "csv", "jsonl", "tensorboard", "script", "folder"]
    assert set(wanted) <= set(NAMES)
    assert set(NAMES) == {*KINDS, *FIGURES, *FILMS}
