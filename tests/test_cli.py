"""The command line as a person meets it: exit codes, one-line errors, clean output, whole files or none."""

from __future__ import annotations

import csv
import io
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from conftest import PAGES, ROOT

COMMANDS = ["segment", "train", "predict", "explain", "evaluate", "show", "init", "check", "annotate", "schema"]


def topics(*arguments: object, stdin: bytes = b"", cwd: Path = ROOT, **options) -> subprocess.CompletedProcess:
    done = subprocess.run(
        [sys.executable, "-m", "topics", *map(str, arguments)],
        input=stdin,
        capture_output=True,
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT)} | options.pop("env", {}),
        **options,
    )
    done.out, done.err = done.stdout.decode("utf-8", "surrogateescape"), done.stderr.decode("utf-8", "surrogateescape")
    assert "Traceback" not in done.err, done.err
    assert "Warning:" not in done.err, done.err
    return done


def failed(code: int, *arguments: object, **options) -> str:
    """Run what must fail; return the last line of its messages, the one that says why."""
    done = topics(*arguments, **options)
    assert done.returncode == code, (done.returncode, done.err)
    assert done.out == ""
    lines = done.err.splitlines()
    assert lines
    assert all(line.startswith(("topics: ", "  ", "[")) and line.isprintable() for line in lines), done.err
    return lines[-1]


def rows(done) -> list[dict]:
    return [json.loads(line) for line in done.out.splitlines()]


# Help and usage


def test_help_has_every_command_and_each_its_example():
    whole = topics("--help")
    assert whole.returncode == 0
    for command in COMMANDS:
        assert f"    {command} " in whole.out
        done = topics(command, "--help")
        assert done.returncode == 0
        assert f"\nexamples:\n  topics {command}" in done.out
        assert done.err == ""
    assert topics().out == whole.out
    assert topics("--version").out.startswith("newstopics ")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["predct"], "topics: no command 'predct'; did you mean 'predict'?"),
        (["xyzzy"], "topics: no command 'xyzzy'; commands: segment, train, "),
        (["predict"], "topics: the following arguments are required: ARTIFACT, PATH; see `topics predict --help`"),
        (["predict", "--formt", "csv", "a", "b"], "topics: no option --formt; did you mean '--format'?"),
        (["predict", "--form", "csv", "a", "b"], "topics: no option --form; did you mean '--format'?"),
        (["predict", "--format", "xml", "a", "b"], "topics: argument --format: invalid choice: 'xml'"),
        (["show", "a", "b"], "topics: one argument too many: 'b'; see `topics show --help`"),
        (["show", "a", "--latent", "x"], "topics: argument --latent: invalid int value: 'x'"),
        (["show", "a", "--topic", "x", "--verify"], "topics: argument --verify: not allowed with argument --topic"),
        (["train", "x.toml", "--workers", "0"], "topics: argument --workers: expected a whole number from 1, got '0'"),
        (
            ["train", "configs/starter.toml", "--set", "lda"],
            "topics: --set lda: expected name=value, such as --set lda.n_topics=40",
        ),
        (["--frmt"], "topics: no option --frmt"),
        (["predct\x1b[2J"], "topics: no command 'predct\\x1b[2J'"),
    ],
)
def test_wrong_usage_is_one_line_and_2(arguments, message):
    assert failed(2, *arguments).startswith(message)


def test_paths_that_are_not_there(starter, tmp_path):
    assert failed(3, "segment", "nowhere.txt") == "topics: nowhere.txt: no such file or folder"
    assert failed(3, "predict", starter, "nowhere.txt") == "topics: nowhere.txt: no such file or folder"
    assert "no artifact here; `topics train CONFIG --out nowhere` makes one" in failed(5, "show", "nowhere")
    assert "no artifact here" in failed(5, "predict", "nowhere", "nowhere.txt")
    assert "nowhere.toml: cannot be read: No such file" in failed(3, "train", "nowhere.toml")
    assert "nowhere: no such file or folder" in failed(3, "init", "nowhere")
    assert "nowhere.jsonl: no such file or folder" in failed(3, "evaluate", starter, "nowhere.jsonl")


# Commands on real input


def test_segment(page):
    done = topics("segment", page)
    found = rows(done)
    assert len(found) > 1
    assert done.err == ""
    text = page.read_bytes().decode("utf-8")
    for number, row in enumerate(found, 1):
        assert row["article"] == number
        assert row["why"]
        for start, end in row["body_spans"]:
            assert text[start:end].strip()
    again = topics("segment", "-", stdin=page.read_bytes())
    assert [r | {"page": 0} for r in rows(again)] == [r | {"page": 0} for r in found]


def test_predict_in_every_form(starter, page):
    lines = rows(topics("predict", starter, page, "--format", "jsonl"))
    assert rows(topics("predict", starter, page)) == lines, "not a terminal: JSON Lines"
    assert list(lines[0]) == [
        "page", "article", "title", "title_span", "body_spans", "topic", "topics", "stances", "mixture", "known_terms",
    ]  # fmt: skip
    table = topics("predict", starter, page, "--format", "table", env={"COLUMNS": "220"}).out
    cells = list(csv.DictReader(io.StringIO(topics("predict", starter, page, "--format", "csv").out)))
    assert len(cells) == len(lines)
    for cell, line in zip(cells, lines, strict=True):
        assert cell["title"] == line["title"]
        assert cell["topic"] == line["topic"]["label"]
        assert float(cell["probability"]) == line["topic"]["probability"]
        assert json.loads(cell["body_spans"]) == line["body_spans"]
        assert line["title"][:10] in table


def test_many_pages_in_one_run_are_labeled_as_each_alone(starter):
    pages = sorted((PAGES / "test").glob("*.txt"))[:12]
    whole = rows(topics("predict", starter, *pages))
    assert rows(topics("predict", starter, *reversed(pages))) == [
        row for path in reversed(pages) for row in whole if row["page"] == str(path)
    ]
    assert rows(topics("predict", starter, pages[3])) == [row for row in whole if row["page"] == str(pages[3])]


def test_rows_of_an_article_file_and_their_targets(starter, tmp_path):
    text = "Donald Trump spoke in Ohio on Monday about a ceasefire in Gaza. The crowd waited."
    made = [
        {"id": "a", "text": text},
        {"id": "b", "text": text, "target": "Donald Trump"},
        {"id": "c", "text": text, "target": "flying saucers"},
        {"id": "d", "body": text},
    ]
    (tmp_path / "a.jsonl").write_text("".join(json.dumps(row) + "\n" for row in made))
    done = topics("predict", starter, tmp_path / "a.jsonl")
    assert done.returncode == 4
    a, b, c = rows(done)
    assert len(a["stances"]) == 2
    assert b["stances"] == [s for s in a["stances"] if s["target"] == "Donald Trump"]
    assert c["stances"] == a["stances"], "a target of some other model is no error"
    assert "a.jsonl, line 4: no text in field 'text'" in done.err
    assert done.err.splitlines()[-1] == "topics: 3 articles written; 1 of 4 inputs failed, see above"
    one = rows(topics("predict", starter, tmp_path / "a.jsonl", "--text", "text", "--target", "ceasefire in Gaza"))
    assert [s["target"] for s in one[1]["stances"]] == ["ceasefire in Gaza"]
    said = failed(2, "predict", starter, tmp_path / "a.jsonl", "--target", "Donald Tramp")
    assert "no stance was learned toward 'Donald Tramp'" in said
    assert "did you mean 'Donald Trump'?" in said


def test_explain(starter, page):
    lines = rows(topics("explain", starter, page, "--format", "jsonl"))
    for line in lines:
        assert line["intercept"] + sum(t["weight"] for t in line["terms"]) == pytest.approx(line["score"], abs=1e-9)
    told = topics("explain", starter, page, "--format", "table").out
    assert told.count("  topic ") == len(lines)
    assert "for: " in told


def test_show(starter):
    told = topics("show", starter).out
    assert "starter: learned from " in told
    assert "topic: accuracy 0." in told
    for heading in ("Topics, with", "Stance targets, with", "Latent topics, with"):
        assert heading in told
    assert "+" in topics("show", starter, "--topic", "sport").out
    assert "latent topic 3" in topics("show", starter, "--latent", 3).out
    assert topics("show", starter, "--verify").out.startswith("verified: ")
    assert "tfidf/idf.npy" in topics("show", starter, "--contents").out
    assert "no topic 'sprot'; did you mean 'sport'?" in failed(2, "show", starter, "--topic", "sprot")
    assert "no latent topic 99; this artifact has 0 to 19" in failed(2, "show", starter, "--latent", 99)


def test_evaluate_gives_the_scores_of_the_manifest(starter):
    manifest = json.loads((starter / "manifest.json").read_text())
    labels = ROOT / "training" / "starter" / "gold.jsonl"
    (found,) = rows(topics("evaluate", starter, PAGES / "test", "--labels", labels, "-q"))
    assert found["topic"]["accuracy"] == manifest["scores"]["topic"]["accuracy"]
    assert found["stance"]["macro_f1"] == manifest["scores"]["stance"]["macro_f1"]
    table = topics("evaluate", starter, PAGES / "test", "--labels", labels, "--format", "table").out
    assert "macro_f1" in table
    assert "confusion: rows true, columns guessed" in table
    said = failed(3, "evaluate", starter, PAGES / "test")
    assert "no labeled article in " in said
    assert "--labels FILE" in said


def test_check_and_schema():
    told = topics("check", "configs/starter.toml").out
    assert "topic: 17 labels" in told
    assert "stance toward Donald Trump: 3 labels" in told
    assert "0 of them across the split" in told
    assert json.loads(topics("schema").out)["title"] == "Config"


# Output


def test_out_appears_whole_or_not_at_all(starter, page, tmp_path):
    out = tmp_path / "out.jsonl"
    assert topics("predict", starter, page, "--out", out).returncode == 0
    whole = out.read_bytes()
    assert "exists already; pass --force" in failed(2, "predict", starter, page, "--out", out)
    assert failed(3, "predict", starter, "nowhere.txt", "--out", out, "--force")
    assert out.read_bytes() == whole
    (tmp_path / "binary.txt").write_bytes(bytes(range(256)) * 40)
    for command in (["segment"], ["predict", starter], ["explain", starter]):
        new = tmp_path / "new.jsonl"
        assert "convert it to UTF-8" in failed(3, *command, tmp_path / "binary.txt", "--out", new)
        assert not new.exists()
    assert topics("predict", starter, page, "--out", out, "--force").returncode == 0
    assert out.read_bytes() == whole
    assert topics("predict", starter, page, "--out", tmp_path / "out.csv").returncode == 0
    assert (tmp_path / "out.csv").read_text().startswith("page,article,title,")
    assert "there is no folder" in failed(2, "segment", page, "--out", tmp_path / "no" / "out")
    assert sorted(os.listdir(tmp_path)) == ["binary.txt", "out.csv", "out.jsonl"]


def test_good_pages_are_written_when_others_fail(starter, page, tmp_path):
    (tmp_path / "binary.txt").write_bytes(bytes(range(256)) * 40)
    done = topics("predict", starter, tmp_path / "binary.txt", page, "--out", tmp_path / "out.jsonl")
    assert done.returncode == 4
    assert f"{tmp_path}/binary.txt: " in done.err
    assert len((tmp_path / "out.jsonl").read_text().splitlines()) > 1


@pytest.mark.parametrize(
    "command", [["segment", PAGES], ["predict", "STARTER", PAGES], ["show", "STARTER"], ["schema"], ["--help"]]
)
def test_a_closed_pipe_ends_it_quietly(starter, command):
    command = [str(starter) if c == "STARTER" else str(c) for c in command]
    running = subprocess.Popen(
        [sys.executable, "-m", "topics", *command], stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT
    )
    running.stdout.close()
    said = running.stderr.read().decode()
    assert running.wait() in (0, 141), said
    assert said == ""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_is_one_line(page):
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "topics", "segment", str(page)], stdout=full, stderr=subprocess.PIPE, cwd=ROOT
        )
    assert done.returncode == 2
    assert done.stderr.decode() == "topics: standard output: cannot be written: No space left on device\n"


def test_closed_streams(page):
    for closed in ("2>&-", ">&-"):
        done = subprocess.run(
            ["sh", "-c", f'"$0" -m topics segment "$1" {closed}', sys.executable, str(page)], capture_output=True, cwd=ROOT
        )
        assert b"Traceback" not in done.stderr
        assert done.stdout == b"" or all(json.loads(line) for line in done.stdout.splitlines())


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_interrupted_run_leaves_nothing(tmp_path, number, code):
    running = subprocess.Popen(
        [sys.executable, "-m", "topics", "train", "configs/starter.toml", "--out", str(tmp_path / "a")],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ROOT,
        # Tests that run in the background are told to ignore Ctrl-C, and would pass that on.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    running.stderr.readline()  # it has begun
    time.sleep(0.2)
    running.send_signal(number)
    out, err = running.communicate(timeout=60)
    assert (running.returncode, out) == (code, b"")
    assert b"Traceback" not in err
    assert list(tmp_path.iterdir()) == []


# Input that is none


@pytest.mark.parametrize(
    ("name", "content", "code", "message"),
    [
        ("empty.txt", b"", 0, "empty, no text to cut"),
        ("white.txt", b" \n\t\r\n \n", 0, "empty, no text to cut"),
        ("binary.txt", bytes(range(256)) * 40, 3, "binary"),
        ("nul.txt", b"\0" * 1000, 3, "binary"),
        ("encoding.txt", "Przegląd wydarzeń: żółć, gęś, ćma i łoś.".encode("iso-8859-2") * 9, 3, "UTF-8"),
        ("not.txt.gz", b"plain", 3, ""),
        ("cut.txt.gz", b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03", 3, ""),
        ("empty.jsonl", b"", 0, ""),
        ("broken.jsonl", b"{\n[\n", 3, "broken.jsonl, line 1"),
        ("image.parquet", b"PAR1nothing", 3, ""),
    ],
)
def test_files_that_hold_nothing_to_use(starter, tmp_path, name, content, code, message):
    (tmp_path / name).write_bytes(content)
    for command in (["segment"], ["predict", starter]):
        done = topics(*command, tmp_path / name)
        assert done.returncode == code, done.err
        assert done.out == ""
        assert message in done.err
        assert all(line.startswith("topics: ") for line in done.err.splitlines())


def test_an_empty_folder_and_nothing_on_standard_input(starter, tmp_path):
    for done in (topics("segment", tmp_path), topics("predict", starter, tmp_path), topics("segment", "-")):
        assert done.returncode in (0, 3)
        assert done.out == ""


def test_a_million_characters_on_one_line(starter, tmp_path):
    words = "The court heard the case of the bank and the minister on Monday. "
    (tmp_path / "long.txt").write_text((words * 20_000)[:1_000_000])
    done = topics("predict", starter, tmp_path / "long.txt", timeout=60)
    assert done.returncode == 0
    for row in rows(done):
        assert row["known_terms"] > 0
        assert all(0 <= start < end <= 1_000_000 for start, end in row["body_spans"])


def test_names_that_would_steer_a_terminal(tmp_path):
    path = tmp_path / "a\x1b[2J\nb.txt"
    path.write_bytes(bytes(range(256)) * 40)
    assert "a\\x1b[2J\\nb.txt" in topics("segment", path).err


def test_a_broken_config_is_told_line_by_line(tmp_path):
    (tmp_path / "c.toml").write_text('[corpus]\ntrain = "x"\ntopc = 3\n[ldaa]\n')
    for command in ("train", "check"):
        done = topics(command, tmp_path / "c.toml")
        assert done.returncode == 2
        assert done.err.splitlines() == [
            f"topics: {tmp_path}/c.toml cannot be run:",
            "  name: missing",
            "  corpus.topc: no such setting; did you mean 'topic'?",
            "  ldaa: no such setting; did you mean 'lda'?",
        ]


@pytest.mark.parametrize(
    ("config", "message"),
    [
        ("", "nothing matches 'x.jsonl'"),
        ("[classify]", "[classify] wants topics, and no article has one; corpus.topic is 'topic'"),
        ("[stance]", "[stance] wants stances, and no article has one"),
        ('[split]\nby = "published"', "split.by is 'published', and no article has a date"),
        ("[terms]\nmin_df = 90", "no term is in at least 90"),
        ("[lda]\nn_topics = 5000", "latent topics"),
    ],
)
def test_configs_that_do_not_fit_the_data(tmp_path, config, message):
    name = "x.jsonl" if not config else "a.jsonl"
    (tmp_path / "c.toml").write_text(f'name = "a"\n[corpus]\ntrain = "{name}"\n{config}\n')
    made = [{"id": i, "title": f"Title {i}", "text": f"Number {i} of these articles is short."} for i in range(12)]
    (tmp_path / "a.jsonl").write_text("".join(json.dumps(row) + "\n" for row in made))
    done = topics("train", tmp_path / "c.toml", "--out", tmp_path / "artifact", "-q")
    assert done.returncode in (2, 3)
    assert message in done.err
    assert not (tmp_path / "artifact").exists()


def test_train_refuses_what_is_there_before_it_works(tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("x")
    began = failed(2, "train", "configs/starter.toml", "--out", tmp_path / "mine")
    assert "exists already; pass --force" in began
    assert "holds thesis.txt, which is not of an artifact" in failed(
        2, "train", "configs/starter.toml", "--out", tmp_path / "mine", "--force"
    )


def test_a_fault_of_the_program_is_one_line_that_says_so(monkeypatch, capsys):
    from topics import cli, commands

    def faulty(arguments):
        raise KeyError("a\x1b")

    monkeypatch.setattr(commands, "segment", faulty)
    assert cli.run(["segment", "x"]) == 1
    said = capsys.readouterr().err
    assert said.startswith("topics: a fault in the program: KeyError: 'a\\x1b' at test_cli.py:")
    assert said.count("\n") == 1
    monkeypatch.setenv("TOPICS_TRACEBACK", "1")
    with pytest.raises(KeyError):
        cli.run(["segment", "x"])


def test_one_article_that_fails_is_named_and_the_rest_goes_on(starter, page, monkeypatch, capfd):
    from topics import cli
    from topics.predict import Model

    label = Model.label

    def faulty(self, documents, targets=None):
        if any(d.name == 2 for d in documents):
            raise RuntimeError("odd")
        return label(self, documents, targets)

    whole = len(rows(topics("predict", starter, page)))
    monkeypatch.setattr(Model, "label", faulty)
    assert cli.run(["predict", str(starter), str(page)]) == 4
    out, err = capfd.readouterr()
    assert len(out.splitlines()) == whole - 1
    assert f"topics: {page}, article 2: cannot be processed (RuntimeError: odd)\n" in err
