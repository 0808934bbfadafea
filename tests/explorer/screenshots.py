"""The pictures of the guide, taken of the demo: `python -m tests.explorer.screenshots --out docs/images`."""

import argparse
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote

from playwright.sync_api import Browser, sync_playwright

from tests.explorer.building import build_explorer
from tests.explorer.chromium import ARGUMENTS, find_chromium
from tests.explorer.driver import Explorer, explorer
from tests.explorer.homes import demo_home
from tests.explorer.site import Site, served

MOST_BYTES = 300_000
KRAFTWERK = "artist/kraftwerk"
CYPHER = quote("MATCH (a:Entity {type: 'album'})-[r:PERFORMED_BY]->(b:Entity)\nRETURN a, r, b LIMIT 60")


@dataclass(frozen=True)
class Picture:
    """A picture: file name without suffix, address, and how wide and in which theme it is taken."""

    name: str
    address: str
    theme: Literal["light", "dark"] = "light"
    size: tuple[int, int] = (1280, 800)


PICTURES = (
    Picture("graph", f"#/graph?n={KRAFTWERK}~8&entity={KRAFTWERK}"),
    Picture("why", "#/documents?doc=the-two-nirvanas&why={nirvana}"),
    Picture("review", "#/review?at={nirvana}"),
    Picture("cypher", f"#/cypher?q={CYPHER}&as=graph"),
    Picture("dashboard", "#/dashboard?set=demo", size=(1280, 900)),
    Picture("graph-dark", "#/graph?top=120", theme="dark"),
    Picture("graph-narrow", f"#/graph?n={KRAFTWERK}~4&entity={KRAFTWERK}", size=(400, 800)),
)


def take(browser: Browser, site: Site, folder: Path) -> None:
    """Take all pictures of a site."""
    for picture in PICTURES:
        width, height = picture.size
        viewport = {"width": width, "height": height}
        with explorer(browser, site, viewport=viewport, color_scheme=picture.theme) as tab:
            tab.open(picture.address.format(nirvana=_in_review(tab)))
            tab.page.wait_for_timeout(400)
            tab.page.screenshot(path=folder / f"{picture.name}.png")


def _in_review(tab: Explorer) -> str:
    """Return the id of a mention of Nirvana that waits for a person."""
    told: Any = tab.page.request.get(f"{tab.site.url}/api/v1/document/mentions?id=the-two-nirvanas").json()
    rows = [row for row in told["mentions"] if row["surface"] == "Nirvana"]
    found = next((row for row in rows if row["decision"] == "review"), rows[0])
    return str(found["mention_id"])


def main() -> None:
    """Make the demo, serve it, take the pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    folder: Path = parser.parse_args().out
    folder.mkdir(parents=True, exist_ok=True)
    build_explorer()
    with tempfile.TemporaryDirectory() as place, sync_playwright() as playwright:
        home = demo_home(Path(place))
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=list(ARGUMENTS))
        with served(home) as site:
            take(browser, site, folder)
        browser.close()


if __name__ == "__main__":
    main()
