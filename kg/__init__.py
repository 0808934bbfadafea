"""Entity resolution and knowledge graph builder for audio catalogs and the text about them.

The names here are all that users need; the packages `linkers`, `loaders` and `schemas` are parts of kg.
"""

from importlib.util import find_spec
from pathlib import Path


def _check_parts() -> None:
    """Raise ImportError when another module hides one of kg's own packages."""
    beside = Path(__file__).resolve().parent.parent
    for part in ("linkers", "loaders", "schemas"):
        spec = find_spec(part)
        places = [Path(place).resolve() for place in (spec.submodule_search_locations or ())] if spec else []
        if beside / part not in places:
            found = spec.origin if spec else "nothing"
            message = (
                f"kg needs its own package {part!r} at {beside / part}, but Python finds {found}. "
                "Rename that module, or start Python from another folder."
            )
            raise ImportError(message)


_check_parts()

from kg.alert_rules import AlertRules  # noqa: E402 - the parts are checked before they are used
from kg.assign import assign  # noqa: E402
from kg.config import Config, load_config  # noqa: E402
from kg.decide import Decided, Verdict, decide, mentions_to_review  # noqa: E402
from kg.dedupe import Deduped, DedupeOptions, dedupe, explain_plan  # noqa: E402
from kg.documents import documents  # noqa: E402
from kg.entities import EntityView, mentions_of_document, mentions_of_entity, show  # noqa: E402
from kg.evaluate import check_gates, evaluate  # noqa: E402
from kg.evaluate_records import evaluate_records  # noqa: E402
from kg.explain import Explanation, why  # noqa: E402
from kg.export import export, export_to_path  # noqa: E402
from kg.files import IngestSummary  # noqa: E402
from kg.find import find  # noqa: E402
from kg.gold import GoldAdded, GoldFault, add_gold, check_gold  # noqa: E402
from kg.home import Home  # noqa: E402
from kg.identify import Identified  # noqa: E402
from kg.ingest import CatalogInput, DocumentInput, ingest_catalog, ingest_documents  # noqa: E402
from kg.link import LinkText, link, link_texts  # noqa: E402
from kg.merge import Merged, merge, split  # noqa: E402
from kg.neighbourhood import Neighbours, neighbourhood  # noqa: E402
from kg.pair_decisions import PairOptions  # noqa: E402
from kg.paths import Paths, paths  # noqa: E402
from kg.projection import rebuild_graph  # noqa: E402
from kg.promote import promote  # noqa: E402
from kg.provenance import Provenance, provenance  # noqa: E402
from kg.record_plans import read_plans, record_plans, write_plans  # noqa: E402
from kg.resolve import ResolveOptions, ResolveSummary, resolve  # noqa: E402
from kg.review import ReviewPair, ReviewSession, review, review_queue, verdicts_of  # noqa: E402
from kg.run_comparison import RunComparison, check_alerts, compare_runs  # noqa: E402
from kg.run_report import RunReport, run_report  # noqa: E402
from kg.search import SearchHit, search  # noqa: E402
from kg.shadow import Shadow, ShadowOptions, shadow_resolve  # noqa: E402
from kg.shadow_comparison import (  # noqa: E402
    ShadowDifferences,
    ShadowEvaluation,
    evaluate_shadow,
    shadow_differences,
)
from kg.stats import stats  # noqa: E402
from kg.streaming.options import StreamOptions, StreamSummary  # noqa: E402
from kg.streaming.stream import stream  # noqa: E402
from kg.train import Training, train  # noqa: E402
from kg.train_encoder import EncoderTraining, train_encoder  # noqa: E402
from kg.train_pairs import PairTraining, take_into_use, train_pairs  # noqa: E402
from kg.undo import undo  # noqa: E402
from kg.version import VERSION as __version__  # noqa: E402
from kg.why_not import WhyNot, why_not  # noqa: E402
from linkers.evaluation import Evaluation  # noqa: E402
from linkers.evaluation.record_measures import RecordEvaluation  # noqa: E402
from schemas.errors import KgError  # noqa: E402

__all__ = [
    "AlertRules",
    "CatalogInput",
    "Config",
    "Decided",
    "DedupeOptions",
    "Deduped",
    "DocumentInput",
    "EncoderTraining",
    "EntityView",
    "Evaluation",
    "Explanation",
    "GoldAdded",
    "GoldFault",
    "Home",
    "Identified",
    "IngestSummary",
    "KgError",
    "LinkText",
    "Merged",
    "Neighbours",
    "PairOptions",
    "PairTraining",
    "Paths",
    "Provenance",
    "RecordEvaluation",
    "ResolveOptions",
    "ResolveSummary",
    "ReviewPair",
    "ReviewSession",
    "RunComparison",
    "RunReport",
    "SearchHit",
    "Shadow",
    "ShadowDifferences",
    "ShadowEvaluation",
    "ShadowOptions",
    "StreamOptions",
    "StreamSummary",
    "Training",
    "Verdict",
    "WhyNot",
    "__version__",
    "add_gold",
    "assign",
    "check_alerts",
    "check_gates",
    "check_gold",
    "compare_runs",
    "decide",
    "dedupe",
    "documents",
    "evaluate",
    "evaluate_records",
    "evaluate_shadow",
    "explain_plan",
    "export",
    "export_to_path",
    "find",
    "ingest_catalog",
    "ingest_documents",
    "link",
    "link_texts",
    "load_config",
    "mentions_of_document",
    "mentions_of_entity",
    "mentions_to_review",
    "merge",
    "neighbourhood",
    "paths",
    "promote",
    "provenance",
    "read_plans",
    "rebuild_graph",
    "record_plans",
    "resolve",
    "review",
    "review_queue",
    "run_report",
    "search",
    "shadow_differences",
    "shadow_resolve",
    "show",
    "split",
    "stats",
    "stream",
    "take_into_use",
    "train",
    "train_encoder",
    "train_pairs",
    "undo",
    "verdicts_of",
    "why",
    "why_not",
    "write_plans",
]
