"""Whether supplies fit into rooms, each pair having its own limit: a maximum flow."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np

Arrays: TypeAlias = np.ndarray[Any, np.dtype[np.float64]]
Flags: TypeAlias = np.ndarray[Any, np.dtype[np.bool_]]

_NOTHING = 1e-9


def unmet_rows(supply: Arrays, room: Arrays, pair_limit: Arrays) -> Flags:
    """Rows of a minimum cut: a set that cannot send its supply, empty where everything fits.

    Parameters
    ----------
    supply : ndarray, shape (rows,)
        What each row must send [1].
    room : ndarray, shape (columns,)
        What each column takes [1].
    pair_limit : ndarray, shape (rows, columns)
        What may go from a row to a column [1].

    Returns
    -------
    ndarray of bool, shape (rows,)
        The rows that what is left over could still have come from.

    Notes
    -----
    Rows are first served greedily, largest first, from the columns with most room; then shortest
    augmenting paths (Edmonds and Karp). The rows reached when no path is left form the cut.

    References
    ----------
    Edmonds, Karp, "Theoretical improvements in algorithmic efficiency for network flow problems",
    J. ACM 19 (1972).

    Examples
    --------
    Two rows with one column open to them cannot both send.

    >>> unmet_rows(np.array([2.0, 2.0]), np.array([3.0, 9.0]), np.array([[2.0, 0.0]] * 2))
    array([ True,  True])
    """
    sent, room = _greedy(supply, room, pair_limit)
    left = supply - sent.sum(axis=1)
    while True:
        from_row, from_column, found, reached = _shortest_path(sent, left, room, pair_limit)
        if found < 0:
            return reached
        steps = [(int(from_row[found]), found, 1.0)]
        while left[steps[-1][0]] <= _NOTHING:
            row = steps[-1][0]
            column = int(from_column[row])
            steps += [(row, column, -1.0), (int(from_row[column]), column, 1.0)]
        amount = min(left[steps[-1][0]], room[found])
        for row, column, sign in steps:
            slack = pair_limit[row, column] - sent[row, column] if sign > 0 else sent[row, column]
            amount = min(amount, slack)
        for row, column, sign in steps:
            sent[row, column] += sign * amount
        left[steps[-1][0]] -= amount
        room[found] -= amount


def _greedy(supply: Arrays, room: Arrays, pair_limit: Arrays) -> tuple[Arrays, Arrays]:
    """Send each row's supply to the columns with most room; return it and the room left."""
    room = room.copy()
    sent = np.zeros_like(pair_limit)
    for row in np.argsort(-supply):
        order = np.argsort(-room)
        limit = np.minimum(pair_limit[row], room)[order]
        sent[row, order] = np.clip(supply[row] - (np.cumsum(limit) - limit), 0.0, limit)
        room -= sent[row]
    return sent, room


def _shortest_path(
    sent: Arrays, left: Arrays, room: Arrays, pair_limit: Arrays
) -> tuple[Any, Any, int, Flags]:
    """Search from the rows with something left; return predecessors, column found, rows reached."""
    rows = left > _NOTHING
    columns = np.zeros(room.shape, dtype=bool)
    from_row = np.zeros(room.shape, dtype=np.intp)
    from_column = np.zeros(left.shape, dtype=np.intp)
    frontier = np.flatnonzero(rows)
    while frontier.size:
        open_pairs = (pair_limit[frontier] - sent[frontier] > _NOTHING) & ~columns
        new = np.flatnonzero(open_pairs.any(axis=0))
        if not new.size:
            break
        from_row[new] = frontier[open_pairs[:, new].argmax(axis=0)]
        columns[new] = True
        free = new[room[new] > _NOTHING]
        if free.size:
            return from_row, from_column, int(free[0]), rows
        used = (sent[:, new] > _NOTHING) & ~rows[:, None]
        frontier = np.flatnonzero(used.any(axis=1))
        from_column[frontier] = new[used[frontier].argmax(axis=1)]
        rows[frontier] = True
    return from_row, from_column, -1, rows
