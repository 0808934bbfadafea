"""The canvas: search, expand, hide, pin, filter, follow the address, export, walk with the keyboard."""

import csv
import io
from pathlib import Path
from xml.etree import ElementTree

from playwright.sync_api import expect

from tests.explorer.driver import Explorer

KRAFTWERK = "artist/kraftwerk"
GRAPHML = "{http://graphml.graphdrawing.org/xmlns}"


def test_it_begins_with_what_texts_speak_of_most(tab: Explorer) -> None:
    tab.open()
    entities, edges = tab.shown
    assert entities == 120
    assert edges > 50
    expect(tab.page.locator(".legend .chip")).not_to_have_count(0)


def test_a_misspelt_name_is_found_drawn_with_its_neighbours_and_shown(tab: Explorer) -> None:
    tab.open()
    tab.search("kraftverk", "Kraftwerk")
    expect(tab.panel.get_by_role("heading", name="Kraftwerk", exact=True)).to_be_visible()
    entities, edges = tab.shown
    assert 10 < entities < 60
    assert edges >= entities - 1
    assert tab.query()["entity"] == [KRAFTWERK]


def test_search_keeps_to_a_type_and_works_by_keyboard(tab: Explorer) -> None:
    tab.open()
    box = tab.page.get_by_role("combobox", name="Search entities")
    tab.page.get_by_label("Type of entity").select_option("album")
    box.fill("autobahn")
    options = tab.page.get_by_role("listbox").get_by_role("option")
    expect(options.filter(has_text="Autobahn")).to_have_count(1)
    expect(options.first).to_contain_text("album")
    box.press("ArrowDown")
    box.press("ArrowUp")
    box.press("Enter")
    expect(tab.panel.get_by_role("heading", name="Autobahn", exact=True)).to_be_visible()
    assert tab.settled().query()["entity"][0].startswith("album/")


def test_a_relation_is_expanded_and_the_address_draws_the_same_again(tab: Explorer) -> None:
    tab.open(f"#/graph?n={KRAFTWERK}~0&entity={KRAFTWERK}")
    assert tab.shown == (1, 0)
    group = tab.panel.locator(".relation", has=tab.page.get_by_role("heading", name="Performed", exact=False)).first
    count = int(group.locator(".count").first.inner_text())
    group.get_by_role("button", name="Expand Performed").click()
    expect(group.get_by_text("all drawn")).to_be_visible()
    tab.settled()
    entities, edges = tab.shown
    assert entities == count + 1
    assert edges >= count
    tab.page.reload()
    assert tab.settled().shown == (entities, edges)
    tab.page.go_back()
    assert tab.settled().shown == (1, 0)


def test_entities_and_types_are_hidden_and_come_back(tab: Explorer) -> None:
    tab.open(f"#/graph?n={KRAFTWERK}~5&entity={KRAFTWERK}")
    before, _ = tab.shown
    tab.panel.get_by_role("button", name="Hide").click()
    tab.expect_shown(before - 1)
    assert tab.query()["hide"] == [KRAFTWERK]
    tab.page.get_by_role("button", name="Show 1 hidden").click()
    tab.expect_shown(before)
    chip = tab.page.locator(".legend .chip", has_text="artist")
    artists = int(chip.locator(".count").inner_text())
    chip.click()
    expect(chip).to_have_attribute("aria-pressed", "false")
    tab.expect_shown(before - artists)
    tab.page.reload()
    tab.expect_shown(before - artists)


def test_an_entity_is_pinned_where_it_is_dragged_to(tab: Explorer) -> None:
    tab.open(f"#/graph?n={KRAFTWERK}~5&entity={KRAFTWERK}")
    tab.panel.get_by_role("button", name="Centre").click()
    canvas = tab.page.get_by_test_id("canvas")
    canvas.hover()  # after two frames: one that moves the camera, one that draws what it sees
    box = canvas.bounding_box()
    assert box is not None
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    tab.page.mouse.move(*middle)
    tab.page.mouse.down()
    tab.page.mouse.move(middle[0] + 60, middle[1] + 40, steps=5)
    tab.page.mouse.up()
    expect(tab.panel.get_by_role("button", name="Unpin")).to_be_visible()
    pinned = tab.query()["pin"]
    assert pinned[0].startswith(f"{KRAFTWERK}~")
    tab.page.reload()
    tab.settled().panel.get_by_role("button", name="Unpin").click()
    expect(tab.panel.get_by_role("button", name="Pin", exact=True)).to_be_visible()
    assert "pin" not in tab.query()


def test_a_click_on_an_entity_chooses_it_and_beside_it_lets_go(tab: Explorer) -> None:
    tab.open(f"#/graph?n={KRAFTWERK}~5&entity={KRAFTWERK}")
    tab.panel.get_by_role("button", name="Centre").click()
    tab.panel.get_by_role("button", name="Close the panel").click()
    expect(tab.panel).to_have_count(0)
    canvas = tab.page.get_by_test_id("canvas")
    # closing the panel widens the canvas; the camera keeps its middle
    tab.page.wait_for_timeout(300)
    canvas.click()
    expect(tab.panel.get_by_role("heading", name="Kraftwerk", exact=True)).to_be_visible()
    canvas.click(position={"x": 4, "y": 4})
    expect(tab.panel).to_have_count(0)


def test_the_arrow_keys_walk_and_letters_act(tab: Explorer) -> None:
    tab.open(f"#/graph?n={KRAFTWERK}~5")
    canvas = tab.page.get_by_test_id("canvas")
    canvas.focus()
    canvas.press("Enter")
    first = tab.settled().query()["entity"]
    expect(tab.page.get_by_test_id("said")).to_contain_text("edges shown")
    walked = {first[0]}
    for key in ("ArrowRight", "ArrowDown", "ArrowLeft", "ArrowUp"):
        canvas.press(key)
        walked.add(tab.query()["entity"][0])
    assert len(walked) > 1
    entities, _ = tab.shown
    canvas.press("e")
    expect(tab.page.locator("#graph-said")).not_to_contain_text(f"{entities} entities")
    tab.settled()
    chosen = tab.query()["entity"][0]
    canvas.press("p")
    assert tab.query()["pin"][0].startswith(chosen)
    canvas.press("h")
    assert tab.query()["hide"] == [chosen]
    canvas.press("+")
    tab.page.wait_for_url("**cam=**")
    canvas.press("0")
    tab.page.wait_for_url(lambda url: "cam=" not in url)


def test_what_is_drawn_is_there_as_a_list(tab: Explorer) -> None:
    tab.open(f"#/graph?n={KRAFTWERK}~5")
    entities, _ = tab.shown
    tab.page.get_by_role("button", name="Show as a list").click()
    rows = tab.page.locator("tbody tr")
    expect(rows).to_have_count(entities)
    rows.filter(has_text="Kraftwerk").get_by_role("link").first.click()
    expect(tab.panel.get_by_role("heading", name="Kraftwerk", exact=True)).to_be_visible()
    tab.page.reload()
    expect(tab.settled().page.locator("tbody tr")).to_have_count(entities)


def test_exports_hold_what_is_shown_and_nothing_else(tab: Explorer, tmp_path: Path) -> None:
    tab.open(f"#/graph?n={KRAFTWERK}~5&hide={KRAFTWERK}")
    entities, _ = tab.shown
    files = {
        name: _exported(tab, name, tmp_path) for name in ("Picture (PNG)", "GraphML", "Entities (CSV)", "Edges (CSV)")
    }
    assert files["Picture (PNG)"].startswith(b"\x89PNG")
    graph = ElementTree.fromstring(files["GraphML"]).find(f"{GRAPHML}graph")
    assert graph is not None
    nodes = {node.get("id") for node in graph.iter(f"{GRAPHML}node")}
    assert len(nodes) == entities
    assert KRAFTWERK not in nodes
    rows = list(csv.DictReader(io.StringIO(files["Entities (CSV)"].decode())))
    assert {row["id"] for row in rows} == nodes
    edges = list(csv.DictReader(io.StringIO(files["Edges (CSV)"].decode())))
    assert len(edges) == len(list(graph.iter(f"{GRAPHML}edge")))
    assert {row["from_id"] for row in edges} | {row["to_id"] for row in edges} <= nodes


def test_an_address_that_makes_no_sense_is_survived(tab: Explorer) -> None:
    tab.open("#/nowhere?top=-3&n=&x=~~~&pin=a~b~c&cam=x&entity=%00")
    tab.open(f"#/graph?n={KRAFTWERK}~2&x={KRAFTWERK}~NO_SUCH~out~5")
    expect(tab.page.get_by_role("alert")).to_contain_text("NO_SUCH")
    tab.open("#/graph?n=no-such-entity~2")
    expect(tab.page.get_by_role("alert")).to_contain_text("does not exist")


def _exported(tab: Explorer, name: str, folder: Path) -> bytes:
    tab.page.locator("summary", has=tab.page.locator("svg")).click()
    with tab.page.expect_download() as waiting:
        tab.page.get_by_role("button", name=name).click()
    path = folder / waiting.value.suggested_filename
    waiting.value.save_as(path)
    return path.read_bytes()
