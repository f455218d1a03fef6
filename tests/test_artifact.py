"""Artifacts: what is written comes back; what a stranger or an accident left is refused before it is used."""

from __future__ import annotations

import hashlib
import io
import json
import os
import pickle
import re
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from topics import artifact as a
from topics import siblings
from topics.arrays import MAX_ENTRIES, TYPES, header
from topics.artifact import Part, read_artifact, slug, write_artifact
from topics.classify import LinearClassifier
from topics.errors import ArtifactError, OutputError
from topics.lda import LatentTopics
from topics.loading import load
from topics.predict import Model
from topics.terms import Vocabulary
from topics.tfidf import Tfidf
from topics.tokens import Analysis


def tiny_parts() -> dict[str, Part]:
    """A model of three terms, as its rooms store it."""
    model = Model(
        vocabulary=Vocabulary(terms=("apple", "banana", "cherry"), document_frequency=np.array([3, 2, 1]), n_documents=3),
        analysis=Analysis(),
        tfidf=Tfidf(idf=np.array([1.0, 1.5, 2.0]), sublinear=True),
        classifier=LinearClassifier(
            labels=("one", "two"),
            coef=np.array([[0.5, 1.0, 0.0], [-0.5, 0.25, 2.0]]),
            intercept=np.zeros(2),
            scale=np.ones(2),
            shift=np.zeros(2),
            levels=np.zeros(2),
        ),
        latent=LatentTopics(topic_term=np.ones((2, 2)), alpha=np.ones(2), columns=np.array([0, 2], np.int32)),
        manifest={},
    )
    return model.parts()


PARTS = tiny_parts()
TEXTS = {"terms.txt": "apple\nbanana\ncherry\n", "config.toml": 'name = "tiny"\n'}
ABOUT = {"name": "tiny", "scores": {}, "corpus": {"train": 3, "test": 0}, "canary": []}


@pytest.fixture
def folder(tmp_path) -> Path:
    write_artifact(tmp_path / "tiny", PARTS, TEXTS, ABOUT)
    return tmp_path / "tiny"


def signed(folder: Path, change=lambda manifest: None) -> None:
    """Change the manifest as one who knows the format would: all hashes are made anew."""
    manifest = json.loads((folder / "manifest.json").read_text())
    for name, facts in manifest["files"].items():
        if (folder / name).is_file() and isinstance(facts, dict):
            facts["sha256"] = a._sha256(folder / name)
    change(manifest)
    manifest.pop("digest", None)
    manifest["digest"] = a._digest(manifest)
    (folder / "manifest.json").write_bytes(a._canonical(manifest))


def refused(folder: Path, reader=load) -> str:
    with pytest.raises(ArtifactError) as caught:
        reader(folder)
    message = str(caught.value)
    assert caught.value.exit_code == 5
    assert message.isprintable(), message
    assert len(message) < 600
    return message


def test_every_type_and_order_comes_back(tmp_path):
    random = np.random.default_rng(0)
    arrays = {}
    for i, dtype in enumerate(sorted(TYPES)):
        for shape in [(), (0,), (7,), (3, 5), (0, 4), (2, 3, 4)]:
            arrays[f"a{i}-{'x'.join(map(str, shape))}"] = (random.random(shape) * 100).astype(dtype)
    arrays["fortran"] = np.asfortranarray(random.random((4, 6)))
    arrays["sliced"] = random.random((8, 8))[::2, ::3]
    arrays["big-endian"] = np.arange(5, dtype=">i4")
    digest = write_artifact(tmp_path / "x", {"m": Part(arrays=arrays, settings={"é": [1, None, 0.5]})}, {}, {})
    found = read_artifact(tmp_path / "x")
    assert found.digest == digest
    assert found.parts["m"].settings == {"é": [1, None, 0.5]}
    for name, array in arrays.items():
        stored = found.parts["m"].arrays[name]
        np.testing.assert_array_equal(stored, array)
        assert stored.shape == array.shape
        assert stored.flags.c_contiguous
        assert stored.dtype.newbyteorder("=") == array.dtype.newbyteorder("=")


def test_the_files_are_what_numpy_writes_and_reads(tmp_path):
    for dtype in sorted(TYPES):
        for shape in [(), (0,), (5,), (123456, 7), (2, 3, 4), (10**12,)]:
            stream = io.BytesIO()
            np.lib.format.write_array_header_1_0(stream, {"descr": dtype, "fortran_order": False, "shape": shape})
            assert header(shape, dtype) == stream.getvalue()
    write_artifact(tmp_path / "x", PARTS, TEXTS, ABOUT)
    np.testing.assert_array_equal(np.load(tmp_path / "x" / "tfidf" / "idf.npy", allow_pickle=False), PARTS["tfidf"].arrays["idf"])


def test_the_same_content_gives_the_same_bytes(tmp_path):
    assert write_artifact(tmp_path / "x", PARTS, TEXTS, ABOUT) == write_artifact(
        tmp_path / "y", dict(reversed(PARTS.items())), dict(reversed(TEXTS.items())), dict(reversed(ABOUT.items()))
    )
    for path in (tmp_path / "x").rglob("*"):
        if path.is_file():
            assert path.read_bytes() == (tmp_path / "y" / path.relative_to(tmp_path / "x")).read_bytes()


@pytest.mark.parametrize(
    "array",
    [
        np.array([1.0, np.nan]),
        np.array([np.inf]),
        np.array([None, "x"], object),
        np.zeros((1, 1, 1, 1)),
        np.array(["text"]),
        np.array([1j]),
    ],
    ids=["nan", "infinite", "objects", "four axes", "text", "complex"],
)
def test_what_could_not_be_read_is_not_written(tmp_path, array):
    with pytest.raises(ValueError, match="x"):
        write_artifact(tmp_path / "a", {"m": Part(arrays={"x": array}, settings={})}, {}, {})
    assert not list(tmp_path.iterdir())


def test_a_small_artifact_loads(folder):
    model = load(folder)
    assert model.vocabulary.terms == ("apple", "banana", "cherry")
    assert model.classifier.labels == ("one", "two")


# What an accident does: hashes no longer fit.


def test_one_changed_byte_anywhere_is_refused(folder):
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        raw = path.read_bytes()
        places = sorted({0, 7, 60, len(raw) // 3, len(raw) // 2, len(raw) - 9, len(raw) - 1} & set(range(len(raw))))
        for at in places:
            for flip in (1, 0x20):
                path.write_bytes(raw[:at] + bytes([raw[at] ^ flip]) + raw[at + 1 :])
                refused(folder)
        for cut in (raw[:-1], raw[: len(raw) // 2], b"", raw + b"\n", raw + b"\0" * 64):
            path.write_bytes(cut)
            refused(folder)
        path.write_bytes(raw)
    load(folder)


def test_files_of_two_artifacts_swapped(folder, tmp_path):
    other = PARTS | {"tfidf": Part(arrays={"idf": np.array([9.0, 9.5, 9.9])}, settings={"sublinear": True})}
    write_artifact(tmp_path / "other", other, TEXTS, ABOUT)
    shutil.copy(tmp_path / "other" / "tfidf" / "idf.npy", folder / "tfidf" / "idf.npy")
    assert "tfidf/idf.npy does not match its hash" in refused(folder)


def test_missing_extra_and_linked_files(folder, tmp_path):
    (folder / "notes.txt").write_text("mine")
    assert "notes.txt is not in the manifest" in refused(folder)
    (folder / "notes.txt").unlink()
    os.symlink("/etc", folder / "etc")
    assert "etc is not in the manifest" in refused(folder)
    (folder / "etc").unlink()
    (folder / "terms.txt").rename(tmp_path / "terms.txt")
    assert "terms.txt cannot be read: No such file" in refused(folder)
    os.symlink(tmp_path / "terms.txt", folder / "terms.txt")
    assert "terms.txt is a link" in refused(folder)
    (folder / "terms.txt").unlink()
    os.mkfifo(folder / "terms.txt")
    assert "terms.txt is not a file" in refused(folder)
    (folder / "terms.txt").unlink()
    (folder / "terms.txt").mkdir()
    assert "terms.txt is not a file" in refused(folder)


def test_manifests_that_are_none(folder, tmp_path):
    manifest = folder / "manifest.json"
    whole = manifest.read_bytes()
    for content, why in [
        (b"", "is not JSON"),
        (b"{", "is not JSON"),
        (b"\xff\xfe\x00", "is not JSON"),
        (pickle.dumps({"format": 1}), "is not JSON"),
        (b"[" * 100_000 + b"]" * 100_000, "is not JSON"),
        (b'{"format": ' + b"1" * 5000 + b"}", "is not JSON"),
        (b"[]", "no format number"),
        (b"{}", "no format number"),
        (b'{"format": true}', "no format number"),
        (b'{"format": "1"}', "no format number"),
        (b'{"format": 0}', "no format number"),
        (b'{"format": 1}', "was changed"),
        (b'{"format": 1, "x": NaN}', "is not JSON"),
        (b'{"format": 1, "x": "\\ud800"}', "was changed"),
        (whole.replace(b'"format": 1', b'"format": 2'), "its format is 2, newer than 1, .* upgrade newstopics"),
        (whole.replace(b"\n", b"\n "), "was changed"),
        (whole.replace(b'"name": "tiny"', b'"name": "tiny",\n "name": "tiny"'), "was changed"),
    ]:
        manifest.write_bytes(content)
        assert re.search(why, refused(folder)), content[:40]
    manifest.unlink()
    assert "it has no manifest.json" in refused(folder)
    os.symlink("/dev/zero", manifest)
    assert "manifest.json is not a plain file" in refused(folder)
    manifest.unlink()
    os.mkfifo(manifest)
    assert "manifest.json is not a plain file" in refused(folder)
    manifest.unlink()
    with manifest.open("wb") as file:
        file.truncate(1 << 30)  # takes no space on disk
    assert "of at most 64 MB" in refused(folder)
    assert "no artifact here" in refused(tmp_path / "nowhere")
    assert "no artifact here" in refused(manifest)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_unreadable_files(folder):
    (folder / "terms.txt").chmod(0)
    assert "terms.txt cannot be read: Permission denied" in refused(folder)


# What a stranger does: hashes fit.


def forged(change):
    """A hostile artifact whose manifest agrees with itself; `change` gets its folder and its manifest."""

    def forge(folder):
        manifest = json.loads((folder / "manifest.json").read_text())
        result = change(folder, manifest)
        (folder / "manifest.json").write_bytes(a._canonical(manifest))
        signed(folder, result or (lambda m: None))

    return forge


def facts(name, **values):
    return forged(lambda folder, m: m["files"][name].update(values))


def setting(part, **values):
    return forged(lambda folder, m: m["parts"][part].update(values))


def content(name, raw):
    def change(folder, manifest):
        (folder / name).write_bytes(raw if isinstance(raw, bytes) else raw((folder / name).read_bytes()))

    return forged(change)


def top(**values):
    return forged(lambda folder, m: m.update(values))


def array(name, value):
    """Replace an array, its shape and type in the manifest included."""

    def change(folder, manifest):
        (folder / name).write_bytes(header(value.shape, value.dtype.str) + value.tobytes())
        manifest["files"][name].update(shape=list(value.shape), dtype=value.dtype.str)

    return forged(change)


class Bomb:
    def __reduce__(self):
        return (os.system, ("touch /tmp/newstopics-bomb-went-off",))


def npy(value, **options):
    stream = io.BytesIO()
    np.save(stream, value, **options)
    return stream.getvalue()


def renamed(to):
    def change(folder, manifest):
        manifest["files"][to] = manifest["files"].pop("terms.txt")

    return forged(change)


def objects(folder, manifest):
    (folder / "tfidf/idf.npy").write_bytes(npy(np.array([Bomb()], object), allow_pickle=True))
    manifest["files"]["tfidf/idf.npy"].update(shape=[1], dtype="|O")


HOSTILE = {
    "pickle instead of an array": content("tfidf/idf.npy", pickle.dumps(Bomb())),
    "array of objects": content("tfidf/idf.npy", npy(np.array([Bomb()], object), allow_pickle=True)),
    "objects said in the manifest, too": forged(objects),
    "pickle instead of text": content("terms.txt", pickle.dumps(Bomb())),
    "zip of arrays": content("tfidf/idf.npy", lambda raw: b"PK\x03\x04" + raw),
    "wrong magic": content("tfidf/idf.npy", lambda raw: b"\x93NUMPX" + raw[6:]),
    "npy format 2.0": content("tfidf/idf.npy", lambda raw: raw[:6] + b"\x02\x00" + raw[8:]),
    "array too short": content("tfidf/idf.npy", lambda raw: raw[:-8]),
    "array too long": content("tfidf/idf.npy", lambda raw: raw + bytes(8)),
    "header alone": content("tfidf/idf.npy", lambda raw: raw[:128]),
    "header with code": content("tfidf/idf.npy", lambda raw: raw.replace(b"False", b"print")),
    "header in Fortran order": content("tfidf/idf.npy", lambda raw: raw.replace(b"False, ", b"True,  ")),
    "header of another type": content("tfidf/idf.npy", lambda raw: raw.replace(b"<f8", b"<i8")),
    "header in another byte order": content("tfidf/idf.npy", lambda raw: raw.replace(b"<f8", b">f8")),
    "header of another shape": content("tfidf/idf.npy", lambda raw: raw.replace(b"(3,)", b"(1,)")),
    "huge declared shape": facts("tfidf/idf.npy", shape=[1 << 60]),
    "large declared shape": facts("tfidf/idf.npy", shape=[1 << 40]),
    "huge beside nothing": facts("tfidf/idf.npy", shape=[0, 1 << 47]),
    "negative shape": facts("tfidf/idf.npy", shape=[-3]),
    "shape of fractions": facts("tfidf/idf.npy", shape=[3.0]),
    "shape of truth": facts("tfidf/idf.npy", shape=[True]),
    "shape of text": facts("tfidf/idf.npy", shape="3"),
    "no shape": facts("tfidf/idf.npy", shape=None),
    "seventy axes": facts("tfidf/idf.npy", shape=[1] * 70),
    "type of objects": facts("tfidf/idf.npy", dtype="|O"),
    "type of text": facts("tfidf/idf.npy", dtype="<U4"),
    "type that is no type": facts("tfidf/idf.npy", dtype=["<f8"]),
    "type with fields": facts("tfidf/idf.npy", dtype="f8,O"),
    "not a number": array("tfidf/idf.npy", np.array([1.0, np.nan, 1.0])),
    "infinite": array("classify/intercept.npy", np.array([np.inf, 0.0])),
    "no hash": forged(lambda f, m: lambda later: later["files"]["terms.txt"].pop("sha256")),
    "hash of another type": forged(lambda f, m: lambda later: later["files"]["terms.txt"].update(sha256=None)),
    "files in a list": forged(lambda f, m: lambda later: later.update(files=[])),
    "facts in a list": forged(lambda f, m: lambda later: later["files"].update({"terms.txt": []})),
    "parts in a list": top(parts=[]),
    "settings in a list": forged(lambda f, m: m["parts"].update(terms=[])),
    "a way out": renamed("../terms.txt"),
    "a way out inside": renamed("a/../terms.txt"),
    "an absolute way": renamed("/etc/passwd"),
    "a way through a drive": renamed("c:\\terms.txt"),
    "an escape in a name": renamed("terms\x1b[2J.txt"),
    "a newline in a name": renamed("terms\n.txt"),
    "a hidden name": renamed(".terms.txt"),
    "an empty name": renamed(""),
    "no terms": renamed("words.txt"),
    "term twice": content("terms.txt", b"apple\napple\ncherry\n"),
    "terms unsorted": content("terms.txt", b"banana\napple\ncherry\n"),
    "terms too few": content("terms.txt", b"apple\nbanana\n"),
    "terms too many": content("terms.txt", b"apple\nbanana\ncherry\ndate\n"),
    "escape in a term": content("terms.txt", b"apple\nban\x1b[2Jana\ncherry\n"),
    "carriage return in a term": content("terms.txt", b"apple\nbanana\r\ncherry\n"),
    "direction override in a term": content("terms.txt", "apple\nbanana\u202e\ncherry\n".encode()),
    "terms not UTF-8": content("terms.txt", b"apple\nb\xff\ncherry\n"),
    "runs of a million words": setting("terms", ngrams=[1, 1_000_000]),
    "runs of nothing": setting("terms", ngrams=[]),
    "number in words": setting("terms", n_documents="many"),
    "number without end": setting("terms", n_documents=[10**400]),
    "other frequencies": array("terms/document_frequency.npy", np.array([1, 2])),
    "other weights": array("tfidf/idf.npy", np.ones(4)),
    "weights with an axis more": array("tfidf/idf.npy", np.ones((3, 1))),
    "other coefficients": array("classify/term_weights.npy", np.ones((4, 2))),
    "labels too few": setting("classify", labels=["one"]),
    "label twice": setting("classify", labels=["one", "one"]),
    "labels in a number": setting("classify", labels=7),
    "no labels": forged(lambda f, m: lambda later: later["parts"]["classify"].pop("labels")),
    "column beyond": array("lda/columns.npy", np.array([0, 3], np.int32)),
    "column before": array("lda/columns.npy", np.array([-1, 2], np.int32)),
    "columns unsorted": array("lda/columns.npy", np.array([2, 0], np.int32)),
    "columns too many": array("lda/columns.npy", np.array([0, 1, 2], np.int32)),
    "prior below zero": array("lda/alpha.npy", np.array([1.0, -1.0])),
    "topic without weight": array("lda/term_topic.npy", np.zeros((2, 2), np.float32)),
    "latent names in a number": setting("lda", names=3),
    "canary without text": top(canary=[{"topic": None}]),
    "canary of another form": top(canary={"a": 1}),
    "scores of another form": top(scores={"topic": {"n": "many"}}),
    "scores in a list": top(scores=[1]),
    "corpus of another form": top(corpus=[1]),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_forged_artifact_is_refused(folder, name):
    HOSTILE[name](folder)
    refused(folder)
    assert not Path("/tmp/newstopics-bomb-went-off").exists()


def test_there_are_enough_of_them():
    assert len(HOSTILE) >= 60


@pytest.mark.parametrize(
    "forge",
    [
        array("stance/cues/idf.npy", np.ones(3)),
        array("stance/donald-trump/coef.npy", np.ones((3, 3), np.float32)),
        array("stance/donald-trump/intercept.npy", np.ones(2)),
        array("stance/cues/cues.npy", np.frombuffer(b"one\ntwo\n", np.uint8)),
        array("stance/cues/cues.npy", np.frombuffer(b"\xff\n", np.uint8)),
        array("sentences/contexts.npy", np.ones(1, np.int8)),
        setting("stance/cues", ngrams=[1, 10**9]),
        setting("stance/cues", context="all"),
        setting("stance/cues", heads=[{"target": "x", "folder": "../x"}]),
        setting("stance/cues", labels=["favor"]),
    ],
)
def test_forged_stances_are_refused(starter, tmp_path, forge):
    shutil.copytree(starter, tmp_path / "s")
    forge(tmp_path / "s")
    refused(tmp_path / "s")


def test_a_huge_declared_shape_allocates_nothing(folder):
    facts("tfidf/idf.npy", shape=[MAX_ENTRIES - 1])(folder)
    code = (
        "import resource; resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))\n"
        f"from topics.loading import load\nfrom topics.errors import ArtifactError\n"
        f"try:\n    load({str(folder)!r})\nexcept ArtifactError as e:\n    print(e)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "does not have the shape and type" in done.stdout


def test_half_a_character_is_refused_whatever_the_hash(folder):
    manifest = folder / "manifest.json"
    raw = a._DIGEST.sub(b"\n", manifest.read_bytes()).replace(b'"tiny"', b'"\\ud800"')
    assert json.loads(raw)["name"] == "\ud800"
    line = f'\n "digest": "{hashlib.sha256(raw).hexdigest()}",\n "files"'.encode()
    manifest.write_bytes(raw.replace(b'\n "files"', line))
    assert "manifest.json was changed" in refused(folder)
    manifest.write_bytes(manifest.read_bytes().replace(b"\\ud800", b"xxxxxx"))
    assert "manifest.json was changed" in refused(folder)


def test_a_newer_format_says_what_to_do(folder):
    top(format=2)(folder)
    assert "its format is 2, newer than 1" in refused(folder)


def test_one_part_alone_may_be_missing(folder):
    """A config without [lda] makes an artifact without lda."""
    manifest = json.loads((folder / "manifest.json").read_text())
    for name in [n for n in manifest["files"] if n.startswith("lda/")]:
        (folder / name).unlink()
    signed(folder, lambda m: (m["parts"].pop("lda"), [m["files"].pop(n) for n in list(m["files"]) if n.startswith("lda/")]))
    assert load(folder).latent is None


# Writing.


def test_what_is_there_is_replaced_with_force_alone(tmp_path):
    write_artifact(tmp_path / "x", PARTS, TEXTS, ABOUT)
    with pytest.raises(OutputError, match="exists already; pass --force"):
        write_artifact(tmp_path / "x", PARTS, TEXTS, ABOUT | {"name": "new"})
    write_artifact(tmp_path / "x", PARTS, TEXTS, ABOUT | {"name": "new"}, force=True)
    assert read_artifact(tmp_path / "x").manifest["name"] == "new"
    assert os.listdir(tmp_path) == ["x"]


@pytest.mark.parametrize("files", [["thesis.docx"], ["manifest.json"], ["manifest.json", "icon.png"]])
def test_a_folder_that_is_no_artifact_is_never_replaced(tmp_path, files):
    (tmp_path / "x").mkdir()
    for name in files:  # a web application has a manifest.json, too
        (tmp_path / "x" / name).write_text('{"name": "My app", "icons": []}')
    for force in (False, True):
        with pytest.raises(OutputError):
            write_artifact(tmp_path / "x", PARTS, TEXTS, ABOUT, force=force)
    assert sorted(os.listdir(tmp_path / "x")) == sorted(files)


def test_an_artifact_with_notes_beside_it_is_not_replaced(folder):
    (folder / "notes.md").write_text("mine")
    with pytest.raises(OutputError, match=r"holds notes\.md, which is not of an artifact"):
        write_artifact(folder, PARTS, TEXTS, ABOUT, force=True)
    assert (folder / "notes.md").read_text() == "mine"


def test_a_damaged_artifact_may_be_replaced(folder):
    (folder / "terms.txt").write_text("rotten")
    write_artifact(folder, PARTS, TEXTS, ABOUT, force=True)
    load(folder)


def test_a_file_in_the_way_and_a_folder_that_is_none(tmp_path):
    (tmp_path / "file").write_text("mine")
    for target in (tmp_path / "file", tmp_path / "file" / "x"):
        with pytest.raises(OutputError):
            write_artifact(target, PARTS, TEXTS, ABOUT, force=True)
    assert (tmp_path / "file").read_text() == "mine"


def test_a_link_stays_a_link(tmp_path):
    (tmp_path / "real").mkdir()
    os.symlink(tmp_path / "real", tmp_path / "link")
    write_artifact(tmp_path / "link", PARTS, TEXTS, ABOUT, force=True)
    assert (tmp_path / "link").is_symlink()
    load(tmp_path / "real")


def test_the_working_folder_itself(tmp_path, monkeypatch):
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    write_artifact(Path("."), PARTS, TEXTS, ABOUT, force=True)
    load(tmp_path / "here")


def test_a_system_without_an_exchange_replaces_in_two_steps(folder, monkeypatch):
    monkeypatch.setattr(siblings, "_exchange", lambda left, right: False)
    write_artifact(folder, PARTS, TEXTS, ABOUT | {"name": "new"}, force=True)
    assert read_artifact(folder).manifest["name"] == "new"
    assert os.listdir(folder.parent) == ["tiny"]


KILLED = """
import os, signal, sys
sys.path.insert(0, {tests!r})
from pathlib import Path
import topics.artifact as a
from test_artifact import ABOUT, PARTS, TEXTS

left = int(sys.argv[2])
def count(frame, event, arg):
    global left
    if event in ("call", "c_call"):
        left -= 1
        if left <= 0:
            os.kill(os.getpid(), signal.SIGKILL)
sys.setprofile(count)
a.write_artifact(Path(sys.argv[1]), PARTS, TEXTS, ABOUT | {{"name": "new"}}, force=True)
sys.setprofile(None)
print("done")
"""


def test_a_kill_at_any_moment_leaves_the_old_or_the_new(folder):
    """The process kills itself after so many calls: no timing, every moment is another line of the program."""
    script = KILLED.format(tests=str(Path(__file__).parent))
    names = []
    for calls in (40, 400, 700, 900, 1100, 1300, 1400, 1500, 1600, 100_000):
        done = subprocess.run([sys.executable, "-c", script, str(folder), str(calls)], capture_output=True, text=True)
        names.append(read_artifact(folder).manifest["name"])
        assert done.returncode == -9 or "done" in done.stdout, done.stderr
    assert names[0] == "tiny"
    assert names[-1] == "new"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize("entries", [3, 100_000], ids=["at the end", "in the middle"])
def test_a_full_disk_leaves_nothing(tmp_path, monkeypatch, entries):
    real, parts = Path.open, PARTS | {"tfidf": Part(arrays={"idf": np.ones(entries)}, settings={"sublinear": True})}

    def full(self, mode="r", *rest, **options):
        return (
            real(Path("/dev/full"), mode, *rest, **options)
            if "w" in mode and self.name == "idf.npy"
            else real(self, mode, *rest, **options)
        )

    monkeypatch.setattr(Path, "open", full)
    with pytest.raises(OutputError, match="cannot be written: No space left on device"):
        write_artifact(tmp_path / "x", parts, TEXTS, ABOUT)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("name", "taken", "expected"),
    [
        ("Aid to Ukraine", set(), "aid-to-ukraine"),
        ("../..", set(), "target"),
        ("", set(), "target"),
        ("x", {"x", "x-2"}, "x-3"),
        ("é" * 300, set(), "target"),
        ("a" * 300, set(), "a" * 60),
    ],
)
def test_slugs(name, taken, expected):
    assert slug(name, taken) == expected
