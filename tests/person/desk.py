"""A desk to use the program at: a screen with a window manager, a mouse, a keyboard, and the program in a process."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.person.forks import ROOT, Fork, Forks

PATIENCE = 60.0
"""Seconds that anything may take on a busy machine before a test fails; every wait ends as soon as it can."""

TOOLS = ("Xvfb", "openbox", "xdotool", "wmctrl")
MISSING = [tool for tool in TOOLS if shutil.which(tool) is None]

POLL = 0.03
"""Seconds between two looks at what is waited for."""


@dataclass(frozen=True)
class Seen:
    """A widget as it is on the screen; places are x, y, width and height in pixels."""

    kind: str
    name: str
    text: str
    window: str
    place: tuple[int, int, int, int]
    """Of the part that shows."""
    whole: tuple[int, int, int, int]
    focus: bool
    enabled: bool
    top: bool
    maximised: bool

    @property
    def middle(self) -> tuple[int, int]:
        """Where a person would click."""
        x, y, width, height = self.place
        return x + width // 2, y + height // 2


class Desk:
    """A screen with openbox. ``home`` holds all that the programs started here may keep."""

    def __init__(self, home: Path, forks: Forks, size: str = "1280x720") -> None:
        self.home = home
        self._forks = forks
        home.mkdir(parents=True, exist_ok=True)
        self.width, self.height = map(int, size.split("x"))
        self._programs: list[Program] = []
        read, write = os.pipe()
        # A server that resets itself when its last client leaves (here: one look for the window manager) throws out
        # whoever comes in the same moment (here: the window manager).
        command = ("Xvfb", "-noreset", "-displayfd", str(write), "-screen", "0", f"{size}x24", "-nolisten", "tcp")
        self._server = subprocess.Popen(command, pass_fds=(write,), stderr=subprocess.DEVNULL)
        os.close(write)
        with os.fdopen(read) as told:
            self.display = f":{told.readline().strip()}"
        self._manager = subprocess.Popen(
            ("openbox",), env=self.environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            wait_until(lambda: "Openbox" in self.run("wmctrl", "-m", check=False), "openbox is there")
        except BaseException:
            self.close()
            raise

    def environment(self, more: Mapping[str, str] | None = None) -> dict[str, str]:
        """Return the environment of what runs at this desk."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("QT_", "LC_", "XDG_"))}
        return {
            **kept,
            "DISPLAY": self.display,
            "HOME": str(self.home),
            "LANG": "C.UTF-8",
            "PYTHONPATH": str(ROOT),
            "XDG_CONFIG_HOME": str(self.home / "config"),
            "XDG_STATE_HOME": str(self.home / "state"),
            "XDG_CACHE_HOME": str(self.home / "cache"),
            "XDG_DATA_HOME": str(self.home / "data"),
            **(more or {}),
        }

    def run(self, *command: str, check: bool = True) -> str:
        """Run a command at this desk and return what it printed."""
        done = subprocess.run(command, env=self.environment(), capture_output=True, text=True, timeout=PATIENCE)
        assert not check or not done.returncode, f"{' '.join(command)}: {done.stderr}"
        return done.stdout.strip()

    def start(self, *arguments: str, afresh: bool = False, **environment: str) -> Program:
        """Start the program and wait until its window is there; ``afresh``: with all its imports, else as a fork."""
        program = self.launch(*arguments, afresh=afresh, **environment)
        program.wait_for_window()
        return program

    def launch(self, *arguments: str, afresh: bool = True, **environment: str) -> Program:
        """Start the program."""
        program = Program(self, arguments, environment, None if afresh else self._forks)
        self._programs.append(program)
        return program

    def click(self, x: int, y: int, *, button: int = 1, times: int = 1) -> None:
        """Click at a place."""
        self.run("xdotool", "mousemove", str(x), str(y))
        self.run("xdotool", "click", "--repeat", str(times), "--delay", "60", str(button))

    def keys(self, *names: str) -> None:
        """Press keys, one after the other, as xdotool names them."""
        self.run("xdotool", "key", "--delay", "30", *names)

    def write(self, text: str) -> None:
        """Type a text, character by character."""
        self.run("xdotool", "type", "--delay", "30", text)

    def lose_screen(self) -> None:
        """Let the screen go away, as a remote one does whose connection breaks."""
        self._server.kill()
        self._server.wait(PATIENCE)

    def close(self) -> None:
        """Take all away."""
        for program in self._programs:
            program.kill()
        for process in (self._manager, self._server):
            process.terminate()
            process.wait(PATIENCE)


def _as_in_a_terminal() -> None:
    """Let Ctrl+C end what starts, also before it can say so: tests in the background have it ignored."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


class Program:
    """One process of the program, seen and used from outside."""

    def __init__(
        self, desk: Desk, arguments: Sequence[str], environment: Mapping[str, str], forks: Forks | None
    ) -> None:
        self.desk = desk
        desk.home.mkdir(parents=True, exist_ok=True)
        self._sight = desk.home / f"seen-{time.monotonic_ns()}.json"
        self._output = (desk.home / f"output-{time.monotonic_ns()}.txt").open("w+b")
        told = desk.environment({"LWF_GUI_SPY": str(self._sight), **environment})
        self.process: subprocess.Popen[bytes] | Fork
        if forks is not None:
            self.process = forks.start(arguments, told, desk.home, Path(self._output.name))
            return
        self.process = subprocess.Popen(
            (sys.executable, "-m", "tests.person.spy", *arguments),
            env=told,
            cwd=desk.home,
            stdout=self._output,
            stderr=subprocess.STDOUT,
            preexec_fn=_as_in_a_terminal,
        )

    @property
    def output(self) -> str:
        """What it has printed so far."""
        self._output.flush()
        return Path(self._output.name).read_text("utf-8", "replace")

    def wait_for_window(self) -> None:
        """Wait until the window has its plots and the engine is ready."""
        wait_until(self._has_window, "the window is there", self)
        wait_until(self._has_plots, "the plots are there", self)
        if any(w.kind == "Tour" for w in self.see()):  # the first start
            self.desk.keys("Escape")
            wait_until(lambda: not any(w.kind == "Tour" for w in self.see()), "the tour is over", self)

    def _has_plots(self) -> bool:
        return any(w.kind == "PlotView" for w in self.see())

    def _has_window(self) -> bool:
        assert self.process.poll() is None, f"it ended with {self.process.returncode}:\n{self.output}"
        found = self.desk.run("xdotool", "search", "--onlyvisible", "--pid", str(self.process.pid), check=False)
        return bool(found)

    def see(self) -> list[Seen]:
        """Return all widgets that are on the screen."""
        self._sight.unlink(missing_ok=True)
        os.kill(self.process.pid, signal.SIGUSR1)

        def told() -> bool:
            assert self.process.poll() is None, f"it ended with {self.process.returncode}:\n{self.output}"
            return self._sight.is_file()

        wait_until(told, "the program answers", self)
        return [_seen(widget) for widget in json.loads(self._sight.read_text("utf-8"))]

    def named(self, name: str, kind: str = "") -> Seen:
        """Return the visible widget of a name."""
        found = [w for w in self.see() if w.name == name and (not kind or w.kind == kind)]
        assert found, f"{name} is not on the screen"
        return found[0]

    def button(self, text: str) -> Seen:
        """Return the visible button that says a text."""
        found = [w for w in self.see() if w.text == text and ("Button" in w.kind or w.kind == "QPushButton")]
        assert found, f"no button says {text}"
        return found[0]

    def says(self, name: str, *texts: str) -> bool:
        """Return whether the part of a name, or anything in it, says one of the texts."""
        widgets = self.see()
        whole = [w for w in widgets if w.name == name]
        inside = [w for w in widgets for part in whole if _within(w.place, part.place)]
        return any(text in w.text for w in inside for text in texts)

    def click(self, seen: Seen, *, button: int = 1, times: int = 1) -> None:
        """Click in the middle of a widget."""
        self.desk.click(*seen.middle, button=button, times=times)

    def window(self) -> str:
        """Return the id of the main window as the window manager has it."""
        numbers: list[str] = []

        def listed() -> bool:
            lines = [line.split() for line in self.desk.run("wmctrl", "-lp", check=False).splitlines()]
            numbers[:] = [number for number, _desktop, pid, *_rest in lines if int(pid) == self.process.pid]
            return bool(numbers)

        wait_until(listed, "the window manager has the window", self)
        return numbers[0]

    def maximise(self) -> None:
        """Maximise the window, as its button does."""
        self.desk.run("wmctrl", "-ir", self.window(), "-b", "add,maximized_vert,maximized_horz")
        wait_until(self._is_maximised, "it is maximised", self)

    def _is_maximised(self) -> bool:
        return any(w.kind == "Window" and w.maximised and w.whole[2] >= self.desk.width - 10 for w in self.see())

    def close(self) -> None:
        """Close the window, as its button does, and expect a clean end."""
        self.desk.run("wmctrl", "-ic", self.window())
        self.expect_end()

    def expect_end(self, code: int = 0) -> None:
        """Wait for the process to end well, without a word of Python on its output."""
        assert self.process.wait(PATIENCE) == code, self.output
        assert "Traceback" not in self.output, self.output
        assert "Error" not in self.output, self.output

    def kill(self) -> None:
        """End it, whatever it does."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait(PATIENCE)
        self._output.close()


def wait_until(condition: Callable[[], bool], what: str, program: Program | None = None) -> None:
    """Wait until something is so."""
    end = time.monotonic() + PATIENCE
    while not condition():
        said = f"\n{program.output}" if program is not None else ""
        assert time.monotonic() < end, f"waited in vain until {what}{said}"
        time.sleep(POLL)


def _seen(told: dict[str, Any]) -> Seen:
    return Seen(**{**told, "place": tuple(told["place"]), "whole": tuple(told["whole"])})


def _within(inner: Sequence[int], outer: Sequence[int]) -> bool:
    """Return whether the middle of one place is inside another."""
    x, y = inner[0] + inner[2] / 2, inner[1] + inner[3] / 2
    return outer[0] <= x <= outer[0] + outer[2] and outer[1] <= y <= outer[1] + outer[3]
