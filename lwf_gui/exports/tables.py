"""Tables for other programs: comma-separated values, Markdown and LaTeX, of a heading and rows of texts."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Mapping, Sequence

from lwf_gui.numbers import UNKNOWN

Rows = Sequence[Sequence[str]]

_LATEX = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': "''",  # \textquotedbl is no command of every font encoding
    "[": "{[}",  # after the end of a row it would begin an option, and so would a star
    "]": "{]}",
    "*": "{*}",
    "µ": r"$\mu$",
    "\N{GREEK SMALL LETTER ALPHA}": r"$\alpha$",
    "²": "$^2$",
    "\N{MULTIPLICATION SIGN}": r"$\times$",
    **{sign: f"\\{sign}" for sign in "&%$#_{}"},
}
"""Characters that mean something to LaTeX, or that it may lack, and how they are written."""

_MARKDOWN = re.compile(r"[\\`*_\[\]<>&|~$]")
"""Signs that mean something to Markdown within a line; a backslash before one makes it plain."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""Beginnings that a spreadsheet takes for a formula."""

_NUMBER = re.compile(r"-?[0-9][0-9,]*(\.[0-9]+)?")


def as_csv(heading: Sequence[str], rows: Rows) -> str:
    """Return comma-separated values (RFC 4180); no name of a learner can be a spreadsheet's formula."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerows([_plain(cell) for cell in row] for row in (heading, *rows))
    return out.getvalue()


def no_formula(text: str) -> str:
    """Return a name as a spreadsheet takes it for one."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def _plain(cell: str) -> str:
    """Return a number without the commas of its thousands, and what is none so that it is no formula."""
    return cell.replace(",", "") if _NUMBER.fullmatch(cell) else cell if cell == UNKNOWN else no_formula(cell)


def as_markdown(heading: Sequence[str], rows: Rows) -> str:
    """Return a table of GitHub's Markdown; figures on the right."""
    lines = [heading, ["---", *["---:"] * (len(heading) - 1)], *rows]
    return "".join("| " + " | ".join(map(markdown, line)) + " |\n" for line in lines)


def markdown(text: str) -> str:
    """Return a text that Markdown shows as it is: no sign makes it bold, a link, an element of HTML or another cell."""
    return _MARKDOWN.sub(r"\\\g<0>", text)


def as_latex(heading: Sequence[str], rows: Rows) -> str:
    """Return a ``tabular`` with the rules of booktabs."""
    head, *body = (" & ".join(map(latex, row)) + r" \\" for row in (heading, *rows))
    columns = "l" + "r" * (len(heading) - 1)
    lines = [
        rf"\begin{{tabular}}{{{columns}}}",
        r"\toprule",
        head,
        r"\midrule",
        *body,
        r"\bottomrule",
        r"\end{tabular}",
    ]
    return "\n".join(lines) + "\n"


def latex(text: str) -> str:
    """Return a text that LaTeX sets as it is."""
    return "".join(_LATEX.get(sign, sign) for sign in text)


FORMS: Mapping[str, Callable[[Sequence[str], Rows], str]] = {
    "CSV": as_csv,
    "Markdown": as_markdown,
    "LaTeX": as_latex,
}
"""The forms, by the name that people read."""
