"""The review queue: what a person decides is decided in the home, and taken back."""

import re

from playwright.sync_api import expect

from kg.config import load_config
from kg.home import Home
from tests.explorer.driver import Explorer
from tests.homes import digest


def decision(tab: Explorer, mention: str) -> dict[str, object]:
    """Return the decision about a mention as the home has it."""
    with Home(load_config(tab.site.folder / "kg.toml")) as home:
        row: dict[str, object] = home.mentions.decision(mention).to_pylist()[0]
    return row


def waiting(tab: Explorer) -> int:
    """Return how many mentions wait."""
    return int(re.findall(r"of (\d+)", tab.page.locator(".page-head .count").inner_text())[0])


def test_a_change_asks_for_a_key_and_a_wrong_one_is_refused(tab: Explorer) -> None:
    tab.open("#/review")
    before = waiting(tab)
    tab.page.locator(".choice").first.click()
    dialog = tab.page.get_by_role("dialog")
    expect(dialog).to_contain_text("needs a key with the role reviewer")
    dialog.get_by_label("Key", exact=True).fill("kg_000000000000_" + "x" * 43)
    dialog.get_by_role("button", name="Use it").click()
    expect(dialog.get_by_role("alert")).to_contain_text("not one of this server")
    dialog.get_by_label("Key", exact=True).fill(tab.site.keys["reader"])
    dialog.get_by_role("button", name="Use it").click()
    expect(dialog).to_be_hidden()
    tab.page.locator(".choice").first.click()
    expect(dialog).to_contain_text("needs a key with the role reviewer")
    dialog.get_by_role("button", name="Cancel").click()
    tab.page.reload()
    assert waiting(tab.settled()) == before


def test_accept_reject_pick_another_and_make_new(own_tab: Explorer) -> None:
    tab = own_tab
    tab.open("#/review")
    tab.give_key("editor")
    number = waiting(tab)
    decided: list[str] = []

    def mention() -> str:
        link = tab.page.locator(".item").get_by_role("link", name="why").get_attribute("href") or ""
        return str(re.findall(r"why=([0-9a-f]+)", link)[0])

    decided.append(mention())
    tab.page.keyboard.press("1")  # accept the first candidate
    expect(tab.page.get_by_text("1 mention", exact=True)).to_be_visible()
    assert decision(tab.settled(), decided[0])["decision"] == "link"
    assert waiting(tab) == number - 1

    decided.append(mention())
    tab.page.keyboard.press("n")  # not in the catalog
    expect(tab.page.get_by_text("2 mentions", exact=True)).to_be_visible()
    assert decision(tab.settled(), decided[1])["decision"] == "nil"

    decided.append(mention())
    tab.page.keyboard.press("p")
    tab.page.get_by_role("combobox", name="Pick another entity").fill("kraftwerk")
    tab.page.get_by_role("listbox").get_by_role("option").filter(has_text="Kraftwerk").first.click()
    expect(tab.page.get_by_text("3 mentions", exact=True)).to_be_visible()
    assert decision(tab.settled(), decided[2])["entity_id"] == "artist/kraftwerk"

    decided.append(mention())
    tab.page.keyboard.press("e")
    tab.page.get_by_label("Name", exact=True).fill("Quite New Thing")
    tab.page.locator("select[name=type]").select_option("person")
    tab.page.get_by_role("button", name="Make it").click()
    expect(tab.page.get_by_text("4 mentions", exact=True)).to_be_visible()
    made = decision(tab.settled(), decided[3])
    assert (made["decision"], made["decided_by"]) == ("link", "person")
    tab.search("Quite New Thing", "Quite New Thing")
    expect(tab.panel.get_by_text("person").first).to_be_visible()
    assert len(set(decided)) == 4


def test_undo_brings_back_what_was(own_tab: Explorer) -> None:
    tab = own_tab
    before = digest(load_config(tab.site.folder / "kg.toml"))
    tab.open("#/review")
    tab.give_key("editor")
    number = waiting(tab)
    tab.page.keyboard.press("1")
    expect(tab.page.get_by_text("1 mention", exact=True)).to_be_visible()
    tab.settled().page.keyboard.press("e")
    tab.page.get_by_role("button", name="Make it").click()
    expect(tab.page.get_by_text("2 mentions", exact=True)).to_be_visible()
    assert digest(load_config(tab.settled().site.folder / "kg.toml")) != before
    for left in ("1 mention", None):
        tab.page.keyboard.press("u")
        said = tab.page.get_by_text("1 mention", exact=True)
        expect(said).to_be_visible() if left else expect(said).to_have_count(0)
        tab.settled()
    assert waiting(tab) == number
    assert digest(load_config(tab.site.folder / "kg.toml")) == before
