"""Failures: each is named, counted and written down; a share of them is put up with; one alone is one line."""

from __future__ import annotations

import json

import pytest

from topics import cli
from topics.errors import InputError, PartialFailure
from topics.failures import Failures, unforeseen
from topics.progress import Progress
from topics.segment import segment

PAGE = "A headline about the harbor\n\n" + "The harbor was closed on Monday after a storm, officials said. " * 4 + "\n"
ROWS = ['{"text": "one"}', "{", '{"text": "two"}', '{"body": "x"}', '["list"]', '{"text": "half \\ud800"}', '{"text": "three"}']


def run(*arguments: object) -> int:
    return cli.run([str(a) for a in arguments])


def lines(path) -> list[dict]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


@pytest.fixture
def rows(tmp_path):
    (tmp_path / "a.jsonl").write_text("\n".join(ROWS) + "\n")
    return tmp_path / "a.jsonl"


def test_every_refused_row_is_a_line_of_the_file_of_errors(rows, tmp_path, capfd):
    assert run("segment", rows, "--errors", tmp_path / "e", "--format", "jsonl") == 4
    out, err = capfd.readouterr()
    assert len(out.splitlines()) == 3
    found = lines(tmp_path / "e")
    assert [(f["file"], f["line"], f["page"], f["article"]) for f in found] == [(str(rows), n, None, None) for n in (2, 4, 5, 6)]
    assert all(f"topics: {rows}, line {f['line']}: {f['reason']}\n" in err for f in found)
    assert err.splitlines()[-1] == "topics: 3 articles written; 4 of 7 inputs failed, see above"


@pytest.mark.parametrize(("share", "code"), [("0", 4), ("0.5", 4), ("57%", 4), ("57.15%", 0), ("0.58", 0), ("1", 0), ("100%", 0)])
def test_more_than_the_share_is_exit_4(rows, capfd, share, code):
    """4 of 7 are 57.142... %."""
    assert run("segment", rows, "--max-errors", share, "--format", "jsonl") == code
    out, err = capfd.readouterr()
    assert len(out.splitlines()) == 3, "what could be used is written, whatever the exit code"
    assert "3 articles written; 4 of 7 inputs failed" in err.splitlines()[-1]


@pytest.mark.parametrize("n", [1, 3, 7, 10, 20, 49, 1000, 12345])
def test_a_share_that_is_just_reached_is_put_up_with(n, capsys):
    for share, wanted in ((1 / n, None), (1 / n * (1 - 1e-9), PartialFailure)):
        failures = Failures(Progress(quiet=True), allowed=share)
        failures.count(n - 1)
        failures.add(InputError("wrong", file="x"))
        if wanted is None:
            failures.finish()
        else:
            with pytest.raises(wanted):
                failures.finish()


@pytest.mark.parametrize("given", ["1.1", "-0.1", "x", "nan", "101%", "%", "inf"])
def test_what_is_no_share_is_refused(given, rows, capsys):
    assert run("segment", rows, f"--max-errors={given}") == 2
    assert f"expected a share from 0 to 1, such as 0.05 or 5%, got {given!r}" in capsys.readouterr().err


def test_one_unusable_input_is_one_line(tmp_path, capfd):
    (tmp_path / "a.txt").write_bytes(bytes(range(256)) * 40)
    for options in ([], ["--max-errors", "1"], ["--errors", tmp_path / "e", "--force"]):
        assert run("segment", tmp_path / "a.txt", *options) == 3
        out, err = capfd.readouterr()
        assert out == ""
        assert err.count("\n") == 1
        assert err.startswith(f"topics: {tmp_path / 'a.txt'}: neither UTF-8")
    assert [f["file"] for f in lines(tmp_path / "e")] == [str(tmp_path / "a.txt")], "written, too, where nothing could be used"


def test_several_unusable_inputs_are_a_line_each_and_a_summary(tmp_path, capfd):
    for name in "ab":
        (tmp_path / f"{name}.txt").write_bytes(bytes(range(256)) * 40)
    assert run("segment", tmp_path, "--errors", tmp_path / "e") == 3
    said = capfd.readouterr().err.splitlines()
    assert len(said) == 3
    assert said[-1] == "topics: no input could be used: 2 failed, see above"
    assert len(lines(tmp_path / "e")) == 2


def test_a_first_failure_is_told_as_soon_as_anything_else_happens(capsys):
    failures = Failures(Progress(quiet=True))
    failures.add(InputError("wrong", file="x", line=3))
    assert capsys.readouterr().err == ""
    failures.count(1)
    assert capsys.readouterr().err == "topics: x, line 3: wrong\n"


def test_no_failure_is_an_empty_file_and_a_missing_path_is_in_it(tmp_path, capfd):
    (tmp_path / "a.txt").write_text(PAGE)
    assert run("segment", tmp_path / "a.txt", "--errors", tmp_path / "e") == 0
    assert (tmp_path / "e").read_bytes() == b""
    assert run("segment", tmp_path / "none.txt", "--errors", tmp_path / "e", "--force") == 3
    assert [f["reason"] for f in lines(tmp_path / "e")] == ["no such file or folder"]
    assert run("segment", tmp_path / "a.txt", "--errors", tmp_path / "e") == 2, "an older one is not replaced without --force"
    assert run("segment", tmp_path / "a.txt", "--errors", tmp_path / "x", "--out", tmp_path / "x") == 2
    assert not (tmp_path / "x").exists()


def test_an_article_that_fails_is_named_and_its_page_counts_once(starter, page, tmp_path, capfd, monkeypatch):
    from topics.predict import Model

    label, n = Model.label, len(segment(page.read_text("utf-8")).articles)

    def faulty(self, documents, targets=None):
        if any(d.name in (2, 3) for d in documents):
            raise MemoryError
        return label(self, documents, targets)

    monkeypatch.setattr(Model, "label", faulty)
    assert run("predict", starter, page, "--errors", tmp_path / "e", "--format", "jsonl") == 4
    out, err = capfd.readouterr()
    assert len(out.splitlines()) == n - 2
    assert [(f["page"], f["article"]) for f in lines(tmp_path / "e")] == [(str(page), 2), (str(page), 3)]
    assert f"topics: {page}, article 2: needs more memory than there is; see --max-memory\n" in err
    assert err.splitlines()[-1] == f"topics: {n - 2} articles written; 1 of 1 inputs failed, see above"


def test_a_page_that_cannot_be_cut_is_named(monkeypatch, tmp_path, capfd):
    from topics import inputs

    cut = inputs.documents_of
    monkeypatch.setattr(inputs, "documents_of", lambda r, *rest: 1 / 0 if r.page.id.endswith("b.txt") else cut(r, *rest))
    for name in "abc":
        (tmp_path / f"{name}.txt").write_text(PAGE)
    assert run("segment", tmp_path, "--format", "jsonl") == 4
    out, err = capfd.readouterr()
    assert len(out.splitlines()) == 2
    assert f"{tmp_path / 'b.txt'}: cannot be processed (ZeroDivisionError: division by zero)" in err


def test_pages_that_cannot_be_cut_together_are_cut_one_by_one(monkeypatch, tmp_path, capfd):
    from topics import inputs

    for name in "abc":
        (tmp_path / f"{name}.txt").write_text(PAGE)
    assert run("segment", tmp_path, "--format", "jsonl") == 0
    out, _ = capfd.readouterr()
    monkeypatch.setattr(inputs, "segment_all", lambda pages, segmenter: (1 / 0 for _ in pages))
    assert run("segment", tmp_path, "--format", "jsonl") == 0
    assert capfd.readouterr().out == out
    assert out


def test_words_for_what_nobody_foresaw():
    assert unforeseen(KeyError("a")) == "cannot be processed (KeyError: 'a')"
    assert unforeseen(MemoryError()) == "needs more memory than there is; see --max-memory"


def test_errors_hold_no_raw_control_characters(tmp_path, capfd):
    (tmp_path / "a\x1b[2J\nb.jsonl").write_text("{\n")
    assert run("segment", tmp_path, "--errors", tmp_path / "e") == 3
    assert capfd.readouterr().err.count("\n") == 1
    assert (tmp_path / "e").read_text().isascii()
    assert len(lines(tmp_path / "e")) == 1
