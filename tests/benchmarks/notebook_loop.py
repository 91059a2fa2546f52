"""The original notebook as one timed script: the baseline.

    python -m tests.benchmarks.notebook_loop FOLDER     # prints one JSON object: seconds and accuracies

Its own way of doing things is kept on purpose: PIL transforms item by item, DataLoaders over Python lists, a live
teacher, ``log(softmax)``, storage shared between teacher and student, a new optimiser every epoch. Nothing of the
project is imported, for the engine changes how the process uses threads and memory.
"""

from __future__ import annotations

import contextlib
import gzip
import importlib.util
import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader

OLD = 6
T, ALPHA = 2, 0.9
LIBRARY = torch.library.Library("torchvision", "FRAGMENT")  # type: ignore[no-untyped-call]
"""Kept: it takes its operators with it when it is collected."""


class CNN(nn.Module):
    """The notebook's network."""

    def __init__(self, classes: int, hidden: int = 512) -> None:
        super().__init__()
        self.conv1, self.conv2 = nn.Conv2d(1, 16, 3, 1, 1), nn.Conv2d(16, 32, 3, 1, 1)
        self.pool, self.fc1 = nn.MaxPool2d(2, 2), nn.Linear(32 * 14 * 14, hidden)
        self.classifier = nn.Linear(hidden, classes)
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight, nonlinearity="relu")
            elif isinstance(module, nn.Linear):
                nn.init.kaiming_normal_(module.weight, nonlinearity="sigmoid")

    def features(self, x: Tensor) -> Tensor:
        """Return hidden units."""
        x = torch.relu(self.conv2(torch.relu(self.conv1(x))))
        return torch.relu(self.fc1(self.pool(x).flatten(1)))

    def forward(self, x: Tensor) -> Tensor:
        """Return logits."""
        logits: Tensor = self.classifier(self.features(x))
        return logits


class ModifiedCNN(CNN):
    """The notebook's grown network: a fresh layer before the head."""

    def __init__(self, classes: int, hidden: int = 512, new_hidden: int = 512) -> None:
        super().__init__(classes, hidden)
        self.new_fc, self.classifier = nn.Linear(hidden, new_hidden), nn.Linear(new_hidden, classes)

    def forward(self, x: Tensor) -> Tensor:
        """Return logits."""
        logits: Tensor = self.classifier(torch.relu(self.new_fc(self.features(x))))
        return logits


def import_torchvision() -> tuple[Any, Any]:
    """Return torchvision's ``datasets`` and ``transforms``.

    Its own operators are loaded first, where they fit this torch: ours, declared before them, would clash with them and
    end the process. Beside a CPU-only torch they do not load, and the two that the import asks for are declared.
    """
    own = importlib.util.find_spec("torchvision")
    assert own is not None, "torchvision is installed"
    for binary in Path(str(own.origin)).parent.glob("_C.*"):
        with contextlib.suppress(ImportError, OSError):
            torch.ops.load_library(binary)  # type: ignore[no-untyped-call]
    for operator in ("nms", "qnms"):
        if not hasattr(torch.ops.torchvision, operator):
            LIBRARY.define(f"{operator}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")  # type: ignore[no-untyped-call]
    from torchvision import datasets, transforms

    return datasets, transforms


def loaders(folder: Path) -> tuple[DataLoader[Any], ...]:
    """Return the loaders of training and test images, old task first: one pass over the data each."""
    root = Path(tempfile.mkdtemp())
    raw = root / "FashionMNIST" / "raw"
    raw.mkdir(parents=True)
    for file in folder.glob("*-ubyte.gz"):
        (raw / file.stem).write_bytes(gzip.decompress(file.read_bytes()))
    datasets, transforms = import_torchvision()
    transform = transforms.Compose([transforms.ToTensor(), transforms.Normalize((0.5,), (0.5,))])

    def loader(train: bool, old: bool) -> DataLoader[Any]:
        images = datasets.FashionMNIST(root, train=train, transform=transform)
        kept = [item for item in images if (item[1] < OLD) == old]
        return DataLoader(kept, batch_size=64 if train else 256, shuffle=train)  # type: ignore[arg-type]

    return tuple(loader(train, old) for train in (True, False) for old in (True, False))


def accuracy(model: nn.Module, batches: DataLoader[Any]) -> float:
    """Return the fraction right among all classes."""
    model.eval()
    with torch.no_grad():
        hits = sum((model(x).argmax(1) == y).sum().item() for x, y in batches)
    images: int = len(batches.dataset)  # type: ignore[arg-type]
    return float(hits) / images


def main() -> None:
    """Train both tasks as the notebook does."""
    torch.manual_seed(0)
    started = time.perf_counter()
    train1, train2, test1, test2 = loaders(Path(sys.argv[1]))
    loaded = time.perf_counter()
    cross_entropy = nn.CrossEntropyLoss()
    teacher = CNN(OLD)
    optimizer = torch.optim.SGD(teacher.parameters(), lr=0.01, momentum=0.9, weight_decay=5e-4)
    for _ in range(3):
        teacher.train()
        for x, y in train1:
            cross_entropy(teacher(x), y).backward()
            optimizer.step()
            optimizer.zero_grad()
        accuracy(teacher, test1)
    learnt = time.perf_counter()
    student = ModifiedCNN(10)
    for name in ("conv1", "conv2", "fc1"):
        old, new = getattr(teacher, name), getattr(student, name)
        new.weight, new.bias = nn.Parameter(old.weight.data), nn.Parameter(old.bias.data)  # shares storage
    weight, bias = torch.zeros_like(student.classifier.weight), torch.zeros_like(student.classifier.bias)
    weight[:OLD], bias[:OLD] = teacher.classifier.weight.data, teacher.classifier.bias.data
    student.classifier.weight, student.classifier.bias = nn.Parameter(weight), nn.Parameter(bias)
    teacher.requires_grad_(False)
    for name, parameter in student.named_parameters():
        parameter.requires_grad = name.startswith(("classifier", "new_fc"))
    optimizer = torch.optim.SGD(student.parameters(), lr=1e-4, momentum=0.9, weight_decay=5e-4)
    curve = [{"old": accuracy(student, test1), "new": accuracy(student, test2), "teacher": accuracy(teacher, test1)}]
    for epoch in range(5):
        if epoch > 2:
            student.requires_grad_(True)
            optimizer = torch.optim.SGD(student.parameters(), lr=1e-4, momentum=0.9)
        student.train()
        for x, y in train2:
            z, s = student(x), teacher(x)
            soft_z, soft_s = torch.softmax(z[:, :OLD] / T, 1), torch.softmax(s[:, :OLD] / T, 1)
            kd = soft_s.mul(-torch.log(soft_z)).sum(1).mean() * T * T
            (cross_entropy(z, y) + ALPHA * kd).backward(retain_graph=True)
            optimizer.step()
            optimizer.zero_grad()
        curve.append(
            {"old": accuracy(student, test1), "new": accuracy(student, test2), "teacher": accuracy(teacher, test1)}
        )
    done = time.perf_counter()
    seconds = {"load": loaded - started, "task1": learnt - loaded, "task2": done - learnt, "total": done - started}
    sys.stdout.write(json.dumps({"seconds": seconds, "task2": curve}) + "\n")


if __name__ == "__main__":
    main()
