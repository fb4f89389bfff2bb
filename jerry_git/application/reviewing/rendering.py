"""A review as a comment on a pull request, as GitHub's annotations, and as JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from jerry_git.application.checking.rendering import annotation, as_data, printable, unicode_text
from jerry_git.application.reviewing.checklist import Answer, Outcome
from jerry_git.application.reviewing.reviewing import Review
from jerry_git.application.reviewing.tiers import REVIEWERS, Tier, Touch, listed

Render = Callable[[Review], str]

_MARKS: Mapping[Outcome, str] = {"passed": "x", "failed": " ", "human": " "}
_MARKDOWN = str.maketrans({char: f"&#{ord(char)};" for char in "&<>[]|*_`~@#\\"})


def verdict(review: Review) -> str:
    """The tier and who reviews, on one line."""
    if review.tier is None:
        return f"nothing to review in {review.source}"
    return f"{review.tier}: {REVIEWERS[review.tier]}"


def place(touch: Touch) -> str:
    """`path:line`, or the path alone."""
    return f"{touch.path}:{touch.line}" if touch.line else touch.path


def what(touch: Touch) -> str:
    """What is touched, and how, with the first few names: `event class, new: Placed, Shipped`."""
    names = f": {listed(touch.names)}" if touch.names else ""
    return f"{touch.kind}{'' if touch.how == 'changed' else f', {touch.how}'}{names}"


def why(touch: Touch) -> str:
    """What decided: a path of the settings, or the code and its place."""
    return f"path {touch.pattern}" if touch.pattern else "code"


def said(answer: Answer) -> str:
    """A question, and the note to its answer."""
    return f"{answer.question.text}{f' ({answer.note})' if answer.note else ''}"


def markdown(review: Review) -> str:
    """A comment for a pull request: nothing in it links, mentions anybody or breaks out of its table."""
    return "".join(f"{line}\n" for line in _markdown(review))


def _markdown(review: Review) -> Iterator[str]:
    yield f"### Review: {_escaped(verdict(review))}"
    if not review.touches:
        return
    yield ""
    yield "| tier | where | what | by |"
    yield "| --- | --- | --- | --- |"
    for touch in review.touches:
        yield f"| {touch.tier} | {' | '.join(_escaped(text(touch)) for text in (place, what, why))} |"
    for tier in Tier:
        answers = [answer for answer in review.answers if answer.question.tier is tier]
        yield from ["", f"**{tier}**", ""] if answers else []
        for answer in answers:
            failed = "**failed:** " if answer.outcome == "failed" else ""
            yield f"- [{_MARKS[answer.outcome]}] {failed}{_escaped(said(answer))}"
            for found in answer.findings:
                where = f"{found.path}: " if found.path else ""
                yield f"  - {found.severity}: {_escaped(f'{where}{found.message} (mend: {found.mend})')}"


def _escaped(text: str) -> str:
    return printable(text).translate(_MARKDOWN)


def github(review: Review) -> str:
    """Workflow commands: a notice for each thing above low, a warning where it is critical, and what was found.

    GitHub shows ten of each level: what is low would hide the rest.
    """
    return "".join(f"{line}\n" for line in _annotations(review))


def _annotations(review: Review) -> Iterator[str]:
    yield annotation("notice", "review", verdict(review))
    for touch in (touch for touch in review.touches if touch.tier is not Tier.LOW):
        level = "warning" if touch.tier is Tier.CRITICAL else "notice"
        yield annotation(level, f"{touch.tier} review", f"{what(touch)} (by {why(touch)})", touch.path, touch.line)
    for answer in review.answers:
        for found in answer.findings:
            yield annotation(
                found.severity, found.code, f"{found.message} (mend: {found.mend})", found.path, found.line
            )
        if answer.outcome == "failed" and not answer.findings:
            yield annotation("error", answer.question.key, said(answer))


def document(review: Review) -> str:
    """`jerry.review.v1` (docs/json.md)."""
    content = {
        "schema": "jerry.review.v1",
        "source": unicode_text(review.source),
        "tier": review.tier,
        "reviewers": REVIEWERS[review.tier] if review.tier else None,
        "refused": review.is_refused,
        "touches": [_touch(touch) for touch in review.touches],
        "checklist": [_answer(answer) for answer in review.answers],
    }
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def _touch(touch: Touch) -> dict[str, Any]:
    return {
        "path": unicode_text(touch.path),
        "line": touch.line or None,
        "tier": touch.tier,
        "kind": touch.kind,
        "how": touch.how,
        "names": [unicode_text(name) for name in touch.names],
        "pattern": touch.pattern or None,
    }


def _answer(answer: Answer) -> dict[str, Any]:
    return {
        "key": answer.question.key,
        "tier": answer.question.tier,
        "question": answer.question.text,
        "outcome": answer.outcome,
        "note": unicode_text(answer.note) or None,
        "findings": [as_data(found) for found in answer.findings],
    }


FORMATS: Mapping[str, Render] = {"json": document, "markdown": markdown, "github": github}
"""Every format but the terminal's, by its name."""
