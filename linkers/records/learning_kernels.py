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
