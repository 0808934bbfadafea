"""Candidate search for names: `python -m benchmarks.search_job [--sizes 10000,100000] [--names FOLDER] [--out FILE]`.

For each size: the name tables of the index against an exact character 3-gram TF-IDF top-20 of the same keys in the same run.
"""

import argparse
import os
import platform
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sparse_dot_topn import sp_matmul_topn

from benchmarks.name_maker import NameMaker, questions
from benchmarks.name_sets import NameSet
from kg.config import load_config
from kg.home import Home
from kg.search import search_many
from linkers.index import CatalogIndex
from linkers.index.spelling import SpellingIndex
from linkers.normalization import normalize
from schemas.entity import Entity

TOP = 20
ASKED, REFERENCE_ASKED = 2_000, 100


def reference(keys: list[str], asked: list[str]) -> tuple[float, list[set[str]]]:
    """Return seconds and the answers of the exact search; two threads, its index not counted."""
    vectorizer = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 3), dtype=np.float32)
    by_gram = vectorizer.fit_transform(keys).T.tocsr()
    question = vectorizer.transform(asked)
    began = time.perf_counter()
    found = sp_matmul_topn(question, by_gram, top_n=TOP, n_threads=2)
    seconds = time.perf_counter() - began
    rows = [found.indices[found.indptr[n] : found.indptr[n + 1]] for n in range(len(asked))]
    return seconds, [{keys[row] for row in each} for each in rows]


def measure(size: int) -> list[str]:
    keys = list(dict.fromkeys(map(normalize, NameMaker().make(size))))
    asked = questions(keys, ASKED)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        SpellingIndex.write(folder, keys[:10])  # compiles
        began = time.perf_counter()
        SpellingIndex.write(folder, keys)
        build = time.perf_counter() - began
        disk = sum(path.stat().st_size for path in folder.iterdir()) / 1e6
        began = time.perf_counter()
        index = SpellingIndex.open(folder)
        opened = 1000 * (time.perf_counter() - began)
        every = [text for pairs in asked.values() for text, _ in pairs]
        index.search(every, TOP)
        speed = max(len(every) / _seconds(lambda: index.search(every, TOP)) for _ in range(3))
        single = [1000 * _seconds(lambda text=text: index.search([text], TOP)) for text in every[:: len(every) // 500]]
        sample = [pair for pairs in asked.values() for pair in pairs[:REFERENCE_ASKED]]
        seconds, answers = reference(keys, [text for text, _ in sample])
        exact = len(sample) / seconds
        lines = [
            f"| {size:,} | {build:.1f} | {disk:.0f} | {opened:.0f} | {speed:,.0f} | {exact:,.0f} | {speed / exact:.0f}x "
            f"| {np.percentile(single, 50):.2f} / {np.percentile(single, 99):.2f} |"
        ]
        lines += ["", "| error | recall@20 | exact 3-grams |", "|---|---|---|"]
        for number, (kind, pairs) in enumerate(asked.items()):
            hits, _ = index.search([text for text, _ in pairs], TOP)
            found = {
                q for q, row in zip(hits.query.tolist(), hits.target.tolist(), strict=True) if keys[row] == pairs[q][1]
            }
            own = answers[number * REFERENCE_ASKED : (number + 1) * REFERENCE_ASKED]
            right = sum(key in answer for (_, key), answer in zip(pairs, own, strict=False))
            lines.append(f"| {kind} | {len(found) / len(pairs):.3f} | {right / len(own):.3f} |")
    return lines


def _seconds(work: Any) -> float:  # noqa: ANN401
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def named_sets(folder: Path) -> list[str]:
    """Return recall of the sets of names, as `kg search --batch` answers them; weights were fitted on the declared half."""
    lines = [
        "\n| set | half | queries | recall@1 | recall@20 | exact 3-grams @20 | queries/s |",
        "|---|---|---|---|---|---|---|",
    ]
    for each in sorted(path.parent for path in folder.glob("*/reference.csv")):
        known = NameSet.read(each)
        with tempfile.TemporaryDirectory() as home, Home(load_config(home=Path(home))) as opened:
            entities = [Entity(number, name, "") for number, name in zip(known.ids, known.names, strict=True)]
            opened.use_index(CatalogIndex.build(opened.index_folder, entities, [], encoder=None))
            began = time.perf_counter()
            answers = [[hit.id for hit in hits] for hits in search_many(opened, known.asked, limit=TOP)]
            speed = len(known.asked) / (time.perf_counter() - began)
        keys = [normalize(name) for name in known.names]
        _, others = reference(keys, [normalize(text) for text in known.asked])
        meant = [known.ids[place] for place in known.meant]
        first = np.array([ids[:1] == [right] for ids, right in zip(answers, meant, strict=True)])
        among = np.array([right in ids for ids, right in zip(answers, meant, strict=True)])
        base = np.array([keys[place] in other for place, other in zip(known.meant, others, strict=True)])
        declared = np.array([known.declared(place) for place in known.meant])
        for half, rows in (("declared", declared), ("other", ~declared), ("whole", declared | True)):
            shares = " | ".join(f"{values[rows].mean():.3f}" for values in (first, among, base))
            lines.append(f"| {each.name} | {half} | {rows.sum():,} | {shares} | {speed:,.0f} |")
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.search_job")
    parser.add_argument("--sizes", default="10000,100000,1000000", help="aliases, separated by commas")
    parser.add_argument("--names", type=Path, help="folder of sets with reference.csv and queries.csv")
    parser.add_argument("--out", type=Path, help="write the tables to this file too")
    given = parser.parse_args()
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False)
    lines = [
        "# Candidate search for names\n",
        f"Commit {commit.stdout.strip() or 'none'}, {os.cpu_count()} cores, {platform.machine()}, "
        f"Python {platform.python_version()}. Made by `python -m benchmarks.search_job`.",
    ]
    for size in map(int, given.sizes.split(",")):
        lines += [
            "\n| aliases | build s | disk MB | open ms | queries/s | exact 3-grams, queries/s | ratio | one query ms p50 / p99 |",
            "|---|---|---|---|---|---|---|---|",
            *measure(size),
        ]
    lines += named_sets(given.names) if given.names else []
    text = "\n".join(lines) + "\n"
    print(text)
    if given.out:
        given.out.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
