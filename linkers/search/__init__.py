"""Search by name alone: candidates of all channels, ordered by one fitted measure of how alike two names are."""

from linkers.search.candidates import NameCandidates, name_candidates
from linkers.search.ranking import NameRanking

__all__ = ["NameCandidates", "NameRanking", "name_candidates"]
