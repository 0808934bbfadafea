"""The Cypher box: examples, errors, the answer as a table, a graph and a file."""

import csv
import io
import re
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from tests.explorer.driver import Explorer

EXAMPLES = re.findall(
    r"question: '([^']+)'",
    (Path(__file__).parents[2] / "explorer" / "src" / "cypher" / "examples.ts").read_text(encoding="utf-8"),
)


@pytest.mark.parametrize("question", EXAMPLES)
def test_the_examples_are_answered(tab: Explorer, question: str) -> None:
    tab.open("#/cypher")
    tab.page.get_by_label("Examples").select_option(label=question)
    expect(tab.page.locator("section[aria-label=Answer] tbody tr").first).to_be_visible()
    expect(tab.settled().page.get_by_role("button", name="Graph", exact=True)).to_be_enabled()


def test_an_answer_is_a_table_a_graph_and_a_file(tab: Explorer, tmp_path: Path) -> None:
    query = "MATCH (a:Entity {type: 'album'})-[r:PERFORMED_BY]->(b:Entity {id: 'artist/kraftwerk'}) RETURN a, r, b"
    tab.open("#/cypher")
    box = tab.page.get_by_label("Query")
    box.fill(query)
    box.press("Control+Enter")
    rows = tab.page.locator("section[aria-label=Answer] tbody tr")
    expect(rows.first).to_contain_text("performed by")
    number = rows.count()
    with tab.page.expect_download() as download:
        tab.page.get_by_role("button", name="CSV").click()
    download.value.save_as(tmp_path / "answer.csv")
    told = list(csv.DictReader(io.StringIO((tmp_path / "answer.csv").read_text(encoding="utf-8"))))
    assert (len(told), set(told[0])) == (number, {"a", "r", "b"})
    tab.page.get_by_role("button", name="Graph", exact=True).click()
    drawn = tab.page.get_by_role("img", name=re.compile(r"^\d+ entities of the answer"))
    expect(drawn).to_have_attribute("aria-label", re.compile(rf"^{number + 1} entities"))
    tab.page.reload()
    expect(tab.settled().page.locator(".canvas.answer canvas").first).to_be_visible()
    expect(tab.page.get_by_label("Query")).to_have_value(query)


def test_wrong_cypher_and_writing_are_told(tab: Explorer) -> None:
    for query in ("MATCH (e:Entity RETURN e", "CREATE (:Entity {id: 'x'})"):
        tab.open(f"#/cypher?q={quote(query)}")
        expect(tab.page.get_by_role("alert")).to_contain_text("Bad Request")


def test_names_are_text_and_never_markup(tab: Explorer) -> None:
    evil = "<img src=x onerror=alert(1)><script>alert(2)</script>"
    query = f"RETURN '{evil}' AS name, ['a', 'b'] AS list, {{b: true}} AS map"
    tab.open(f"#/cypher?q={quote(query)}")
    expect(tab.page.locator("tbody tr td").first).to_have_text(evil)
    expect(tab.page.locator("tbody img, tbody script")).to_have_count(0)
