"""Looks at class means, against the same worked out in numpy; and who has them."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from lwf_gui.engine.class_means import Plane
from lwf_gui.engine.methods.base import entropy
from lwf_gui.engine.methods.lwf_ldc import LwfLdc
from lwf_gui.engine.methods.ranpac import PROJECTION
from lwf_gui.engine.methods.sums import Sums
from lwf_gui.engine.networks import Network
from lwf_gui.messages import ClassMeans, DataReady, Message
from lwf_gui.methods import METHODS
from tests.engine.contexts import small_tasks
from tests.engine.lab import Lab, Ran
from tests.engine.test_methods import begun

Array = NDArray[np.float64]

NAMES = ("lwf-ldc", "slda", "fecam", "ranpac", "lwf")
TASKS = "data.tasks=[[0,1,2],[3,4],[5,6]]"
ORACLE_LEARNER = '{method="lwf-ldc", name="oracle", moved="oracle"}'
RUN = (
    TASKS,
    f"learners=[{','.join(repr(name) for name in NAMES)}, {ORACLE_LEARNER}]",
    "ranpac.projection=50",
    "train.probe_every=4",
    "task2.lr=0.05",
    "lwf_ldc.backbone_rate=1",
)
LDC, SLDA, FECAM, RANPAC, LWF, ORACLE = range(len(NAMES) + 1)


@dataclass
class Watched:
    """A run, with the features and means at each of its looks, read while it was told."""

    ran: Ran
    now: dict[int, Array] = field(default_factory=dict)
    """By step: features of the probe images by the network of `lwf-ldc`, shape (P, D)."""
    kept: dict[int, Array] = field(default_factory=dict)
    """By step: the means that its head has, shape (classes learnt, D)."""

    @property
    def looks(self) -> dict[int, ClassMeans]:
        return {look.step: look for look in self.ran.all(ClassMeans)}

    @property
    def labels(self) -> NDArray[np.int64]:
        return self.ran.one(DataReady).probe_labels.astype(np.int64)


def features_of(network: Network, data: DataReady) -> Array:
    pixels = torch.from_numpy(data.probe_images).unsqueeze(1)
    with torch.inference_mode():
        found: Array = network.backbone(pixels.float() / data.peak * 2 - 1).double().numpy()
    return found


@pytest.fixture(scope="module")
def watched() -> Watched:
    seen: dict[str, dict[int, Array]] = {"now": {}, "kept": {}}

    def hook(ran: Ran, message: Message) -> None:
        if isinstance(message, ClassMeans):
            learner = ran.learners["lwf-ldc"]
            assert isinstance(learner.method, LwfLdc)
            seen["now"][message.step] = features_of(learner.network, ran.one(DataReady))
            seen["kept"][message.step] = learner.method.statistics["mean"].numpy().copy()

    return Watched(Lab().run(*RUN, hook=hook), **seen)


def means_of(x: Array, labels: NDArray[np.int64]) -> Array:
    return np.stack([x[labels == unit].mean(0) for unit in range(labels.max() + 1)])


def plane_of(x: Array, labels: NDArray[np.int64]) -> tuple[Array, Array, float]:
    """Return centre, axes and spread of features: by the eigenvectors of the means' covariance."""
    means = means_of(x, labels)
    centre = means.mean(0)
    _, vectors = np.linalg.eigh((means - centre).T @ (means - centre))
    axes = vectors[:, [-1, -2]]
    for axis in axes.T:
        ends = (means - centre) @ axis
        axis *= np.sign(ends[np.abs(ends).argmax()])
    spread = float(np.sqrt(((x - means[labels]) ** 2).sum(1).mean()))
    return centre, axes, spread


def test_places_and_distances_of_moving_features_are_those_of_numpy(watched: Watched) -> None:
    labels = watched.labels
    centre, axes, spread = plane_of(watched.now[0], labels)  # all learners begin with the first teacher's backbone
    assert len(watched.looks) > 8
    for step, look in watched.looks.items():
        means, kept = means_of(watched.now[step], labels), watched.kept[step]
        seen = int(np.isfinite(look.now[LDC, :, 0]).sum())
        assert look.now[LDC, :seen] == pytest.approx((means[:seen] - centre) @ axes / spread, abs=2e-3), step
        assert look.kept[LDC, : len(kept)] == pytest.approx((kept - centre) @ axes / spread, abs=2e-3), step
        apart = np.linalg.norm(kept - means[: len(kept)], axis=1) / spread
        assert look.apart[LDC, : len(kept)] == pytest.approx(apart, abs=2e-3), step
        assert np.isnan(look.kept[LDC, len(kept) :]).all()


@pytest.mark.parametrize(("row", "name"), [(SLDA, "slda"), (FECAM, "fecam"), (RANPAC, "ranpac")])
def test_places_of_frozen_features_are_in_the_space_of_each_head(watched: Watched, row: int, name: str) -> None:
    x, labels, last = watched.now[0], watched.labels, watched.looks[max(watched.looks)]
    if name == "fecam":
        x = np.sign(x) * np.sqrt(np.abs(x))
    if name == "ranpac":
        stream = torch.Generator().manual_seed(entropy(0, PROJECTION))
        x = np.maximum(x @ torch.randn(x.shape[1], 50, generator=stream).double().numpy(), 0)
    centre, axes, spread = plane_of(x, labels)
    assert last.now[row] == pytest.approx((means_of(x, labels) - centre) @ axes / spread, abs=2e-3)
    for look in watched.looks.values():
        seen = np.isfinite(look.now[row, :, 0])
        np.testing.assert_array_equal(look.now[row, seen], last.now[row, seen])
    assert float(np.nanmax(last.apart[row])) < 1, "the mean of training images is near that of probe images"


def test_means_stay_within_a_task_and_move_at_its_end(watched: Watched) -> None:
    steps = sorted(watched.looks)
    begin = watched.ran.started("incremental").boundaries[1]
    old = {step: watched.looks[step].kept[LDC, :3] for step in steps}
    for step in steps:
        same = np.array_equal(old[step], old[0])
        assert same == (step < begin), step
    assert not np.array_equal(old[steps[-1]], old[begin]), "after the last task too"


def test_an_oracle_looks_for_the_images_where_they_are_as_soon_as_the_task_is_over(watched: Watched) -> None:
    steps = sorted(watched.looks)
    begin = watched.ran.started("incremental").boundaries[1]
    before = max(step for step in steps if step < begin)
    apart = {step: float(watched.looks[step].apart[ORACLE, :3].mean()) for step in (before, begin)}
    assert apart[begin] < apart[before] / 2


def test_no_plane_shows_more_than_there_is(watched: Watched) -> None:
    for look in watched.looks.values():
        drawn = np.linalg.norm(look.now - look.kept, axis=2)
        both = np.isfinite(drawn)
        assert (drawn[both] <= look.apart[both] * 1.001 + 1e-5).all()


def test_there_is_a_look_at_every_probe_and_only_of_classes_that_are_there(watched: Watched) -> None:
    assert list(watched.looks) == list(watched.ran.probes())
    started = watched.ran.started("incremental")
    for step, look in watched.looks.items():
        seen = (5, 7)[started.task_at(step) - 1]
        assert np.isfinite(look.now[LDC, :seen]).all()
        assert np.isnan(look.now[:, seen:]).all()


def test_who_keeps_no_means_has_no_places(watched: Watched) -> None:
    for look in watched.looks.values():
        assert np.isnan(look.now[LWF]).all()
        assert np.isnan(look.kept[LWF]).all()
        assert np.isnan(look.apart[LWF]).all()


def test_features_that_are_read_for_answers_alone_have_places_too(lab: Lab) -> None:
    ran = lab.run("model.network=cnn", 'learners=["lwf-ldc"]', "lwf_ldc.features=fc+conv", "task2.epochs=1")
    looks = ran.all(ClassMeans)
    assert len(looks) > 1
    old = looks[0].apart[0, : len(ran.one(DataReady).scenario.units(0))]
    assert (old < 1).all(), "by the first teacher's backbone the means are near those of the probe images"
    assert np.isfinite(looks[-1].apart).all()


def test_of_a_run_where_nobody_keeps_means_nothing_is_told(lab: Lab) -> None:
    assert not lab.run().all(ClassMeans)


@pytest.mark.parametrize("name", METHODS)
def test_the_row_of_a_method_says_whether_it_keeps_means(name: str) -> None:
    assert (begun(name, *small_tasks()).means() is not None) == METHODS[name].keeps_means


def plane(means: list[list[float]], squares: float = 100.0) -> Plane:
    sums = Sums()
    sums.take({"count": torch.ones(len(means), dtype=torch.float64), "sum": torch.tensor(means, dtype=torch.float64)})
    return Plane.of(sums, squares, len(means))


def test_two_classes_have_one_axis_and_a_single_feature_too() -> None:
    assert (plane([[0.0, 0.0, 0.0], [1.0, 2.0, 2.0]]).axes[:, 1] == 0).all()
    assert (plane([[0.0], [1.0], [2.0]]).axes[:, 1] == 0).all()


@pytest.mark.parametrize("value", [np.nan, np.inf, 1e300])
def test_what_is_no_number_has_no_place(value: float) -> None:
    there = torch.tensor([[0.0, 1.0], [1.0, 0.0], [2.0, 2.0]], dtype=torch.float64)
    lost = there.clone()
    lost[1, 0] = value
    row = plane(there.tolist()).row(lost, there)
    assert np.isnan(row[1, [0, 1, 4]]).all()
    assert np.isfinite(row[[0, 2]]).all()
    assert np.isfinite(row[1, 2:4]).all()


def test_a_plane_of_images_without_spread_tells_nothing() -> None:
    there = torch.tensor([[0.0, 1.0], [1.0, 0.0], [2.0, 2.0]], dtype=torch.float64)
    assert np.isnan(plane(there.tolist(), 10.0).row(there, there)[0]).sum() == 5
