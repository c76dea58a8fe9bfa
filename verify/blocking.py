#!/usr/bin/env python3
"""Asks of the evaluation set for blocking whether robberies fell more where phones were blocked in time: a worked example.

    python3 blocking.py https://an-tam.example           of the newest snapshot
    python3 blocking.py https://an-tam.example 2026-12   of one

Python 3.8 or later alone. For each area it compares the months of the first half with those of the second: the share of all
reports that every carrier had blocked within 14 days, and how robberies and snatchings changed. What it prints is a
correlation of areas, not an effect: where police work better, both may be better. Every count is within four of the truth a
month, so a sum of m months is within 4 m; areas where that could turn the answer round are left out.
"""
import hashlib
import json
import random
import sys
import urllib.request

LEAST, DRAWS = 100, 10000  # reports of an area in each half; permutations


def get(address):
    request = urllib.request.Request(address, headers={"accept": "application/json", "user-agent": "blocking.py"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        return answer.read()


def ranks(values):
    """Returns the rank of each value; equal ones share the middle of theirs."""
    order = sorted(range(len(values)), key=lambda at: values[at])
    found, at = [0.0] * len(values), 0
    while at < len(order):
        end = at
        while end + 1 < len(order) and values[order[end + 1]] == values[order[at]]:
            end += 1
        for one in order[at : end + 1]:
            found[one] = (at + end) / 2
        at = end + 1
    return found


def spearman(a, b):
    a, b = ranks(a), ranks(b)
    mean = (len(a) - 1) / 2
    over = sum((x - mean) * (y - mean) for x, y in zip(a, b))
    under = (sum((x - mean) ** 2 for x in a) * sum((y - mean) ** 2 for y in b)) ** 0.5
    return over / under if under else 0.0


def main(site, month=None):
    listed = json.loads(get(f"{site}/api/v1/archive"))["snapshots"]
    one = next((one for one in listed if month in (None, one["month"])), None)
    if one is None:
        sys.exit("there is no such snapshot")
    kept = get(f"{site}/log/figures/{one['sha256']}.json")
    if hashlib.sha256(kept).hexdigest() != one["sha256"]:
        sys.exit("the snapshot is not what its hash says")
    rows = json.loads(get(f"{site}/api/v1/archive/{one['month']}/blocking"))["rows"]
    months = sorted({row["month"] for row in rows})
    half = len(months) // 2
    parts = [set(months[:half]), set(months[len(months) - half :])]
    areas = {}
    for row in rows:
        for part, of in zip(areas.setdefault(row["area"], [[0, 0, 0], [0, 0, 0]]), parts):
            if row["month"] in of:
                robberies = row["robbed"] + row["snatched"]
                part[:] = [part[0] + row["reported"], part[1] + row["blocked_in_time"], part[2] + robberies]
    areas.pop("", None)  # the city is no area
    used = []
    print(f"snapshot {one['month']}, taken {one['takenOn']}, {half} months against {half}")
    for area, (before, after) in sorted(areas.items()):
        if min(before[0], after[0]) < LEAST or before[2] <= 8 * half:
            continue
        share, change = before[1] / before[0], after[2] / before[2] - 1
        used.append((share, change))
        print(f"  {area}: {share:.0%} blocked in time, robberies {change:+.0%}, from {before[2]} to {after[2]} (each within {8 * half})")
    if len(used) < 5:
        return print(f"{len(used)} areas are enough to compare; five are the fewest")
    shares, changes = zip(*used)
    found, drawn = spearman(shares, changes), random.Random(1)
    beyond = sum(abs(spearman(shares, drawn.sample(changes, len(changes)))) >= abs(found) for _ in range(DRAWS))
    print(f"{len(used)} areas, rank correlation {found:+.2f}, chance alone goes as far in {(beyond + 1) / (DRAWS + 1):.1%} of draws")
    print("below zero: robberies fell more where more was blocked in time; it says nothing of why")


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    main(sys.argv[1].rstrip("/"), *sys.argv[2:3])
