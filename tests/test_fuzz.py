"""A short, seeded spell of fuzzing for everything that reads; `python tests/fuzzing.py --seconds 600` is a long one.

NEWSTOPICS_FUZZ=50 makes this one fifty times as long (two minutes or so).
"""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
from importlib.util import find_spec

import pytest
from conftest import ROOT
from fuzzing import TARGETS, attempt, inputs
from fuzzing_seeds import LONGEST, seeds
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

TIMES = int(os.environ.get("NEWSTOPICS_FUZZ", "1"))
NAMES = [pytest.param(name, marks=pytest.mark.skipif(name not in seeds(), reason="needs pyarrow")) for name in TARGETS]
#: Slower ones get fewer.
TRIES = {"segment": 40, "artifact": 60}


@pytest.mark.parametrize("name", NAMES)
def test_what_is_well_formed_is_read(name):
    for data in seeds()[name][: None if name != "artifact" else 0]:
        assert attempt(name, data), data


@pytest.mark.parametrize("name", NAMES)
def test_spoiled_input_is_read_or_refused(name):
    for data in itertools.islice(inputs(name, 1), TIMES * TRIES.get(name, 250)):
        attempt(name, data)


TEXT = st.text(
    st.sampled_from("aB.,:;!?\"'“”-–|*#<>&\n\r\t\v\f \x00\x1b\x85\u2028\u202e\u0301é日\U0001f600\ud800[]{}()0123=@/\\")
    | st.characters()
)


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=20 * TIMES, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(data=st.binary(max_size=300) | TEXT.map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_any_bytes_are_read_or_refused(name, data):
    attempt(name, data)


@pytest.mark.skipif(find_spec("atheris") is None, reason="atheris is not installed")
def test_a_moment_with_atheris():
    done = subprocess.run(
        [sys.executable, "tests/fuzzing.py", "--atheris", "--seconds", str(2 * TIMES), "jsonl"],
        capture_output=True,
        text=True,
        cwd=ROOT,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("| jsonl | ")


def test_inputs_are_bounded_and_the_same_for_the_same_seed():
    for name in seeds():
        some = list(itertools.islice(inputs(name, 5), 50))
        assert some == list(itertools.islice(inputs(name, 5), 50))
        assert max(map(len, some)) <= LONGEST
