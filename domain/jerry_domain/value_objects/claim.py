"""A claim: who works on an item, in which session, and until when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A lease on an item. It ends by itself at `until`, so that a crashed worker holds nothing for ever."""

    claimant: str
    session: str | None
    until: datetime

    def is_active(self, now: datetime) -> bool:
        """Whether the lease still runs at `now`."""
        return now < self.until

    def is_held_by(self, actor: str, session: str | None) -> bool:
        """Whether this very worker holds it.

        An actor's name is not enough: two sessions of one actor are two workers, and a worker that names no session
        cannot prove that it is the one (beads_rust PR 55).
        """
        return self.claimant == actor and self.session is not None and self.session == session

    def may_be_of(self, actor: str, session: str | None) -> bool:
        """Whether it can be this worker's: same actor and same session, both unnamed included."""
        return (self.claimant, self.session) == (actor, session)
