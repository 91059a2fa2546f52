"""Style sheets of the window, to be filled in with a theme's colours."""

from __future__ import annotations

STYLE = """
QToolTip {{ background: {t.surface}; color: {t.text}; border: {t.border}px solid {t.line}; padding: 4px; }}
QMainWindow::separator {{ background: {t.line}; width: 1px; height: 1px; }}
QFrame#card {{ background: {t.surface}; border: {t.border}px solid {t.line}; border-radius: 6px; }}
QFrame#panel {{ background: {t.surface}; border: {t.border}px solid {t.line}; border-radius: 4px; margin: 1px; }}
QFrame#panel:focus, QFrame#panel[inside="true"] {{ border: {focus}px solid {t.accent}; margin: 0; }}
QFrame#story {{ border: none; margin: 1px; }}
QFrame#story:focus {{ border: {focus}px solid {t.accent}; border-radius: 4px; margin: 0; }}
QPlainTextEdit {{ border: {t.border}px solid {t.line}; background: {t.surface}; color: {t.text}; }}
QPlainTextEdit:focus {{ border: {t.border}px solid {t.accent}; }}
QPushButton#fold {{ border: 2px solid transparent; border-radius: 3px; padding: 1px 0; text-align: left; }}
QPushButton#fold:focus {{ border: 2px solid {t.accent}; }}
QToolButton#small {{ padding: 1px; }}
QLabel[pointed="true"] {{ background: {t.accent}; color: {t.on_accent}; border-radius: 3px; }}
QFrame#live {{ background: {t.surface}; border: 2px solid {t.accent}; border-radius: 6px; }}
QFrame#banner {{ background: {t.warning}; border-bottom: {t.border}px solid {t.line}; }}
QFrame#banner QLabel {{ color: {t.warning_text}; }}
QFrame#banner[error="true"] {{ background: {t.error}; }}
QFrame#banner[error="true"] QLabel {{ color: {t.text}; }}
QFrame#bar {{ background: {t.surface}; border-bottom: {t.border}px solid {t.line}; }}
QFrame#bubble {{ background: {t.surface}; border: 2px solid {t.accent}; border-radius: 8px; }}
QLabel#key {{ background: {t.raised}; border: {t.border}px solid {t.line}; border-radius: 4px; padding: 1px 6px; }}
QLabel[muted="true"] {{ color: {t.muted}; }}
QLabel#note {{ background: {t.raised}; border-left: 4px solid {t.accent}; padding: 0 10px; }}
QLabel:disabled {{ color: {t.muted}; }}
QScrollArea, QScrollArea > #qt_scrollarea_viewport, QScrollArea > #qt_scrollarea_viewport > QWidget
    {{ background: transparent; border: none; }}
QToolButton {{ border: {t.border}px solid transparent; border-radius: 4px;
    padding: 4px {beside}px; }}
QToolButton:hover {{ background: {t.raised}; }}
QToolButton:focus {{ border: {t.border}px solid {t.accent}; }}
QToolButton:checked {{ background: {t.accent}; color: {t.on_accent}; }}
QToolButton:checked:focus {{ border: {t.border}px solid {t.text}; }}
QToolButton#primary {{ background: {t.accent}; color: {t.on_accent}; font-weight: bold;
    padding: 4px {primary}px; }}
QToolButton#primary:hover, QToolButton#primary:focus {{ border: {t.border}px solid {t.text}; }}
QToolButton#segment {{ border: {t.border}px solid {t.line}; }}
QToolButton#segment:focus {{ border: {t.border}px solid {t.accent}; }}
QToolButton#segment:checked:focus {{ border: {t.border}px solid {t.text}; }}
QTabBar::tab {{ background: {t.raised}; color: {t.text}; border: {t.border}px solid {t.line}; border-bottom: none;
    border-top-left-radius: 4px; border-top-right-radius: 4px; padding: 4px 4px; }}
QTabBar::tab:selected {{ background: {t.surface}; border-top: 2px solid {t.accent}; }}
QTabBar::tab:hover {{ border-color: {t.accent}; }}
QTabBar::tab:selected:focus {{ background: {t.accent}; color: {t.on_accent}; }}
QLineEdit[refused="true"], QAbstractSpinBox[refused="true"], QLabel[refused="true"]
    {{ background: {t.error}; color: {t.text}; }}
QRadioButton::indicator {{ width: 12px; height: 12px; border: 2px solid {t.muted}; border-radius: 8px; }}
QRadioButton::indicator:checked {{ background: {t.accent}; border-color: {t.text}; }}
QRadioButton:focus {{ color: {t.accent}; }}
QProgressBar {{ border: {t.border}px solid {t.line}; border-radius: 3px; background: {t.raised}; text-align: center; }}
QProgressBar::chunk {{ background: {t.accent}; }}
QStatusBar::item {{ border: none; }}
"""

FRAMES = """
QComboBox, QLineEdit, QPushButton
    {{ border: {t.border}px solid {t.line}; border-radius: 3px; background: {t.surface}; padding: 1px 3px; }}
QAbstractSpinBox QLineEdit {{ border: none; padding: 0; }}
QPushButton {{ padding: 3px 12px; }}
QComboBox:focus, QLineEdit:focus, QPushButton:focus
    {{ border: {t.border}px solid {t.accent}; }}
QMenu, QComboBox QAbstractItemView {{ border: {t.border}px solid {t.line}; }}
QSlider::groove:horizontal {{ background: {t.line}; height: 4px; }}
QSlider::sub-page:horizontal {{ background: {t.accent}; }}
QSlider::handle:horizontal {{ background: {t.text}; width: 12px; margin: -5px 0; border-radius: 6px; }}
QSlider::handle:horizontal:focus {{ background: {t.accent}; }}
QScrollBar {{ background: {t.raised}; margin: 0; }}
QScrollBar:vertical {{ width: 14px; }}
QScrollBar:horizontal {{ height: 14px; }}
QScrollBar::handle {{ background: {t.line}; border-radius: 4px; margin: 2px; min-height: 24px; min-width: 24px; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QTabBar::tab {{ padding: 4px 2px; }}
QTabBar::tab:selected {{ background: {t.accent}; color: {t.on_accent}; }}
QTabBar::tab:selected:focus {{ background: {t.text}; color: {t.window}; }}
"""
"""Frames that a style draws in shades of the background, and so not at all on black."""
