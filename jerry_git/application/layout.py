"""Where things lie in a repository."""

FOLDER = ".jerry"
"""All that this program keeps in a work tree."""

EVENTS = ".jerry/events"
"""The folder of event files, relative to the root of the repository, as git writes paths (DESIGN 3)."""

ARCHIVE = ".jerry/archive"
"""The folder of archives, in which the batches of old event files stand together (DESIGN 8)."""


def way_out(path: str) -> str:
    """The mend for what lies at `path`, where nothing of its name belongs.

    An event comes to such a place where git takes the going of others, into archives, for a rename (ADR-034).
    """
    folder = ARCHIVE if path.startswith(f"{ARCHIVE}/") else EVENTS
    return f'git mv it out of {folder}; an event goes back into the folder of its stream, which its "subject" names'
