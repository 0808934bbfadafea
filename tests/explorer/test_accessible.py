"""axe finds no serious fault, in every view, light and dark, wide and narrow; and the keyboard reaches everything."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.explorer.building import MODULES
from tests.explorer.driver import Explorer, explorer
from tests.explorer.site import Site

KRAFTWERK = "artist/kraftwerk"
VIEWS = {
    "graph": f"#/graph?n={KRAFTWERK}~4&entity={KRAFTWERK}",
    "list": "#/graph?top=40&list=1",
    "review": "#/review",
    "cypher": "#/cypher?q=MATCH%20(e%3AEntity)%20RETURN%20e%2C%20e.name%2C%20e.popularity%20LIMIT%2020",
    "documents": "#/documents",
    "document": "#/documents?doc=the-two-nirvanas",
    "dashboard": "#/dashboard",
}
SERIOUS = ("serious", "critical")


def faults(tab: Explorer) -> list[str]:
    """Return what axe holds to be serious or critical."""
    source = (MODULES / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
    tab.page.evaluate(source)
    found = tab.page.evaluate("async () => (await axe.run()).violations")
    return [
        f"{fault['id']}: {node['html'][:160]} {node['any'][0]['message'] if node['any'] else ''}"
        for fault in found
        if fault["impact"] in SERIOUS
        for node in fault["nodes"]
    ]


@pytest.mark.parametrize("width", [1280, 400])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_serious(browser: Browser, demo_site: Site, theme: str, width: int) -> None:
    # axe is no part of the page, so its policy is set aside for it
    settings = {"viewport": {"width": width, "height": 800}, "color_scheme": theme, "bypass_csp": True}
    with explorer(browser, demo_site, **settings) as tab:
        told = {}
        for name, address in VIEWS.items():
            told[name] = faults(tab.open(address))
            assert _fits(tab, width), name
        tab.open(VIEWS["document"]).page.locator(".mention").nth(3).click()
        told["why"] = faults(tab.settled())
        tab.page.get_by_role("button", name="Give a key").first.click()
        told["key"] = faults(tab)
        assert not {name: found for name, found in told.items() if found}


def test_the_keyboard_reaches_every_view(tab: Explorer) -> None:
    tab.open()
    tab.page.keyboard.press("Tab")
    expect(tab.page.get_by_role("button", name="Skip to the content")).to_be_focused()
    tab.page.keyboard.press("Enter")
    expect(tab.page.locator("main")).to_be_focused()
    for name in ("Review", "Cypher", "Documents", "Dashboard", "Graph"):
        tab.page.get_by_role("link", name=name, exact=True).focus()
        tab.page.keyboard.press("Enter")
        expect(tab.page.get_by_role("link", name=name, exact=True)).to_have_attribute("aria-current", "page")
        expect(tab.settled().page.get_by_role("heading", level=1)).to_have_count(1)


def test_the_theme_is_kept(tab: Explorer) -> None:
    tab.open()
    tab.page.get_by_role("button", name="Use the dark theme").click()
    expect(tab.page.locator("html")).to_have_attribute("data-theme", "dark")
    tab.page.reload()
    expect(tab.page.locator("html")).to_have_attribute("data-theme", "dark")


def _fits(tab: Explorer, width: int) -> bool:
    """Whether nothing is wider than the window."""
    return bool(tab.page.evaluate("() => document.documentElement.scrollWidth") <= width)


def test_every_view_is_looked_at() -> None:
    views = (Path(__file__).parents[2] / "explorer" / "src" / "location" / "state.ts").read_text(encoding="utf-8")
    for name in ("graph", "review", "cypher", "documents", "dashboard"):
        assert f"'{name}'" in views
        assert name in VIEWS
