"""Rows of the methods that train nothing of their own and mix the weights of other networks."""

from __future__ import annotations

from pydantic import Field

from lwf_gui.groups import Group, extra
from lwf_gui.method_rows.row import Loss, Method, Parts

OLD_NETWORK = "teacher"
"""The end of a mixture that is no learner: the network that has learnt task 1."""

_END = "a learner of the run by its name, or a method; teacher: the network after task 1, which stays as it is."


class Average(Group):
    """A network mixed of two others."""

    start: str = Field(
        OLD_NETWORK,
        min_length=1,
        max_length=40,
        description=f"Where the straight way begins: {_END}",
        json_schema_extra=extra("From", allowed="the name of a learner of the run, of a method, or teacher"),
    )
    end: str = Field(
        "fine-tune",
        min_length=1,
        max_length=40,
        description=f"Where it ends: {_END}",
        json_schema_extra=extra("To", allowed="the name of a learner of the run, of a method, or teacher"),
    )
    share: float = Field(
        0.5,
        ge=0,
        le=1,
        description="Share of the way: each weight is (1 - share) x that of the network where the way begins, and "
        "share x that of the other.",
        json_schema_extra=extra("Share of the way"),
    )

    @property
    def ends(self) -> tuple[str, str]:
        """What is mixed, by name."""
        return self.start, self.end


ROWS = (
    Method(
        name="average",
        label="Average",
        short="Average",
        colour="#14213D",
        dark_colour="#AED579",
        symbol="d",
        plain="mixes two networks' weights",
        distils=False,
        rehearses=False,
        parts=Parts(trains="others"),
        implementation="lwf_gui.engine.methods.average:Average",
        help="Averages the weights of two networks, half and half unless it is told otherwise: those of the network "
        "after task 1 and of one that learns the new task. Nothing else trains; while a task is learnt the two "
        "networks are needed beside it.",
        settings=Average,
        loss=Loss("CE {ce} of its answers, for show", "nothing is minimised: its weights are mixed of two networks'"),
        minimises=False,
    ),
)
