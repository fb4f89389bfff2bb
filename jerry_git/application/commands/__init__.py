"""The command handlers: plain functions of the services and a reference to an item (`WORK-42` or an internal id).

Each returns an `Outcome`. All may raise the domain's errors, those of the board's `pick`, and those of the store.
"""

from jerry_git.application.commands.creating import Draft, create, delete, undo
from jerry_git.application.commands.describing import (
    assign,
    comment,
    edit,
    label,
    measure,
    prioritize,
    set_due,
    set_estimate,
)
from jerry_git.application.commands.handling import STRUCTURE, Outcome, new_stamp, save
from jerry_git.application.commands.moving import (
    block,
    cancel,
    claim,
    claim_next,
    complete,
    release,
    reopen,
    start,
    unblock,
)
from jerry_git.application.commands.reconciling import reconcile
from jerry_git.application.commands.relating import (
    depend,
    move_under,
    renumber_duplicates,
    stop_depending,
)

__all__ = [
    "STRUCTURE",
    "Draft",
    "Outcome",
    "assign",
    "block",
    "cancel",
    "claim",
    "claim_next",
    "comment",
    "complete",
    "create",
    "delete",
    "depend",
    "edit",
    "label",
    "measure",
    "move_under",
    "new_stamp",
    "prioritize",
    "reconcile",
    "release",
    "renumber_duplicates",
    "reopen",
    "save",
    "set_due",
    "set_estimate",
    "start",
    "stop_depending",
    "unblock",
    "undo",
]
