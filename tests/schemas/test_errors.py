"""Errors tell what was asked, what was found and what is valid, as text and as fields."""

import inspect

import schemas.errors as errors


def test_all_errors_stand_in_one_tree_and_are_documented() -> None:
    classes = [value for _, value in inspect.getmembers(errors, inspect.isclass) if issubclass(value, Exception)]
    assert all(issubclass(value, errors.KgError) for value in classes)
    assert all(value.__name__ in (errors.__doc__ or "") for value in classes)


def test_an_input_error_names_file_and_line() -> None:
    error = errors.RecordError("a.csv", "popularity 'x' is not a number", 17)
    assert (error.path, error.line) == ("a.csv", 17)
    assert str(error) == "a.csv line 17: popularity 'x' is not a number"


def test_what_is_not_found_names_what_is_near() -> None:
    error = errors.NotFoundError("entity", "Bjrok", ["Björk"], "give an id")
    assert "'Bjrok'" in str(error)
    assert "Björk" in str(error)
    assert error.nearest == ("Björk",)
