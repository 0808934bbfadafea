"""What the explorer is built of is locked, and from nowhere in particular."""

import json
from pathlib import Path

ROOT = Path(__file__).parents[2]
LOCK = json.loads((ROOT / "explorer" / "package-lock.json").read_text(encoding="utf-8"))
REGISTRY = "https://registry.npmjs.org/"


def test_the_lock_names_no_other_host_than_the_public_registry() -> None:
    assert len(LOCK["packages"]) > 50
    assert all(package.get("resolved", REGISTRY).startswith(REGISTRY) for package in LOCK["packages"].values())


def test_every_package_is_locked_by_a_hash_for_every_platform() -> None:
    packages = LOCK["packages"]
    unlocked = [name for name, package in packages.items() if name and "integrity" not in package]
    assert unlocked == []
    wanted = {
        f"node_modules/{other}" for package in packages.values() for other in package.get("optionalDependencies", {})
    }
    assert wanted <= packages.keys()


def test_the_page_is_made_of_free_parts() -> None:
    free = {"MIT", "Apache-2.0", "MIT OR Apache-2.0", "OFL-1.1", "ISC", "BSD-3-Clause", "0BSD", "BSD-2-Clause"}
    shipped = {name: package for name, package in LOCK["packages"].items() if name and not package.get("dev")}
    assert shipped
    assert {package["license"] for package in shipped.values()} <= free
