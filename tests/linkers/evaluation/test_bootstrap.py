import numpy as np

from linkers.evaluation import evaluate
from linkers.evaluation.bootstrap import DRAWS, intervals, resampled
from tests.linkers.evaluation.decided import decision, gold, table


def test_a_sample_has_as_many_documents_and_is_the_same_again() -> None:
    counted = np.column_stack([np.ones(7), np.arange(7.0)])
    drawn = resampled(counted)
    assert drawn.shape == (DRAWS, 2)
    assert set(drawn[:, 0]) == {7.0}
    assert drawn[:, 1].min() < counted[:, 1].sum() < drawn[:, 1].max()
    assert np.array_equal(drawn, resampled(counted))


def test_an_interval_holds_the_share_and_narrows_with_more_documents() -> None:
    def width(documents: int) -> float:
        counted = np.column_stack([np.arange(documents) % 2, np.ones(documents)]).astype(float)
        found = intervals(counted, lambda sums: {"share": sums[:, 0] / sums[:, 1]})["share"]
        assert found is not None
        assert found[0] <= 0.5 <= found[1]
        return found[1] - found[0]

    # the normal approximation of a share of one half: 2 x 1.96 x 0.5 / sqrt(n)
    assert abs(width(100) - 0.196) < 0.03
    assert width(1_000) < width(100) < width(10)


def test_one_document_tells_nothing_of_others() -> None:
    one = evaluate(table(decision(0, "link", "A")), [gold(0, "A")]).intervals
    assert set(one.values()) == {None}
    two = evaluate(table(decision(0, "link", "A")), [gold(0, "A"), gold(0, "A", doc_id="e")]).intervals
    assert two["recall"] == (0.0, 1.0)
    assert two.keys() == one.keys() >= {"f1", "macro_f1", "nil_recall"}
