"""Learning without Forgetting in plain PyTorch: what LwF Lab's classroom preset trains, on one page.

    python resources/lwf_minimal.py FOLDER     # four IDX files in .gz, as in resources/data/fashion-mnist-part

A network learns the old task, classes 0 to 5, and becomes the teacher. Its head grows by the classes 6 to 9, and two
copies of it learn these from the same batches, never seeing an old image again. *Fine-tuning* minimises the
cross-entropy CE of the new labels. *LwF* (Li & Hoiem 2016) also wants the teacher's answers about the old classes kept.
First weights and batches are those of the program with fp32 and seed 0, so its figures come out but for what rounding
makes of them; nothing of it is imported.
"""

from __future__ import annotations

import copy
import gzip
import sys
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

OLD, NEW, ALL = range(6), range(6, 10), range(10)  # labels, and the output units of the network
HIDDEN, BATCH, MOMENTUM, DECAY = 512, 64, 0.9, 5e-4
EPOCHS, LR_OLD, LR_NEW = 3, 0.01, 0.02
ALPHA, T = 1.0, 2.0  # weight and temperature of the distillation loss
MAX_STEP = 0.2  # learning rate x length of the gradient, at most


def read_idx(path: Path) -> np.ndarray:
    """Read an IDX file: 0, 0, the type (8: bytes), how many sizes; the sizes, big-endian, 4 bytes each; the values."""
    content = gzip.decompress(path.read_bytes())
    sizes = np.frombuffer(content, ">u4", count=content[3], offset=4)
    return np.frombuffer(content, np.uint8, offset=4 + 4 * content[3]).reshape(sizes)


def load(folder: Path, part: str, classes: range) -> tuple[Tensor, Tensor]:
    """Return images, float, (N, 28, 28), black -1 and white 1, and labels, (N,), of some classes; part: train, t10k."""
    images, labels = (read_idx(folder / f"{part}-{kind}-ubyte.gz") for kind in ("images-idx3", "labels-idx1"))
    mine = np.isin(labels, classes)
    return (torch.tensor(images[mine]).float() / 255 - 0.5) * 2, torch.tensor(labels[mine]).long()


def stream(purpose: int, seed: int = 0) -> torch.Generator:
    """Return the program's random stream for: first weights (0), batches of the old task (1) and of the new (3)."""
    state = np.random.SeedSequence([seed, purpose]).generate_state(1, np.uint64)[0]
    return torch.Generator().manual_seed(int(state) >> 1)


def mini_batches(images: int, epochs: int, random: torch.Generator) -> list[Tensor]:
    """Return the numbers of the images of every step: in each epoch all of them once, shuffled."""
    return [chosen for _ in range(epochs) for chosen in torch.randperm(images, generator=random).split(BATCH)]


def new_network(pixels: int, random: torch.Generator) -> nn.Sequential:
    """Return a network of two hidden layers and a head, one output unit per old class."""
    layers = nn.Linear(pixels, HIDDEN), nn.Linear(HIDDEN, HIDDEN), nn.Linear(HIDDEN, len(OLD))
    for layer in layers:
        nn.init.kaiming_normal_(layer.weight, nonlinearity="sigmoid", generator=random)
        nn.init.uniform_(layer.bias, -(layer.in_features**-0.5), layer.in_features**-0.5, generator=random)
    return nn.Sequential(nn.Flatten(), layers[0], nn.ReLU(), layers[1], nn.ReLU(), layers[2])


@torch.no_grad()
def grown(teacher: nn.Sequential) -> nn.Sequential:
    """Return a copy whose head has the new classes too: their rows are zero, so that none is preferred."""
    student, head = copy.deepcopy(teacher), nn.Linear(HIDDEN, len(ALL))
    for all_rows, old_rows in zip(head.parameters(), teacher[-1].parameters(), strict=True):
        all_rows.zero_()
        all_rows[: len(OLD)] = old_rows
    student[-1] = head
    return student


def distillation_loss(student: Tensor, teacher: Tensor) -> Tensor:
    """Return KD = mean over images of the sum over old classes of -p log q, in nats an image, of logits (N, old)."""
    p = functional.softmax(teacher / T, dim=1)  # what the teacher believes, softened by T
    log_q = functional.log_softmax(student / T, dim=1)  # never log(softmax): small answers would round to log 0
    return -(p * log_q).sum(dim=1).mean()


def train(
    network: nn.Sequential,
    task: tuple[Tensor, Tensor],
    batches: list[Tensor],
    lr: float,
    *,
    max_step: float = float("inf"),
    teacher: nn.Sequential | None = None,
) -> list[float]:
    """Train on a task, one step a mini-batch; return the loss of every step, in nats an image."""
    optimizer = torch.optim.SGD(network.parameters(), lr, MOMENTUM, weight_decay=DECAY)
    losses = []
    for chosen in batches:
        images, labels = task[0][chosen], task[1][chosen]
        logits = network(images)
        loss = functional.cross_entropy(logits, labels)  # over all classes: old outputs are pushed down
        if teacher is not None:
            with torch.no_grad():
                answers = teacher(images)
            # The teacher knows the old classes alone: the student's logits are cut before the softmax. T^2 keeps
            # the gradient's size, which softening divides by about T^2 (Hinton et al. 2015).
            loss = loss + ALPHA * T**2 * distillation_loss(logits[:, : len(OLD)], answers)
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(network.parameters(), max_step / lr)
        optimizer.step()
        losses.append(loss.item())
    return losses


@torch.no_grad()
def accuracy(network: nn.Sequential, test: tuple[Tensor, Tensor], among: range) -> float:
    """Return the fraction of test images whose class has the largest logit among some classes."""
    taken = network(test[0])[:, among.start : among.stop].argmax(dim=1) + among.start
    return float((taken == test[1]).float().mean())


def run(folder: Path, epochs: int = EPOCHS) -> dict[str, tuple[list[float], dict[str, list[float]]]]:
    """Train all three; return the losses of each, and by protocol its accuracies on all test images, old and new."""
    old, new = load(folder, "train", OLD), load(folder, "train", NEW)
    tests = load(folder, "t10k", OLD), load(folder, "t10k", NEW)
    teacher = new_network(old[0][0].numel(), stream(0))
    losses = train(teacher, old, mini_batches(len(old[1]), epochs, stream(1)), LR_OLD)
    found = {"teacher": (losses, {"task-aware": [accuracy(teacher, tests[0], OLD)]})}
    batches = mini_batches(len(new[1]), epochs, stream(3))  # the same for both
    for name, asked in (("fine-tuning", None), ("LwF", teacher)):
        student = grown(teacher)
        losses = train(student, new, batches, LR_NEW, max_step=MAX_STEP, teacher=asked)
        aware = [accuracy(student, test, own) for test, own in zip(tests, (OLD, NEW), strict=True)]
        incremental = [accuracy(student, test, ALL) for test in tests]
        found[name] = losses, {"task-aware": aware, "class-incremental": incremental}
    return found


if __name__ == "__main__":
    if len(sys.argv) != 2 or not (Path(sys.argv[1]) / "train-images-idx3-ubyte.gz").is_file():
        sys.stderr.write("Name a folder with the four IDX files of Fashion-MNIST or MNIST, as .gz.\n")
        sys.exit(2)
    torch.set_num_threads(1)  # as the program does for so small a network: more would wait for each other
    for name, (_, by_protocol) in run(Path(sys.argv[1])).items():
        for protocol, fractions in by_protocol.items():
            figures = " / ".join(f"{100 * fraction:.1f}" for fraction in fractions)
            tasks = " / ".join(("old", "new")[: len(fractions)])
            sys.stdout.write(f"{name:12} {protocol:18} {figures} % of the {tasks} task's test images\n")
