"""Where things lie in a repository."""

FOLDER = ".jerry"
"""All that this program keeps in a work tree."""

EVENTS = ".jerry/events"
"""The folder of event files, relative to the root of the repository, as git writes paths (DESIGN 3)."""

ARCHIVE = ".jerry/archive"
"""The folder of archives, in which the batches of old event files stand together (DESIGN 8)."""
