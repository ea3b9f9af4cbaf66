"""Fits the weights of src/catalog/find/relevance.rs: whether a shop carries what was asked for.

Each pair of arguments is a CSV `query,carried` (yes or no) and the candidates of a run over the same questions:

    souk eval retrieval --queries evals/labels/electronics.csv --ratings RATINGS.csv --data FEED --with minilm \\
        --candidates electronics.jsonl
    python3 tools/fit_relevance.py evals/labels/electronics.csv electronics.jsonl [MORE.csv MORE.jsonl …]

Only questions whose sha256 begins with an even byte are fitted on; F1 of "we don't carry that" is told for the others.
"""
import csv
import hashlib
import json
import math
import sys

STEPS, RATE, RIDGE = 800, 0.5, 0.002


def features(candidates):
    fits = [c["fitting"] for c in candidates if c.get("fitting")]
    return [
        max((f["share"] for f in fits), default=0.0),
        max((c["dense"] for c in candidates if c["dense"] is not None), default=0.0),
        float(any(f["relevant"] for f in fits)),
    ]


def fit(rows):
    xs = [x for x, _ in rows]
    means = [sum(column) / len(xs) for column in zip(*xs)]
    spreads = [math.sqrt(sum((v - m) ** 2 for v in c) / len(xs)) or 1.0 for c, m in zip(zip(*xs), means)]
    weights, base = [0.0] * len(means), 0.0
    for _ in range(STEPS):
        slopes, slope = [RIDGE * w for w in weights], 0.0
        for x, carried in rows:
            z = [(v - m) / s for v, m, s in zip(x, means, spreads)]
            wrong = 1 / (1 + math.exp(-(base + sum(w * v for w, v in zip(weights, z))))) - carried
            slope += wrong / len(rows)
            slopes = [g + wrong * v / len(rows) for g, v in zip(slopes, z)]
        base -= RATE * slope
        weights = [w - RATE * g for w, g in zip(weights, slopes)]
    plain = [w / s for w, s in zip(weights, spreads)]
    return plain, base - sum(w * m for w, m in zip(plain, means))


def f1(rows, weights, base):
    said = [(not carried, base + sum(w * v for w, v in zip(weights, x)) <= 0) for x, carried in rows]
    right = sum(no and refused for no, refused in said)
    return 2 * right / max(1, sum(no for no, _ in said) + sum(refused for _, refused in said))


def main(files):
    seen, held_out = [], []
    for labels, candidates in zip(files[::2], files[1::2]):
        lines = map(json.loads, open(candidates, encoding="utf-8"))
        found = {line["query"]: line["candidates"] for line in lines}
        for row in csv.DictReader(open(labels, encoding="utf-8")):
            if row["query"] in found:
                half = held_out if hashlib.sha256(row["query"].encode()).digest()[0] % 2 else seen
                half.append((features(found[row["query"]]), row["carried"] == "yes"))
    weights, base = fit(seen)
    print("share %.1f  meaning %.1f  named %.1f  base %.1f" % (*weights, base))
    print("F1 fitted half %.2f, held-out half %.2f" % (f1(seen, weights, base), f1(held_out, weights, base)))


if __name__ == "__main__":
    main(sys.argv[1:])
