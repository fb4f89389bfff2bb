"""Repositories in which work tracking is set up, with a few items."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from pathlib import Path

from jerry_git.application import archiving, commands
from jerry_git.application.archiving import PutAway
from jerry_git.application.errors import GitError
from jerry_git.application.initializing import initialize
from jerry_git.bootstrap import App, bootstrap
from jerry_git.infrastructure.adapters.unaltered_files import UnalteredFiles
from jerry_git.infrastructure.persistence.projection import Projection
from jerry_git.infrastructure.persistence.projection_refresh import Reading
from tests.infrastructure.repositories import ADA, commit_all, git, make_repository


def tracker(folder: Path) -> App:
    """A repository in which work tracking is set up, and three items."""
    app = bootstrap(make_repository(folder), ADA)
    initialize(app.folder, app.git.root_commits, app.ids.command_id, None)
    for number in range(3):
        commands.create(app, commands.Draft(title=f"Item {number}"))
    app.staging.flush()
    commit_all(folder, "begin")
    git(folder, "tag", "begin")
    return app


def finish(app: App, *names: str) -> None:
    """Start and finish items, and commit all there is."""
    for name in names:
        commands.start(app, name)
        commands.complete(app, name)
    app.staging.flush()
    commit_all(app.repository.root, f"finish {', '.join(names)}")


def put_away(app: App) -> PutAway:
    """Put away what is closed, however lately, and stage it."""
    later = app.clock.now() + timedelta(days=1)
    done = archiving.put_away(app.board(), app.storeroom, later, list)
    with suppress(GitError):
        app.staging.flush()
    return done


def asking_git(app: App) -> Projection:
    """The projection of a work tree, which reads from git what it can, however little has changed."""
    place = app.repository

    def reading() -> Reading:
        contents = UnalteredFiles(place.root_name, f"{place.git_dir_name}/index").contents
        return Reading(contents, many=lambda changed, _: changed > 0)

    return Projection(place.root_name, place.git_dir_name, f"{place.private_name}/journal", lambda: app.store, reading)
