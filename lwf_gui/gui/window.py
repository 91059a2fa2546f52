"""The main window: it makes the parts, puts them in their places, and hands on what happens to the one that it is for.

What actions do is `lwf_gui.gui.commands`; panels and actions come from their tables.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtGui import QCloseEvent, QPixmap
from PySide6.QtWidgets import QMenu

from lwf_gui.gui.action_state import ActionState
from lwf_gui.gui.announcements import Announcements
from lwf_gui.gui.appearance import Appearance, take_first_type
from lwf_gui.gui.commands import Commands, HelpCommands, PanelCommands, TeachCommands, TimeCommands, ViewCommands
from lwf_gui.gui.dropping import Drops
from lwf_gui.gui.exporting.commands import FigureCommands, FigureMenu
from lwf_gui.gui.exporting.runs import RunExports
from lwf_gui.gui.files import Files
from lwf_gui.gui.keeping import Keeper
from lwf_gui.gui.layout.arrangement import Arrangement
from lwf_gui.gui.layout.bars import Bars, Top, bottom_bar
from lwf_gui.gui.layout.centre import Centre
from lwf_gui.gui.layout.chosen import ChosenPanel
from lwf_gui.gui.layout.docks import Docks
from lwf_gui.gui.layout.enlarging import Enlarging
from lwf_gui.gui.layout.escape import Escape
from lwf_gui.gui.layout.frame import Frame
from lwf_gui.gui.layout.placing import Placing
from lwf_gui.gui.layout.present import PresentMode
from lwf_gui.gui.layout.reset import WindowReset
from lwf_gui.gui.layout.room import Room
from lwf_gui.gui.layout.shares import Areas
from lwf_gui.gui.layout.sides import Sides, log_view
from lwf_gui.gui.layout.small_screen import SmallScreen
from lwf_gui.gui.library import Library
from lwf_gui.gui.menus import make_actions, make_menus, menu_row
from lwf_gui.gui.panels.cards import Cards
from lwf_gui.gui.panels.plot_panels import AccuracyPanel
from lwf_gui.gui.panels.plots import Plots
from lwf_gui.gui.panels.story import StoryPanel
from lwf_gui.gui.pinning import Pinning
from lwf_gui.gui.preferences import Preferences
from lwf_gui.gui.recent import RecentMenu
from lwf_gui.gui.recovering import Offers
from lwf_gui.gui.repeating import Repeating
from lwf_gui.gui.session import Session, State
from lwf_gui.gui.sharing import Sharing
from lwf_gui.gui.showing import Showing, Viewers
from lwf_gui.gui.sweeps.opening import SweepOpening
from lwf_gui.gui.sweeps.sweeping import Sweeping
from lwf_gui.gui.switches import Switches
from lwf_gui.gui.teaching.audience import Audience
from lwf_gui.gui.teaching.bar import LessonBar
from lwf_gui.gui.teaching.course import Teaching
from lwf_gui.gui.teaching.menu import LessonMenu
from lwf_gui.gui.teaching.paper_cards import PaperCards
from lwf_gui.gui.time.timeline import Timeline
from lwf_gui.gui.widgets.action_bar import ActionBar
from lwf_gui.gui.widgets.banner import Banner, Cause
from lwf_gui.gui.widgets.dialogs import FileDialogs
from lwf_gui.gui.widgets.next_note import NextNote
from lwf_gui.gui.widgets.recipe import RecipePanel
from lwf_gui.gui.widgets.shortcuts import ShortcutSheet
from lwf_gui.gui.widgets.status import StatusLine
from lwf_gui.recipe import load_preset
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Selection


class Window(Frame):
    """The window of one session."""

    _made = False
    """Whether all the parts are there: Qt may close a window as soon as there is one at all."""

    def __init__(self, session: Session, preferences: Preferences) -> None:
        take_first_type(preferences)
        super().__init__()
        self.session, self._preferences = session, preferences
        self.placing = Placing(self, preferences)
        self.placing.take_first_size()
        self._make_parts()
        self._lay_out()
        self._make_roles()
        self.commands = self._make_commands()
        self._made = True
        self._connect()
        self._connect_bar()
        self._connect_frame()
        self._begin()

    # Making the window

    def _make_parts(self) -> None:
        """Make what is seen."""
        session = self.session
        self.banner = Banner(self)
        self.story = StoryPanel()
        self.accuracy = AccuracyPanel()
        self.plots = Plots(self.accuracy)
        self.recipe = RecipePanel(session)
        self.status = StatusLine(session)
        self.log = log_view()
        self.actions_by_id = make_actions(self, lambda: self.commands)
        self.cards = Cards(self.actions_by_id["bring_back"])
        self.menus = make_menus(self.actions_by_id)
        self.docks = Docks(self, lambda asked: self.look_at(**asked))
        self.docks.made = self.plots.link
        self.docks.show_wanted = self.show_panel
        self.bar = ActionBar(self.actions_by_id)
        self.lesson_bar = LessonBar(page_keys=False)
        self.next_note = NextNote(session, self.lesson_bar)
        self.menu_row = menu_row(self.menus, self.next_note)
        self.timeline = Timeline(*(self.actions_by_id[name] for name in ("play", "live", "fork")))

    def _lay_out(self) -> None:
        """Put all in its place."""
        top = Top((self.menu_row, self.bar, self.lesson_bar, self.story))
        self.bars = Bars(self, top, bottom_bar(self.timeline), self.status)
        self.bars.put()
        self.centre = Centre(self.accuracy)
        self.setCentralWidget(self.centre)
        self.sides = Sides(self, self.actions_by_id, self.recipe, self.cards, self.log)
        between = lambda: self.bars.height_between() - self.placing.excess()  # noqa: E731 - of now
        enlarging = Enlarging(self, self.docks, self.centre)
        self.room = Room(self.docks, self.cards, self.story, between, self.sides.recipe, enlarging)
        areas = Areas(self.bars, self.docks, self.sides, self.accuracy, self.lesson_bar, self.story)
        self.arrangement = Arrangement(self, areas, self.room, self.placing, self.banner)
        self.arrangement.begin()
        self.arrangement.settled.connect(self.room.settle)
        self.banner.over(self.accuracy, self.cards, lambda: self.accuracy.axis_height)

    def _make_roles(self) -> None:
        """Make those that let the parts follow the session and the user."""
        session, actions = self.session, self.actions_by_id
        self.viewers = Viewers(self.story, self.accuracy, self.cards, self.docks, self.timeline)
        self.showing = Showing(self, session, self.viewers)
        dressed = (self.story, self.accuracy, self.cards, self.docks, self.timeline, self.recipe, self.lesson_bar)
        self.appearance = Appearance(self, self._preferences, dressed)
        self.pinning = Pinning(session, self.showing, lambda: self.teaching.on, self.show_panel)
        self.seeds = Repeating(
            self, session, self.showing, self.status.seeds, self.banner.say, lambda: self.teaching.on
        )
        self.pinning.take_seeds = self.seeds.take
        self.action_state = ActionState(
            actions,
            session,
            lambda: self.teaching.on,
            lambda: self.selection,
            self.pinning,
            lambda: self.seeds.problem,
        )
        self.seeds.changed = self.action_state.enable
        self.docks.act = self.action_state.do
        dialogs = FileDialogs(self, self._preferences.folder, self._preferences.keep_folder)
        self.files = Files(self, session, dialogs, self.banner, self.status, self._picture)
        self.figures = FigureCommands(self, session, self.showing, self.viewers, dialogs, self.banner, self.status.say)
        self.exports = RunExports(session, dialogs, self.banner, self.status.say)
        self.figure_menu = FigureMenu(self, actions, self.figures)
        for part in (self.accuracy, self.cards, self.story, *self.docks.by_key.values()):
            self.figure_menu.offer_on(part)
        self.keeper = Keeper(session, lambda: self.teaching.on)
        kept = (self.keeper, self.pinning, self.banner, self.appearance)
        self.library = Library(self, session, self.files, *kept)
        self.offers = Offers(session, self.banner, self.files, self.keeper.know)
        self.announcements = Announcements(self.banner, session, self.files.choose_folder)
        self.audience = Audience(session, self.showing, self.plots, self.room)
        self.teaching = Teaching(self, self)
        present, controls = actions["present"], (self.menu_row, self.bar.choices)
        self.present_mode = PresentMode(self, present, controls, self.arrangement, self.room, self.appearance)
        Escape(self, self.banner, self.present_mode, self.lesson_bar, self.status)
        SmallScreen(self, self.arrangement, self.placing, self.room, self.appearance, actions["settings"], self.banner)
        self.paper_cards = PaperCards(self, session, self.banner, self.teaching, actions["paper_cards"].trigger)
        self.lesson_menu = LessonMenu(self, self.teaching, self.banner, dialogs)
        self.files.saved, self.files.pin = self._follow_saved, self.pinning.pin_beside
        self.seeds.write = self.files.save_seeds
        (file_menu,) = (menu for menu in self.menus.findChildren(QMenu) if actions["open"] in menu.actions())
        self.recent_menu = RecentMenu(file_menu, actions["save"], self.files.recent, self.files.open)
        opens = SweepOpening(self, dialogs, self.files, self.show_panel, self.banner)
        self.sweeping = Sweeping(opens, session, self.showing, actions)
        refuse = lambda why: self.banner.say(why, cause=Cause.ASKED)  # noqa: E731 - said there
        self.drops = Drops(self, self.files.open_all, self.sweeping.open, refuse)

    def _make_commands(self) -> Commands:
        panels = PanelCommands(self.docks, ChosenPanel(self, self.docks), self.room, self.arrangement)
        switches = Switches(self.plots, self.session, self.actions_by_id, self._preferences)
        looks = (self.present_mode, self.appearance, self.arrangement, switches)
        reset = WindowReset(self, self._preferences, self.banner, *looks)
        return Commands(
            run=self.session,
            time=TimeCommands(self, self.session, self.timeline, self.showing, self.banner),
            panels=panels,
            view=ViewCommands(self.showing, self.plots, self.sides, self.appearance, self.status, reset, switches),
            files=self.files,
            teach=TeachCommands(
                self, self.lesson_menu, self.paper_cards, self.lesson_bar, self.audience, self.present_mode, panels
            ),
            help=HelpCommands(self, self.start_tour, lambda: ShortcutSheet(self).open(), self.docks),
            pins=self.pinning,
            figures=self.figures,
            exports=self.exports,
            sharing=Sharing(self.session, self.banner, self.status),
            library=self.library,
            seeds=self.seeds,
            sweeps=self.sweeping,
        )

    def _connect(self) -> None:
        session = self.session
        for came in (session.stateChanged, session.rowsArrived, session.recordChanged):
            came.connect(lambda *_: self.plots.look_close(session.begins))
        session.stateChanged.connect(self._follow_state)
        session.recordChanged.connect(self._show_record)
        session.rowsArrived.connect(self.action_state.follow_rows)
        session.rowsArrived.connect(self.showing.follow_rows)
        session.recipeChanged.connect(self._follow_recipe)
        session.liveSettingsChanged.connect(lambda: self.look_at(temperature=session.live_settings.temperature))
        session.logArrived.connect(self.log.appendPlainText)
        session.done.connect(self.status.say)
        self.unanswered.connect(self.action_state.tell)
        self.showing.looked.connect(self._follow_selection)
        self.appearance.dressed.connect(self.action_state.draw)
        self.appearance.dressed.connect(lambda _colours: self.showing.refresh())
        self.appearance.scaled.connect(lambda: self.docks.magnify(self.appearance.scale))
        self.appearance.scaled.connect(self.arrangement.change_unseen)
        self.appearance.scaled.connect(self.arrangement.arrange)
        self.recipe.refused.connect(self.announcements.refuse)
        for turned in (self.lesson_bar.next, self.lesson_bar.back):
            turned.connect(self.audience.settle)
        self.pinning.changed.connect(self.action_state.enable)
        for turned in (self.teaching.began, self.teaching.ended):
            turned.connect(self.pinning.follow_lesson)
        self.teaching.ended.connect(self.audience.close)
        self.teaching.ended.connect(lambda: self.room.teach(None))
        self.timeline.asked.connect(self.showing.look_for)
        self.accuracy.asked.connect(self.showing.look_for)

    def _connect_bar(self) -> None:
        session, bar = self.session, self.bar
        bar.presetChosen.connect(lambda name: session.take_preset(load_preset(name).recipe, name))
        bar.data.chosen.connect(session.use_data)
        bar.data.folderWanted.connect(self.files.choose_folder)
        bar.data.forgotten.connect(session.forget_folder)
        bar.paceChosen.connect(session.set_pace)
        bar.protocolChosen.connect(lambda protocol: self.look_at(protocol=protocol))
        bar.show_protocol(self.selection.protocol)

    def _connect_frame(self) -> None:
        self.appeared.connect(self.arrangement.settle_soon)
        self.restored.connect(self.showing.refresh)
        self.restored.connect(self.placing.follow_state)
        self.resized.connect(self._follow_size)
        self.pressed.connect(self.arrangement.follow_press)
        self.laidOut.connect(self.arrangement.follow_layout)

    def _begin(self) -> None:
        """Show the session as it is, in a window as it was left."""
        self.appearance.apply()
        self.docks.magnify(self.appearance.scale)
        self._follow_recipe()
        self._show_record()
        self._follow_state()
        self.placing.restore_geometry()
        self.arrangement.restore("window")
        self.announcements.tell_start(self._preferences)

    # What lessons and the program ask of it

    @property
    def selection(self) -> Selection:
        """Where one looks."""
        return self.showing.selection

    def look_at(self, **changes: Any) -> None:
        """Look elsewhere: at another step, image, protocol or term; every panel follows."""
        self.showing.look_at(**changes)

    def show_panel(self, key: str) -> None:
        """Bring a panel to the front."""
        self.commands.panels.show(key)

    def lock(self, fields: Sequence[str]) -> None:
        """Lock the controls of these live settings, as a lesson wants, and what would change them otherwise."""
        self.recipe.lock(fields)
        self.action_state.lock(bool(fields))

    def complete(self) -> None:
        """Make the plots and what is folded away: after the first paint, for they take longer than all the rest."""
        self.recipe.complete()
        if not self.plots.made:
            self.plots.make()
            self.showing.refresh()
            self.arrangement.settle_soon()  # they need room

    def greet(self) -> None:
        """Begin the tour if this is the first start."""
        if not self._preferences.toured:
            self._preferences.toured = True
            self.start_tour()

    def start_tour(self) -> None:
        """Go through the parts of the window."""
        from lwf_gui.gui.teaching.tour import Tour  # the first paint does not wait for it

        Tour(self, self, lambda: self.appearance.colours).start()

    # Following the session and the user

    def _follow_state(self) -> None:
        if self.session.state is State.PAUSED:
            self.showing.paint()  # single steps bring no probe: all that counts steps must say where it stands
        self.audience.follow_state()
        self.announcements.settle()
        self.action_state.follow_state()
        self.showing.describe()
        self.action_state.redraw()

    def _follow_recipe(self) -> None:
        self.announcements.follow_recipe()
        self.bar.show_choice(self.session.choice_text, self.session.recipe.data.dataset)
        self.action_state.enable()

    def _show_record(self) -> None:
        self.announcements.settle()
        self.files.name_window()
        self.status.look_at(None)
        self.showing.show_record()
        self.log.setPlainText("\n".join(self.session.record.log))
        if self.session.recipe.train.log == "notebook" and self.session.busy:
            self.sides.log.show()
        self.announcements.tell_of_data(self.session.record.data)
        self.showing.refresh()

    def _follow_selection(self, before: Selection, now: Selection) -> None:
        if now.term != before.term:
            self.recipe.point_at(now.term)
        if now.step != before.step:
            self.announcements.settle_asked()
        if (now.step, now.protocol, now.path) != (before.step, before.protocol, before.path):
            self.action_state.enable()  # which networks can be averaged
        self.bar.show_protocol(now.protocol)
        self.status.look_at(now.step)

    def _follow_saved(self, record: Record) -> None:
        self.keeper.know(record)
        self.offers.saved(record)

    def _follow_size(self, higher_or_lower: bool) -> None:
        if higher_or_lower:
            self.lesson_bar.follow_window()
        self.arrangement.follow_size()

    def _picture(self) -> QPixmap:
        self.complete()
        self.showing.refresh()
        return self.grab()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Hide at once, stop the engine, then go; unless the user would lose a run, and wants to stay."""
        if not self._made:
            return
        if self.isVisible() and not (self.library.may_leave() and (not self.library.asks or self.seeds.may_close())):
            event.ignore()
            return
        self.audience.close()
        self.teaching.leave()  # what is remembered is the user's own
        self.arrangement.keep(self.present_mode.mode)
        if not self.present_mode.on:
            self.placing.keep_geometry()
        self.timeline.stop()
        self.hide()
        self.seeds.end()
        for part in (self.showing, self.arrangement, self.docks, self.sweeping):
            part.rest()
        self.session.close()
        super().closeEvent(event)
