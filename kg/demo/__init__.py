"""The demo: a real catalog, written transcripts and notes, and what their mentions mean."""

from kg.demo.run import DATA, run_demo

__all__ = ["DATA", "run_demo"]
