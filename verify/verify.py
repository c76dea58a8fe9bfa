#!/usr/bin/env python3
"""Checks the audit log of An Tam without any program of An Tam: Python 3 and its standard library alone.

  verify.py proof FILE           a receipt's proof (.json, .tlog-proof) or a case's story
  verify.py checkpoint FILE      a signed head of the log
  verify.py consistency OLD NEW  whether the log of checkpoint OLD is the beginning of a newer one; NEW is the answer of
                                 /api/v1/audit/proof?from=SIZE
  verify.py follow URL DIR       copies the log at URL (https://.../log), computes its root anew, and compares it with the
                                 checkpoint that DIR has from the last time

Each with --key KEY, the line at /api/v1/audit/key, and --witness KEY (repeated), --quorum N for its witnesses; or with
--policy FILE (URL/policy/YEAR.txt), which has all of these. `follow` alone takes this year's policy and keeps it in DIR.
--max-age HOURS refuses older signatures of witnesses. Exit code 0: it holds; 1: it does not; 2: it was not checked.
"""
import argparse, base64, hashlib, json, os, sys, time, urllib.error, urllib.parse, urllib.request

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
def signed(key, message, signature):
    a, s = point(key), int.from_bytes(signature[32:], "little")
    if a is None or len(signature) != 64 or s >= L:
        return False
    k = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % L
    return packed(add(times(s, BASE), times(k, (P - a[0], a[1], 1, P - a[3])))) == signature[:32]

# The tree of RFC 6962.
def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()
def node(left, right):
    return sha256(b"\1", left, right)
class Fault(Exception):
    pass
class Tree:
    """Takes leaf after leaf, and has the root of those so far."""
    def __init__(self):
        self.size, self.edge = 0, []
    def add(self, leaf):
        at = self.size
        while at & 1:
            leaf, at = node(self.edge.pop(), leaf), at >> 1
        self.edge.append(leaf)
        self.size += 1
    def root(self):
        root = self.edge[-1] if self.edge else sha256()
        for left in reversed(self.edge[:-1]):
            root = node(left, root)
        return root
def split(size):
    return 1 << (size - 1).bit_length() - 1
def included(leaf, at, size, proof):
    """Returns the root that a leaf and its proof lead to (2.1.1)."""
    if not 0 <= at < size or bool(proof) != (size > 1):
        raise Fault("the proof has not the right length for its place")
    if size == 1:
        return leaf
    if at < split(size):
        return node(included(leaf, at, split(size), proof[:-1]), proof[-1])
    return node(proof[-1], included(leaf, at - split(size), size - split(size), proof[:-1]))
def grown(old, new, proof, root, whole=True):
    """Returns the roots of the first `old` and of all `new` entries that a proof leads to (2.1.2)."""
    if not 0 < old <= new or (len(proof) != (not whole) if old == new else not proof):
        raise Fault("the proof has not the right length for these sizes")
    if old == new:
        return (root, root) if whole else (proof[0], proof[0])
    if old <= split(new):
        first, second = grown(old, split(new), proof[:-1], root, whole)
        return first, node(second, proof[-1])
    first, second = grown(old - split(new), new - split(new), proof[:-1], root, False)
    return node(proof[-1], first), node(proof[-1], second)

# Signed notes, checkpoints, witnesses (c2sp.org), and who is trusted.
def unbase64(text):
    return base64.b64decode(text, validate=True)
class Key:
    """A key as one line: name, id and key with plus signs between. Type 1 is a log's, type 4 a witness's."""
    def __init__(self, line):
        self.name, self.id, key = line.strip().split("+", 2)
        raw = unbase64(key)
        self.type, self.key = raw[0], raw[1:]
        if sha256(self.name.encode(), b"\n", raw)[:4].hex() != self.id or self.type not in (1, 4, 6):
            raise Fault(f"{line} is no key")
    def signature(self, note):
        """Returns when it signed a note (0 for a log, which says no time); None where it has not."""
        body, _, lines = note.partition("\n\n")
        for line in lines.splitlines():
            mark, name, value = (line.split(" ") + ["", ""])[:3]
            raw = unbase64(value) if mark == "\u2014" and name == self.name else b""
            if raw[:4].hex() != self.id or self.type == 6:  # ML-DSA-44: not checked here
                continue
            at = int.from_bytes(raw[4:12], "big") if self.type == 4 else 0
            head = f"cosignature/v1\ntime {at}\n" if self.type == 4 else ""
            if signed(self.key, (head + body + "\n").encode(), raw[12 if self.type == 4 else 4:]):
                return at
        return None
class Policy:
    """Says which logs count, and which witnesses have to have signed (c2sp.org/tlog-policy)."""
    def __init__(self, text):
        self.logs, self.keys, self.groups, self.quorum = [], {}, {}, "none"
        for kind, *words in (line.split() for line in text.splitlines() if line.strip() and line.strip()[0] != "#"):
            if kind == "log":
                self.logs.append(Key(words[0]))
            elif kind == "witness":
                self.keys[words[0]] = Key(words[1])
            elif kind == "group":
                self.groups[words[0]] = (int({"all": len(words) - 2, "any": 1}.get(words[1], words[1])), words[2:])
            elif kind == "quorum":
                self.quorum = words[0]
            else:
                raise Fault(f"the policy has a line that begins with {kind}")
    def met(self, name, times):
        if name == "none" or name in self.keys:
            return name == "none" or name in times
        least, members = self.groups[name]
        return sum(self.met(one, times) for one in members) >= least
def checkpoint(note, policy, max_age=None):
    """Returns size and root of a checkpoint that is signed as the policy asks."""
    lines = note.split("\n")
    if len(lines) < 5 or not any(key.name == lines[0] and key.signature(note) is not None for key in policy.logs):
        raise Fault("the checkpoint was not signed with the log's key, or was changed")
    oldest = 0 if max_age is None else time.time() - max_age * 3600
    times = {name: key.signature(note) for name, key in policy.keys.items()}
    if not policy.met(policy.quorum, {n: at for n, at in times.items() if at is not None and at >= oldest}):
        raise Fault("too few witnesses have signed the checkpoint, or too long ago")
    return int(lines[1]), unbase64(lines[2]), max((at for at in times.values() if at), default=None)
PUBLIC = ("audit.resumed", "figures.published", "survey.receipts_root", "survey.report_ready")
def leaf_of(text):
    """Returns the hash of an entry's leaf: since version 3 of the hash of its text, unless everybody may read it."""
    entry = json.loads(text)
    raw = text.encode()
    return sha256(b"\0", sha256(raw) if entry.get("v", 1) >= 3 and entry.get("act") not in PUBLIC else raw)
def check_proof(text, policy, max_age):
    if text.startswith("c2sp.org/tlog-proof@v1\n"):
        head, _, note = text.partition("\n\n")
        lines = head.split("\n")[1:]
        extra = unbase64(lines.pop(0)[6:]).decode() if lines[0].startswith("extra ") else None
        if extra is None or not lines[0].startswith("index "):
            raise Fault("the proof does not say what it proves")
        entries, case = [{"leaf": extra, "index": int(lines[0][6:]), "proof": lines[1:]}], None
    else:
        file = json.loads(text)
        entries, note, case = file.get("entries", [file]) or [{}], file["checkpoint"], file["caseId"] if "entries" in file else None
    size, root, at = checkpoint(note, policy, max_age)
    last = 0
    for number, entry in enumerate(entries, 1):
        found = included(leaf_of(entry["leaf"]), entry["index"], size, [unbase64(one) for one in entry["proof"]])
        if found != root:
            raise Fault(f"line {number} is not what was sealed at place {entry['index']}")
        said = json.loads(entry["leaf"])
        if case is not None and (said.get("caseId") != case or int(said["id"]) <= last):
            raise Fault(f"line {number} is not of this case, or not in its order")
        last = int(said.get("id", 0))
        print(entry["leaf"])
    when = f", seen by witnesses at {time.strftime('%Y-%m-%d %H:%M:%SZ', time.gmtime(at))}" if at else ""
    print(f"HOLDS  {len(entries)} of the {size} entries that were signed for{when}.")

# Following the log.
def fetch(url, missing=False):
    try:
        return urllib.request.urlopen(url, timeout=60).read()
    except urllib.error.HTTPError as error:
        if not missing or error.code != 404:
            raise
def keep(path, raw):
    os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
    with open(path + ".new", "wb") as file:
        file.write(raw)
    os.replace(path + ".new", path)
def tile(url, folder, kind, index, width, cut):
    """Returns a tile, kept whole once it is full; a partial one may be had from the full one by now."""
    name = f"tile/{kind}/" + "".join(f"x{index // 1000**n % 1000:03}/" for n in range(4, 0, -1) if index >= 1000**n)
    name += f"{index % 1000:03}"
    kept = os.path.join(folder, name)
    if width == 256:
        raw = open(kept, "rb").read() if os.path.exists(kept) else fetch(f"{url}/{name}")
    else:
        raw = fetch(f"{url}/{name}.p/{width}", missing=True) or fetch(f"{url}/{name}")
    parts = cut(raw)
    if len(parts) < width:
        raise Fault(f"{name} is cut: it has {len(parts)} of {width}")
    return parts[:width], lambda: width == 256 and not os.path.exists(kept) and keep(kept, raw)
def hashes(raw):
    return [raw[at:at + 32] for at in range(0, len(raw) - 31, 32)]
def bundle(raw):
    parts, at = [], 2
    while at <= len(raw) and (end := at + int.from_bytes(raw[at - 2:at], "big")) <= len(raw):
        parts, at = parts + [raw[at:end]], end + 2
    return parts
def follow(url, folder, policy, max_age):
    if policy is None:
        path = os.path.join(folder, "policy.txt")
        if not os.path.exists(path):
            keep(path, fetch(f"{url}/policy/{time.gmtime().tm_year}.txt"))
            print(f"Kept {path}: compare it with what others have.")
        policy = Policy(open(path, encoding="utf-8").read())
    note = fetch(f"{url}/checkpoint").decode()
    size, root, _ = checkpoint(note, policy, max_age)
    path = os.path.join(folder, "checkpoint")
    kept = open(path, encoding="utf-8").read() if os.path.exists(path) else "\n0\n\n"
    before, before_root = int(kept.split("\n")[1]), kept.split("\n")[2]
    tree, open_ones, hidden, whole = Tree(), 0, 0, []
    try:
        if before > size:
            raise Fault(f"the log has {size} entries; it had {before}")
        for index in range((size + 255) // 256):
            width = min(256, size - index * 256)
            leaves, keep_leaves = tile(url, folder, 0, index, width, hashes)
            entries, keep_entries = tile(url, folder, "entries", index, width, bundle)
            for leaf, entry in zip(leaves, entries):
                if entry and sha256(b"\0", entry) != leaf:
                    raise Fault(f"entry {tree.size} is not what its leaf was made of")
                if not entry and open_ones:
                    raise Fault(f"entry {tree.size} is missing among those that are public")
                open_ones, hidden = open_ones + bool(entry), hidden + (not entry)
                tree.add(leaf)
                if tree.size == before and base64.b64encode(tree.root()).decode() != before_root:
                    raise Fault(f"the first {before} entries are not those of the checkpoint that was kept")
            whole += [keep_leaves, keep_entries]
        if tree.root() != root:
            raise Fault("the tiles do not make the root that was signed")
    except Fault:
        keep(os.path.join(folder, f"refused-{size}-{int(time.time())}.checkpoint"), note.encode())
        raise
    for one in whole:
        one()
    keep(path, note.encode())
    print(f"HOLDS  {size} entries, {size - before} of them new; {hidden} from before entries were public.")

def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("what", choices=("proof", "checkpoint", "consistency", "follow")), parser.add_argument("names", nargs="+")
    parser.add_argument("--key"), parser.add_argument("--policy"), parser.add_argument("--quorum", type=int)
    parser.add_argument("--witness", action="append", default=[]), parser.add_argument("--max-age", type=float)
    args = parser.parse_args()
    read = lambda name: open(name, encoding="utf-8").read()
    try:
        policy = Policy(read(args.policy)) if args.policy else None
        if args.key:
            names = [Key(line).name for line in args.witness]
            least = len(names) if args.quorum is None else args.quorum
            lines = [f"log {args.key}", *(f"witness {n} {line}" for n, line in zip(names, args.witness))]
            policy = Policy("\n".join(lines + ([f"group all-of-them {least} {' '.join(names)}", "quorum all-of-them"] if least else [])))
        if policy is None and args.what != "follow":
            parser.error("give --key or --policy")
        if args.what == "follow":
            follow(args.names[0].rstrip("/"), args.names[1], policy, args.max_age)
        elif args.what == "proof":
            check_proof(read(args.names[0]), policy, args.max_age)
        elif args.what == "checkpoint":
            print("HOLDS  a checkpoint of %d entries." % checkpoint(read(args.names[0]), policy, args.max_age)[0])
        else:
            file = json.loads(read(args.names[1]))
            old, old_root, _ = checkpoint(read(args.names[0]), Policy("\n".join(f"log {k}" for k in [args.key] if k)) if args.key else policy)
            new, new_root, _ = checkpoint(file["checkpoint"], policy, args.max_age)
            if grown(old, new, [unbase64(one) for one in file["proof"]], old_root) != (old_root, new_root):
                raise Fault(f"the log of {old} entries is not the beginning of the log of {new}")
            print(f"HOLDS  the log of {old} entries is the beginning of the log of {new}.")
        return 0
    except Fault as fault:
        print(f"FAULT  {fault}.")
        return 1
    except (KeyError, IndexError, TypeError, ValueError, AttributeError) as error:
        print(f"FAULT  it is not in the form that it should have ({type(error).__name__}: {error}).")
        return 1
    except OSError as error:
        print(f"NOT CHECKED  {error}", file=sys.stderr)
        return 2

if __name__ == "__main__":
    sys.exit(main())

