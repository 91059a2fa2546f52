"""Tables for other programs: what stands in the cells is what is read back."""

from __future__ import annotations

import csv
import io

import pytest

from lwf_gui.exports.tables import FORMS, as_csv, as_latex, as_markdown

HEADING = ["learner", "average (%)", "stored (KB)"]
ROWS = [["LwF, alpha 3", "96.4", "1,234"], ["=cmd|x", "-0.5", "-"]]


def test_comma_separated_values_are_read_back_with_plain_numbers_and_no_formula() -> None:
    head, first, second = csv.reader(io.StringIO(as_csv(HEADING, ROWS)))
    assert head == HEADING
    assert first == ["LwF, alpha 3", "96.4", "1234"]
    assert second == ["'=cmd|x", "-0.5", "-"]


@pytest.mark.parametrize("name", ["=1+1", "+x", "@sum", "-f(x)"])
def test_no_name_of_a_learner_is_a_formula_for_a_spreadsheet(name: str) -> None:
    assert as_csv(["learner"], [[name]]).splitlines()[1] == f"'{name}"


def test_markdown_keeps_a_bar_within_its_cell() -> None:
    lines = as_markdown(HEADING, ROWS).splitlines()
    assert lines[1] == "| --- | ---: | ---: |"
    assert lines[3].startswith("| =cmd\\|x |")
    assert {line.replace("\\|", "").count("|") for line in lines} == {4}


def test_latex_says_every_sign_that_means_something_to_it() -> None:
    text = as_latex(["a & b", "µs"], [["50 % of #1_{x}", "\\"]])
    assert r"a \& b & $\mu$s \\" in text
    assert r"50 \% of \#1\_\{x\} & \textbackslash{} \\" in text
    assert text.startswith(r"\begin{tabular}{lr}")


def test_every_form_has_a_line_for_every_learner() -> None:
    for form in FORMS.values():
        assert sum("96.4" in line for line in form(HEADING, ROWS).splitlines()) == 1
