"""What a test does in the explorer: open an address, wait until nothing is asked any more, look."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qs

from playwright.sync_api import Browser, ConsoleMessage, Page, expect

from tests.explorer.site import Site

SETTLED_WITHIN_MS = 90_000
expect.set_options(timeout=SETTLED_WITHIN_MS)
_REFUSED = re.compile(r"status of (400|401|403|404|409)")


class Explorer:
    """A tab with the explorer in it. faults: what the browser complained of, beside answers that a test asked for."""

    def __init__(self, page: Page, site: Site) -> None:
        self.page = page
        self.site = site
        self.faults: list[str] = []
        page.set_default_timeout(SETTLED_WITHIN_MS)
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.faults.append(str(error)))

    def open(self, address: str = "#/graph") -> "Explorer":
        """Go to an address and wait."""
        self.page.goto(f"{self.site.url}/{address}")
        return self.settled()

    def settled(self) -> "Explorer":
        """Wait until nothing is loaded, laid out or decided any more."""
        expect(self.page.locator("main h1")).to_be_attached(timeout=SETTLED_WITHIN_MS)
        expect(self.page.locator("[aria-busy=true]")).to_have_count(0, timeout=SETTLED_WITHIN_MS)
        return self

    def query(self) -> dict[str, list[str]]:
        """Return what the address holds, by name, when all is settled."""
        self.settled()  # an address that a key has changed is told apart from the answer to the key, maybe later
        return parse_qs(self.page.url.partition("?")[2])

    def give_key(self, role: Any) -> None:
        """Give the key of a role, as a person does."""
        self.page.get_by_role("button", name="Give a key").first.click()
        self.page.get_by_label("Key", exact=True).fill(self.site.keys[role])
        self.page.get_by_role("button", name="Use it").click()
        expect(self.page.get_by_role("button", name=f"Key with the role {role}")).to_be_visible()

    def search(self, text: str, choose: str) -> None:
        """Type a name into the search box and take the hit of that name."""
        self.page.get_by_role("combobox", name="Search entities").fill(text)
        self.page.get_by_role("listbox").get_by_role("option").filter(has_text=choose).first.click()
        self.settled()

    def expect_shown(self, entities: int) -> None:
        """Wait until so many entities are drawn."""
        said = re.compile(rf"^{entities:,} entit")
        expect(self.page.locator("#graph-said")).to_have_text(said, timeout=SETTLED_WITHIN_MS)

    @property
    def panel(self) -> Any:
        """The side panel."""
        return self.page.locator("aside.side")

    @property
    def shown(self) -> tuple[int, int]:
        """How many entities and edges are drawn."""
        said = self.page.locator("#graph-said").inner_text().replace(",", "")
        entities, edges = re.findall(r"(\d+) (?:entit|edge)", said)[:2]
        return int(entities), int(edges)

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not _REFUSED.search(message.text):
            self.faults.append(message.text)


@contextmanager
def explorer(browser: Browser, site: Site, **settings: Any) -> Iterator[Explorer]:
    """Open a tab of its own; at the end nothing may have gone wrong in it, least of all by its own policy."""
    context = browser.new_context(
        **({"viewport": {"width": 1280, "height": 800}, "reduced_motion": "reduce"} | settings)
    )
    try:
        tab = Explorer(context.new_page(), site)
        yield tab
        assert tab.faults == []
    finally:
        context.close()
