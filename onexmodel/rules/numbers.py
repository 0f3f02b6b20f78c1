"""Three small conventions every rule shares (docs/method.md §0, conventions)."""

import numpy as np

CEIL_SLACK = (
    1e-9  # 100·(1 + 0.2·0.5)/10 is 11 sessions, not 12: floating point must not open a session
)


def ceil(x):
    """Smallest whole number not below x, forgiving 1e-9; never minus zero."""
    whole = np.asarray(x, float) - CEIL_SLACK
    if not whole.ndim:
        return np.ceil(whole) + 0.0
    np.ceil(
        whole, out=whole
    )  # in place: these arrays are large, and each new one costs as much as the sum itself
    whole += 0.0
    return whole


def ratio(numerator, denominator):
    """numerator / denominator; a missing value (nan), never inf, where the denominator is 0."""
    numerator, denominator = np.asarray(numerator, float), np.asarray(denominator, float)
    safe = np.where(denominator == 0, np.nan, denominator)
    return numerator / safe


def stacked_sum(x):
    """Σ over the short axis before the last, part by part: numpy's own sum over so short an axis is ten times slower."""
    total = x[..., 0, :] + x[..., 1, :]
    for part in range(2, x.shape[-2]):
        total += x[..., part, :]
    return total


def or_zero(x):
    """x with missing values counted as 0, for sums in which a missing part contributes nothing; x itself where nothing is missing."""
    x = np.asarray(x)
    if x.size and not np.isnan(x.min()):  # the smallest of values with a missing one is missing
        return x
    return np.where(np.isnan(x), 0.0, x)


def split_fen(total_fen, shares):
    """Whole fen that add to `total_fen` in proportion to `shares` (largest remainder, ties to the first key).

    total_fen: int; shares: (n,) non-negative, not all 0. Returns (n,) int64. Hamilton's method (t22).
    """
    shares = np.asarray(shares, float)
    quota = shares * (int(total_fen) / shares.sum())
    whole = np.floor(quota + CEIL_SLACK).astype(np.int64)
    left = int(total_fen) - int(whole.sum())
    remainder = np.round(quota - whole, 9)
    first = np.argsort(-remainder, kind="stable")[: max(left, 0)]
    whole[first] += 1
    if (
        left < 0
    ):  # only where the forgiving floor gave a fen too many: take it back from the smallest remainders
        whole[np.argsort(remainder, kind="stable")[:-left]] -= 1
    return whole
