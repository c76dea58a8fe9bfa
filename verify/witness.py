#!/usr/bin/env python3
"""A witness of transparency logs (c2sp.org/tlog-witness), in Python 3 and its standard library alone.

  witness.py --state FILE --name NAME --log KEY [--log KEY ...] [--host 127.0.0.1] [--port 4425]

It signs a head of a log only where it is shown that the log of the head before, which it remembers, is its beginning: so
nobody can be shown another history of a log than it has seen. NAME is an address of yours without https://, KEY the line
of a log (its /api/v1/audit/key). The first start makes the witness's own key; each start prints its line, which the log
puts into WITNESSES with a plus sign and the address of this witness. FILE is all that it has: key and last heads. Keep it
on a disk of yours, and never take an older copy of it back: then start with a new FILE and a new NAME.
"""
import argparse
import base64
import hashlib
import json
import os
import re
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

# Ed25519, RFC 8032.
P, L = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)


def add(p, q):
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % P, (p[1] + p[0]) * (q[1] + q[0]) % P
    c, d = 2 * p[3] * q[3] * D % P, 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(n, p):
    q = (0, 1, 1, 0)
    while n:
        if n & 1:
            q = add(q, p)
        p, n = add(p, p), n >> 1
    return q


def point(raw):
    y, sign = int.from_bytes(raw, "little") & (2**255 - 1), raw[31] >> 7
    if len(raw) != 32 or y >= P:
        return None
    x2 = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(x2, (P + 3) // 8, P)
    if (x * x - x2) % P:
        x = x * ROOT % P
    if (x * x - x2) % P or (x == 0 and sign):
        return None
    x = P - x if x & 1 != sign else x
    return x, y, 1, x * y % P


def packed(p):
    z = pow(p[2], P - 2, P)
    return (p[1] * z % P | (p[0] * z % P & 1) << 255).to_bytes(32, "little")


BASE = point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def number(*parts):
    return int.from_bytes(hashlib.sha512(b"".join(parts)).digest(), "little") % L


def halves(seed):
    raw = hashlib.sha512(seed).digest()
    return int.from_bytes(raw[:32], "little") & (2**254 - 8) | 2**254, raw[32:]


def public(seed):
    return packed(times(halves(seed)[0], BASE))


def sign(seed, message):
    a, prefix = halves(seed)
    key = packed(times(a, BASE))
    r = number(prefix, message)
    start = packed(times(r, BASE))
    return start + ((r + number(start, key, message) * a) % L).to_bytes(32, "little")


def signed(key, message, signature):
    a = point(key)
    if a is None or len(signature) != 64:
        return False
    s = int.from_bytes(signature[32:], "little")
    if s >= L:
        return False
    k = number(signature[:32], key, message)
    return packed(add(times(s, BASE), times(k, (P - a[0], a[1], 1, P - a[3])))) == signature[:32]


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def node(left, right):
    return sha256(b"\1", left, right)


def consistent(old, old_root, new, new_root, proof):
    """Tells whether a log of `old` entries is the beginning of one of `new` (RFC 6962, 2.1.2)."""
    if old == 0:
        return not proof
    if old == new:
        return not proof and old_root == new_root
    proof = ([old_root] if old & (old - 1) == 0 else []) + proof
    at, last = old - 1, new - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    if not proof:
        return False
    first = second = proof[0]
    for one in proof[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            first, second = node(one, first), node(one, second)
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            second = node(second, one)
        at, last = at >> 1, last >> 1
    return last == 0 and first == old_root and second == new_root


def line_of(name, kind, key):
    raw = bytes([kind]) + key
    return f"{name}+{sha256(name.encode() + bytes([10]), raw)[:4].hex()}+{base64.b64encode(raw).decode()}"


class Log:
    """A log by the line of its key."""

    def __init__(self, line):
        self.name, self.id, key = line.strip().split("+", 2)
        raw = base64.b64decode(key, validate=True)
        self.key = raw[1:]
        if raw[0] != 1 or line_of(self.name, 1, self.key) != line.strip():
            raise SystemExit(f"{line} is no key of a log")

    def has_signed(self, body, lines):
        for line in lines.splitlines():
            mark, name, value = (line.split(" ") + ["", ""])[:3]
            if mark == "\u2014" and name == self.name:
                raw = base64.b64decode(value)
                if raw[:4].hex() == self.id and signed(self.key, body.encode(), raw[4:]):
                    return True
        return False


REQUEST = re.compile(
    r"old (0|[1-9]\d{0,15})\n((?:[A-Za-z0-9+/=]+\n){0,63})\n((.+)\n(0|[1-9]\d{0,15})\n(\S+)\n(?:.+\n)*)\n((?:\u2014 .+\n)+)"
)


class Witness:
    def __init__(self, file, name, logs):
        self.file, self.name, self.lock = file, name, threading.Lock()
        self.logs = {log.name: log for log in logs}
        if os.path.exists(file):
            self.state = json.load(open(file, encoding="utf-8"))
        else:
            self.state = {"name": name, "seed": base64.b64encode(os.urandom(32)).decode(), "heads": {}}
            self.keep()
        if self.state["name"] != name:
            raise SystemExit(f"{file} is the witness {self.state['name']}")
        self.seed = base64.b64decode(self.state["seed"])
        self.line = line_of(name, 4, public(self.seed))

    def keep(self):
        """Writes all that it knows, whole, before it answers."""
        handle = os.open(self.file + ".new", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(self.state, file)
            file.flush()
            os.fsync(file.fileno())
        os.replace(self.file + ".new", self.file)

    def answer(self, request):
        """Returns status and text for a request to sign, one at a time."""
        found = REQUEST.fullmatch(request)
        if not found:
            return 400, "not a request to sign a checkpoint\n"
        old, proof, body, origin, size, root, lines = found.groups()
        old, size = int(old), int(size)
        if origin not in self.logs:
            return 404, "this log is not known here\n"
        if not self.logs[origin].has_signed(body, lines):
            return 403, "the log has not signed this\n"
        if old > size:
            return 400, "the old size is the larger one\n"
        with self.lock:
            seen = self.state["heads"].get(origin, {"size": 0, "root": ""})
            if old != seen["size"] or (old == size and root != seen["root"] and old > 0):
                return 409, f"{seen['size']}\n"
            hashes = [base64.b64decode(one) for one in proof.split()]
            if not consistent(old, base64.b64decode(seen["root"]), size, base64.b64decode(root), hashes):
                return 422, "the log before is not the beginning of this one\n"
            self.state["heads"][origin] = {"size": size, "root": root}
            self.keep()
        now = int(time.time())
        signature = sign(self.seed, f"cosignature/v1\ntime {now}\n{body}".encode())
        raw = bytes.fromhex(self.line.split("+")[1]) + now.to_bytes(8, "big") + signature
        return 200, f"\u2014 {self.name} {base64.b64encode(raw).decode()}\n"


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 30

    def do_POST(self):
        length = int(self.headers.get("content-length") or 0)
        request = self.rfile.read(min(length, 65536))
        status, text = 404, ""
        if self.path.endswith("/add-checkpoint") and length <= 65536:
            try:
                status, text = self.server.witness.answer(request.decode())
            except ValueError:
                status, text = 400, "not a request to sign a checkpoint\n"
        raw = text.encode()
        self.send_response(status)
        self.send_header("content-type", "text/x.tlog.size" if status == 409 else "text/plain; charset=utf-8")
        self.send_header("content-length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("--state", required=True)
    parser.add_argument("--name", required=True)
    parser.add_argument("--log", action="append", required=True)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=4425)
    args = parser.parse_args()
    server = ThreadingHTTPServer((args.host, args.port), Handler)
    server.witness = Witness(args.state, args.name, [Log(line) for line in args.log])
    print(f"{server.witness.line} {server.server_address[1]}", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    sys.exit(main())
