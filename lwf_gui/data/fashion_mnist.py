"""What is known of Fashion-MNIST: its classes, what its files hold, and where they can be had.

The archives are those of Zalando Research; a package may pack the same content anew, so both have sums of their own.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from lwf_gui import paths

FASHION_MNIST = "fashion-mnist"
FASHION_MNIST_PART = "fashion-mnist-part"
"""A balanced part of it, which comes with the program; the README beside it says how it was drawn."""

DEBIAN_DIRECTORY = Path("/usr/share/datasets/fashion-mnist")
"""Where Debian's package has it."""

PART_DIRECTORY = paths.resources() / "data" / FASHION_MNIST_PART

CLASSES = (
    *("T-shirt/top", "Trouser", "Pullover", "Dress", "Coat"),
    *("Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"),
)

FILES = ("train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte")
"""The four files of a data set, as Fashion-MNIST and MNIST name them."""

CONTENTS = {  # SHA-256 of each file unpacked
    FASHION_MNIST: (
        "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
        "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
        "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
        "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
    ),
    FASHION_MNIST_PART: (
        "7a8f454c31ce2ae3a276868124c8551926da95980f53bb725e0f6f875ab8edfb",
        "8d96dc816508c2905e6497f42078213d290dfb5945fa797aa8cc9cac01cc724d",
        "32ac193e94e15ba60c2ec643eaa815906a0e20ff7847ca63a15283962b49d4e3",
        "37555e9bf6483a5008a6f0f337b56e6ad298c9c0ff43fffa16eeb30d937b8368",
    ),
}


@dataclass(frozen=True)
class Archive:
    """One file to download: its size in bytes and the SHA-256 of what is sent."""

    name: str
    size: int
    sha256: str


ARCHIVES = (
    Archive(
        "train-images-idx3-ubyte.gz",
        26_421_880,
        "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
    ),
    Archive(
        "train-labels-idx1-ubyte.gz",
        29_515,
        "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
    ),
    Archive(
        "t10k-images-idx3-ubyte.gz",
        4_422_102,
        "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
    ),
    Archive(
        "t10k-labels-idx1-ubyte.gz",
        5_148,
        "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5",
    ),
)
MIRRORS = (  # tried in this order; each has the same bytes
    "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/",
    "https://fashion-mnist.s3.eu-central-1.amazonaws.com/",
    "https://storage.googleapis.com/tensorflow/tf-keras-datasets/",
)
DOWNLOAD_MB = round(sum(archive.size for archive in ARCHIVES) / 1e6)
