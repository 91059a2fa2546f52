"""The 8x8 digits that come with the program: small enough to train in seconds, always there."""

from __future__ import annotations

import hashlib
from pathlib import Path

from lwf_gui import InputError, paths
from lwf_gui.data.dataset import Dataset, combined_fingerprint
from lwf_gui.data.fashion_mnist import FILES
from lwf_gui.data.idx import parse, read_file

DIGITS = "digits"

DIRECTORY = paths.resources() / "data" / DIGITS

PEAK = 16
"""Pixels of a 4x4 block that were black."""

FINGERPRINT = "4173f0759a00b8827ca73d15c6a11fc58ae9f33832f92ee463f3e2db1d0d15bc"
"""Of the images and labels as they are: others would make other figures."""


def read_digits(directory: Path, source: str) -> Dataset:
    """Return the 1,797 digits of the UCI repository (Alpaydin & Kaynak 1998), a quarter of each class for testing.

    The split is scikit-learn's ``train_test_split(..., test_size=0.25, stratify=labels, random_state=0)``.

    Raises
    ------
    InputError
        If the files are not those that were shipped.
    """
    again = "The digits that come with the program are damaged ({}): install it again."
    try:
        files = {name: read_file(directory / f"{name}.gz") for name in FILES}
        arrays = [parse(file, images="images" in name) for name, file in files.items()]
    except InputError as error:
        raise InputError(again.format(str(error).removesuffix("."))) from error
    train_images, train_labels, test_images, test_labels = arrays
    told = (train_images, test_images, train_labels, test_labels)
    fingerprint = combined_fingerprint([hashlib.sha256(part.tobytes()).hexdigest() for part in told])
    if fingerprint != FINGERPRINT:
        raise InputError(again.format("they are others"))
    return Dataset(
        name=DIGITS,
        source=source,
        classes=tuple(str(label) for label in range(10)),
        train_images=train_images,
        train_labels=train_labels,
        test_images=test_images,
        test_labels=test_labels,
        peak=PEAK,
        fingerprint=fingerprint,
    )
