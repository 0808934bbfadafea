"""Blocking: few candidates among all entities, by the union of several channels."""

from linkers.blocking.settings import CHANNELS, BlockingReport, BlockingSettings, channel_names
from linkers.blocking.union import Candidates, block

__all__ = ["CHANNELS", "BlockingReport", "BlockingSettings", "Candidates", "block", "channel_names"]
