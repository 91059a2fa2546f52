"""Actions in front of a class, on files, and for help."""

from __future__ import annotations

from collections.abc import Callable

from lwf_gui.exports.kinds import KINDS, Kind
from lwf_gui.gui.actions.action import Action
from lwf_gui.gui.commands import Commands


def _show(name: str) -> Callable[[Commands], object]:
    """Return what shows a moment of the lessons."""
    return lambda c: c.teach.show_moment(name)


MOMENTS = tuple(
    Action(f"moment.{name}", "Teach", title, f"{help} Two pages of a lesson.", _show(name), submenu="S&how me")
    for name, title, help in (
        ("forgetting", "Forgetting in twenty steps", "A second of new pictures, and the old ones are gone."),
        (
            "climb",
            "Old answers come back without one old image",
            "What was lost is learnt again from new pictures.",
        ),
        ("cure", "From nothing right to nearly all", "Not told the task: LwF beside a learner that keeps sums."),
    )
)
"""The strongest moments, one click away. Their files have the titles too; a test holds both equal."""

TEACH = (
    Action(
        "lessons",
        "Teach",
        "Lessons",
        "Choose a lesson: captions, settings and questions, step by step. It is left here or with its ✕, and goes on "
        "where it was left; Esc does not leave it.",
        lambda c: c.teach.choose_lesson(),
        ("Ctrl+E",),
        "lessons",
        in_bar=True,
    ),
    *MOMENTS,
    Action(
        "paper_cards",
        "Teach",
        "Paper cards...",
        "Published claims: what each says, what was measured of it here, and its run, to be trained and judged.",
        lambda c: c.teach.choose_claim(),
        ("Ctrl+Shift+C",),
    ),
    Action(
        "predict",
        "Teach",
        "Predict",
        "Start a run that waits where the head grows, and draw how the old task's accuracy will go before it is shown.",
        lambda c: c.teach.ask_prediction(),
        ("D",),
    ),
    Action(
        "present",
        "Teach",
        "Present",
        "Full screen in big type, with no controls but those of the run; what you show or hide meanwhile is "
        "remembered. Esc or F11 leaves it, and a lesson stays.",
        lambda c: c.teach.present(),
        ("F11",),
        "present",
        checkable=True,
        in_bar=True,
    ),
    Action(
        "next",
        "Teach",
        "Next slide",
        "The next step of a lesson, or the next panel.",
        lambda c: c.teach.next_slide(),
        ("PgDown",),
    ),
    Action(
        "previous",
        "Teach",
        "Previous slide",
        "The step of a lesson before, or the panel before.",
        lambda c: c.teach.previous_slide(),
        ("PgUp",),
    ),
    Action(
        "blank",
        "Teach",
        "Blank",
        "Make the window black while you talk; any key brings it back.",
        lambda c: c.teach.blank(),
        ("B",),
    ),
)


def _export(kind: Kind) -> Action:
    """Return the action that writes the run that is shown as one kind."""
    name = kind.name
    return Action(f"export.{name}", "File", kind.title, kind.what, lambda c: c.exports.export(name), submenu="E&xport")


FILE = (
    Action(
        "open",
        "File",
        "Open run...",
        "Open a recorded run; run files can be dropped onto the window, too.",
        lambda c: c.files.open_run(),
        ("Ctrl+O",),
    ),
    Action(
        "open_sweep",
        "File",
        "Open sweep...",
        "Show the runs of a sweep by its folder, also while it is trained; it can be dropped onto the window, too.",
        lambda c: c.sweeps.choose_folder(),
    ),
    Action(
        "save",
        "File",
        "Save run",
        "Save this run to the file that it is in; where it is in none, a name is asked for.",
        lambda c: c.files.save_run(),
        ("Ctrl+S",),
    ),
    Action(
        "save_as",
        "File",
        "Save run as...",
        "Save this run to another file.",
        lambda c: c.files.save_run_as(),
        ("Ctrl+Shift+S",),
    ),
    Action(
        "save_seeds",
        "File",
        "Save all seeds...",
        "Save the run that is shown and its repetitions with other seeds, a file each, in a new folder; opened again "
        "together they make their bands.",
        lambda c: c.seeds.save(),
    ),
    Action(
        "runs",
        "File",
        "Runs...",
        "Show the last runs that ended, with their curves and final figures: to open, to pin or to delete.",
        lambda c: c.library.show_runs(),
        ("Ctrl+H",),
    ),
    Action(
        "notes",
        "File",
        "Notes of this run...",
        "Read and write notes that are kept with this run, and see when and with what it was computed.",
        lambda c: c.library.show_notes(),
        ("Ctrl+Shift+N",),
    ),
    Action(
        "screenshot",
        "File",
        "Save picture...",
        "Save the window as a PNG.",
        lambda c: c.files.save_picture(),
        ("Ctrl+P",),
    ),
    Action(
        "copy_figure",
        "File",
        "Copy figure",
        "Copy the panel that has the keys, or was chosen last, as a picture in light, with a caption below it.",
        lambda c: c.figures.copy(),
        ("Ctrl+C",),
    ),
    Action(
        "save_figure",
        "File",
        "Save figure as...",
        "Save that panel for print, with a caption below it: as PNG, SVG or PDF, by the name's ending.",
        lambda c: c.figures.save(),
        ("Ctrl+Shift+P",),
    ),
    Action(
        "film",
        "File",
        "Film of the run...",
        "Save a panel, or the chief ones together, over the whole run as an animated GIF or WebP, for slides.",
        lambda c: c.figures.film(),
    ),
    *map(_export, KINDS.values()),
    Action(
        "export",
        "File",
        "Full tests...",
        "Write accuracies, averages and forgetting to a file: a table (CSV), or what run --json prints (JSON).",
        lambda c: c.files.export_figures(),
        ("Ctrl+Shift+E",),
        submenu="E&xport",
    ),
    Action(
        "copy_recipe",
        "File",
        "Copy recipe",
        "Copy the settings of the next run as a short text, to send or to keep: Paste recipe, and --preset, take it.",
        lambda c: c.sharing.copy(),
        ("Ctrl+Shift+R",),
    ),
    Action(
        "paste_recipe",
        "File",
        "Paste recipe",
        "Choose the settings that somebody copied, from a text on the clipboard with lwf: in it; Undo takes it back.",
        lambda c: c.sharing.paste(),
        ("Ctrl+Shift+V",),
    ),
    Action("quit", "File", "Quit", "Stop training and close the window.", lambda c: c.files.quit(), ("Ctrl+Q",)),
)

HELP = (
    Action("tour", "Help", "Tour", "Go through the parts of this window.", lambda c: c.help.start_tour()),
    Action(
        "words",
        "Help",
        "Words",
        "What every term in this window means; first those of what has the keys, or of the panel chosen last.",
        lambda c: c.help.show_words(),
        ("F2",),
    ),
    Action(
        "teaching",
        "Help",
        "Teaching",
        "For teachers: how a lesson runs, how to prepare, change or write one, its limits, and exercises.",
        lambda c: c.help.show_guide(),
    ),
    Action("shortcuts", "Help", "Keyboard shortcuts", "List all keys.", lambda c: c.help.show_shortcuts(), ("?", "F1")),
    Action("about", "Help", "About LwF Lab", "What this program is, and its sources.", lambda c: c.help.show_about()),
)
