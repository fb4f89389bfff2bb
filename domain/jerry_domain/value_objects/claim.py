"""A claim: who works on an item, in which session, and until when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from jerry_domain.values import Value, value


@value
class Claim(Value):
    """A lease on an item. It ends by itself at `until`, so that a crashed worker holds nothing for ever.

    `since` is when it was taken first; renewing leaves it as it is.
    """

    claimant: str
    session: str | None
    until: datetime
    since: datetime

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


def with_claim(claims: Iterable[Claim], taken: Claim) -> tuple[Claim, ...]:
    """The claims that run when `taken` is made, with it, the first come first.

    In one clone there is never more than one. Clones that have not met yet may each take the item; then whoever took it
    first has it, and the others follow in line (ADR-029).
    """
    running = [claim for claim in claims if claim.is_active(taken.since)]
    own = [claim for claim in running if claim.may_be_of(taken.claimant, taken.session)]
    others = [claim for claim in running if claim not in own]
    renewed = replace(taken, since=min(claim.since for claim in (*own, taken)))
    return _in_line((*others, renewed))


def merged_claims(one: Iterable[Claim], other: Iterable[Claim]) -> tuple[Claim, ...]:
    """The claims that two places know of, in line; where both know one worker's, the one that ends later."""
    latest: dict[tuple[str, str | None], Claim] = {}
    for claim in sorted((*one, *other), key=lambda claim: claim.until):
        latest[claim.claimant, claim.session] = claim
    return _in_line(latest.values())


def without_claim(claims: Iterable[Claim], claimant: str, session: str | None) -> tuple[Claim, ...]:
    """The claims but for those of one worker."""
    return tuple(claim for claim in claims if not claim.may_be_of(claimant, session))


def _in_line(claims: Iterable[Claim]) -> tuple[Claim, ...]:
    return tuple(sorted(claims, key=lambda claim: (claim.since, claim.claimant, claim.session or "")))
