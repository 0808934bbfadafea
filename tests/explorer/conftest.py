"""The explorer in a real browser, against a real server.

KG_TEST_CHROMIUM                   a Chromium to use instead of one on PATH
CI=true, KG_REQUIRE_SERVERS=1      without Node.js or a Chromium, fail instead of skipping
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.explorer import homes
from tests.explorer.building import build_explorer
from tests.explorer.chromium import ARGUMENTS, find_chromium
from tests.explorer.driver import Explorer, explorer
from tests.explorer.site import Site, served
from tests.servers.errors import ServerMissing

Made = TypeVar("Made")
STARTED_WITHIN_MS = 180_000


def _or_skip(make: Callable[[], Made]) -> Made:
    try:
        return make()
    except ServerMissing as error:
        if os.environ.get("CI") == "true" or os.environ.get("KG_REQUIRE_SERVERS") == "1":
            pytest.fail(f"the explorer's tests are required here: {error}", pytrace=False)
        pytest.skip(f"no explorer: {error}")


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a Chromium; the explorer is built."""
    _or_skip(build_explorer)
    return _or_skip(find_chromium)


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    """A headless Chromium. Not for longer: an event loop runs while it is there, and other tests start their own."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=list(ARGUMENTS), timeout=STARTED_WITHIN_MS)
        yield started
        started.close()


@pytest.fixture(scope="session")
def demo_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the demo's home; tests that change it take a copy."""
    return homes.demo_home(tmp_path_factory.mktemp("explored"))


@pytest.fixture(scope="session")
def demo_site(chromium: str, demo_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server of the demo that tests only read."""
    folder = homes.copied(demo_folder, tmp_path_factory.mktemp("read") / "demo")
    with served(folder) as site:
        yield site


@pytest.fixture
def tab(browser: Browser, demo_site: Site) -> Iterator[Explorer]:
    """A tab over the demo."""
    with explorer(browser, demo_site) as opened:
        yield opened


@pytest.fixture
def own_tab(browser: Browser, demo_folder: Path, tmp_path: Path) -> Iterator[Explorer]:
    """A tab over a copy of the demo that the test may change."""
    with served(homes.copied(demo_folder, tmp_path / "demo")) as site, explorer(browser, site) as opened:
        yield opened
