"""The map of the house: what may import what, and what labeling a page may load."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

#: Imports follow the text: a module imports only from modules before it.
TOPICS = """
errors elements tables charts cards evaluation predictions pages stems tokens
kernels kernels_slots kernels_lines kernels_shapes kernels_place kernels_alike kernels_ties kernels_net kernels_turns
kernels_bytes kernels_words kernels_rows kernels_terms kernels_table kernels_chars kernels_count
kernels_scores kernels_stream terms tfidf
kernels_sketches sketches duplicates
lines shapes_words shapes_signs shapes_page shapes_runs shapes_own shapes network
sequence echoes datelines turns habits heads stubs headlines glued openings
wording blocks priors markup oneline
parts articles reasons segment
sources_bytes memory apart sources_tables sources_html sources_web sources_warc sources_files sources_remote sources
amounts documents copies output_forms siblings output output_parquet progress failures journal arrays artifact contents
sentences classify
mentions quotes cues trees pairs_words pairs_text pairs_features targets pairs stance
kernels_svm kernels_lanes kernels_learn kernels_cvb0 kernels_vb kernels_lda lda_shares lda_map lda lda_labels tally
predict loading canary explain service service_openapi serve report report_latent screen paint
report_charts report_groups report_pages report_seen report_map report_learned report_html inputs commands scheduler
sharded_copies sharded commands_look commands_latent options options_apply options_latent options_learn cli completion
__main__
""".split()  # noqa: SIM905 - the order reads better as lines of text

#: One dependency, one door.
DOORS = {
    "sklearn": {"training/classify.py", "training/stance.py", "training/tfidf.py", "training/vectorizers.py"},
    "gensim": {"training/lda.py", "training/coherence.py"},
    "nltk": {"training/sentences.py"},
    "numba": {"topics/kernels.py"},
    "pydantic": {"training/settings.py", "training/config.py"},
    "pydantic_core": {"training/settings.py", "training/config.py"},
    "tomlkit": {"training/config.py"},
    "tomllib": {"training/config.py", "training/weak_seeds.py"},
    "altair": {"topics/charts.py"},
    "pandas": {"topics/tables.py"},
    "polars": {"topics/tables.py"},
    "rich": {"topics/progress.py", "topics/screen.py"},
    "fsspec": {"topics/sources_remote.py"},
    "starlette": {"topics/serve.py"},
    "uvicorn": {"topics/serve.py"},
}
#: A room with several files keeps one door: training/classify_fit.py is part of training/classify.py.
FAMILIES = (
    "training/classify",
    "training/lda",
    "training/stance",
    "training/sentences",
    "topics/kernels",
    "training/segment",
    "training/settings",
)


def imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
            found |= {f"{node.module}.{alias.name}" for alias in node.names if node.module in ("topics", "training")}
    return found


def typed_only(path: Path) -> set[str]:
    """Names imported under `if TYPE_CHECKING`: they cost nothing and tie nothing at run time."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            found |= imports_in(node)
    return found


def imports_in(tree: ast.AST) -> set[str]:
    return {n.module for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) and n.module}


MODULES = sorted(p for room in ("topics", "training") for p in (ROOT / room).glob("*.py"))


def test_every_module_of_topics_has_its_place():
    assert sorted([*TOPICS, "__init__"]) == sorted(p.stem for p in (ROOT / "topics").glob("*.py"))


@pytest.mark.parametrize("name", TOPICS)
def test_topics_imports_only_from_earlier_modules(name):
    path = ROOT / "topics" / f"{name}.py"
    used = {m.split(".")[1] for m in imports(path) - typed_only(path) if m.startswith("topics.")}
    later = {m for m in used if m in TOPICS and TOPICS.index(m) >= TOPICS.index(name)}
    assert not later, f"topics/{name}.py imports {later}, which stand after it"


@pytest.mark.parametrize("path", [p for p in MODULES if p.parent.name == "topics"], ids=lambda p: p.name)
def test_what_applies_never_imports_what_learns(path):
    used = {m for m in imports(path) if m.split(".")[0] == "training"}
    assert not used or path.name == "cli.py"


def door(path: Path) -> str:
    name = f"{path.parent.name}/{path.name}"
    family = next((f for f in FAMILIES if name.startswith(f + "_")), None)
    return f"{family}.py" if family else name


@pytest.mark.parametrize("path", MODULES, ids=lambda p: f"{p.parent.name}/{p.name}")
def test_one_dependency_one_door(path):
    for module in imports(path):
        allowed = DOORS.get(module.split(".")[0])
        assert allowed is None or door(path) in allowed, f"{module} enters through {sorted(allowed)}, not here"


FORBIDDEN = {"pickle", "dill", "cloudpickle", "shelve", "marshal"}


@pytest.mark.parametrize("path", MODULES, ids=lambda p: f"{p.parent.name}/{p.name}")
def test_nothing_unpickles_or_evaluates(path):
    assert not {m.split(".")[0] for m in imports(path)} & FORBIDDEN
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            assert called not in {"eval", "exec", "joblib.load", "__import__"}, called
            pickles = {ast.unparse(keyword.value) for keyword in node.keywords if keyword.arg == "allow_pickle"}
            # What comes with the package may be loaded so; what a stranger wrote goes through topics/arrays.py.
            assert pickles == {"False"} if called in ("np.load", "numpy.load") else pickles <= {"False"}, called


HEAVY = ("scipy", "sklearn", "gensim", "nltk", "numba", "pydantic", "joblib", "rich", "pandas", "training")


def loaded_by(code: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport sys; print(*sorted(sys.modules))"],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    return set(done.stdout.split("\n")[-2].split()) & set(HEAVY)


def test_labeling_a_page_loads_nothing_heavy(starter, page):
    assert not loaded_by(
        f"from topics.cli import run\nassert run(['predict', {str(starter)!r}, {str(page)!r}, '--format', 'jsonl']) == 0"
    )


def test_help_loads_nothing_heavy():
    assert not loaded_by("import topics, topics.cli\ntopics.cli.parser().format_help()")


def test_public_names_are_sorted_and_there():
    import topics
    import training

    for package in (topics, training):
        assert package.__all__ == sorted(package.__all__)
        assert all(getattr(package, name) is not None for name in package.__all__)


def test_segment_is_the_function_whatever_was_imported_first():
    code = "import topics.segment, topics.predict, topics\nassert callable(topics.segment), type(topics.segment)"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)
