"""Where things lie in a repository."""

EVENTS = ".jerry/events"
"""The folder of event files, relative to the root of the repository, as git writes paths (DESIGN 3)."""
