"""The dashboard: counts, rates, calibration against a golden set, drift since a run."""

import re

from playwright.sync_api import expect

from tests.explorer.driver import Explorer


def test_counts_and_rates_are_those_of_the_home(tab: Explorer) -> None:
    tab.open("#/dashboard")
    told = tab.page.request.get(f"{tab.site.url}/api/v1/stats").json()
    tile = tab.page.locator(".tiles > div", has_text="Mentions").locator("dd")
    expect(tile).to_have_text(f"{told['stored']['mentions']:,}")
    card = tab.page.get_by_role("region", name="Decisions", exact=True)
    expect(card.locator(".key > div", has_text="Linked")).to_contain_text(f"{told['stored']['links']:,}")
    shares = [int(text) for text in re.findall(r"(\d+) %", card.locator(".key").inner_text())]
    assert 98 <= sum(shares) <= 102


def test_calibration_is_asked_for_and_kept_in_the_address(tab: Explorer) -> None:
    tab.open("#/dashboard")
    tab.page.get_by_role("button", name="Evaluate on demo").click()
    plot = tab.page.get_by_role("img", name=re.compile("^Reliability"))
    expect(plot).to_be_visible()
    assert tab.settled().query()["set"] == ["demo"]
    expect(tab.page.get_by_text("Calibration error")).to_be_visible()


def test_drift_is_that_of_the_newest_run_or_of_one_that_is_chosen(tab: Explorer) -> None:
    tab.open("#/dashboard")
    card = tab.page.get_by_role("region", name="Drift")
    newest = card.locator("code").first.inner_text()
    # the demo was resolved twice: for its own documents, and for the notes
    expect(card).to_contain_text("decided otherwise")
    first = tab.page.get_by_role("link", name=re.compile("^Compare with before run")).last
    first.click()
    expect(card).to_contain_text("The first decisions")
    assert card.locator("code").first.inner_text() != newest
    card.get_by_role("button", name="newest run").click()
    expect(card).to_contain_text("decided otherwise")
