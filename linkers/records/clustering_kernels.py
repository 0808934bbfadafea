"""Compiled: clusters from pairs, best first under constraints, and by the density of what they hold."""

from typing import Any

import numpy as np

from linkers.compiling import compiled


@compiled
def _root(parent: Any, record: Any) -> Any:
    while parent[record] != record:
        parent[record] = parent[parent[record]]
        record = parent[record]
    return record


@compiled
def paired(left: Any, right: Any, order: Any, records: Any) -> Any:
    """Return which pairs are taken, first the strongest, when a record may be in one of them only."""
    taken, used = np.zeros(len(left), np.bool_), np.zeros(records, np.bool_)
    for number in order:
        if not used[left[number]] and not used[right[number]]:
            taken[number] = used[left[number]] = used[right[number]] = True
    return taken


@compiled
def joined_greedily(left: Any, right: Any, order: Any, source: Any, keys: Any, begins: Any, forbidden: Any) -> Any:
    """Return the cluster of each record, int64: its smallest member.

    order:  pairs, first the strongest; each joins two clusters unless that is forbidden.
    source: int64, number of the source without duplicates of each record, -1 where any number may be in a cluster.
    keys:   int64 (columns, records), codes of identifiers, -1 for none; a cluster has at most one code of each.
    begins, forbidden: for each record those that may not be with it, as in a sparse matrix.
    """
    records = len(source)
    parent = np.arange(records)
    following, last = np.full(records, -1, np.int64), np.arange(records)
    codes = keys.copy()
    for number in order:
        one, other = _root(parent, left[number]), _root(parent, right[number])
        if one == other:
            continue
        if one > other:
            one, other = other, one
        fits = True
        for key in range(len(codes)):
            if codes[key, one] >= 0 and codes[key, other] >= 0 and codes[key, one] != codes[key, other]:
                fits = False
        member = other
        while fits and member >= 0:
            for place in range(begins[member], begins[member + 1]):
                if _root(parent, forbidden[place]) == one:
                    fits = False
            if source[member] >= 0:
                rival = one
                while rival >= 0:
                    if source[rival] == source[member]:
                        fits = False
                        break
                    rival = following[rival]
            member = following[member]
        if not fits:
            continue
        parent[other] = one
        following[last[one]] = other
        last[one] = last[other]
        for key in range(len(codes)):
            codes[key, one] = max(codes[key, one], codes[key, other])
    for record in range(records):
        parent[record] = _root(parent, record)
    return parent


@compiled
def moved(begins: Any, others: Any, weights: Any, size: Any, label: Any, density: Any) -> Any:
    """Move nodes to the cluster that they are most densely tied to, until none moves; returns whether any did.

    A move gains (weight to the cluster) - density x (size of the node) x (size of the cluster): the constant Potts
    model. label: int64, changed in place; a node alone is labelled by itself.
    Source: Traag, Van Dooren and Nesterov, "Narrow scope for resolution-limit-free community detection", 2011.
    """
    nodes = len(size)
    total, weight_to = np.zeros(nodes), np.zeros(nodes)
    for node in range(nodes):
        total[label[node]] += size[node]
    any_moved = False
    for _ in range(20):
        moves = 0
        for node in range(nodes):
            mine = label[node]
            for place in range(begins[node], begins[node + 1]):
                if others[place] != node:
                    weight_to[label[others[place]]] += weights[place]
            total[mine] -= size[node]
            best, gain = mine, weight_to[mine] - density * size[node] * total[mine]
            if gain < 0 and total[node] == 0:
                best, gain = node, 0.0
            for place in range(begins[node], begins[node + 1]):
                other = label[others[place]]
                if others[place] != node:
                    worth = weight_to[other] - density * size[node] * total[other]
                    if worth > gain + 1e-9:
                        best, gain = other, worth
            for place in range(begins[node], begins[node + 1]):
                weight_to[label[others[place]]] = 0.0
            total[best] += size[node]
            if best != mine:
                label[node] = best
                moves += 1
        if moves == 0:
            break
        any_moved = True
    return any_moved
