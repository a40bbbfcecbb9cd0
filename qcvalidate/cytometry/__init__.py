"""Flow cytometry: list-mode files, gating strategies, populations.

FCS files are trusted only after their HEADER and TEXT agree with their length; scale values are
computed once, compensation goes by name, and an event without a value belongs to no gate.
"""

from qcvalidate.cytometry.evaluation import Evaluation, data_set_for
from qcvalidate.cytometry.listmode import ListModeFile, read_fcs
from qcvalidate.cytometry.plots import gate_plots, plots
from qcvalidate.cytometry.populations import (
    gate,
    gating_findings,
    membership,
    population_table,
)
from qcvalidate.cytometry.strategy import GatingStrategy, read_strategy
from qcvalidate.cytometry.verification import verify

__all__ = [
    "Evaluation",
    "GatingStrategy",
    "ListModeFile",
    "data_set_for",
    "gate",
    "gate_plots",
    "gating_findings",
    "membership",
    "plots",
    "population_table",
    "read_fcs",
    "read_strategy",
    "verify",
]
