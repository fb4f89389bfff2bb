"""The README keeps what it promises."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.docs.terminal import ROOT, blocks, run, steady, steps

README = ROOT / "README.md"


@pytest.mark.positive
def test_the_transcript_is_what_a_newcomer_sees(tmp_path: Path) -> None:
    """Every command of the README runs in a fresh repository, and prints what stands there."""
    home, folder = tmp_path / "home", tmp_path / "app"
    home.mkdir()
    folder.mkdir()
    (transcript,) = blocks(README, "console")
    seen = "".join(f"$ {command}\n{run(command, folder, home)}" for command, _ in steps(transcript))
    assert steady(seen) == steady(transcript)


@pytest.mark.positive
def test_the_transcript_tells_a_refusal_too() -> None:
    """A newcomer sees what an error looks like."""
    (transcript,) = blocks(README, "console")
    assert "error:" in transcript
    assert "hint:" in transcript


@pytest.mark.positive
def test_ci_runs_the_test_command_of_the_readme() -> None:
    """`.ci/run` calls the README's test command, and nothing that the README does not say."""
    commands = blocks(README, "sh")
    test_command = commands[-1].strip()
    script = (ROOT / ".ci" / "run").read_text().splitlines()
    assert [line for line in script if line and not line.startswith(("#", "set ", "cd "))] == [test_command]
    assert "just check" in test_command


@pytest.mark.positive
def test_the_first_command_runs_the_demo() -> None:
    """One command sets up and runs the main job."""
    assert blocks(README, "sh")[0].strip().endswith(".venv/bin/jerry demo")
