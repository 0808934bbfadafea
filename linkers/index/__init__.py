"""The catalog index: which entities a name, a sound or a vector leads to."""

from linkers.index.catalog_index import CatalogIndex
from linkers.index.postings import Hits, Postings

__all__ = ["CatalogIndex", "Hits", "Postings"]
