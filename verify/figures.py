#!/usr/bin/env python3
"""Works every public figure of An Tam anew from the tables that the audit log has, and compares.

    python3 figures.py https://an-tam.example            one look
    python3 figures.py https://an-tam.example kept.json  again, remembering what was published before

Python 3.8 or later alone. Ends with 0 where all is right, 1 where a figure is wrong, 2 where it cannot ask.
What it cannot know: whether the answers are people's. That the entry of a table is in the log it checks by the
proof's hashes; whose signature stands under it, and whether everybody sees the same log, is verify.py's to say.
"""
import base64, calendar, hashlib, json, math, os, random, sys, time, urllib.error, urllib.request
from statistics import NormalDist

Z, ALPHA, LEAST, COMPARED, STRATA, SMALLEST, COVERAGE, HEADLINE, PROOFS = 1.959963984540054, 0.05, 10, 30, 5, 0.1, 5, "r1", 20
SETTLES, SEALS, faults, waits, compared = 15 * 60, 60 * 60, [], [], 0  # seconds until a changed table has its entry, and its proof

def get(address):
    request = urllib.request.Request(address, headers={"accept": "application/json", "user-agent": "figures.py"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        return answer.read(), answer.headers
def ask(address):
    return json.loads(get(address)[0])

def same(what, ours, theirs):  # compares one figure; a fraction to a rounding of the last digit that is told
    global compared
    compared += 1
    close = isinstance(ours, float) and isinstance(theirs, (int, float)) and abs(ours - theirs) < 1.01e-4
    if not (ours == theirs or close):
        faults.append(f"{what}: {ours} by the tables, {theirs} by the site")
def each(what, row, **ours):
    for key, value in ours.items():
        same(f"{what} {key}", value, row[key])
def none_left_out(what, ours, told):
    same(f"{what} that the site leaves out", sorted(set(ours) - set(told)), [])
def from_first(months, told):  # those before the first that the site tells have left its series
    return [month for month in months if month >= min(told, default="")]

# ---- statistics, as /ket-qua/cach-tinh has them ---------------------------------------------------------------------
def rounded(share, steps=10000):
    return None if share is None else math.floor(share * steps + 0.5) / steps
def wilson(k, n, factor=1.0):
    p, known, weight = k / n, n / factor, 1 + Z * Z * factor / n
    centre = (p + Z * Z / (2 * known)) / weight
    half = Z / weight * math.sqrt(p * (1 - p) / known + Z * Z / (4 * known * known))
    return (0 if k == 0 else min(p, centre - half)), (1 if k == n else max(p, centre + half))
def top_two(counts):
    return counts.get("4", 0) + counts.get("5", 0), sum(counts.values()) - counts.get("na", 0)
def share_of(counts, factor):  # share of 4 and 5 with its interval, as the site tells it; nothing below ten people
    top, base = top_two(counts)
    told = (None, None, None) if base < LEAST else (top / base, *wilson(top, base, factor))
    return dict(zip(("satisfied", "low", "high"), map(rounded, told)), responses=sum(counts.values()))
def add(*many):
    total = {}
    for option, count in (pair for counts in many for pair in counts.items()):
        total[option] = total.get(option, 0) + count
    return total
def dispersion(months, month):  # Spiegelhalter 2005: mean square of winsorised values, over that of normal ones
    def between(first, before):
        values = []
        for by_month in months.values():
            parts = [top_two(counts) for m, counts in by_month.items() if first <= m < before]
            top, base = sum(t for t, _ in parts), sum(b for _, b in parts)
            if len(parts) < 2 or base == 0 or not 0 < top / base < 1:
                continue
            p = top / base
            values += [(t / b - p) / math.sqrt(p * (1 - p) * (1 - b / base) / b) for t, b in parts if b > 0]
        if len(values) < 20:
            return None
        values.sort()
        low, high = values[len(values) // 10], values[-1 - len(values) // 10]
        squares = sum(min(high, max(low, v)) ** 2 for v in values)
        factor = math.floor(max(1.0, squares / len(values) / 0.67873) * 100 + 0.5) / 100
        return factor, factor, len(values)
    year = int(month[:4])
    return between(f"{year - 1}-01", f"{year}-01") or between(f"{year - 1}-01", month) or (1, 2, 0)
def same_share(a, b, factor):  # Pearson's test with (N - 1)/N, two-sided; 1 where an expected number is below one
    (s, m), (t, n), top, total = a, b, a[0] + b[0], a[1] + b[1]
    if not min(m, n) * min(top, total - top) / total >= 1:
        return 1.0
    z = (s * (n - t) - t * (m - s)) * math.sqrt((total - 1) / (m * n * top * (total - top)) / factor)
    return math.erfc(abs(z) / math.sqrt(2))
def bands(samples, covered, factor):  # each of a group beside all others of it, by Holm's method
    tops, bases = (sum(one[at] for one in samples.values()) for at in (0, 1))
    found, largest, said = {}, 0.0, {}
    for key, (top, base) in samples.items():
        rest = (tops - top, bases - base)
        if base >= COMPARED and rest[1] >= COMPARED and covered[key]:
            found[key] = (rest, same_share((top, base), rest, factor))
    for rank, key in enumerate(sorted(found, key=lambda one: found[one][1])):
        ((t, n), chance), (top, base) = found[key], samples[key]
        largest = max(largest, min(1.0, (len(found) - rank) * chance))
        apart, p = top / base - t / n, (top + t) / (base + n)
        matters = math.floor(abs(apart) * 1e9 + 0.5) >= SMALLEST * 1e9
        reach = NormalDist().inv_cdf(1 - ALPHA / len(found) / 2) * math.sqrt(factor * p * (1 - p) * (1 / base + 1 / n))
        band = ("above" if apart > 0 else "below") if largest <= ALPHA and matters else "same"
        said[key] = (band, rounded(min(1.0, max(SMALLEST, reach))))
    return said
def limits(months, factor):  # a p-chart over the first twelve months; none for fewer than six
    first = [top_two(counts) for counts in list(months.values())[:12]]
    base = sum(b for _, b in first)
    if len(months) < 6 or base == 0:
        return {}
    p = sum(t for t, _ in first) / base
    far = {m: 3 * math.sqrt(factor * p * (1 - p) / max(1, top_two(counts)[1])) for m, counts in months.items()}
    return {m: (rounded(max(0.0, p - one)), rounded(min(1.0, p + one))) for m, one in far.items()}

# ---- what the log has -----------------------------------------------------------------------------------------------
def root_of(leaf, index, size, proof):  # returns where a leaf and its proof lead (RFC 9162, 2.1.3.2)
    node, fn, sn = hashlib.sha256(b"\0" + leaf).digest(), index, size - 1
    for sibling in proof:
        left = fn & 1 or fn == sn
        node = hashlib.sha256(b"\1" + (sibling + node if left else node + sibling)).digest()
        while left and not fn & 1 and fn:
            fn, sn = fn >> 1, sn >> 1
        fn, sn = fn >> 1, sn >> 1
    return node if sn == 0 else b""
def check_proof(site, listed, wait):
    table, sha, since = listed["table"], listed["sha256"], calendar.timegm(time.strptime(listed["at"][:19], "%Y-%m-%dT%H:%M:%S"))
    try:
        proof = ask(f"{site}/log/figures/{sha}.proof.json")
    except urllib.error.HTTPError:
        return wait(f"{table}: the log does not prove its entry", f"{table} {sha}", SEALS, since)
    entry, (size, root) = json.loads(proof["leaf"]), proof["checkpoint"].split("\n")[1:3]
    same(f"{table}: entry", (entry["act"], entry["facts"]), ("figures.published", {"table": table, "sha256": sha}))
    leads = root_of(proof["leaf"].encode(), proof["index"], int(size), [base64.b64decode(h) for h in proof["proof"]])
    same(f"{table}: root", base64.b64encode(leads).decode(), root)
def read_kept(site, table, sha):
    body = get(f"{site}/log/figures/{sha}.json")[0]
    same(f"{table}: hash of what is kept", hashlib.sha256(body).hexdigest(), sha)
    return json.loads(body)
def only_grown(table, *versions):  # what was published stays
    old, new = ({(r["questionnaire"], r["question"], o): n for r in v["questions"] for o, n in r["counts"].items()} for v in versions)
    same(f"{table}: less than was published", [key for key in old if new.get(key, 0) < old[key]], [])
def read_tables(site, known):
    listed = ask(f"{site}/api/v1/tables")
    contents, names, waiting = {}, {one["table"]: one["sha256"] for one in listed["tables"]}, {}
    before = known.get("tables", {})
    def wait(what, key, patience, since=math.inf):
        waiting[key] = min(since, known.get("waiting", {}).get(key, time.time()))
        (faults if time.time() - waiting[key] > patience else waits).append(what)
    faults.extend(f"{table} was published once and is gone" for table in set(before) - set(names))
    for table, sha in names.items():
        report = table.startswith("report.")
        try:
            contents[table] = read_kept(site, table, sha)
            if "questions" in contents[table] and before.get(table, sha) != sha:
                only_grown(table, read_kept(site, table, before[table]), contents[table])
        except urllib.error.HTTPError as error:
            report and error.code == 410 or faults.append(f"{table}: nothing is kept at {error.url} ({error.code})")
            continue  # a report may be withdrawn
        if report or table.startswith(("figures.", "archive.")):
            same(f"{table}: published once", before.get(table, sha), sha)
        if not report and hashlib.sha256(get(f"{site}/api/v1/tables/{table}")[0]).hexdigest() != sha:
            wait(f"{table}: the site tells other counts than the log has", table, SETTLES)
    for one in random.sample(listed["tables"], min(PROOFS, len(names))):  # drawn, so that the site cannot tell which
        check_proof(site, one, wait)
    for one in listed["receipts"]:
        same(f"receipts of {one['month']}", one["counted"] + one["waiting"] + one["excluded"], one["allReceipts"])
    for path, scope in (("results", ("results.", "volumes.")), ("figures", "figures.")):
        said = get(f"{site}/api/v1/{path}")[1].get("x-log-entry") or ""
        told = dict(part.split("=") for part in said.split("; ")[1:])
        if any(one.startswith(scope) for one in names) and names.get(told.get("table")) != told.get("sha256"):
            waits.append(f"/api/v1/{path}: X-Log-Entry is {said or 'missing'}")
    return contents, {"tables": names, "waiting": waiting}

# ---- the survey -----------------------------------------------------------------------------------------------------
def check_survey(site, tables):
    cells, months, beside, kiosks, cases, parts = {}, {}, {}, {}, {}, {}
    for name, table in tables.items():
        for row in table["volumes"] if name.startswith("volumes.") else []:
            cases[row["agency"]] = add(cases.get(row["agency"], {}), {table["month"]: row["cases"]})
        for row in table.get("parts", []) if name.endswith(".splits") else []:
            parts[table["agency"], row["facet"], row["value"]] = row["counts"]
        if not name.startswith("results.") or name.endswith(".splits"):
            continue
        agency = table["agency"]
        beside[agency] = beside.get(agency, 0) + table["sameNetwork"]
        for row in table["questions"]:
            n, counts = cells.get((agency, row["question"], row["questionnaire"]), (0, {}))
            cells[agency, row["question"], row["questionnaire"]] = n + row["respondents"], add(counts, row["counts"])
            if row["question"] == HEADLINE:
                own = months.setdefault(agency, {})
                own[table["month"]] = add(own.get(table["month"], {}), row["counts"])
        for row in table["kiosks"]:
            key = (agency, row["week"], row["questionnaire"], row["question"])
            kiosks.update({(*key, option): (count, row["respondents"]) for option, count in row["counts"].items()})
    results = ask(f"{site}/api/v1/results")
    factor, divided, values = dispersion(months, results["asOf"][:7])
    each("dispersion", results["dispersion"], factor=factor, compared=divided, values=values)
    head = {agency: add(*by_month.values()) for agency, by_month in months.items()}
    rows, covered = results["agencies"] + results["former"], {}
    for row in rows:
        agency, own = row["agency"], cases.get(row["agency"])
        answers, total = sum(sum(months.get(agency, {}).get(m, {}).values()) for m in own or {}), sum((own or {}).values())
        rate = None if total == 0 or answers > total else 1000 * answers / total
        covered[agency] = own is None or (rate or 0) >= COVERAGE
        each(agency, row, cases=None if own is None else total, perThousand=rounded(rate, 10), sameNetwork=beside.get(agency, 0))
        each(agency, row, **share_of(head.get(agency, {}), factor))
    each("the city", results["city"], **share_of(add(*head.values()), factor), sameNetwork=sum(beside.values()))
    none_left_out("agencies", head, [row["agency"] for row in rows])
    check_weighted(head, cases, factor, results["weighted"])
    for group, row in results["groups"].items():
        own = [r for r in rows if (r["kind"] == "department") == (group == "departments")]
        samples = {r["agency"]: head.get(r["agency"], {}) for r in own}
        each(group, row, **share_of(add(*samples.values()), factor), sameNetwork=sum(beside.get(one, 0) for one in samples))
        if results["former"]:
            continue  # which of them stood beside which is a matter of days
        said = bands({one: top_two(counts) for one, counts in samples.items()}, covered, divided)
        for one in own:
            each(one["agency"], one, **dict(zip(("band", "visible"), said.get(one["agency"], (None, None)))))
    answers = [row for row in ask(f"{site}/api/v1/results/answers")["answers"] if row["option"] is not None]  # None: in words
    shown = {(row["agency"], row["question"], int(v), row["option"]) for row in answers for v in row["versions"].split()}
    none_left_out("answers", [(*key, option) for key in cells for option in cells[key][1]], shown)
    for row in answers:
        own = [cells.get((row["agency"], row["question"], int(v)), (0, {})) for v in row["versions"].split()]
        n, k = sum(respondents for respondents, _ in own), sum(counts.get(row["option"], 0) for _, counts in own)
        told = dict(zip(("share", "low", "high"), map(rounded, (k / n, *wilson(k, n, factor)) if n else (None,) * 3)))
        each(f"{row['agency']} {row['question']} {row['option']}", row, count=k, respondents=n, **told)
    city = {m: add(*(own.get(m, {}) for own in months.values())) for m in sorted({m for own in months.values() for m in own})}
    shown = ask(f"{site}/api/v1/results/months")["months"]
    none_left_out("months of the survey", from_first(city, told := {row["month"] for row in shown}), told)
    whole = len({row["rule"] for row in shown}) < 2 and not results["former"]  # else the series is cut
    for row in shown:
        each(row["month"], row, **share_of(city.get(row["month"], {}), factor))
        if whole:
            each(row["month"], row, **dict(zip(("lowerLimit", "upperLimit"), limits(city, factor).get(row["month"], (None, None)))))
    check_parts(parts, head, ask(f"{site}/api/v1/results/parts")["parts"])
    key, told = ("agency", "week", "questionnaire", "question", "option"), ask(f"{site}/api/v1/results/kiosks")["kiosks"]
    same("kiosks", kiosks, {tuple(r[k] for k in key): (r["count"], r["respondents"]) for r in told})
def check_weighted(head, cases, factor, told):  # the city's share by cases: a stratified mean of five agencies or more
    strata = [(sum(own.values()), *top_two(head.get(agency, {}))) for agency, own in cases.items()]
    strata = [(weight, top / base, base) for weight, top, base in strata if weight > 0 and base >= LEAST]
    same("by cases: whether there is a share", len(strata) >= STRATA, told is not None)
    if len(strata) >= STRATA and told is not None:
        whole = sum(weight for weight, _, _ in strata)
        mean = sum(weight * p for weight, p, _ in strata) / whole
        far = Z * math.sqrt(sum(weight * weight * factor * p * (1 - p) / base for weight, p, base in strata)) / whole
        bounds = dict(low=rounded(max(0.0, mean - far)), high=rounded(min(1.0, mean + far)))
        each("by cases", told, agencies=len(strata), cases=whole, satisfied=rounded(mean), **bounds)
def check_parts(parts, head, told):  # by month of service, procedure and state; never so that one to nine are left over
    site = {}
    for row in told:
        site.setdefault((row["agency"], row["facet"], row["value"]), {})[row["option"]] = row["count"]
    same("parts", parts, site)
    for agency, facet in sorted({key[:2] for key in parts}):
        own = [counts for key, counts in parts.items() if key[:2] == (agency, facet)]
        rest = add(head.get(agency, {}), *({option: -count for option, count in counts.items()} for counts in own))
        left, least = sum(rest.values()), min(sum(counts.values()) for counts in own)
        fits = min(rest.values()) >= 0 and (left == 0 or left >= LEAST) and least >= (COMPARED if facet == "procedure" else LEAST)
        same(f"{agency} {facet}: {least} in the smallest part, {left} in none", fits, True)

# ---- /so-lieu -------------------------------------------------------------------------------------------------------
def check_figures(site, tables):
    figures = ask(f"{site}/api/v1/figures")
    of = {row["month"]: tables.get(f"figures.{row['month']}", {}) for row in figures["months"]}
    none_left_out("months of figures", from_first((name[8:] for name in tables if name.startswith("figures.")), of), of)
    for row in figures["months"]:
        month, table = row["month"], of[row["month"]]
        each(month, {**row}, **table.get("city", {"reported": None}))
        areas = [r for r in figures["areas"] if r["month"] == month]
        logged = {one["area"]: one for one in table.get("areas", [])}
        for key in (key for key in row if key not in ("month", "share")):
            same(f"{month} {key}: areas together", sum(one[key] for one in areas), row[key])
            for one in areas:
                same(f"{month} {one['area']} {key}", logged.get(one["area"], {}).get(key, 0), one[key])
                same(f"{month} {one['area']} {key} in fives", one[key] % figures["unit"], 0)
    for row in figures["hours"]:
        logged = [h for m in figures["hoursOf"] for h in of.get(m, {}).get("hours", []) if h["hour"] == row["hour"]]
        each(f"hour {row['hour']}", row, **{key: sum(h[key] for h in logged) for key in row if key != "hour"})
    logged = {(one["carrier"], month) for month in of for one in of[month].get("carriers", [])}
    none_left_out("carriers", logged, [(row["carrier"], row["month"]) for row in figures["carriers"]])
    for row in figures["carriers"]:
        logged = [one for one in of.get(row["month"], {}).get("carriers", []) if one["carrier"] == row["carrier"]]
        each(f"{row['carrier']} {row['month']}", row, **(logged[0] if logged else {"orders": "nothing"}))
    if told := figures["headline"]:
        within = [row for row in figures["months"] if told["from"] <= row["month"] <= told["to"]]
        part, whole = (sum(row[key] for row in within) for key in ("blockedInTime", "reported"))
        each("headline", told, blockedInTime=part, reported=whole)
        if told["share"] is not None:  # of the true counts, each within four of the one that is told
            fits = (part - 4) / (whole + 4) - 0.005 <= told["share"] <= (part + 4) / (whole - 4) + 0.005
            same(f"headline: {told['share']} of {part} in {whole}", fits, True)

def main(site, kept=None):
    known = json.load(open(kept)) if kept and os.path.exists(kept) else {}
    tables, state = read_tables(site, known)
    check_survey(site, tables)
    check_figures(site, tables)
    kept and json.dump(state, open(kept, "w"), indent=1)
    print(*(f"WAITS {one}\n" for one in waits), *(f"FAULT {one}\n" for one in faults), sep="", end="")
    print(f"{compared} comparisons over {len(tables)} tables of the log, {len(faults)} wrong")
    return 1 if faults else 0

if __name__ == "__main__":
    len(sys.argv) in (2, 3) or sys.exit(__doc__)
    try:
        sys.exit(main(sys.argv[1].rstrip("/"), *sys.argv[2:]))
    except (OSError, ValueError, KeyError) as error:
        print("CANNOT", repr(error))
        sys.exit(2)
