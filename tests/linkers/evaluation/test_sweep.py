from hypothesis import given, settings
from hypothesis import strategies as st

from linkers.evaluation import evaluate
from linkers.evaluation.sweep import THRESHOLDS
from tests.linkers.evaluation.decided import decision, gold, table

Row = tuple[str | None, str | None, float]
chances = st.sampled_from([0.0, 0.3, 0.5, 0.55, 0.95, 0.999, 1.0])
rows = st.lists(st.tuples(st.sampled_from([None, "A"]), st.sampled_from([None, "A", "B"]), chances), max_size=12)


@settings(deadline=None, max_examples=50)
@given(rows)
def test_each_threshold_links_what_is_at_or_above_it(answers: list[Row]) -> None:
    truth = [gold(10 * n, wanted) for n, (wanted, _, _) in enumerate(answers)]
    made = [
        decision(10 * n, "review" if best else "nil", best, probability=p) for n, (_, best, p) in enumerate(answers)
    ]
    inside = sum(wanted is not None for wanted, _, _ in answers)
    points = evaluate(table(*made), truth).sweep
    assert tuple(point.threshold for point in points) == THRESHOLDS
    for point in points:
        linked = [(wanted, best) for wanted, best, p in answers if best is not None and p >= point.threshold]
        right = sum(wanted == best for wanted, best in linked)
        assert (point.links, point.right) == (len(linked), right)
        assert point.precision == (right / len(linked) if linked else 1.0)
        assert point.recall == (right / inside if inside else 0.0)
        assert 0.0 <= point.f1 <= 1.0


def test_links_beside_the_gold_are_wrong_unless_the_spans_were_given() -> None:
    made = table(decision(0, "link", "A", probability=0.9), decision(50, "link", "A", probability=0.9))
    for spans, precision in (("system", 0.5), ("gold", 1.0)):
        found = evaluate(made, [gold(0, "A")], spans=spans).sweep  # type: ignore[arg-type]
        assert {point.precision for point in found if point.threshold <= 0.9} == {precision}
