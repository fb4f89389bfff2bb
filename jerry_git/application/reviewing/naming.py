"""Whether the name of an event is in the past tense, as far as a small list of words can tell."""

from __future__ import annotations

import re
from typing import Literal

Tense = Literal["past", "other", "untold"]

_IRREGULAR = {
    "become": "become", "begin": "begun", "bind": "bound", "break": "broken", "bring": "brought", "build": "built",
    "buy": "bought", "catch": "caught", "choose": "chosen", "come": "come", "cut": "cut", "do": "done", "draw": "drawn",
    "fall": "fallen", "find": "found", "forget": "forgotten", "freeze": "frozen", "get": "got", "give": "given",
    "go": "gone", "grow": "grown", "hide": "hidden", "hit": "hit", "hold": "held", "keep": "kept", "know": "known",
    "leave": "left", "lend": "lent", "let": "let", "lose": "lost", "make": "made", "meet": "met", "overwrite":
    "overwritten", "pay": "paid", "put": "put", "read": "read", "rebuild": "rebuilt", "reset": "reset", "rise": "risen",
    "run": "run", "say": "said", "see": "seen", "sell": "sold", "send": "sent", "set": "set", "shut": "shut",
    "spend": "spent", "split": "split", "swap": "swapped", "take": "taken", "teach": "taught", "tell": "told",
    "think": "thought", "throw": "thrown", "undo": "undone", "upset": "upset", "withdraw": "withdrawn", "win": "won",
    "write": "written",
}  # fmt: skip
_PAST = frozenset((*_IRREGULAR.values(), "began", "broke", "chose", "fell", "froze", "gave", "grew", "took", "wrote"))
_PRESENT = frozenset(_IRREGULAR) - _PAST | frozenset(
    ("accept", "activate", "add", "apply", "approve", "archive", "assign", "cancel", "change", "close", "complete",
     "confirm", "create", "deactivate", "delete", "deliver", "disable", "enable", "expire", "fail", "import", "open",
     "place", "publish", "receive", "register", "reject", "release", "remove", "rename", "reopen", "replace", "request",
     "ship", "start", "stop", "submit", "update", "verify")
)  # fmt: skip
_NO_PAST = frozenset(("bed", "breed", "deed", "feed", "need", "seed", "shed", "speed", "weed", "red", "embed", "bleed"))
_PARTICLES = frozenset(("away", "back", "down", "in", "off", "on", "out", "over", "through", "up"))
_VERSION = re.compile(r"_?[Vv]\d+$")
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")


def tense(name: str) -> Tense:
    """What the last word of an event's name says: `OrderPlaced` is past, `PlaceOrder` and `OrderSend` are not."""
    words = [word.lower() for word in _WORD.findall(_VERSION.sub("", name))]
    if len(words) > 1 and words[-1] == "event":
        words.pop()
    if not words:
        return "untold"
    last = words[-2] if len(words) > 1 and words[-1] in _PARTICLES else words[-1]
    if _is_past(last):
        return "past"
    if any(map(_is_past, words)):
        return "untold"
    return "other" if last in _PRESENT or words[0] in _PRESENT else "untold"


def _is_past(word: str) -> bool:
    return word in _PAST or (word.endswith("ed") and word not in _NO_PAST)
