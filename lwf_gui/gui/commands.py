"""What the actions do, by subject: each group holds the parts of the window that it acts upon, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtWidgets import QApplication, QMessageBox, QWidget

from lwf_gui import __version__
from lwf_gui.control import SLOW_START
from lwf_gui.gui.appearance import Appearance
from lwf_gui.gui.explaining import words_of
from lwf_gui.gui.exporting.commands import FigureCommands
from lwf_gui.gui.exporting.runs import RunExports
from lwf_gui.gui.files import Files
from lwf_gui.gui.layout.arrangement import Arrangement
from lwf_gui.gui.layout.chosen import ChosenPanel
from lwf_gui.gui.layout.docks import Docks
from lwf_gui.gui.layout.present import PresentMode
from lwf_gui.gui.layout.reset import WindowReset
from lwf_gui.gui.layout.room import Room
from lwf_gui.gui.layout.sides import Sides
from lwf_gui.gui.library import Library
from lwf_gui.gui.panels.plots import Plots
from lwf_gui.gui.pinning import Pinning
from lwf_gui.gui.repeating import Repeating
from lwf_gui.gui.session import Session
from lwf_gui.gui.sharing import Sharing
from lwf_gui.gui.showing import Showing
from lwf_gui.gui.sweeps.sweeping import Sweeping
from lwf_gui.gui.switches import Switches
from lwf_gui.gui.teaching.audience import Audience
from lwf_gui.gui.teaching.bar import LessonBar
from lwf_gui.gui.teaching.blank import Blank
from lwf_gui.gui.teaching.menu import LessonMenu
from lwf_gui.gui.teaching.paper_cards import PaperCards
from lwf_gui.gui.time.timeline import Timeline
from lwf_gui.gui.widgets.banner import Banner
from lwf_gui.gui.widgets.status import StatusLine
from lwf_gui.runs import averaging
from lwf_gui.runs.step_scale import FIRST


class TimeCommands:
    """Going through the run, and on from where one looks."""

    def __init__(self, window: QWidget, session: Session, timeline: Timeline, showing: Showing, banner: Banner) -> None:
        self._window, self._session, self._timeline = window, session, timeline
        self._showing, self._banner = showing, banner

    def go_by(self, probes: int) -> None:
        """Look so many probes later, or earlier."""
        self._timeline.go_by(probes)

    def play(self) -> None:
        """Play the run back, or stop."""
        self._timeline.play_or_stop()

    def live(self) -> None:
        """Follow the run."""
        self._timeline.stop()
        self._showing.look_at(step=None)
        self._showing.refresh_timeline()  # a recorded run is not live, whatever was pressed

    def average(self) -> None:
        """Let the best mixture of the two networks join the run between which a straight path is looked at."""
        found = averaging.offered(self._session.record, self._showing.selection)
        if isinstance(found, str) or found.problem:
            self._session.done.emit(found if isinstance(found, str) else found.problem)
        else:
            self._session.join(found.spec)

    def fork(self) -> None:
        """Ask with which settings to continue from the step that is looked at, and do so."""
        from lwf_gui.gui.time.forking import ask_and_fork  # the first paint does not wait for it

        self._timeline.stop()  # what plays on would go away from the step that is asked about
        ask_and_fork(self._window, self._session, self._showing.selection, self._banner.say)


class PanelCommands:
    """Panels: one of them was chosen last."""

    def __init__(self, docks: Docks, chosen: ChosenPanel, room: Room, arrangement: Arrangement) -> None:
        self._docks, self._chosen, self._room, self._arrangement = docks, chosen, room, arrangement

    def show(self, key: str) -> None:
        """Bring a panel to the front."""
        self._room.want(key)
        self._chosen.take(key)

    def slide(self, by: int) -> None:
        """Bring the panel after, or before, the one that was chosen last."""
        keys = list(self._docks.by_key)
        self.show(keys[(keys.index(self._chosen.key) + by) % len(keys)])

    def close(self) -> None:
        """Close the panel that was chosen last."""
        self._chosen.dock().close()

    def tear_off(self) -> None:
        """Give the panel that was chosen last a window of its own, or put it back."""
        self._chosen.dock().tear_off()

    def enlarge(self) -> None:
        """Let the plot give its place to the panels below it, or take it back."""
        self._room.enlarge()

    def restore(self) -> None:
        """Put every panel where it was at first."""
        self._arrangement.restore_panels()


class ViewCommands:
    """What is seen, and how it looks."""

    def __init__(
        self,
        showing: Showing,
        plots: Plots,
        sides: Sides,
        appearance: Appearance,
        status: StatusLine,
        reset: WindowReset,
        switches: Switches,
    ) -> None:
        self._showing, self._plots, self._sides, self._switches = showing, plots, sides, switches
        self._appearance, self._status, self._reset = appearance, status, reset

    def switch_protocol(self) -> None:
        """Go to the other protocol."""
        self._showing.switch_protocol()

    def show_whole_run(self) -> None:
        """Show all steps in the plots again."""
        self._plots.show_whole()

    def show_every_task(self) -> None:
        """Show every task's own curve in the accuracy plot, or old and new again."""
        every = self._switches.turn("every_task")
        told = "every task's own curve" if every else "the earlier tasks together, and the current one"
        self._status.say(f"Accuracy of a run with more than two tasks: {told}.")

    def stretch(self) -> None:
        """Give the first steps of a task more room in the plots, or the same as others."""
        told = "have a third of its width" if self._switches.turn("stretch") else "are as wide as all others"
        self._status.say(f"Plots: a task's first {FIRST} steps {told}.")

    def start_slowly(self) -> None:
        """Let a task's first steps be trained slowly, at full speed, or as fast as all others."""
        slow = self._switches.turn("slow_start")
        told = f"takes {FIRST / SLOW_START:.0f} s at full speed" if slow else "is trained as fast as all others"
        self._status.say(f"Slow start: what comes first of a task, {FIRST} steps, {told}.")

    def show_settings(self) -> None:
        """Show or hide the recipe panel."""
        self._sides.show_settings()

    def show_log(self) -> None:
        """Show or hide the log."""
        self._sides.show_log()

    def next_theme(self) -> None:
        """Go to the next theme."""
        self._appearance.next_theme()
        self._status.say(f"Theme: {self._appearance.theme_name}")

    def bigger_type(self) -> None:
        """Make all type bigger."""
        self._appearance.bigger()

    def smaller_type(self) -> None:
        """Make all type smaller."""
        self._appearance.smaller()

    def reset_window(self) -> None:
        """Ask, then let the window be as it was at first."""
        self._reset.ask()


class TeachCommands:
    """In front of a class."""

    def __init__(
        self,
        window: QWidget,
        lessons: LessonMenu,
        paper_cards: PaperCards,
        strip: LessonBar,
        audience: Audience,
        present: PresentMode,
        panels: PanelCommands,
    ) -> None:
        self._window, self._lessons, self._paper_cards, self._strip = window, lessons, paper_cards, strip
        self._audience, self._present, self._panels = audience, present, panels

    def choose_lesson(self) -> None:
        """List the lessons."""
        self._lessons.choose()

    def show_moment(self, name: str) -> None:
        """Show a moment of the lessons, one of those in their folder ``moments``."""
        self._lessons.show(f"moments/{name}")

    def choose_claim(self) -> None:
        """Show the published claims."""
        from lwf_gui.gui.teaching.claims import ClaimsDialog  # the first paint does not wait for it

        ClaimsDialog(self._window, self._paper_cards).open()

    def run_or_pause(self) -> None:
        """Start, pause or resume; in a lesson only what its page asks for."""
        self._lessons.run_or_pause()

    def ask_prediction(self) -> None:
        """Let the audience draw: what a lesson's page asks for, else the first learner's curve of a run that waits."""
        if not self._lessons.draw():
            self._audience.ask()

    def present(self) -> None:
        """Enter or leave Present mode."""
        self._present.follow_action()

    def next_slide(self) -> None:
        """Go to the next step of the lesson, else to the next panel of the table."""
        if self._strip.isVisible():
            self._strip.next_button.click()
        else:
            self._panels.slide(1)

    def previous_slide(self) -> None:
        """Go to the step of the lesson before, else to the panel before."""
        if self._strip.isVisible():
            self._strip.back_button.click()
        else:
            self._panels.slide(-1)

    def blank(self) -> None:
        """Make the window black until the next key or click."""
        Blank(self._window)


class HelpCommands:
    """What this is, and how it is used.

    Parameters
    ----------
    tour : goes through the parts of the window
    keys : lists all keys
    docks : the panels, of which one was chosen last
    """

    def __init__(self, window: QWidget, tour: Callable[[], object], keys: Callable[[], object], docks: Docks) -> None:
        self._window, self._tour, self._keys, self._docks = window, tour, keys, docks

    def start_tour(self) -> None:
        """Go through the parts of the window."""
        self._tour()

    def show_shortcuts(self) -> None:
        """List all keys."""
        self._keys()

    def show_words(self) -> None:
        """Say what the terms of the window mean, first those of what has the keys, else of the panel chosen last."""
        from lwf_gui.gui.widgets.words import WordSheet  # the first paint does not wait for it

        place, terms = words_of(QApplication.focusWidget())
        chosen = self._docks.by_key[self._docks.chosen]
        if not terms and chosen in self._docks.seen():
            place, terms = words_of(chosen.panel)
        WordSheet(self._window, place, terms).open()

    def show_guide(self) -> None:
        """Tell teachers how lessons run, and how to prepare, change and write them."""
        from lwf_gui.gui.teaching.guide import TeachersGuide  # the first paint does not wait for it

        TeachersGuide(self._window).open()

    def show_about(self) -> None:
        """Say what this is."""
        QMessageBox.about(
            self._window,
            "About LwF Lab",
            f"<h3>LwF Lab {__version__}</h3><p>Catastrophic forgetting and Learning without Forgetting, live and side "
            "by side.</p><p>Z. Li and D. Hoiem, <i>Learning without Forgetting</i>, 2016.<br>G. Hinton, O. Vinyals and "
            "J. Dean, <i>Distilling the Knowledge in a Neural Network</i>, 2015.</p>",
        )


@dataclass(frozen=True, slots=True)
class Commands:
    """All that the actions can do; a session's runs and settings, and pins, need no group of their own."""

    run: Session
    time: TimeCommands
    panels: PanelCommands
    view: ViewCommands
    files: Files
    teach: TeachCommands
    help: HelpCommands
    pins: Pinning
    figures: FigureCommands
    exports: RunExports
    sharing: Sharing
    library: Library
    seeds: Repeating
    sweeps: Sweeping
