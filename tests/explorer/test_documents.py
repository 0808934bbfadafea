"""The document view: text as it was spoken, its mentions in the colours of what was decided."""

import re

from playwright.sync_api import expect

from tests.explorer.driver import Explorer


def test_a_document_shows_its_mentions_and_why(tab: Explorer) -> None:
    tab.open("#/documents")
    tab.page.get_by_role("link", name="the-two-nirvanas").click()
    page = tab.settled().page
    expect(page.get_by_role("heading", name="the-two-nirvanas")).to_be_visible()
    links, counts = page.locator(".mention.link"), page.locator(".counts li")
    expect(counts.first).to_contain_text(str(links.count()))
    assert links.count() > 5
    mention = page.locator(".mention", has_text="Nirvana").first
    mention.click()
    expect(tab.panel.get_by_role("heading", name="Why “Nirvana”?")).to_be_visible()
    expect(page.locator(".mention.chosen")).to_have_count(1)
    tab.settled().page.reload()
    expect(tab.settled().page.locator(".mention.chosen")).to_have_text(re.compile("^Nirvana"))


def test_the_text_is_whole_and_in_order(tab: Explorer) -> None:
    tab.open("#/documents?doc=the-two-nirvanas")
    told = tab.page.request.get(f"{tab.site.url}/api/v1/document?id=the-two-nirvanas").json()
    pieces = tab.page.locator(".text .said > span:last-child > :is(a, span)").all_text_contents()
    assert re.sub(r" \((?:link|review|nil)\)", "", "".join(pieces)) == told["text"]


def test_marks_stand_where_the_mentions_are_in_any_script(tab: Explorer) -> None:
    tab.open("#/documents?doc=names-in-many-scripts")
    told = tab.page.request.get(f"{tab.site.url}/api/v1/document/mentions?id=names-in-many-scripts").json()
    marks = tab.page.locator(".mention")
    texts = [re.sub(r" \(\w+\)$", "", text) for text in marks.all_text_contents()]
    assert texts
    assert set(texts) <= {row["surface"] for row in told["mentions"]}


def test_a_quote_leads_to_its_place(tab: Explorer) -> None:
    tab.open("#/graph?n=artist/kraftwerk~3&entity=artist/kraftwerk")
    tab.panel.locator(".quotes a").first.click()
    tab.settled()
    assert tab.query()["at"]
    expect(tab.page.locator(".mention.chosen")).to_be_in_viewport()


def test_a_document_that_is_not_there(tab: Explorer) -> None:
    page = tab.page
    page.goto(f"{tab.site.url}/#/documents?doc=none")
    expect(page.get_by_role("alert")).to_contain_text("document 'none' does not exist")
