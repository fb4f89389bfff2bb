# The front door: people, pre-commit and CI use the same recipes.

export PATH := justfile_directory() / ".venv/bin:" + env("PATH")

# list the recipes
default:
    @just --list

# everything that CI asks: style, types, tests with coverage
check: lint types test

# style and formatting
lint:
    ruff check .
    ruff format --check .

# mypy strict, then pyright
types:
    mypy
    pyright

# the guards of this package over this package, as git hooks (.pre-commit-config.yaml)
hooks:
    pre-commit install

# the tests, on all cores, with branch coverage: 100 % of domain and application
test *arguments:
    coverage erase
    python -m pytest --cov --cov-report= --numprocesses=auto --dist=worksteal {{ arguments }}
    coverage report --include='*/jerry_domain/*,*/jerry_git/application/*' --fail-under=100 --skip-covered
    coverage report --skip-covered --fail-under=95

# the tests with another Python, in an environment of its own: just test-with python3.13
test-with python:
    {{ python }} -m venv .venv-other
    .venv-other/bin/python -m pip install --quiet --editable '.[dev]'
    .venv-other/bin/python -m pytest --numprocesses=auto --dist=worksteal

# the tests with the oldest dependencies that pyproject.toml allows
test-lowest python="python3":
    {{ python }} -m venv .venv-lowest
    .venv-lowest/bin/python -m pip install --quiet uv
    .venv-lowest/bin/uv pip install --quiet --python .venv-lowest --resolution lowest-direct --editable '.[dev]'
    .venv-lowest/bin/python -m pytest --numprocesses=auto --dist=worksteal

# write anew what is made from the code: docs/cli.md, the state diagram, the event schemas
docs:
    python -m tests.generate

# build the wheel and the source distribution
build:
    python -m build

# what the guards cost beside 20,000 committed events (docs/checking.md)
bench-guards *arguments:
    PYTHONPATH=.:domain:hooks python benchmarks/guards.py {{ arguments }}

# what the schema hooks cost beside 300 published schemas (docs/schemas.md)
bench-schemas *arguments:
    PYTHONPATH=.:domain:hooks python benchmarks/schemas.py {{ arguments }}

# what the check of layers costs beside import-linter and tach (docs/layers.md)
bench-layers *arguments:
    PYTHONPATH=.:domain:hooks python benchmarks/layers.py {{ arguments }}

# what git says when two clones changed the same work, here and with other trackers (docs/merging.md)
bench-merging *arguments:
    PYTHONPATH=.:domain:hooks python benchmarks/merging.py {{ arguments }}

# what starting commands costs, before and after `jerry archive`, beside the budgets in benchmarks/budgets.toml; fails where one is exceeded (docs/speed.md)
bench-start *arguments:
    PYTHONPATH=.:domain:hooks python benchmarks/starting.py {{ arguments }}

# what each command loads, as `python -X importtime` tells it (docs/speed.md)
bench-imports *arguments:
    PYTHONPATH=.:domain:hooks python benchmarks/imports.py {{ arguments }}

# what the store does as a library, beside eventsourcing where the extra `bench` is installed (docs/speed.md)
bench-throughput *arguments:
    PYTHONPATH=.:domain:hooks python benchmarks/throughput.py {{ arguments }}

# what work costs with 100 to 50,000 items, here and with other trackers (docs/speed.md)
bench-sizes *arguments:
    PYTHONPATH=.:domain:hooks python benchmarks/sizes.py {{ arguments }}

# these three in one run, as Markdown, JSON and pictures in benchmarks/report: just bench --sizes 100,1000 --runs 3 (docs/speed.md)
bench *arguments:
    PYTHONPATH=.:domain:hooks python benchmarks/report.py {{ arguments }}
