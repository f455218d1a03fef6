"""Every format that was ever released keeps loading, and answers as it did."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import pytest

from topics import artifact
from topics.canary import differences
from topics.loading import load

DATA = Path(__file__).parent / "data"


def made_by(version: int):
    spec = importlib.util.spec_from_file_location("maker", DATA / f"make_artifact_v{version}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_there_is_one_for_each_format():
    assert sorted(p.name for p in DATA.glob("artifact-v*")) == [f"artifact-v{n}" for n in range(1, artifact.FORMAT + 1)]


@pytest.mark.parametrize("version", range(1, artifact.FORMAT + 1))
def test_it_loads_and_answers_as_it_did(version):
    model = load(DATA / f"artifact-v{version}" / "artifact")
    assert model.manifest["format"] == version
    assert differences(model) == []
    expected = [json.loads(line) for line in (DATA / f"artifact-v{version}" / "expected.jsonl").read_text("utf-8").splitlines()]
    found = made_by(version).answers()
    assert len(found) == len(expected)
    for now, then in zip(found, expected, strict=True):
        assert now.keys() == then.keys()
        for key, value in then.items():
            assert now[key] == close(value), f"{then['page']}: {key}; see tests/data/make_artifact_v{version}.py"


def close(value):
    """Another processor may add up in another order."""
    if isinstance(value, float):
        return pytest.approx(value, abs=2e-6)
    if isinstance(value, list):
        return [close(v) for v in value]
    return {k: close(v) for k, v in value.items()} if isinstance(value, dict) else value


def test_the_answers_are_worth_comparing():
    lines = (DATA / "artifact-v1" / "expected.jsonl").read_text("utf-8").splitlines()
    answers = [json.loads(line) for line in lines]
    assert len({a["topic"]["label"] for a in answers}) >= 3
    assert sum(len(a["stances"]) for a in answers) >= 4
    assert {s["label"] for a in answers for s in a["stances"]} >= {"favor", "against"}
    assert sum(len(a["mixture"]) > 1 for a in answers) >= 5
    assert answers[-1]["known_terms"] == answers[-2]["known_terms"] == 0


def test_it_is_small_and_tells_nothing_of_the_machine_it_was_made_on():
    files = [p for p in DATA.rglob("*") if p.is_file() and p.suffix != ".pyc"]
    assert sum(p.stat().st_size for p in files) < 300_000
    root = str(Path(__file__).parents[1]).encode()
    assert not [p for p in files if root in p.read_bytes()]
