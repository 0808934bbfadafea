"""Decisions against gold: how many are right, in which way the others are not, and how sure that is."""

from linkers.evaluation.calibration import Calibration
from linkers.evaluation.candidates import CandidateRecall, candidate_recall
from linkers.evaluation.comparison import Change, Comparison, compare
from linkers.evaluation.evaluation import Evaluation, evaluate
from linkers.evaluation.matching import Counts

__all__ = [
    "Calibration",
    "CandidateRecall",
    "Change",
    "Comparison",
    "Counts",
    "Evaluation",
    "candidate_recall",
    "compare",
    "evaluate",
]
