"""The style for Neo4j Browser knows every label that kg writes."""

import re
from pathlib import Path

from schemas.batches import NODES, edge_schema
from schemas.ontology import AUDIO_ONTOLOGY, RESERVED_LABELS, RESERVED_RELATIONS

STYLE = (Path(__file__).parents[2] / "docs" / "guides" / "kg.grass").read_text(encoding="utf-8")
RULES = {
    selector: dict(re.findall(r"^  ([a-z-]+): (.+);$", body, re.MULTILINE))
    for selector, body in re.findall(r"^([\w.]+) \{\n(.*?)^\}$", STYLE, re.MULTILINE | re.DOTALL)
}
LABELS = {entity_type.label for entity_type in AUDIO_ONTOLOGY.entity_types}


def test_the_file_is_rules_and_nothing_else() -> None:
    written = (
        f"{selector} {{\n" + "".join(f"  {k}: {v};\n" for k, v in r.items()) + "}\n" for selector, r in RULES.items()
    )
    assert "\n".join(written) == STYLE


def test_every_label_and_every_edge_of_kg_has_a_rule() -> None:
    named = {selector.partition(".")[2] for selector in RULES if selector.startswith("node.")}
    assert named == LABELS | RESERVED_LABELS
    assert {
        selector.partition(".")[2] for selector in RULES if selector.startswith("relationship.")
    } == RESERVED_RELATIONS


def test_types_have_colours_of_their_own_that_can_be_read() -> None:
    colours = {label: RULES[f"node.{label}"]["color"] for label in LABELS}
    assert len(set(colours.values())) == len(LABELS)
    for label in LABELS:
        assert contrast(colours[label], RULES[f"node.{label}"]["text-color-internal"]) >= 4.0, label


def test_captions_are_properties_that_there_are() -> None:
    for selector, rule in RULES.items():
        kind, _, name = selector.partition(".")
        for column in re.findall(r"\{(\w+)\}", rule.get("caption", "")):
            known = NODES.get(name, NODES["Entity"]) if kind == "node" else edge_schema(name)
            assert column in known.names, selector


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, 1 to 21 (WCAG 2.1, relative luminance)."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    parts = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
