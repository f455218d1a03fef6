"""Configs: accepted whole or refused with every problem at once, overridden, written out and read back."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from topics.errors import ConfigError, InputError, UsageError
from training.config import Config, load_config, parse_config, render_config, schema
from training.settings import (
    ClassifySettings,
    CorpusSettings,
    LdaSettings,
    SegmentSettings,
    StanceSettings,
    TargetSettings,
)

LEAST = 'name = "a"\n[corpus]\ntrain = "x"\n'


def problems(text: str, *overrides: str) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        parse_config(text, "c.toml", overrides)
    assert caught.value.exit_code == 2
    assert str(caught.value).startswith("c.toml cannot be run:")
    assert all("\n" not in problem for problem in caught.value.problems)
    return caught.value.problems


def test_every_problem_is_told_at_once_with_the_nearest_name():
    found = problems(
        """
        sede = 3
        [corpus]
        train = ["a", 5]
        [lda]
        n_topic = 4
        n_topics = "ten"
        engine = "cvb"
        [split]
        by = "date"
        test = 1.5
        [clasify]
        """
    )
    assert found == [
        "name: missing",
        "corpus.train[1]: expected a string, got 5",
        "split.test: must be at most 1.0, got 1.5",
        "split.by: expected 'random', 'published' or 'source', got \"date\"",
        "lda.engine: expected 'cvb0' or 'gensim', got \"cvb\"; did you mean 'cvb0'?",
        'lda.n_topics: expected a whole number, got "ten"',
        "lda.n_topic: no such setting; did you mean 'n_topics'?",
        "sede: no such setting; did you mean 'seed'?",
        "clasify: no such setting; did you mean 'classify'?",
    ]


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        ("[corpus]\ntrain = 5", "corpus.train: expected a string or a list, got 5"),
        ("[corpus]\ntrain = []", "corpus.train: must be at least 1 in number, got []"),
        ('[corpus]\ntrain = "x"\nwhere = 3', "corpus.where: expected a table, got 3"),
        ('[corpus]\ntrain = "x"\nqqqq = 3', "corpus.qqqq: no such setting; known here: train, test,"),
        (LEAST + '[terms]\nmin_df = "x"', 'terms.min_df: expected a whole number or a number, got "x"'),
        (LEAST + "[terms]\nmin_df = -1", "terms.min_df: must be at least 0, got -1"),
        (LEAST + "[terms]\nngrams = [1]", "terms.ngrams: must be at least 2 in number, got [1]"),
        (LEAST + "[terms]\nngrams = [2, 1]", "terms.ngrams: the shortest comes first, then the longest, got [2, 1]"),
        (LEAST + "[terms]\nngrams = [0, 9]", "terms.ngrams[0]: must be at least 1, got 0"),
        (LEAST + '[lda]\nalpha = "learnt"', "lda.alpha: expected a number or 'learned', got \"learnt\"; did you mean 'learned'?"),
        (LEAST + "[lda]\neta = 0", "lda.eta: must be above 0.0, got 0"),
        (LEAST + "[lda]\neta = nan", "lda.eta: expected a finite number or 'learned', got nan"),
        (LEAST + "[classify]\nc = [1.0, -2.0]", "classify.c[1]: must be above 0.0, got -2.0"),
        (LEAST + "[evaluate]\nbootstrap = true", "evaluate.bootstrap: expected a whole number, got true"),
        (LEAST + "lda = 3", "corpus.lda: no such setting"),
        ("lda = 3\n" + LEAST, "lda: expected a section, got 3"),
        ('name = "../x"\n[corpus]\ntrain = "x"', "name: only letters, digits, '.', '_' and '-', beginning with"),
        (LEAST + '[stance.targets."a. b"]\npatern = ["x"]', 'stance.targets."a. b".patern: no such setting; did you mean '),
        (LEAST + "[stance.targets.int]\npatterns = [1]", "stance.targets.int.patterns[0]: expected a string, got 1"),
        (LEAST + '[stance.targets.x]\npatterns = ["* x"]', "stance.targets.x.patterns: the pattern '* x' cannot be read"),
        ("a = " + "[" * 5000, "not TOML:"),
        ("a = " + "1" * 5000, "not TOML:"),
        ("a = 1\na = 2", "not TOML:"),
        ("\x00", "not TOML:"),
    ],
)
def test_a_problem_says_where_what_and_what_is_possible(written, problem):
    assert any(p.startswith(problem) for p in problems(written)), problems(written)


def test_a_long_value_is_cut_in_the_message():
    (problem,) = problems(LEAST.replace('"x"', "[" + "1.5, " * 1000 + "]").replace('"a"', '"ok"'))[:1]
    assert len(problem) < 200


def test_files_that_are_no_config(tmp_path):
    with pytest.raises(InputError, match=r"none\.toml: cannot be read: No such file .*; `topics init DATA` writes a config"):
        load_config(tmp_path / "none.toml")
    with pytest.raises(InputError, match="cannot be read: Is a directory"):
        load_config(tmp_path)
    for name, content, message in [
        ("latin", b'name = "caf\xe9"', r"not UTF-8 \(byte 11\); save it as UTF-8"),
        ("big", b"#" * (1 << 21), "larger than 1 MB"),
    ]:
        (tmp_path / name).write_bytes(content)
        with pytest.raises(ConfigError, match=message):
            load_config(tmp_path / name)
    (tmp_path / "mark.toml").write_bytes(b"\xef\xbb\xbf" + LEAST.encode())
    assert load_config(tmp_path / "mark.toml").name == "a"


@pytest.mark.parametrize(
    ("override", "read"),
    [
        ("lda.n_topics=40", lambda c: c.lda.n_topics == 40),
        (" lda . n_topics = 40", lambda c: c.lda.n_topics == 40),
        ("name=other", lambda c: c.name == "other"),
        ('name="other"', lambda c: c.name == "other"),
        ('corpus.train=["a", "b"]', lambda c: c.corpus.train == ["a", "b"]),
        ("corpus.where={ r8 = true }", lambda c: c.corpus.where == {"r8": True}),
        ('stance.targets."aid to U.S. = x".patterns=["aid"]', lambda c: c.stance.targets["aid to U.S. = x"].patterns == ["aid"]),
        ("stance.targets.net zero.patterns=['net zero']", lambda c: c.stance.targets["net zero"].patterns == ["net zero"]),
        ("corpus.topic=a=b", lambda c: c.corpus.topic == "a=b"),
        ("terms.min_df=0.5", lambda c: c.terms.min_df == 0.5),
    ],
)
def test_overrides(override, read):
    assert read(parse_config(LEAST, "c", [override]))


@pytest.mark.parametrize("override", ["lda.n_topics", "=5", ".=5", "lda.=5", "lda..x=5", 'a"b=5', "name.x=5", ""])
def test_an_override_that_is_none_is_a_usage_error(override):
    with pytest.raises(UsageError, match="--set "):
        parse_config(LEAST, "c", [override])


def test_an_override_of_the_wrong_type_is_a_problem():
    assert problems(LEAST, "lda.n_topics=ten", "seed=1.5", "lad.x=1") == [
        "seed: expected a whole number, got 1.5",
        'lda.n_topics: expected a whole number, got "ten"',
        "lad: no such setting; did you mean 'lda'?",
    ]


def full(**changes: object) -> Config:
    values = {
        "name": "every-thing",
        "corpus": CorpusSettings(train=["a", 'b"c\\'], where={"r8": True, "a b": "x\ty", "n": 3}, topic=""),
        "segment": SegmentSettings(),
        "classify": ClassifySettings(c=[0.5, 1e-9]),
        "stance": StanceSettings(
            targets={"aid to U.S.": TargetSettings(patterns=["aid ... to Ukrain*"]), "β": TargetSettings(patterns=["b"])}
        ),
        "lda": LdaSettings(),
    }
    return Config(**(values | changes))


def test_a_config_written_out_reads_back_as_it_was():
    for config in (full(), parse_config(LEAST, "c")):
        written = render_config(config)
        assert parse_config(written, "c") == config
        assert render_config(parse_config(written, "c")) == written


def test_every_setting_is_written_with_its_comment():
    written = render_config(full())

    def settings_of(model, prefix=""):
        for name, field in model.model_fields.items():
            if field.description:
                yield name, field.description

    for model in (Config, CorpusSettings, ClassifySettings, StanceSettings, LdaSettings, SegmentSettings):
        for name, description in settings_of(model):
            if name != "targets":
                assert f"# {description}\n{name} = " in written or f"# {description}\n# {name} =" in written, name


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


@settings(deadline=None, max_examples=60)
@given(
    TEXTS, st.dictionaries(TEXTS, st.one_of(TEXTS, st.booleans(), st.integers(-(2**60), 2**60)), max_size=3), TEXTS.filter(bool)
)
def test_any_text_survives_being_written_out(text, where, target):
    config = full(
        corpus=CorpusSettings(train=text, where=where),
        stance=StanceSettings(targets={target: TargetSettings(patterns=["x"])}),
    )
    assert parse_config(render_config(config), "c") == config


LEAVES = st.one_of(st.booleans(), st.integers(-5, 5), st.floats(), TEXTS, st.just("learned"), st.dates())
NAMES = st.sampled_from([*Config.model_fields, *LdaSettings.model_fields, *StanceSettings.model_fields, "x", "where", "train"])
VALUES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES | TEXTS, inner, max_size=4), max_leaves=12
)
PIECES = st.sampled_from(["[", "]", "=", '"', "lda", ".", "{", "1", "\n", "'"])


@settings(deadline=None, max_examples=150)
@given(st.dictionaries(NAMES, VALUES, max_size=5))
def test_hostile_values_are_refused_in_lines_or_accepted(values):
    import tomlkit

    text = tomlkit.dumps({"name": "a", "corpus": {"train": "x"}} | values)
    tomllib.loads(text)
    told: list[str] = ["accepted"]
    try:
        parse_config(text, "c")
    except ConfigError as error:
        told = error.problems
    assert told
    assert all(problem and "\n" not in problem and "Input should" not in problem for problem in told), told


@settings(deadline=None, max_examples=150)
@given(st.text(max_size=60) | st.lists(PIECES, max_size=30).map("".join))
def test_hostile_toml_is_refused(text):
    with pytest.raises(ConfigError):
        parse_config(text, "c")


def test_the_schema_is_json_schema_and_knows_every_section():
    found = json.loads(schema())
    assert set(found["properties"]) == set(Config.model_fields)
    assert found["required"] == ["name", "corpus"]
    assert found["additionalProperties"] is False

    def references(value):
        if isinstance(value, dict):
            yield from [value["$ref"]] if "$ref" in value else []
            for inner in value.values():
                yield from references(inner)
        elif isinstance(value, list):
            for inner in value:
                yield from references(inner)

    kinds = {"object", "array", "string", "number", "integer", "boolean", "null"}

    def types(value):
        if isinstance(value, dict):
            if isinstance(value.get("type"), str):
                yield value["type"]
            for inner in value.values():
                yield from types(inner)
        elif isinstance(value, list):
            for inner in value:
                yield from types(inner)

    assert all(r.removeprefix("#/$defs/") in found["$defs"] for r in references(found))
    assert set(types(found)) <= kinds


@pytest.mark.parametrize("path", sorted((Path(__file__).parents[1] / "configs").glob("*.toml")), ids=lambda p: p.name)
def test_the_configs_that_come_with_it_are_accepted(path):
    assert load_config(path).name
