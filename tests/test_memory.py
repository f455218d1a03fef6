"""Memory: what may be asked for, what it bounds, and that a document over the bound costs itself alone."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys

import pytest
from conftest import ROOT

from topics.memory import LEAST, half_of_machine, in_use, largest_document, size_of
from topics.sources_bytes import MAX_BYTES

linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems have no such bound")


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("600MB", 600 << 20),
        ("600mb", 600 << 20),
        ("1.5 GiB", 3 << 29),
        ("2g", 2 << 30),
        ("268435456", 1 << 28),
        ("200000K", 204_800_000),
    ],
)
def test_sizes(text, size):
    assert size_of(text) == size


@pytest.mark.parametrize("text", ["", "MB", "-1GB", "1,5GB", "600 MBs", "nan", "1e9", "127MB", "0", "٣GB", "9" * 400])
def test_what_is_no_size(text):
    with pytest.raises(argparse.ArgumentTypeError, match="expected"):
        size_of(text)


def test_the_largest_document_is_a_part_of_the_bound():
    assert largest_document(None) == MAX_BYTES
    assert largest_document(LEAST) == LEAST // 16
    assert largest_document(1 << 40) == MAX_BYTES


@linux
def test_what_the_system_tells():
    assert in_use() > 1 << 20
    assert (half_of_machine() or 0) > 1 << 26


def predict(artifact, *paths, **options) -> subprocess.CompletedProcess:
    command = [
        sys.executable,
        "-m",
        "topics",
        "predict",
        str(artifact),
        *map(str, paths),
        "--max-memory",
        "140MB",
        "--format",
        "jsonl",
    ]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, **options)


@linux
def test_documents_over_the_bound_are_named_and_the_others_go_on(starter, page, tmp_path):
    text = page.read_text("utf-8")
    files = {
        "a-good.txt": text,
        "b-lines.txt": "A b\n" * 600_000,  # a page of 2.4 MB that needs a gigabyte
        "c-long.txt": "x" * (10 << 20),
        "d-rows.jsonl": "\n".join(
            [json.dumps({"text": "one"}), '{"text": [' + "[],[]," * 1_300_000 + "[]]}", json.dumps({"text": "two"})]
        ),
        "e-good.txt": text,
    }
    for name, content in files.items():
        (tmp_path / name).write_text(content)
    done = predict(starter, tmp_path, "--errors", tmp_path / "errors.jsonl")
    assert done.returncode == 4, done.stderr
    found = [json.loads(line) for line in done.stdout.splitlines()]
    by_page = {name: [row for row in found if row["page"].endswith(name)] for name in ("a-good.txt", "e-good.txt")}
    assert len(by_page["a-good.txt"]) > 1
    assert [r | {"page": 0} for r in by_page["a-good.txt"]] == [r | {"page": 0} for r in by_page["e-good.txt"]]
    assert len(found) == 2 * len(by_page["a-good.txt"]) + 2
    errors = {json.loads(line)["file"].rsplit("/", 1)[1]: json.loads(line) for line in (tmp_path / "errors.jsonl").open()}
    assert set(errors) == {"b-lines.txt", "c-long.txt", "d-rows.jsonl"}
    assert errors["b-lines.txt"]["reason"] == "needs more memory than there is; see --max-memory"
    assert errors["c-long.txt"]["reason"] == "larger than 8.75 MB, the most that one document may have"
    assert errors["d-rows.jsonl"]["line"] == 2
    assert "memory" in errors["d-rows.jsonl"]["reason"]
