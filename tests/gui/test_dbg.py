import time
from PySide6.QtCore import Qt
from tests.gui.conftest import *
def test_x(open_window):
    lab=open_window(ENDLESS)
    lab.session.set_pace(100)
    lab.press(Qt.Key.Key_Space)
    for i in range(8):
        lab.qtbot.wait(250)
        print(lab.session.state, lab.steps(), lab.record.task1 and lab.record.task1.steps, lab.session._control.__dict__)
    lab.press(Qt.Key.Key_Space)
    for i in range(4):
        lab.qtbot.wait(250)
        print(lab.session.state, lab.steps(), lab.record.task1 and lab.record.task1.steps, lab.session._control.__dict__)
