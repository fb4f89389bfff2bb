"""Rules over several items: who waits for whom, through dependencies and hierarchy together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import takewhile

from jerry_domain.errors import CycleError
from jerry_domain.services.items import Items
from jerry_domain.value_objects.classification import DependencyKind

_Node = tuple[str, str]
"""A moment in an item's life that others wait for, `free` (nothing holds it up any more) or `done`, and the item."""


def ancestors(items: Items, item_id: str) -> Iterator[str]:
    """Parents from the nearest up; ends at one that is not in `items`, and before one would come twice."""
    seen = {item_id}
    parent = items[item_id].parent if item_id in items else None
    while parent is not None and parent not in seen:
        yield parent
        seen.add(parent)
        parent = items[parent].parent if parent in items else None


def open_children(items: Items, item_id: str) -> tuple[str, ...]:
    """The children of an item that are still open, sorted."""
    return tuple(child for child in items.children(item_id) if items[child].is_open)


def open_blockers(items: Items, item_id: str) -> tuple[str, ...]:
    """What holds an item up: the open targets of its own `blocks` dependencies and of its ancestors', sorted.

    A target that is closed, deleted or not in `items` holds nothing up; a deleted ancestor passes nothing down.
    """
    alive = takewhile(lambda ancestor: _counts(ancestor, items), ancestors(items, item_id))
    targets = {
        target
        for holder in (item_id, *alive)
        for target in items[holder].targets(DependencyKind.BLOCKS)
        if target in items and items[target].is_open
    }
    return tuple(sorted(targets))


def unblocked_by(before: Items, after: Items, item_id: str) -> tuple[str, ...]:
    """The open items that something held up `before` the item changed and nothing does `after`, sorted.

    That can only be the item itself, what depends on it, and what stands below these.
    """
    return tuple(
        key
        for key in sorted(_below({item_id, *after.dependents(item_id)}, after))
        if key in after and after[key].is_open and key in before
        if open_blockers(before, key) and not open_blockers(after, key)
    )


def _below(keys: set[str], items: Items) -> set[str]:
    found, waiting = set(keys), list(keys)
    while waiting:
        new = set(items.children(waiting.pop())) - found
        found |= new
        waiting += new
    return found


def find_cycles(items: Items) -> tuple[tuple[str, ...], ...]:
    """Every knot of items that wait for each other, as one path or more; the last of a path waits for the first.

    An item is done after its children; it is free when its blockers are done and its parent is free; it is done
    after it is free. Closed items count, for they can be reopened; deleted ones do not.
    """
    cycles: dict[frozenset[str], tuple[str, ...]] = {}  # the same items may wait in more than one way
    finished: set[_Node] = set()
    for key in sorted(items):
        if not items[key].deleted:
            for path in _walk(("done", key), items, finished):
                cycles.setdefault(frozenset(path), path)
    return tuple(cycles.values())


def check_acyclic(items: Items, item_id: str) -> None:
    """Raises `CycleError`, naming display ids, when `item_id` waits for itself; others' cycles are not its fault."""
    for path in _walk(("done", item_id), items, set()):
        if item_id in path:
            raise CycleError([items[key].name for key in path])


def _waits_for(node: _Node, items: Items) -> Iterator[_Node]:
    point, key = node
    state = items[key]
    if point == "done":
        yield ("free", key)
        yield from (("done", child) for child in items.children(key))
        return
    yield from (("done", target) for target in state.targets(DependencyKind.BLOCKS) if _counts(target, items))
    if state.parent is not None and _counts(state.parent, items):
        yield ("free", state.parent)


def _counts(key: str, items: Items) -> bool:
    return key in items and not items[key].deleted


def _walk(start: _Node, items: Items, finished: set[_Node]) -> list[tuple[str, ...]]:
    """Depth first without recursion, for chains may be longer than Python's stack."""
    if start in finished:
        return []
    cycles: list[tuple[str, ...]] = []
    trail: dict[_Node, Iterator[_Node]] = {start: _waits_for(start, items)}
    while trail:
        node = next(reversed(trail))
        successor = next(trail[node], None)
        if successor is None:
            trail.popitem()  # `del` would leave a hole at the end that `reversed` has to cross each time
            finished.add(node)
        elif successor in trail:
            nodes = list(trail)
            cycles.append(_names(nodes[nodes.index(successor) :]))
        elif successor not in finished:
            trail[successor] = _waits_for(successor, items)
    return cycles


def _names(nodes: Iterable[_Node]) -> tuple[str, ...]:
    """The items of a cycle, each once, in the order of waiting."""
    return tuple(dict.fromkeys(key for _, key in nodes))
