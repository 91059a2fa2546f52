"""Lessons: what a lecturer shows, step by step, read from TOML files.

A lesson only says what shall happen; who shows it makes it happen. Knows nothing of torch or of windows.
"""

from lwf_gui.lessons.pace import IMAGES_PER_CLASS as IMAGES_PER_CLASS
from lwf_gui.lessons.pace import adapted as adapted
from lwf_gui.lessons.reading import available as available
from lwf_gui.lessons.reading import load_lesson as load_lesson
from lwf_gui.lessons.reading import moments as moments
from lwf_gui.lessons.script import DATASETS as DATASETS
from lwf_gui.lessons.script import FROZEN as FROZEN
from lwf_gui.lessons.script import HEROES as HEROES
from lwf_gui.lessons.script import LIVE_FIELDS as LIVE_FIELDS
from lwf_gui.lessons.script import PANELS as PANELS
from lwf_gui.lessons.script import Lesson as Lesson
from lwf_gui.lessons.script import LookAt as LookAt
from lwf_gui.lessons.script import Step as Step
from lwf_gui.lessons.script import Target as Target
from lwf_gui.toml_files.lines import line_of as line_of
