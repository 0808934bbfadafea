"""Compiled: sums over pairs by bin, for EM and for Newton's steps of logistic regression."""

from typing import Any

import numpy as np

from linkers.compiling import compiled


@compiled
def counted(bins: Any, places: Any, p: Any, size: Any) -> Any:
    """Return (2, size): the weight of matches and of strangers in each bin of each feature."""
    found = np.zeros((2, size))
    for pair in range(len(bins)):
        for feature in range(bins.shape[1]):
            place = places[feature] + bins[pair, feature]
            found[0, place] += p[pair]
            found[1, place] += 1.0 - p[pair]
    return found


@compiled
def summed(bins: Any, places: Any, weights: Any, prior: Any) -> Any:
    """Return the log-odds of each pair, float64."""
    found = np.empty(len(bins))
    for pair in range(len(bins)):
        total = prior
        for feature in range(bins.shape[1]):
            total += weights[places[feature] + bins[pair, feature]]
        found[pair] = total
    return found


@compiled
def slopes(bins: Any, places: Any, weights: Any, wanted: Any, heavy: Any) -> Any:
    """Return (loss, gradient, curvature) of logistic regression on one-hot bins; the last weight is the intercept.

    wanted: probability that each pair shall have. heavy: weight of each pair.
    """
    size = len(weights)
    gradient, curvature, loss = np.zeros(size), np.zeros((size, size)), 0.0
    features = bins.shape[1]
    at = np.empty(features + 1, np.int64)
    at[features] = size - 1
    for pair in range(len(bins)):
        z = weights[size - 1]
        for feature in range(features):
            at[feature] = places[feature] + bins[pair, feature]
            z += weights[at[feature]]
        p = 1.0 / (1.0 + np.exp(-min(max(z, -40.0), 40.0)))
        loss += heavy[pair] * (np.log1p(np.exp(-abs(z))) + max(z, 0.0) - wanted[pair] * z)
        step, bend = heavy[pair] * (p - wanted[pair]), heavy[pair] * p * (1.0 - p)
        for feature in range(features + 1):
            gradient[at[feature]] += step
            if bend > 1e-5:
                for other in range(feature + 1):
                    curvature[at[feature], at[other]] += bend
    return loss, gradient, curvature


@compiled
def solved(lower: Any, vector: Any) -> Any:
    """Return x of A x = vector for a positive definite A of which the lower triangle is given, by Cholesky; changes it.

    The order of sums is fixed, so that every machine gives the same bits, as libraries of linear algebra do not.
    """
    size = len(vector)
    found = vector.copy()
    for row in range(size):
        for column in range(row):
            total = lower[row, column]
            for place in range(column):
                total -= lower[row, place] * lower[column, place]
            lower[row, column] = total / lower[column, column]
        total = lower[row, row]
        for place in range(row):
            total -= lower[row, place] * lower[row, place]
        lower[row, row] = np.sqrt(total)
        total = found[row]
        for place in range(row):
            total -= lower[row, place] * found[place]
        found[row] = total / lower[row, row]
    for row in range(size - 1, -1, -1):
        total = found[row]
        for place in range(row + 1, size):
            total -= lower[place, row] * found[place]
        found[row] = total / lower[row, row]
    return found


@compiled
def binned(first: Any, last: Any, values: Any, edges: Any, begins: Any, out: Any) -> None:
    """Write the bins of rows first..last: how many edges of its column are at most a value; behind all for NaN.

    edges: float32, rising, those of column c at [begins[c], begins[c + 1]).
    """
    for column in range(values.shape[1]):
        begin, end = begins[column], begins[column + 1]
        for row in range(first, last):
            value = values[row, column]
            if np.isnan(value):
                out[row, column] = end - begin + 1
                continue
            low, high = begin, end
            while low < high:
                middle = (low + high) // 2
                if edges[middle] <= value:
                    low = middle + 1
                else:
                    high = middle
            out[row, column] = low - begin


@compiled
def two_highest(score: Any, left: Any, right: Any, count: Any) -> Any:
    """Return (best, second) score of each slot, float64 (count,), 0.0 for none; left, right: the slots of each pair."""
    found = np.full((2, count), -np.inf)
    for pair in range(len(score)):
        for slot in (left[pair], right[pair]):
            if score[pair] > found[0, slot]:
                found[1, slot] = found[0, slot]
                found[0, slot] = score[pair]
            elif score[pair] > found[1, slot]:
                found[1, slot] = score[pair]
    for row in range(2):
        for slot in range(count):
            if found[row, slot] == -np.inf:
                found[row, slot] = 0.0
    return found[0], found[1]
