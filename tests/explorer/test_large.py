"""Five thousand entities on the canvas, and one with very many neighbours."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.explorer.driver import explorer
from tests.explorer.homes import ARTISTS, HUB_TRACKS, TRACKS, large_home
from tests.explorer.site import Site, served

LONGER_LAYOUTS = """() => {
  const post = Worker.prototype.postMessage;
  Worker.prototype.postMessage = function (asked) {
    post.call(this, { ...asked, iterations: 100 * asked.iterations });
  };
}"""
"""Layouts that nothing a test does can outlast."""


@pytest.fixture(scope="module")
def large_site(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with served(large_home(tmp_path_factory.mktemp("large"))) as site:
        yield site


def test_five_thousand_are_drawn_and_used(browser: Browser, large_site: Site) -> None:
    with explorer(browser, large_site) as tab:
        tab.open("#/graph?top=5000")
        entities, edges = tab.shown
        assert entities == 5_000
        assert edges > ARTISTS
        # still answers: search, choose, walk, filter, zoom
        tab.search("artist number 17", "Artist Number 17")
        tab.page.go_back()
        tab.settled()
        canvas = tab.page.get_by_test_id("canvas")
        canvas.press("Enter")
        expect(tab.panel).to_be_visible()
        canvas.press("ArrowRight")
        canvas.press("+")
        chip = tab.page.locator(".legend .chip", has_text="track")
        tracks = int(chip.locator(".count").inner_text().replace(",", ""))
        chip.click()
        tab.expect_shown(entities - tracks)


def test_frames_go_on_while_five_thousand_are_laid_out(browser: Browser, large_site: Site) -> None:
    with explorer(browser, large_site) as tab:
        tab.open("#/graph?top=5000")
        tab.page.evaluate(LONGER_LAYOUTS)
        tab.page.get_by_role("button", name="Lay out again").click()
        expect(tab.page.get_by_role("button", name="Stop the layout")).to_be_visible()
        # the page's thread is free: it takes text while the worker moves nodes
        box = tab.page.get_by_role("combobox", name="Search entities")
        box.fill("track number 44")
        expect(tab.page.get_by_role("listbox").get_by_role("option").first).to_be_visible()
        box.press("Escape")
        tab.page.get_by_role("button", name="Stop the layout").click()
        expect(tab.page.get_by_role("button", name="Lay out again")).to_be_visible()


def test_a_supernode_is_drawn_page_by_page(browser: Browser, large_site: Site) -> None:
    with explorer(browser, large_site) as tab:
        tab.open("#/graph?n=artist/0~0&entity=artist/0")
        group = tab.panel.locator(".relation", has_text="Performed")
        others = sum(number % ARTISTS == 0 for number in range(HUB_TRACKS, TRACKS))
        expect(group.locator(".count").first).to_have_text(f"{HUB_TRACKS + others:,}")
        expect(group.locator(".neighbours li")).to_have_count(5)
        expand = group.get_by_role("button", name="Expand Performed")
        expand.click()
        tab.expect_shown(26)
        expand.click()
        tab.expect_shown(51)
        tab.open("#/graph?n=artist/0~0&x=artist/0~PERFORMED_BY~in~1200")
        assert tab.shown == (1_201, 1_200)
