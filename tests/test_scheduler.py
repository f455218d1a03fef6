"""Tasks on a cluster: the same bytes as without one, also where a worker is killed at each kind of task."""

from __future__ import annotations

import contextlib
import json
import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from test_lda import settings, vocabulary_of, world

from topics.cli import run
from topics.errors import UsageError
from topics.scheduler import SETTINGS, Cluster, Here, checked, scheduler
from training import classify_large, copies, lda_cvb0, shards
from training.config import Config, parse_config
from training.corpus import load_corpus
from training.lda import learn_latent
from training.run import train
from training.settings import CorpusSettings


@pytest.mark.parametrize("address", ["local", "local:0", "tcp://host", "http://host:1", "local:4 "])
def test_addresses_that_are_none_are_refused(address):
    with pytest.raises(UsageError, match="expected local:N"):
        checked(address)


def test_without_a_scheduler_tasks_run_here_in_order():
    with scheduler(None) as each:
        assert list(each(abs, [-3, 2, -1])) == [3, 2, 1]
        assert list(each(pow, [2, 3], shared=(2, 5))) == [4, 4]


class Dying:
    """A function that kills the worker that runs it, the first time it is run for the third item, or for the last."""

    def __init__(self, function: Callable[..., Any], flag: Path) -> None:
        self.function, self.flag = function, str(flag)

    def __call__(self, task: tuple[bool, Any], *shared: Any) -> Any:
        dies, item = task
        if dies:
            with contextlib.suppress(FileExistsError):
                os.close(os.open(self.flag, os.O_CREAT | os.O_EXCL))
                os.kill(os.getpid(), 9)
        return self.function(item, *shared)


class Deadly(Cluster):
    """A cluster that loses a worker at the second task of each kind."""

    flags = Path()

    def __call__(self, function, items, shared=()):
        flag = self.flags / function.__name__
        return super().__call__(Dying(function, flag), ((i == 1, item) for i, item in enumerate(items)), shared)


@pytest.fixture(scope="module")
def cluster():
    distributed = pytest.importorskip("distributed", reason="needs the extra `dask`")
    import dask

    with (
        dask.config.set(SETTINGS),
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, host="127.0.0.1", dashboard_address=None, silence_logs=50
        ) as started,
    ):
        yield started


@pytest.fixture
def deadly(cluster, tmp_path, monkeypatch) -> Iterator[Deadly]:
    """Tasks on a cluster where each kind costs a worker its life; the address is taken for it, too."""
    flags = tmp_path / "flags"
    flags.mkdir()
    monkeypatch.setattr(Deadly, "flags", flags)
    monkeypatch.setattr("topics.scheduler.Cluster", Deadly)
    with scheduler(cluster.scheduler_address) as each:
        yield each


def killed_at(each: Deadly) -> set[str]:
    return set(os.listdir(each.flags))


def test_results_come_in_order_from_a_cluster_that_loses_a_worker(deadly):
    assert list(deadly(abs, range(-8, 0))) == list(range(8, 0, -1))
    assert list(deadly(pow, range(8), shared=(3,))) == [i**3 for i in range(8)]
    assert killed_at(deadly) == {"abs", "pow"}


def test_a_run_gives_up_when_no_worker_comes(monkeypatch):
    distributed = pytest.importorskip("distributed", reason="needs the extra `dask`")
    monkeypatch.setattr("topics.scheduler.LOOK", 0.1)
    monkeypatch.setattr("topics.scheduler.PATIENCE", 0.2)
    with (
        distributed.LocalCluster(n_workers=0, host="127.0.0.1", dashboard_address=":0", silence_logs=50) as empty,
        scheduler(empty.scheduler_address) as each,
        pytest.raises(UsageError, match="no worker has been there"),
    ):
        list(each(abs, [1]))


def corpus(folder: Path, more: str = "") -> Config:
    """A corpus of 300 made articles in three files, and a config that learns their topics."""
    random = np.random.default_rng(5)
    for part in range(3):
        lines = []
        for i in range(100):
            words = " ".join(f"{'ab'[i % 2]}{k}" for k in random.zipf(1.3, 60) % 200)
            lines.append(json.dumps({"text": words, "topic": "ab"[i % 2]}) + "\n")
        (folder / f"rows{part}.jsonl").write_text("".join(lines))
    return parse_config(f'name = "x"\n[corpus]\ntrain = "rows*.jsonl"\n[classify]\n[evaluate]\nbootstrap = 0\n{more}', "x")


def test_a_cluster_trains_the_same_artifact_also_when_workers_are_killed(deadly, cluster, tmp_path, monkeypatch):
    monkeypatch.setattr(shards, "PER_CHARACTER", 100_000)  # a task for every 4,000 characters
    monkeypatch.setattr(copies, "TASK", 100)
    monkeypatch.setattr("training.classify.LARGE", 200)
    monkeypatch.setattr(classify_large, "SHARD", 4_000)
    monkeypatch.setattr(lda_cvb0, "SHARDS", ((1 << 62, 3),))
    monkeypatch.setattr(lda_cvb0, "SMALL", 0)
    monkeypatch.setattr(lda_cvb0, "LARGE", 1_000)  # begins with a sample
    monkeypatch.setattr("training.lda_sample.SAMPLE", 4_000)
    config = corpus(tmp_path, "[lda]\nn_topics = 5\niterations = 12\n")
    addresses = (None, cluster.scheduler_address)
    here, there = (train(config, base=tmp_path, out=tmp_path / str(at), scheduler=at) for at in addresses)
    assert here.digest == there.digest
    assert killed_at(deadly) == {"sketches", "_count_task", "solve_sent", "sweep_shard"}
    assert not list(tmp_path.glob(".*unfinished")), "nothing is left beside the artifact"


def test_pages_read_on_a_cluster_keep_names_labels_and_problems(deadly, page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # where the workers are not
    text = page.read_text("utf-8")
    for i in range(3):
        Path(f"p{i}.txt").write_text(text)
    Path("broken.jsonl").write_text('{"text": "One.", "topic": "a"}\nnot json\n{"text": "Two.", "topic": {}}\n')
    rows = [{"page": f"p{i}.txt", "article": n, "topic": "ab"[n % 2]} for i in (0, 2, 9) for n in (1, 2, 2, 99)]
    Path("labels.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    wanted = CorpusSettings(train=["p*.txt", "broken.jsonl"], labels="labels.jsonl")
    here = load_corpus(wanted, Path("."))
    there = load_corpus(wanted, Path("."), each=deadly)
    assert here == there
    assert {e.topics for e in here.train} == {(), ("a",), ("b",)}
    assert len(here.problems) == 2 + 2 * 2 + 1
    assert killed_at(deadly) == {"_whole"}


class KilledError(Exception):
    """What stands for a kill of the run itself."""


def test_a_fit_on_a_cluster_that_was_killed_goes_on_to_the_same_bits(deadly, tmp_path, monkeypatch):
    monkeypatch.setattr("training.lda_checkpoint.INTERVAL", 0.0)
    monkeypatch.setattr(lda_cvb0, "SHARDS", ((1 << 62, 3),))
    monkeypatch.setattr(lda_cvb0, "SMALL", 0)
    counts, _ = world()
    vocabulary, wanted = vocabulary_of(counts), settings(tolerance=0.0, iterations=23)
    whole, report = learn_latent(counts, vocabulary, wanted, seed=2)

    def killed_at_20(line: str) -> None:
        if line.startswith("lda: sweep 20"):
            raise KilledError

    folder = tmp_path / "unfinished" / "lda"
    with pytest.raises(KilledError):
        learn_latent(counts, vocabulary, wanted, seed=2, progress=killed_at_20, checkpoint=folder, each=deadly)
    lines: list[str] = []
    again, report_again = learn_latent(counts, vocabulary, wanted, seed=2, progress=lines.append, checkpoint=folder, each=deadly)
    assert lines[0] == "lda: goes on after sweep 15"
    assert again.topic_term.tobytes() == whole.topic_term.tobytes()
    assert again.alpha.tobytes() == whole.alpha.tobytes()
    assert report_again == report
    assert killed_at(deadly) == {"sweep_shard"}


def test_a_worker_that_does_not_see_the_folder_says_so(tmp_path):
    from training.classify_shards import solve_sent
    from training.lda_shards import sweep_shard

    elsewhere = str(tmp_path / "elsewhere")
    with pytest.raises(UsageError, match="all must see the folder"):
        sweep_shard((elsewhere, 0, 1, 0.01))
    with pytest.raises(UsageError, match="all must see the folder"):
        solve_sent((elsewhere, 0, *[np.zeros((0, 2))] * 3, (1,)), None)


@pytest.mark.parametrize("form", ["jsonl", "table"])
def test_a_search_on_a_cluster_writes_the_same_table(deadly, cluster, tmp_path, form):
    corpus(tmp_path)
    (tmp_path / "x.toml").write_text('name = "x"\n[corpus]\ntrain = "rows*.jsonl"\n[lda]\niterations = 12\nstop_words = "none"\n')
    call = ["search", str(tmp_path / "x.toml"), "--lda.n_topics", "3,5", "--seeds", "1,2", "-q", "--format", form]
    assert run([*call, "--out", str(tmp_path / "here")]) == 0
    assert run([*call, "--out", str(tmp_path / "there"), "--scheduler", cluster.scheduler_address]) == 0
    assert (tmp_path / "there").read_bytes() == (tmp_path / "here").read_bytes() != b""
    assert killed_at(deadly) == {"_trial"}


def _kill_a_worker(cluster, folder: Path) -> None:
    """Kill one of the workers as soon as the run has begun to write."""
    while not (folder / "_parts").is_dir() or not os.listdir(folder / "_parts"):
        time.sleep(0.002)
    os.kill(next(iter(cluster.workers.values())).pid, 9)


def test_parts_made_on_a_cluster_are_the_same_bytes(starter, cluster, page, tmp_path):
    text = page.read_text("utf-8")
    for i in range(4):
        rows = [{"id": f"r{i}-{k}", "title": f"Title {k}", "text": text[200 * k : 200 * k + 900]} for k in range(6)]
        (tmp_path / f"rows{i}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    call = ["predict", str(starter), *(str(tmp_path / f"rows{i}.jsonl") for i in range(4)), "-q", "--out"]
    here, there = tmp_path / "here", tmp_path / "there"
    assert run([*call, f"{here}/"]) == 0
    killed = threading.Thread(target=_kill_a_worker, args=(cluster, there))
    killed.start()
    assert run([*call, f"{there}/", "--scheduler", cluster.scheduler_address]) == 0
    killed.join()
    files = [sorted(p.relative_to(out) for p in out.rglob("*") if p.is_file()) for out in (here, there)]
    assert files[0] == files[1]
    assert all((here / name).read_bytes() == (there / name).read_bytes() for name in files[0])


def test_what_runs_here_and_on_a_cluster_are_one_kind_of_thing(deadly):
    assert not Here().away
    assert deadly.away
