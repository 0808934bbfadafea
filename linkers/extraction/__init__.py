"""Extraction: which spans of a text are mentions."""

from linkers.extraction.extractor import Extractor
from linkers.extraction.settings import ExtractionSettings

__all__ = ["ExtractionSettings", "Extractor"]
