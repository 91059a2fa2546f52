"""The table of results as Markdown and LaTeX: its figures, what they are of, and names that mean nothing to either."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from lwf_gui import InputError
from lwf_gui.exports import results
from lwf_gui.exports.tables import as_latex, as_markdown
from lwf_gui.runs.record import Record
from tests.runs import five, synthetic


def written(record: Record, folder: Path) -> tuple[str, str]:
    results.write_markdown(record, folder / "t.md")
    results.write_latex(record, folder / "t.tex")
    return (folder / "t.md").read_text("utf-8"), (folder / "t.tex").read_text("utf-8")


@pytest.mark.parametrize("record", [synthetic.record(), five.record()], ids=["two tasks", "five tasks"])
def test_caption_says_data_images_protocol_seed_and_precision(record: Record, tmp_path: Path) -> None:
    for text in written(record, tmp_path):
        plain = text.replace("\\", "")
        for said in ("digits", "seed 0", "fp32", "Task-aware: the task of each image is known", "Class-incremental: "):
            assert said in plain, said
        assert "1,200 images of the old task and 80 of the new" in plain or "1,400 test images of 5 tasks" in plain


def test_figures_are_those_of_the_last_full_test(tmp_path: Path) -> None:
    markdown, latex = written(synthetic.record(), tmp_path)
    score = synthetic.evaluated(3).scores["lwf"]
    old, new = 100 * score.task_aware[0] / 1200, 100 * score.task_aware[1] / 80
    cell = f"{old:.1f} / {new:.0f}"
    assert f"| LwF | {cell} |" in markdown
    assert f"LwF & {cell} &" in latex


def test_latex_is_a_table_whose_brackets_close(tmp_path: Path) -> None:
    _, latex = written(five.record(), tmp_path)
    assert re.findall(r"\\(begin|end)\{(\w+)\}", latex) == [
        ("begin", "table"),
        ("begin", "tabular"),
        ("end", "tabular"),
        ("end", "table"),
    ]
    bare = re.sub(r"\\[{}]", "", latex)
    assert bare.count("{") == bare.count("}")
    assert all(rule in latex for rule in (r"\toprule", r"\midrule", r"\bottomrule"))


@pytest.mark.parametrize(
    ("name", "markdown", "latex"),
    [
        ("<script>", r"\<script\>", r"\textless{}script\textgreater{}"),
        ("[x](y)", r"\[x\](y)", r"{[}x{]}(y)"),
        ("a_b*c*|`d`", r"a\_b\*c\*\|\`d\`", r"a\_b{*}c{*}\textbar{}`d`"),
        ("&lt;$x$~", r"\&lt;\$x\$\~", r"\&lt;\$x\$\textasciitilde{}"),
    ],
)
def test_a_name_is_plain_text(name: str, markdown: str, latex: str) -> None:
    assert f"| {markdown} |" in as_markdown(["learner"], [[name]])
    assert f"\n{latex} \\\\" in as_latex(["learner"], [[name]])


def test_a_name_of_data_cannot_leave_the_caption(tmp_path: Path) -> None:
    record = synthetic.record()
    assert record.data is not None
    record.data = replace(record.data, dataset="}\\input{x}\n# <b>")
    markdown, latex = written(record, tmp_path)
    assert r"\}\textbackslash{}input\{x\}" in latex
    assert "\\<b\\>" in markdown
    assert "\n#" not in markdown


def test_without_a_full_test_there_are_no_results(tmp_path: Path) -> None:
    for write in (results.write_markdown, results.write_latex):
        with pytest.raises(InputError, match="no results yet"):
            write(synthetic.record(synthetic.task1()), tmp_path / "t")
    assert list(tmp_path.iterdir()) == []
