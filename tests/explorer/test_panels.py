"""The side panel: an entity, why a mention is linked, why an edge is there."""

import re

from playwright.sync_api import expect

from tests.explorer.driver import Explorer

KRAFTWERK = "artist/kraftwerk"


def test_an_entity_tells_all_that_is_known_of_it(tab: Explorer) -> None:
    panel = tab.open(f"#/graph?n={KRAFTWERK}~3&entity={KRAFTWERK}").panel
    for heading in ("Relations", "Facts", "Over time", "Mentions", "Mentioned together with", "Records"):
        expect(panel.get_by_role("heading", name=re.compile(f"^{heading}"))).to_be_visible()
    expect(panel.get_by_role("img", name=re.compile("mentions from 2023"))).to_be_visible()
    quotes = panel.locator(".quotes > li")
    expect(quotes.first.locator("mark")).to_contain_text(re.compile("kraft|craft", re.IGNORECASE))
    first = quotes.count()
    panel.get_by_role("button", name="More mentions").click()
    expect(quotes.nth(first)).to_be_visible()


def test_why_a_mention_is_linked(tab: Explorer) -> None:
    panel = tab.open(f"#/graph?n={KRAFTWERK}~3&entity={KRAFTWERK}").panel
    panel.get_by_role("link", name=re.compile("^Why “")).first.click()
    expect(panel.get_by_role("heading", name=re.compile("^Why “"))).to_be_visible()
    tab.settled()
    head = panel.locator(".candidates thead th")
    assert head.count() >= 2
    expect(panel.locator(".candidates tbody.features tr")).not_to_have_count(1)
    expect(panel.get_by_role("rowheader", name="found by")).to_be_visible()
    panel.get_by_role("button", name="What made the difference").click()
    expect(panel.locator(".contributions tr").first).to_be_visible()
    expect(panel.get_by_role("heading", name=re.compile("^History"))).to_be_visible()
    address = tab.page.url
    tab.page.goto("about:blank")
    tab.page.goto(address)
    expect(tab.settled().panel.get_by_role("heading", name=re.compile("^Why “"))).to_be_visible()
    tab.panel.get_by_role("button", name="Back").click()
    expect(tab.panel.get_by_role("heading", name="Kraftwerk", exact=True)).to_be_visible()


def test_why_an_edge_is_there(tab: Explorer) -> None:
    panel = tab.open(f"#/graph?n={KRAFTWERK}~5&entity={KRAFTWERK}").panel
    panel.get_by_role("link", name="Why Signed to EMI").click()
    expect(panel.get_by_role("heading", name="Signed to")).to_be_visible()
    expect(panel.get_by_text("Stated by")).to_be_visible()
    tab.page.go_back()
    tab.settled().panel.get_by_role("link", name=re.compile("^Why Co-mentioned")).first.click()
    expect(tab.panel.get_by_role("heading", name="Documents that speak of both")).to_be_visible()
    told = int(tab.panel.get_by_text("speak of both").nth(0).inner_text().split()[0])
    expect(tab.panel.locator(".documents-of li")).to_have_count(told)


def test_an_entity_that_is_not_there(tab: Explorer) -> None:
    tab.open("#/graph?top=20&entity=artist/nobody")
    expect(tab.panel.get_by_role("alert")).to_contain_text("does not exist")
