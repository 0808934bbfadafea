"""A private server: the page asks for a key, keeps it for the tab alone, and shows nothing without it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.explorer import homes
from tests.explorer.driver import explorer
from tests.explorer.site import Site, served


@pytest.fixture(scope="module")
def private_site(browser: Browser, demo_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with served(homes.copied(demo_folder, tmp_path_factory.mktemp("private") / "demo"), "--private") as site:
        yield site


def test_reading_needs_a_key(browser: Browser, private_site: Site) -> None:
    with explorer(browser, private_site) as tab:
        tab.open()
        expect(tab.page.get_by_role("alert").first).to_contain_text("needs a key with the role reader")
        tab.give_key("reader")
        assert tab.settled().shown[0] == 120
        assert private_site.keys["reader"] not in tab.page.url
        tab.page.reload()
        assert tab.settled().shown[0] == 120
    with explorer(browser, private_site) as other:
        expect(other.open().page.get_by_role("alert").first).to_be_visible()
