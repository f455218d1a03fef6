"""The main job from end to end: train, label, judge; the same bytes every time; nothing changed goes unseen."""

from __future__ import annotations

import json
import os
import runpy
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import PAGES, ROOT

STARTER = ROOT / "training" / "starter"


def topics(*arguments: object, cwd: Path = ROOT, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "topics", *map(str, arguments)],
        capture_output=True,
        text=True,
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT), **env},
    )


def done(*arguments: object, **options) -> str:
    finished = topics(*arguments, **options)
    assert finished.returncode == 0, finished.stderr
    return finished.stdout


def files(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_two_runs_give_the_same_bytes_whatever_the_workers_the_hash_seed_and_the_place(starter, tmp_path):
    """The fixture's run is the first: this process, one worker, a relative config. The second differs in all of that."""
    said = done(
        "train", STARTER.parents[1] / "configs" / "starter.toml", "--out", tmp_path / "again", "--workers", 2,
        cwd=tmp_path, PYTHONHASHSEED="12345",
    )  # fmt: skip
    assert files(tmp_path / "again") == files(starter)
    digest = json.loads((starter / "manifest.json").read_text())["digest"]
    assert digest[:12] in said
    assert os.listdir(tmp_path) == ["again"]


def test_the_manifest_says_what_was_done(starter):
    manifest = json.loads((starter / "manifest.json").read_text())
    assert manifest["format"] == 1
    assert manifest["name"] == "starter"
    assert len(manifest["labels"]) == 17
    assert len(manifest["targets"]) == 6
    assert manifest["corpus"]["train"] > 400
    assert manifest["scores"]["topic"]["accuracy"]["value"] > 0.75
    assert manifest["scores"]["stance"]["macro_f1"]["value"] > 0.5
    assert "created" not in manifest, "no clock: the same input gives the same bytes"
    assert not any(str(ROOT) in text.decode("utf-8", "replace") for text in files(starter).values()), "nor a place"


def test_a_changed_byte_in_any_file_is_refused(starter, tmp_path, page):
    copy = tmp_path / "copy"
    shutil.copytree(starter, copy)
    for name, raw in files(copy).items():
        at = len(raw) // 2
        (copy / name).write_bytes(raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :])
        from topics import load
        from topics.errors import ArtifactError

        with pytest.raises(ArtifactError) as caught:
            load(copy)
        assert caught.value.exit_code == 5
        (copy / name).write_bytes(raw)
    load(copy)
    (copy / "terms.txt").write_bytes(files(copy)["terms.txt"].replace(b"\n", b"\r\n", 1))
    for command in (["predict", copy, page], ["explain", copy, page], ["show", copy, "--verify"], ["evaluate", copy, page]):
        refused = topics(*command)
        assert (refused.returncode, refused.stdout) == (5, "")
        assert "terms.txt does not match its hash" in refused.stderr
        assert refused.stderr.count("\n") == 1


def test_verify_says_what_it_verified(starter):
    digest = json.loads((starter / "manifest.json").read_text())["digest"]
    said = done("show", starter, "--verify")
    assert said.startswith("verified: ")
    assert digest in said


def test_overrides_are_applied_and_recorded(tmp_path):
    data = [{"id": i, "text": f"{w} alpha beta gamma", "topic": w} for i, w in enumerate(["sport", "health"] * 15)]
    (tmp_path / "a.jsonl").write_text("".join(json.dumps(row) + "\n" for row in data))
    (tmp_path / "c.toml").write_text(
        'name = "a"\n[corpus]\ntrain = "a.jsonl"\ntext = "text"\n[split]\nnear_duplicates = 1.0\n[lda]\n'
    )
    done(
        "train",
        tmp_path / "c.toml",
        "--out",
        tmp_path / "x",
        "--set",
        "lda.n_topics=3",
        "--set",
        "name=other",
        "--set",
        "lda.max_df=1.0",
    )
    manifest = json.loads((tmp_path / "x" / "manifest.json").read_text())
    assert manifest["overrides"] == ["lda.n_topics=3", "name=other", "lda.max_df=1.0"]
    assert manifest["name"] == "other"
    written = (tmp_path / "x" / "config.toml").read_text()
    assert "\nn_topics = 3\n" in written
    assert "\nmax_df = 1.0\n" in written
    done("train", tmp_path / "x" / "config.toml", "--out", tmp_path / "y", "--set", f'corpus.train="{tmp_path}/a.jsonl"')
    assert (tmp_path / "y" / "terms.txt").read_bytes() == (tmp_path / "x" / "terms.txt").read_bytes()


@pytest.fixture(scope="module")
def articles(tmp_path_factory) -> Path:
    """Forty articles of two topics, as JSON Lines and CSV."""
    folder = tmp_path_factory.mktemp("articles")
    made = []
    for line in (STARTER / "articles.jsonl").read_text().splitlines():
        row = json.loads(line)
        if row["topic"] in ("sport", "health"):
            made.append(
                {"id": row["id"], "title": row["title"], "text": "\n\n".join(row["paragraphs"]), "category": row["topic"]}
            )
    (folder / "articles.jsonl").write_text("".join(json.dumps(row) + "\n" for row in made))
    import csv

    with (folder / "articles.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, list(made[0]))
        writer.writeheader()
        writer.writerows(made)
    return folder


def test_init_writes_a_config_that_trains_on_articles(articles, tmp_path):
    done("init", articles / "articles.jsonl", "--out", tmp_path / "c.toml")
    assert 'topic = "category"' in (tmp_path / "c.toml").read_text()
    said = done("train", tmp_path / "c.toml", "--out", tmp_path / "x")
    assert "topic: accuracy" in said
    (line, *_) = done("predict", tmp_path / "x", articles / "articles.csv").splitlines()
    assert json.loads(line)["topic"]["label"] in ("sport", "health", "unknown")
    assert "accuracy" in done("evaluate", tmp_path / "x", articles / "articles.csv", "--format", "table")


def test_init_and_check_read_csv_as_they_read_json(articles, tmp_path):
    told = []
    for name in ("articles.jsonl", "articles.csv"):
        (tmp_path / name).write_text(done("init", articles / name, "--out", tmp_path / f"{name}.toml"))
        told.append(done("check", tmp_path / f"{name}.toml").replace(".csv", ".jsonl"))
    assert told[0] == told[1]
    assert "topic: 2 labels" in told[0]


def test_init_writes_a_config_that_trains_on_a_folder_of_pages(tmp_path):
    pages = tmp_path / "pages"
    for path in sorted((PAGES / "train").glob("b*.txt")):
        (pages / "train").mkdir(parents=True, exist_ok=True)
        shutil.copy(path, pages / "train" / path.name)
    gold = [line for line in (STARTER / "gold.jsonl").read_text().splitlines() if json.loads(line)["page"].startswith("train/b")]
    (pages / "gold.jsonl").write_text("\n".join(gold) + "\n")
    done("init", pages, "--out", tmp_path / "c.toml")
    assert 'labels = "pages/gold.jsonl"' in (tmp_path / "c.toml").read_text()
    told = done("check", tmp_path / "c.toml")
    assert "topic: " in told
    assert "fewer than 5 to learn from" in told
    assert "topic: accuracy" in done("train", tmp_path / "c.toml", "--out", tmp_path / "x")
    (tmp_path / "bare.toml").write_text(done("init", pages / "train"))
    assert "\n[classify]\n" not in (tmp_path / "bare.toml").read_text(), "pages alone have no topics"


def test_init_replaces_nothing_unasked(articles, tmp_path):
    done("init", articles / "articles.jsonl", "--out", tmp_path / "c.toml")
    refused = topics("init", articles / "articles.jsonl", "--out", tmp_path / "c.toml")
    assert refused.returncode == 2
    assert "exists already; pass --force" in refused.stderr


def test_a_segmenter_learned_from_own_pages_travels_with_the_artifact(tmp_path):
    gold = []
    for line in (STARTER / "gold.jsonl").read_text().splitlines()[:12]:
        page = json.loads(line)
        (tmp_path / "pages").mkdir(exist_ok=True)
        shutil.copy(PAGES / page["page"], tmp_path / "pages")
        gold.append({**page, "page": Path(page["page"]).name})
    (tmp_path / "gold.json").write_text(json.dumps(gold))
    (tmp_path / "c.toml").write_text(
        'name = "own"\n[corpus]\ntrain = "pages"\n[segment]\ngold = "gold.json"\nlayouts = 30\n[split]\ntest = 0.0\n'
    )
    done("train", tmp_path / "c.toml", "--out", tmp_path / "x")
    assert (tmp_path / "x" / "segment").is_dir()
    first = tmp_path / "pages" / gold[0]["page"]
    rows = [json.loads(line) for line in done("predict", tmp_path / "x", first).splitlines()]
    assert rows
    from topics import load
    from topics.segment import segment

    model = load(tmp_path / "x")
    found = segment(first.read_bytes().decode("utf-8"), segmenter=model.segmenter).articles
    assert [row["body_spans"] for row in rows] == [[list(span) for span in article.body_spans] for article in found]


def test_the_real_pages_give_their_eight_articles(starter, real_pages, tmp_path, monkeypatch, capsys):
    """Judged by the scorer that lies beside the pages."""
    if not (real_pages / "score.py").is_file():
        pytest.skip("needs score.py beside the real pages")
    found = 0
    for gold in sorted(real_pages.glob("*.gold.json")):
        page = gold.with_name(gold.name.replace(".gold.json", ".txt"))
        (tmp_path / "out.jsonl").write_text(done("predict", starter, page))
        monkeypatch.setattr(sys, "argv", ["score.py", str(gold), str(tmp_path / "out.jsonl"), "--min-f1", "1.0"])
        with pytest.raises(SystemExit) as ended:
            runpy.run_path(str(real_pages / "score.py"), run_name="__main__")
        assert not ended.value.code, capsys.readouterr().out
        text = page.read_bytes().decode("utf-8")
        for row in map(json.loads, (tmp_path / "out.jsonl").read_text().splitlines()):
            found += 1
            assert row["known_terms"] > 20
            for stance in row["stances"]:
                for evidence in stance["evidence"]:
                    assert any(
                        a <= evidence["start"] < evidence["end"] <= b
                        for a, b in [*row["body_spans"], row["title_span"] or (0, 0)]
                    )
                    assert text[evidence["start"] : evidence["end"]].strip()
    assert found == 8
