"""The pictures of the guide are those that the command takes, small enough to be read over any line."""

import re
import struct
from pathlib import Path

from tests.explorer.screenshots import MOST_BYTES, PICTURES

DOCS = Path(__file__).parents[2] / "docs"


def test_every_picture_is_there_in_its_size() -> None:
    assert {path.stem for path in (DOCS / "images").glob("*.png")} == {picture.name for picture in PICTURES}
    for picture in PICTURES:
        content = (DOCS / "images" / f"{picture.name}.png").read_bytes()
        assert len(content) < MOST_BYTES, picture.name
        assert struct.unpack(">II", content[16:24]) == picture.size


def test_the_guide_shows_them() -> None:
    guide = (DOCS / "guides" / "explorer.md").read_text(encoding="utf-8")
    shown = re.findall(r"!\[[^\]]+\]\(\.\./images/([\w-]+)\.png\)", guide)
    assert sorted(shown) == sorted(picture.name for picture in PICTURES)
