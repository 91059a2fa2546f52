"""A recipe of LwF Lab in plain PyTorch, which needs nothing of that program.

    python script.py [FOLDER]    # with the four IDX files, plain or as .gz; else $LWF_GUI_DATA, else Debian's folder

A network learns task 1. At every later task each learner goes on from what it was: its head grows by the new classes,
and it learns them by its method.

fine-tune  minimises the cross-entropy CE of the new labels: nothing asks it to remember.
lwf        minimises CE + alpha T^2 KD: on new images it must go on answering about the old classes as its teacher does,
           the network that it was before the task (Li & Hoiem 2016, Learning without Forgetting).

First weights, mini-batches and arithmetic are the program's: float32 on 1 thread. On another processor, with
another number of threads or another version of torch the last digits may differ.
"""

import copy
import gzip
import os
import sys
from pathlib import Path

import torch
from torch import nn
from torch.nn import functional

# Class labels of each task, which are the numbers of output units too
TASKS = ((0, 1, 2, 3, 4, 5), (6, 7, 8, 9))
# Classes before each task and, at the end, of all: so many output units the head has
SEEN = (0, 6, 10)
LEARNERS = {
    "fine-tune": {"method": "fine-tune"},
    "lwf": {"method": "lwf", "alpha": 1.0, "T": 2.0},
}
BATCH, HIDDEN = 64, 512  # images of a step; width of the hidden layers
EPOCHS = (3, 3)  # of task 1, and of every later task
OPTIMIZERS = (  # of task 1, and of every later task
    (torch.optim.SGD, {"lr": 0.01, "momentum": 0.9, "weight_decay": 0.0005}),
    (torch.optim.SGD, {"lr": 0.02, "momentum": 0.9, "weight_decay": 0.0005}),
)
LONGEST = 0.2  # a step of a later task, learning rate x length of the gradient, is cut back to this
# Seeds of random streams, made of the run's seed, 0: for the first weights; for the order of each task's images
WEIGHTS = 7896617691693857887
ORDER = (2918264622725855778, 3291213472928352369)

torch.set_num_threads(1)
FOLDER = Path((*sys.argv[1:], os.environ.get("LWF_GUI_DATA") or "/usr/share/datasets/fashion-mnist")[0])


def read_idx(name):
    """Return the numbers in an IDX file: 0, 0, 8, how many sizes; the sizes, big-endian, 4 bytes each; the numbers."""
    plain, packed = FOLDER / name, FOLDER / f"{name}.gz"
    if not (plain.is_file() or packed.is_file()):
        sys.exit(f"There is no {name} in {FOLDER}, plain or as .gz: name a folder with the four IDX files.")
    content = plain.read_bytes() if plain.is_file() else gzip.decompress(packed.read_bytes())
    sizes = [int.from_bytes(content[at : at + 4], "big") for at in range(4, 4 + 4 * content[3], 4)]
    return torch.frombuffer(bytearray(content), dtype=torch.uint8, offset=4 + 4 * content[3]).view(sizes)


def by_task(images, labels):
    """Return, task by task, images, float, (N, 1, H, W), black -1 and white 1, and their output units, (N,)."""
    images = images.float().div(255).sub(0.5).mul(2).unsqueeze(1)
    mine = [torch.isin(labels, torch.tensor(task)) for task in TASKS]
    return [(images[own], labels[own]) for own in mine]


def mini_batches(task):
    """Yield for every step its epoch and the numbers of its images: in an epoch each image once, in a new order."""
    images, stream = len(TRAIN[task][1]), torch.Generator().manual_seed(ORDER[task])
    for epoch in range(EPOCHS[task > 0]):
        for chosen in torch.randperm(images, generator=stream).split(BATCH):
            yield epoch, chosen


def new_network(height, width):
    """Return a backbone, which makes features of images, and a head with an output unit for each class of task 1."""
    layers = nn.Flatten(), nn.Linear(height * width, HIDDEN), nn.ReLU(), nn.Linear(HIDDEN, HIDDEN), nn.ReLU()
    network = nn.Sequential(nn.Sequential(*layers), nn.Linear(HIDDEN, SEEN[1]))
    stream = torch.Generator().manual_seed(WEIGHTS)
    for layer in network.modules():
        if hasattr(layer, "bias"):
            nn.init.kaiming_normal_(layer.weight, nonlinearity="sigmoid", generator=stream)
            limit = layer.weight[0].numel() ** -0.5
            nn.init.uniform_(layer.bias, -limit, limit, generator=stream)
    return network


@torch.no_grad()
def grown(network, units):
    """Return a copy with more output units: the head's old rows are copied, new ones zero, so none is preferred."""
    backbone, *rest, old_head = copy.deepcopy(network)
    head = nn.Linear(HIDDEN, units)
    for rows, old_rows in zip(head.parameters(), old_head.parameters(), strict=True):
        rows.zero_()[: len(old_rows)] = old_rows
    return nn.Sequential(backbone, *rest, head)


def distillation_loss(student, teacher, temperature):
    """Return KD = mean over images of the sum over old classes of -p log q, of logits, shape (N, old classes).

    p and q are the softmax of teacher and student / T: T above 1 softens answers, so that small ones count.
    """
    return functional.cross_entropy(student / temperature, functional.softmax(teacher / temperature, dim=1))


def shorten(network, limit):
    """Scale the gradient, of all weights taken as one vector, to a length of ``limit`` at most (gradient clipping)."""
    gradients = [parameter.grad for parameter in network.parameters() if parameter.grad is not None]
    length = float(torch.stack([part.flatten().dot(part.flatten()) for part in gradients]).sum().sqrt())
    if length > limit:
        for part in gradients:
            part.mul_(limit / (length + 1e-6))


def train(network, task, learner, teacher):
    """Let a network learn a task by a method, one step a mini-batch; ``teacher`` is what it was before."""
    (images, labels), old = TRAIN[task], SEEN[task]
    kind, settings = OPTIMIZERS[task > 0]  # fused, as the program's: it rounds in fewer places
    optimizer = kind(network.parameters(), **settings, fused=True)
    answers = torch.empty(len(labels), old)  # the teacher's
    for epoch, chosen in mini_batches(task):
        x, y = images[chosen], labels[chosen]
        logits = network(x)
        loss = functional.cross_entropy(logits, y)  # over all classes: the old ones are pushed down
        if learner["method"] == "lwf":
            if epoch == 0:  # what stands still answers the same in every epoch
                with torch.no_grad():
                    answers[chosen] = teacher(x)
            # The teacher knows the old classes alone, so the student's logits are cut before the softmax.
            kd = distillation_loss(logits[:, :old], answers[chosen], learner["T"])
            # T^2 keeps the size of the gradient, which softening divides by about T^2 (Hinton et al. 2015).
            loss = loss + learner["alpha"] * (kd * learner["T"] ** 2)
        optimizer.zero_grad()
        loss.backward()  # how the loss changes with every weight
        if task:
            shorten(network, LONGEST / settings["lr"])
        optimizer.step()


@torch.no_grad()
def right_answers(network):
    """Return by protocol, task by task, for how many test images the largest logit is that of their class."""
    found = {"task-aware": [], "class-incremental": []}
    for task, (images, labels) in enumerate(TEST):
        logits = torch.cat([network(some) for some in images.split(250)])
        own = logits[:, SEEN[task] : SEEN[task + 1]].argmax(dim=1) + SEEN[task]  # it is told the task of each image
        found["task-aware"].append(int((own == labels).sum()))
        found["class-incremental"].append(int((logits.argmax(dim=1) == labels).sum()))
    return found


TRAIN = by_task(read_idx("train-images-idx3-ubyte"), read_idx("train-labels-idx1-ubyte").long())
TEST = by_task(read_idx("t10k-images-idx3-ubyte"), read_idx("t10k-labels-idx1-ubyte").long())

# Task 1 is learnt once for all: by cross-entropy, for there is nothing to remember yet.
first = new_network(*TRAIN[0][0].shape[-2:])
train(first, 0, {"method": "fine-tune"}, None)

# Then each learner learns all later tasks, from the same mini-batches in the same order as the others.
learnt = {}
for name, learner in LEARNERS.items():
    network = first
    for task in range(1, len(TASKS)):
        teacher, network = network, grown(network, SEEN[task + 1])
        train(network, task, learner, teacher)
        print(f"{name} has learnt task {task + 1}.")
    learnt[name] = network

# What is left of each task, on its test images.
for name, network in learnt.items():
    for protocol, right in right_answers(network).items():
        shares = [100 * count / len(labels) for count, (_, labels) in zip(right, TEST, strict=True)]
        told = f"old / new {shares[0]:.1f} / {shares[1]:.1f} %"
        print(f"{name:9} {protocol:17} {told}; right {tuple(right)}")
