"""Completion as a shell does it: commands, options, choices, files."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from topics.cli import COMMANDS, parser, run
from topics.completion import SHELLS, script


@pytest.fixture(scope="module")
def bash() -> str:
    return shutil.which("bash") or pytest.skip("needs bash")


def completed(bash: str, folder, *words: str) -> list[str]:
    """Return what bash offers for the last word."""
    listed = " ".join(f"'{word}'" for word in words)
    code = (
        script("bash", parser())
        + f"\nCOMP_WORDS=({listed}); COMP_CWORD={len(words) - 1}; _topics; printf '%s\\n' \"${{COMPREPLY[@]}}\""
    )
    done = subprocess.run([bash, "--norc", "-c", code], capture_output=True, text=True, check=True, cwd=folder)
    assert done.stderr == ""
    return done.stdout.split()


def test_commands_are_completed(bash, tmp_path):
    assert set(completed(bash, tmp_path, "topics", "")) == set(COMMANDS)
    assert completed(bash, tmp_path, "topics", "pre") == ["predict"]


def test_options_of_the_command_are_completed(bash, tmp_path):
    assert completed(bash, tmp_path, "topics", "predict", "--form") == ["--format"]
    assert "--verify" in completed(bash, tmp_path, "topics", "show", "artifacts/x", "--")
    assert "--verify" not in completed(bash, tmp_path, "topics", "predict", "--")
    assert "--version" in completed(bash, tmp_path, "topics", "--v")


def test_choices_are_completed(bash, tmp_path):
    offered = completed(bash, tmp_path, "topics", "predict", "a", "--format", "")
    assert offered[:3] == ["jsonl", "csv", "table"]
    assert completed(bash, tmp_path, "topics", "explain", "a", "--format", "j") == ["jsonl"]
    assert completed(bash, tmp_path, "topics", "completion", "z") == ["zsh"]


def test_files_are_completed_everywhere_else(bash, tmp_path):
    (tmp_path / "page.txt").write_text("x")
    (tmp_path / "news.toml").write_text("x")
    assert completed(bash, tmp_path, "topics", "segment", "pa") == ["page.txt"]
    assert completed(bash, tmp_path, "topics", "train", "ne") == ["news.toml"]
    assert completed(bash, tmp_path, "topics", "train", "news.toml", "--out", "ne") == ["news.toml"]


@pytest.mark.parametrize("shell", SHELLS)
def test_every_shell_finds_its_script_in_order(shell, capsys):
    assert run(["completion", shell]) == 0
    written = capsys.readouterr().out
    assert written == script(shell, parser())
    assert all(command in written for command in COMMANDS)
    path = shutil.which(shell)
    if path is None:
        pytest.skip(f"the script is made, but {shell} is not here to read it")
    subprocess.run([path, "-n"], input=written, text=True, check=True)
