#!/usr/bin/env python3
"""A carrier's client of An Tam in one file: Python 3 and its standard library alone.

  carrier.py run URL STATE      reads the book at URL for ever, blocks what the log proves, unblocks at once, tells results
  carrier.py once URL STATE     does one round of it, for a timer
  carrier.py check FILE         checks a kept answer to changes?version=2 (and, with --carrier, whose it is)
  carrier.py answer BODY ANSWER JWS KEYS   checks a kept answer to results: what you posted, the answer, its X-Answer-JWS
                                           and the key set of /api/v1/exchange/keys

The API key stands in the environment (CARRIER_KEY), or in the file that --key-file names. STATE is one file: list, place in
the book, blocks that wait, results still to be told. --log-key is the line at /api/v1/audit/key as you got it by another
way, --policy the file /log/policy/YEAR.txt; without them the first ones are kept, and `check` looks at no witness. --apply
COMMAND is run for each change, as COMMAND block|unblock IMEI REASON, and has to end with 0: replace the list in STATE by
your own register there.

A block is carried out only when the log proves that it was ordered (docs/interface.md, "Orders that prove themselves");
an unblock never waits. Exit code 0: it holds; 1: it does not; 2: it was not checked.
"""
import argparse
import base64
import datetime
import email.utils
import hashlib
import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request

# Ed25519, RFC 8032, checking alone.
P, L = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
D, ROOT = -121665 * pow(121666, P - 2, P) % P, pow(2, (P - 1) // 4, P)


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
    if y >= P:
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


def signed(key, message, signature):
    if len(key) != 32 or len(signature) != 64:
        return False
    a, s = point(key), int.from_bytes(signature[32:], "little")
    if a is None or s >= L:
        return False
    k = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % L
    return packed(add(times(s, BASE), times(k, (P - a[0], a[1], 1, P - a[3])))) == signature[:32]


# The log: RFC 9162 (proofs), C2SP (signed notes, checkpoints), RFC 8785 (canonical JSON).
class Fault(Exception):
    pass


WRONG = (ValueError, IndexError, TypeError, KeyError, AttributeError)


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def unbase64(text):
    return base64.b64decode(text, validate=True)


def unbase64url(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def canonical(value):
    """Enough of RFC 8785 for what lines hold: texts, whole numbers, true, null. Their keys are ASCII."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def line_hash(line):
    return sha256(canonical({name: value for name, value in line.items() if name != "leaf"}))


def chained(chain, lines):
    for line in lines:
        chain = sha256(chain, line_hash(line))
    return chain


def signs(key_line, kind, note):
    """Tells whether a key signed a note: a log's (kind 1), or a witness's (4), whose signature has its time before it."""
    name, key_id, key = key_line.strip().split("+", 2)
    raw = unbase64(key)
    if sha256(name.encode(), b"\n", raw)[:4].hex() != key_id:
        raise Fault("this is no key of log or witness")
    if raw[0] != kind:
        return False
    body, _, lines = note.partition("\n\n")
    for line in lines.splitlines():
        mark, signer, value = (line.split(" ") + ["", ""])[:3]
        if mark != "\u2014" or signer != name:
            continue
        one = unbase64(value)
        text, signature = body + "\n", one[4:]
        if kind == 4:
            text, signature = f"cosignature/v1\ntime {int.from_bytes(one[4:12], 'big')}\n" + text, one[12:]
        if one[:4].hex() == key_id and signed(raw[1:], text.encode(), signature):
            return True
    return False


def head_of(note, log_key, policy):
    """Returns size and root of a checkpoint that log and witnesses signed (c2sp.org/tlog-policy); None of any other."""
    origin, size, root = (note + "\n\n\n").split("\n")[:3]
    rows = [line.split() for line in policy.splitlines() if line.strip()]

    def met(name):
        if name == "none":
            return True
        kind, _, value, *members = next((row for row in rows if row[1:2] == [name]), ["", "", ""])
        if kind == "group":
            least = int({"any": 1, "all": len(members)}.get(value, value))
            return sum(met(one) for one in members) >= least
        return kind == "witness" and signs(value, 4, note)

    quorum = [row[1] for row in rows if row[0] == "quorum"]
    if origin != log_key.split("+")[0] or not signs(log_key, 1, note):
        return None
    if not quorum or not met(quorum[0]) or int(size) <= 0:
        return None
    return int(size), unbase64(root)


def climb(at, last, before, after, path):
    """Returns what two hashes become along a path (RFC 9162, 2.1): hashes on the left go into both, those on the right into the second."""
    for one in path:
        if last == 0 or len(one) != 32:
            return None
        if at & 1 or at == last:
            before, after = sha256(b"\1", one, before), sha256(b"\1", one, after)
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            after = sha256(b"\1", after, one)
        at, last = at >> 1, last >> 1
    return (before, after) if last == 0 else None


def included(leaf, at, size, proof, root):
    """Tells whether a proof leads from a leaf to a root."""
    if type(at) is not int or not 0 <= at < size:
        return False
    found = climb(at, size - 1, leaf, leaf, [unbase64(text) for text in proof])
    return found is not None and found[1] == root


def grown(old, root, new, new_root, proof):
    """Tells whether the log of one head is the beginning of that of another: of a smaller one it never is."""
    if old == new:
        return root == new_root
    if not 0 < old < new:
        return False
    path = ([] if old & (old - 1) else [root]) + [unbase64(text) for text in proof]
    at, last = old - 1, new - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    return bool(path) and climb(at, last, path[0], path[0], path[1:]) == (root, new_root)


def read_head(answer, log_key, policy):
    if not answer.get("checkpoint") or not log_key or not policy:
        return None
    try:
        return head_of(answer["checkpoint"], log_key, policy)
    except (*WRONG, Fault, RecursionError):
        return None


def proven(answer, head, carrier):
    """Returns the sequences of the lines of which the log says that they were ordered of this carrier."""
    found = set()
    proofs = {one["seq"]: one for one in answer.get("proofs") or []}
    for line in answer["entries"] if head else []:
        try:
            proof = proofs[line["seq"]]
            text = proof["entry"].encode()
            entry = json.loads(text)
            facts = entry["facts"]
            says = (entry["act"], facts["carrier"], facts["seq"], facts["lineHash"])
            if says != ("order.line", carrier, line["seq"], line_hash(line).hex()):
                continue
            # From version 3 on an entry stands in the tree as the hash of its text.
            leaf = sha256(b"\0", sha256(text) if entry["v"] >= 3 else text)
            if included(leaf, line["leaf"], head[0], proof["proof"], head[1]):
                found.add(line["seq"])
        except WRONG:
            continue
    return found


def checked(answer, after):
    """Refuses an answer of which a line was lost, put in, or changed on the way."""
    lines, text = answer["entries"], ""
    for place, line in enumerate(lines):
        if line["seq"] != after + place + 1:
            raise Fault(f"line {after + place + 1} of the book is missing")
        text += ",".join(str(line[name]) for name in ("seq", "order", "imei", "action", "reason", "issuedAt")) + "\n"
    if sha256(text.encode()).hex() != answer["sha256"] or answer["next"] != after + len(lines):
        raise Fault("the lines do not fit their checksum, or the answer was cut short")
    return answer


# The carrier.
PATIENCE = 15 * 60  # seconds that a block waits for its proof
LIMIT = 500  # lines, or results, of one request


class Carrier:
    def __init__(self, url, path, key, log_key=None, policy=None, apply=None):
        self.url, self.path, self.key, self.apply = url.rstrip("/"), path, key, apply
        self.ahead = 0  # seconds by which the site's clock is ahead of ours
        self.doubted = False  # whether the newest checkpoint is one that is not believed, and that was said
        self.state = {
            "seq": 0,
            "chain": "00" * 32,
            "carrier": None,
            "logKey": None,
            "policy": None,
            "head": None,
            "waiting": [],
            "listed": {},
            "owed": [],
        }
        if os.path.exists(path):
            self.state.update(json.loads(read(path)))
        self.state["logKey"] = log_key or self.state["logKey"]
        self.state["policy"] = policy or self.state["policy"]

    def save(self):
        with open(self.path + ".new", "w", encoding="utf-8") as file:
            json.dump(self.state, file)
            file.flush()
            os.fsync(file.fileno())
        os.replace(self.path + ".new", self.path)

    def ask(self, path, body=None, patience=20):
        headers = {"Authorization": "Bearer " + self.key, "Content-Type": "application/json"}
        request = urllib.request.Request(self.url + path, None if body is None else json.dumps(body).encode(), headers)
        with urllib.request.urlopen(request, timeout=patience) as answer:
            told = email.utils.parsedate_to_datetime(answer.headers["date"]) if answer.headers["date"] else None
            self.ahead = told.timestamp() - time.time() if told else 0
            return answer.read().decode()

    def now(self):
        return time.time() + self.ahead

    def changes(self, after, wait):
        known = self.state["head"][0] if self.state["head"] else 0
        path = f"/api/carrier/v1/changes?version=2&after={after}&known={known}&limit={LIMIT}&wait={wait}"
        return checked(json.loads(self.ask(path, None, 20 + wait)), after)

    def owe(self, line, outcome, code=None):
        at = datetime.datetime.fromtimestamp(self.now(), datetime.timezone.utc).isoformat(timespec="milliseconds")
        row = {"order": line["order"], "imei": line["imei"], "outcome": outcome, "at": at.replace("+00:00", "Z")}
        self.state["owed"].append({**row, **({"code": code} if code else {})})

    def carry_out(self, line):
        # Numbers of drills are no phone's: told like any other, and kept off the list that goes to the register.
        if self.apply and not line.get("drill"):
            done = subprocess.run([*self.apply.split(), line["action"], line["imei"], line["reason"]], check=False)
            if done.returncode != 0:
                return self.owe(line, "rejected", "technical")
        listed, imei = self.state["listed"], line["imei"]
        was = imei in listed
        if line["action"] == "block":
            listed[imei] = sorted({*listed.get(imei, []), line["reason"]})
            return self.owe(line, "already" if was else "applied")
        listed.pop(imei, None)
        return self.owe(line, "applied" if was else "not_found")

    def shown(self, answer):
        """Returns what an answer proves: nothing where the log is not the one that was shown before, or cannot be read."""
        state = self.state
        head, old = read_head(answer, state["logKey"], state["policy"]), state["head"]
        is_doubted = bool(not head and answer.get("checkpoint") and state["logKey"] and state["policy"])
        if is_doubted and not self.doubted:
            say("the newest checkpoint is not signed by the key and enough of the witnesses that are kept here: no block counts under it.")
            say("Ask the relay by another way which they are. Where they were changed, start with --log-key or --policy.")
        self.doubted = is_doubted
        if not head:
            return set()
        if old and old[0] != head[0] and answer.get("growth") is None:
            return set()
        try:
            holds = not old or grown(old[0], bytes.fromhex(old[1]), *head, answer.get("growth") or [])
            good = proven(answer, head, state["carrier"])
        except WRONG:
            holds = False
        if not holds:
            say("the log is not the one that was shown before. No block is carried out: ask the relay, and keep both checkpoints.")
            return set()
        state["head"] = [head[0], head[1].hex(), answer["checkpoint"]]
        return good

    def take(self, answer):
        state, good = self.state, set()
        fresh = [line for line in answer["entries"] if line["seq"] > state["seq"]]
        chain = chained(bytes.fromhex(state["chain"]), fresh).hex() if state["chain"] else None
        state["carrier"] = state["carrier"] or answer.get("carrier")
        # The chain then stays what it was, so that it differs until a person has looked.
        if fresh and chain and answer.get("chain") and chain != answer["chain"]:
            say("the book is not the one that was read before: its chain differs. No block is carried out.")
        else:
            good = self.shown(answer)
            if fresh:
                state["chain"] = chain or answer.get("chain")
        for line in answer["entries"]:
            waits = [one for one in state["waiting"] if one["line"]["seq"] == line["seq"]]
            if line["seq"] <= state["seq"] and not waits:
                continue
            state["seq"] = max(state["seq"], line["seq"])
            # An order to watch, or of a kind to come: neither may be taken for a block, or for the end of one.
            if line["action"] not in ("block", "unblock"):
                self.owe(line, "rejected", "not_supported")
                continue
            if line["action"] == "block" and line["seq"] not in good:
                if not waits:
                    state["waiting"].append({"line": line, "since": self.now()})
                continue
            # What was ordered before of the same phone is over.
            over = [one for one in state["waiting"] if one["line"]["imei"] == line["imei"] and one["line"]["seq"] < line["seq"]]
            state["waiting"] = [one for one in state["waiting"] if one not in over and one not in waits]
            for one in over:
                self.owe(one["line"], "rejected", "technical")
            self.carry_out(line)
        for one in [one for one in state["waiting"] if one["since"] < self.now() - PATIENCE]:
            say(f"line {one['line']['seq']} has no proof: it is not carried out. Ask the relay why.")
            state["waiting"].remove(one)
            self.owe(one["line"], "rejected", "technical")
        self.save()

    def round(self, wait):
        try:
            self.state["logKey"] = self.state["logKey"] or self.ask("/api/v1/audit/key").strip()
            self.state["policy"] = self.state["policy"] or self.ask(f"/log/policy/{time.gmtime(self.now()).tm_year}.txt")
        except (OSError, ValueError):
            say("the log's key and witnesses cannot be read: blocks wait for them")
        after = 0
        while ahead := [one["line"]["seq"] for one in self.state["waiting"] if one["line"]["seq"] > after]:
            answer = self.changes(ahead[0] - 1, 0)
            if not answer["entries"]:
                break
            answer["entries"] = [line for line in answer["entries"] if line["seq"] <= self.state["seq"]]
            self.take(answer)
            after = answer["next"]
        while rows := self.state["owed"][:LIMIT]:
            for row, told in zip(rows, json.loads(self.ask("/api/carrier/v1/results", {"results": rows}))["results"]):
                if told["status"] not in ("recorded", "duplicate"):
                    say(f"order {row['order']}: {told}")
            del self.state["owed"][: len(rows)]
            self.save()
        answer = self.changes(self.state["seq"], 1 if self.state["waiting"] else wait)
        if answer["entries"]:
            self.ask("/api/carrier/v1/ack", {"upTo": answer["next"]})
            self.take(answer)
        return bool(answer["entries"] or self.state["owed"])

    def run(self):
        failures = 0
        while True:
            try:
                self.round(25)
                failures = 0
            except (OSError, Fault, *WRONG) as error:
                failures += 1
                say(f"{error}; trying again")
                time.sleep(min(20, 0.25 * 2**failures))


def say(text):
    print(text, file=sys.stderr, flush=True)


def read(path):
    with open(path, "rb") as file:
        return file.read()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["run", "once", "check", "answer"])
    parser.add_argument("where", nargs="+")
    for name in ("log-key", "policy", "key-file", "apply", "carrier"):
        parser.add_argument("--" + name)
    args = parser.parse_args()
    policy = read(args.policy).decode() if args.policy else None
    if args.what == "check":
        answer = json.loads(read(args.where[0]))
        checked(answer, answer["after"])
        if not policy:
            say("no --policy: which witnesses signed is not looked at")
        head = read_head(answer, args.log_key, policy or "quorum none")
        good = proven(answer, head, args.carrier or answer["carrier"])
        for line in answer["entries"]:
            print(f"{line['seq']} {line['action']} {'proven' if line['seq'] in good else 'NOT proven'}")
        return 0 if all(line["seq"] in good or line["action"] == "unblock" for line in answer["entries"]) else 1
    if args.what == "answer":
        body, answer, jws, keys = (read(path) for path in args.where)
        header, _, signature = jws.decode().strip().split(".")
        key = {one["kid"]: one for one in json.loads(keys)["keys"]}[json.loads(unbase64url(header))["kid"]]
        payload = base64.urlsafe_b64encode(answer).rstrip(b"=")
        holds = signed(unbase64url(key["x"]), header.encode() + b"." + payload, unbase64url(signature))
        holds = holds and json.loads(answer)["sha256"] == sha256(body).hex()
        print("This answer was given to this body." if holds else "NOT proved: the answer is not signed, or to another body.")
        return 0 if holds else 1
    key = read(args.key_file).decode().strip() if args.key_file else os.environ["CARRIER_KEY"]
    carrier = Carrier(*args.where, key, args.log_key, policy, args.apply)
    if args.what == "run":
        carrier.run()
    while carrier.round(0):
        pass
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (OSError, Fault, *WRONG) as error:
        say(f"not checked: {error}")
        sys.exit(2)
