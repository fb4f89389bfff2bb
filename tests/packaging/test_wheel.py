"""The wheel brings our packages and harms nobody else's (DESIGN 2)."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
DECOYS = ("domain", "hooks")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from the sources as they stand."""
    folder = tmp_path_factory.mktemp("dist")
    command = (sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT))
    subprocess.run(command, check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture
def names(wheel: Path) -> list[str]:
    """The paths in the wheel."""
    with zipfile.ZipFile(wheel) as archive:
        return archive.namelist()


@pytest.mark.positive
def test_the_wheel_has_our_three_packages_and_no_other_top_level_name(names: list[str]) -> None:
    """A package named `domain` or `hooks` would overwrite the user's: pip gives no warning."""
    tops = {name.partition("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"jerry_git", "jerry_domain", "jerry_hooks"}


@pytest.mark.positive
@pytest.mark.parametrize(
    "path",
    [
        "jerry_git/jerry_readme.md",
        "jerry_git/schemas/jerry.work_item.created/v1.json",
        "jerry_git/testing/event_store_contract.py",
        "jerry_git/py.typed",
        "jerry_domain/py.typed",
        "jerry_hooks/py.typed",
    ],
)
def test_the_wheel_has_what_the_program_reads(names: list[str], path: str) -> None:
    """Files that are no modules are shipped as well."""
    assert path in names


@pytest.mark.negative
def test_the_wheel_has_no_tests(names: list[str]) -> None:
    """What is for developers stays with them."""
    assert [name for name in names if "tests/" in name or name.endswith("conftest.py")] == []


@pytest.mark.positive
def test_an_installation_lives_beside_the_users_domain_and_hooks(wheel: Path, tmp_path: Path) -> None:
    """Installed beside packages of these names, and with PYTHONPATH pointing at them, it works and leaves them be."""
    python = _environment(tmp_path / "venv")
    decoys = _decoys(tmp_path)
    site = Path(_run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))").strip())
    _run(python, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps", *map(str, decoys))
    _run(python, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps", str(wheel))
    repository = tmp_path / "repository"
    repository.mkdir()
    subprocess.run(("git", "init", "--quiet"), cwd=repository, check=True)
    shadowed = {"PYTHONPATH": os.pathsep.join(str(decoy) for decoy in decoys)}
    for arguments in (("init",), ("new", "Beside the decoys"), ("list",)):
        printed = _run(python, "-m", "jerry_git", *arguments, folder=repository, extra=shadowed)
    assert "Beside the decoys" in printed
    assert _run(str(Path(python).parent / "git-jerry"), "--version", extra=shadowed).startswith("jerry ")
    _run(python, "-m", "pip", "uninstall", "--quiet", "--yes", "jerry-git")
    assert [(site / name / "__init__.py").read_text() for name in DECOYS] == ["OWNER = 'the user'\n"] * 2


def _environment(folder: Path) -> str:
    """A clean environment that sees the dependencies installed here, and nothing of this project."""
    subprocess.run((sys.executable, "-m", "venv", str(folder)), check=True)
    python = str(folder / "bin" / "python")
    site = Path(_run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))").strip())
    dependencies = folder / "dependencies"
    dependencies.mkdir()
    for installed in Path(sysconfig.get_path("purelib")).iterdir():
        ours = installed.name.startswith(("jerry", "_jerry", "__editable__", "_editable"))
        if not ours and installed.suffix != ".pth" and installed.name not in ("pip", "setuptools"):
            (dependencies / installed.name).symlink_to(installed)
    (site / "dependencies.pth").write_text(f"{dependencies}\n")
    return python


def _decoys(folder: Path) -> list[Path]:
    """Two installable projects, each with one package of a name that we use for a source root."""
    projects = []
    for name in DECOYS:
        project = folder / f"decoy-{name}"
        (project / name).mkdir(parents=True)
        (project / name / "__init__.py").write_text("OWNER = 'the user'\n")
        (project / "pyproject.toml").write_text(
            f'[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n\n'
            f'[project]\nname = "decoy-{name}"\nversion = "1"\n\n'
            f'[tool.hatch.build.targets.wheel]\npackages = ["{name}"]\n'
        )
        command = (sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(project), str(project))
        subprocess.run(command, check=True, capture_output=True)
        projects += project.glob("*.whl")
    return projects


def _run(*command: str, folder: Path | None = None, extra: dict[str, str] | None = None) -> str:
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("GIT_", "PYTHON", "COV"))}
    names = {"GIT_AUTHOR_NAME": "Ada", "GIT_AUTHOR_EMAIL": "ada@example.org", "PYTHONWARNINGS": "ignore"}
    done = subprocess.run(
        command, cwd=folder, env={**environment, **names, **(extra or {})}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
    return done.stdout
