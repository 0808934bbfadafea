from linkers.extraction.timing import Moment, Timeline
from schemas.document import Cue

CUES = (Cue(0, 10, 1000, 2000, "Ann"), Cue(11, 21, 5000, 6000, None))


def test_times_are_interpolated_within_a_cue() -> None:
    assert Timeline(CUES).at(2, 5) == Moment("Ann", 1200, 1500)


def test_a_mention_across_cues_ends_in_the_second_and_keeps_the_first_speaker() -> None:
    assert Timeline(CUES).at(8, 16) == Moment("Ann", 1800, 5500)


def test_outside_of_cues_nothing_is_known() -> None:
    assert Timeline(CUES).at(10, 11) == Moment()
    assert Timeline(()).at(0, 3) == Moment()
