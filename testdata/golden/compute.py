#!/usr/bin/env python3
"""Compute golden figures from the sample files, without any code of Duban.

    python3 -m venv /tmp/golden && /tmp/golden/bin/pip install pm4py==2.7.23.11
    /tmp/golden/bin/python testdata/golden/compute.py            # writes testdata/golden/*.json
    /tmp/golden/bin/python testdata/golden/compute.py --check    # compares, changes nothing

Process logs are read with pm4py (XES) and pandas (CSV); request files with the
csv module of Python. Nothing here reads a mapping file: what an event means is
written out again, so that a mistake in a mapping shows as a difference.
"""
import collections
import csv
import datetime as dt
import gzip
import io
import json
import math
import pathlib
import sys
import warnings
import zoneinfo

import numpy as np
import pandas as pd
import pm4py

warnings.filterwarnings("ignore")
HERE = pathlib.Path(__file__).resolve().parent
SAMPLES = HERE.parent / "samples"
UTC = dt.timezone.utc
Counter = collections.Counter


# --- reading -----------------------------------------------------------------

def rows(name):
    """The rows of a gzipped CSV file as dictionaries of text."""
    with gzip.open(SAMPLES / name) as f:
        return list(csv.DictReader(io.TextIOWrapper(f, encoding="utf-8-sig", newline="")))


def instant(text):
    """An instant with an offset -> aware datetime in UTC, to the millisecond."""
    t = dt.datetime.fromisoformat(text).astimezone(UTC)
    return t.replace(microsecond=t.microsecond // 1000 * 1000)


def local(text, layout, zone, nonexistent="refuse"):
    """A local time -> aware datetime in UTC; times that a change of clocks makes
    ambiguous are refused, skipped ones too unless read with the offset before."""
    z = zoneinfo.ZoneInfo(zone)
    naive = dt.datetime.strptime(text, layout)
    a, b = naive.replace(tzinfo=z, fold=0), naive.replace(tzinfo=z, fold=1)
    if a.utcoffset() != b.utcoffset():
        exists = a.astimezone(UTC).astimezone(z).replace(tzinfo=None) == naive
        if exists or nonexistent != "offset_before":
            raise ValueError(f"{text} is ambiguous or does not exist in {zone}")
    return a.astimezone(UTC)  # fold=0 is the offset before the change


def iso(t):
    return None if t is None else t.strftime("%Y-%m-%dT%H:%M:%S.") + f"{t.microsecond // 1000:03d}Z"


# --- statistics --------------------------------------------------------------

def spread(values):
    """Count, mean, median and 90th percentile of a list of hours, in both
    definitions: linear interpolation (Hyndman-Fan type 7) and nearest rank."""
    v = np.sort(np.array(values, dtype=float))
    n = len(v)
    if n == 0:
        return {"count": 0, "total_hours": 0.0, "mean_hours": None, "median_hours": None, "p90_hours": None,
                "median_nearest_rank_hours": None, "p90_nearest_rank_hours": None}
    rank = lambda p: float(v[max(math.ceil(p * n), 1) - 1])
    return {"count": n, "total_hours": float(math.fsum(v)), "mean_hours": float(math.fsum(v) / n),
            "median_hours": float(np.percentile(v, 50)), "p90_hours": float(np.percentile(v, 90)),
            "median_nearest_rank_hours": rank(0.5), "p90_nearest_rank_hours": rank(0.9),
            "min_hours": float(v[0]), "max_hours": float(v[-1])}


def hours(a, b):
    return (b - a).total_seconds() / 3600.0


def on_time(items, as_of):
    """items: (group, due or None, stop or None). Groups -> counts, as of an
    instant: what stopped later counts as open."""
    out = collections.defaultdict(Counter)
    for group, due, stop in items:
        c = out[group]
        c["cases"] += 1
        stopped = stop is not None and stop <= as_of
        if stopped:
            c["stopped"] += 1
            c["stopped_no_deadline" if due is None else "stopped_on_time" if stop <= due else "stopped_late"] += 1
        else:
            c["open"] += 1
            c["open_no_deadline" if due is None else "open_past_due" if as_of > due else "open_not_due"] += 1
    keys = ["cases", "stopped", "stopped_on_time", "stopped_late", "stopped_no_deadline",
            "open", "open_past_due", "open_not_due", "open_no_deadline"]
    res = {g: {k: c[k] for k in keys} for g, c in sorted(out.items())}
    total = {k: sum(c[k] for c in res.values()) for k in keys}
    return {"as_of": iso(as_of), "total": total, "by_department": res}


def ratio(n, d):
    return {"numerator": n, "denominator": d, "value": n / d if d else None}


def d01(total):
    """On time, all periods together: stopped in time / (stopped with a deadline
    + open past due)."""
    return ratio(total["stopped_on_time"], total["stopped_on_time"] + total["stopped_late"] + total["open_past_due"])


def shares(words):
    c = Counter(words)
    n = sum(c.values())
    return {k: ratio(v, n) for k, v in sorted(c.items())}


# --- process figures ---------------------------------------------------------

def process(log):
    """log: list of (case, activity, time, lifecycle) in the order of the file."""
    cases = collections.OrderedDict()
    for case, act, at, life in log:
        cases.setdefault(case, []).append((at, act))
    variants, pairs, durations = Counter(), collections.defaultdict(list), []
    for evs in cases.values():
        evs.sort(key=lambda e: e[0])  # stable: equal times keep the order of the file
        variants[tuple(a for _, a in evs)] += 1
        durations.append(hours(evs[0][0], evs[-1][0]))
        for (t0, a0), (t1, a1) in zip(evs, evs[1:]):
            pairs[a0, a1].append(hours(t0, t1))
    acts = Counter(a for _, a, _, _ in log)
    return {
        "events": len(log), "cases": len(cases), "activities": len(acts), "variants": len(variants),
        "activity_counts": dict(sorted(acts.items(), key=lambda x: (-x[1], x[0]))),
        "lifecycle_counts": dict(sorted(Counter(l for *_, l in log).items())),
        "first_event": iso(min(t for _, _, t, _ in log)), "last_event": iso(max(t for _, _, t, _ in log)),
        "case_duration": spread(durations),
        "start_activities": dict(Counter(v[0] for v, n in variants.items() for _ in range(n))),
        "end_activities": dict(Counter(v[-1] for v, n in variants.items() for _ in range(n))),
        "variant_counts": [{"activities": list(v), "cases": n} for v, n in sorted(variants.items(), key=lambda x: (-x[1], x[0]))],
        "directly_follows": [{"from": a, "to": b, **spread(h)} for (a, b), h in sorted(pairs.items(), key=lambda x: (-len(x[1]), x[0]))],
    }


def pm4py_log(name):
    df = pm4py.read_xes(str(SAMPLES / name))
    return df


def from_frame(df):
    t = [x.to_pydatetime().astimezone(UTC) for x in df["time:timestamp"]]
    t = [x.replace(microsecond=x.microsecond // 1000 * 1000) for x in t]
    life = df["lifecycle:transition"].tolist() if "lifecycle:transition" in df else [""] * len(df)
    return list(zip(df["case:concept:name"].tolist(), df["concept:name"].tolist(), t, life))


def shorten(figures, at_least):
    """Keeps only the variants of at least so many cases; the number of all
    variants stays in `variants`."""
    figures["variant_counts_at_least"] = at_least
    figures["variant_counts"] = [v for v in figures["variant_counts"] if v["cases"] >= at_least]
    return figures


def agree_with_pm4py(figures, df):
    """pm4py's own discovery of variants and directly-follows must give the same
    counts; only counts, because it measures time in its own way."""
    dfg, start, end = pm4py.discover_dfg(df)
    mine = {(p["from"], p["to"]): p["count"] for p in figures["directly_follows"]}
    assert mine == dict(dfg), "directly-follows differs from pm4py"
    assert figures["start_activities"] == dict(start) and figures["end_activities"] == dict(end)
    variants = {tuple(k): v for k, v in pm4py.get_variants(df).items()}
    assert {tuple(v["activities"]): v["cases"] for v in figures["variant_counts"]} == variants, "variants differ from pm4py"
    durations = pm4py.get_all_case_durations(df)
    assert abs(np.mean(durations) / 3600 - figures["case_duration"]["mean_hours"]) < 1e-6
    return {"pm4py_variants": len(variants), "pm4py_directly_follows_pairs": len(dict(dfg))}


# --- the files ---------------------------------------------------------------

def wabo():
    df = pm4py_log("wabo-receipt.xes.gz")
    fig = process(from_frame(df))
    check = agree_with_pm4py(fig, df)
    data = rows("wabo-receipt.csv.gz")
    same = process([(r["case:concept:name"], r["concept:name"], instant(r["time:timestamp"]), r["lifecycle:transition"]) for r in data])
    assert same == fig, "the CSV and the XES form differ"
    cases = {}
    for r in data:
        c = {k[5:]: v for k, v in r.items() if k.startswith("case:")}
        assert cases.setdefault(r["case:concept:name"], c) == c
    due = lambda c: instant(c["deadline"])
    end = lambda c: instant(c["enddate"]) if c["enddate"] else None
    as_of = dt.datetime(2012, 2, 1, tzinfo=UTC)
    ot = on_time([(c["department"], due(c), end(c)) for c in cases.values()], as_of)
    half = on_time([(c["department"], due(c), end(c)) for c in cases.values()], dt.datetime(2011, 7, 1, tzinfo=UTC))
    ended = [c for c in cases.values() if c["enddate"]]
    odd = sorted(c["concept:name"] for c in ended if end(c) < instant(c["startdate"]))
    code = {"Internet": "web", "Desk": "hall", "Post": "post", "e-mail": "post", "Intern": "hall"}
    return {
        "tool": f"pm4py {pm4py.__version__} (both forms of the log)", **check, **fig,
        "facts": fig["events"] + 2 * len(cases) + len(ended),
        "start_to_end": spread([hours(instant(c["startdate"]), end(c)) for c in ended]),
        "ended_before_started": odd,
        "on_time": ot, "on_time_mid_2011": half,
        "channels_as_written": shares(c["channel"] for c in cases.values()),
        "channels": shares(code[c["channel"]] for c in cases.values()),
        "departments": dict(sorted(Counter(c["department"] for c in cases.values()).items())),
        "indicators": {
            "as_of": iso(as_of),
            "C01": len(cases), "C02": len(cases), "C03": ot["total"]["stopped"], "C04": ot["total"]["open"],
            "C05": ot["total"]["open_past_due"],
            "C07": ratio(sum(c["channel"] == "Internet" for c in cases.values()), len(cases)),
            "D01": d01(ot["total"]),
        },
    }


def bpic2020():
    df = pm4py_log("bpic2020-domestic-declarations.xes.gz")
    fig = process(from_frame(df))
    check = agree_with_pm4py(fig, df)
    has = lambda a: int((df["concept:name"] == a).groupby(df["case:concept:name"]).any().sum())
    applied, accepted = has("Declaration SUBMITTED by EMPLOYEE"), has("Declaration FINAL_APPROVED by SUPERVISOR")
    paid_ok = 0
    for _, g in df.groupby("case:concept:name", sort=False)["concept:name"]:
        seq = g.tolist()
        if "Declaration FINAL_APPROVED by SUPERVISOR" in seq and \
                "Payment Handled" in seq[seq.index("Declaration FINAL_APPROVED by SUPERVISOR"):]:
            paid_ok += 1
    return {"tool": f"pm4py {pm4py.__version__}", **check, **fig, "facts": fig["events"],
            "cases_paid": has("Payment Handled"),
            "indicators": {"C01": applied, "C02": accepted, "C03": paid_ok}}


def bpic2012():
    df = pm4py_log("bpic2012-loan-applications.xes.gz")
    fig = process(from_frame(df))
    check = agree_with_pm4py(fig, df)
    shorten(fig, 5)  # 4,366 variants, most of a single case, would be 5 MB
    finished = not_accepted = 0
    for _, g in df.groupby("case:concept:name", sort=False)["concept:name"]:
        seq = g.tolist()
        acc = seq.index("A_ACCEPTED") if "A_ACCEPTED" in seq else None
        ends = [seq.index(a) for a in ("A_APPROVED", "A_DECLINED") if a in seq]
        finished += any(acc is not None and e > acc for e in ends)
        not_accepted += "A_DECLINED" in seq and (acc is None or seq.index("A_DECLINED") < acc)
    count = fig["activity_counts"]
    return {"tool": f"pm4py {pm4py.__version__}", **check, **fig, "facts": fig["events"],
            "indicators": {"C01": count["A_SUBMITTED"], "C02": count["A_ACCEPTED"], "C03": finished,
                           "not_accepted": not_accepted, "terminated": count["A_CANCELLED"]}}


def running_example():
    df = pd.read_csv(SAMPLES / "running-example.csv")
    df["time:timestamp"] = pd.to_datetime(df["time:timestamp"], utc=True)
    df["case:concept:name"] = df["case:concept:name"].astype(str)
    fig = process(from_frame(df.assign(**{"lifecycle:transition": ""})))
    check = agree_with_pm4py(fig, df)
    end = df["concept:name"].isin(["pay compensation", "reject request"]).sum()
    return {"tool": f"pandas {pd.__version__}, pm4py {pm4py.__version__}", **check, **fig,
            "facts": fig["events"] + fig["cases"],
            "costs_total": int(df["Costs"].sum()),
            "indicators": {"C01": fig["cases"], "C02": fig["cases"], "C03": int(end), "C04": fig["cases"] - int(end)}}


BOSTON = {"Constituent Call": "phone", "Citizens Connect App": "app", "Self Service": "web_message", "City Worker App": "other",
          "Employee Generated": "other", "Maximo Integration": "other", "Twitter": "other"}


def boston(year):
    data = rows(f"boston-311-animals-{year}.csv.gz")
    at = lambda s: local(s, "%Y-%m-%d %H:%M:%S", "America/New_York") if s else None
    assert len({r["case_enquiry_id"] for r in data}) == len(data)
    reqs = [(r, at(r["open_dt"]), at(r["sla_target_dt"]), at(r["closed_dt"])) for r in data]
    early = sorted(r["case_enquiry_id"] for r, o, _, c in reqs if c and c < o)
    as_of = max(t for _, *ts in reqs for t in (ts[0], ts[2]) if t) + dt.timedelta(days=1)
    as_of = as_of.replace(hour=0, minute=0, second=0, microsecond=0)
    own = lambda r, d, c: "no_deadline" if d is None else ("on_time" if c and c <= d else "late" if c else "open")
    ot = on_time([(r["department"], d, c) for r, _, d, c in reqs], as_of)
    return {
        "tool": "csv and zoneinfo of Python " + sys.version.split()[0],
        "rows": len(data), "tickets": len(data), "facts": len(data) + sum(c is not None for *_, c in reqs),
        "received": len(data), "closed": sum(c is not None for *_, c in reqs),
        "closed_before_opened": early,
        "opened_by_month": dict(sorted(Counter(r["open_dt"][:7] for r in data).items())),
        "open_to_close": spread([hours(o, c) for _, o, _, c in reqs if c]),
        "open_to_close_without_negative": spread([hours(o, c) for _, o, _, c in reqs if c and c >= o]),
        "on_time": ot, "D01": d01(ot["total"]),
        "flag_as_written": dict(sorted(Counter(r["on_time"] for r in data).items())),
        "flag_by_department": {d: dict(sorted(Counter(r["on_time"] for r in data if r["department"] == d).items()))
                               for d in sorted({r["department"] for r in data})},
        "flag_against_dates": {f"{a}/{b}": n for (a, b), n in sorted(Counter((r["on_time"], own(r, d, c)) for r, _, d, c in reqs).items())},
        "channels_as_written": shares(r["source"] for r in data),
        "channels": shares(BOSTON[r["source"]] for r in data),
        "topics": dict(sorted(Counter(r["type"] for r in data).items())),
        "departments": dict(sorted(Counter(r["department"] for r in data).items())),
    }


def baltimore():
    data = rows("baltimore-311-sample.csv.gz")
    at = lambda s: local(s, "%m/%d/%Y %I:%M:%S %p", "America/New_York", "offset_before") if s else None
    reqs = [(r, at(r["CreatedDate"]), at(r["DueDate"]), at(r["CloseDate"])) for r in data]
    as_of = max(t for _, o, _, c in reqs for t in (o, c) if t)
    as_of = (as_of + dt.timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    ot = on_time([(r["Agency"], d, c) for r, _, d, c in reqs], as_of)
    code = {"Phone": "phone", "Email": "web_mailbox", "Web": "web_message"}
    return {
        "tool": "csv and zoneinfo of Python " + sys.version.split()[0],
        "rows": len(data), "tickets": len({r["ServiceRequestNum"] for r in data}),
        "facts": len(data) + sum(c is not None for *_, c in reqs),
        "closed": sum(c is not None for *_, c in reqs),
        "status_as_written": dict(sorted(Counter(r["SRStatus"] for r in data).items())),
        "no_due_date": sum(d is None for _, _, d, _ in reqs),
        "open_to_close": spread([hours(o, c) for _, o, _, c in reqs if c]),
        "on_time": ot, "D01": d01(ot["total"]),
        "channels_as_written": shares(r["MethodReceived"] for r in data),
        "channels": shares(code.get(r["MethodReceived"], "other") for r in data),
        "departments": dict(sorted(Counter(r["Agency"] for r in data).items())),
    }


def karlsruhe():
    data = rows("karlsruhe-reports-2016.csv.gz")
    distinct = list(dict.fromkeys(tuple(r.values()) for r in data))
    closed = [r for r in distinct if r[2] in ("Behoben", "Abgeschlossen")]
    tickets = collections.OrderedDict()
    for r in distinct:
        tickets.setdefault(r[0], []).append(r)
    received = {(r[0], r[1], r[2], r[3], r[5]) for r in distinct}
    code = {"CALL_115": "phone", "MOBILE": "app", "WEB": "web_message"}
    channel = {n: rs[0][5] for n, rs in tickets.items()}
    assert all(len({r[5] for r in rs}) == 1 for rs in tickets.values())
    return {
        "tool": "csv of Python " + sys.version.split()[0],
        "rows": len(data), "distinct_rows": len(distinct), "tickets": len(tickets),
        "numbers_on_several_rows": sorted(n for n, k in Counter(r["Vorgangsnummer"] for r in data).items() if k > 1),
        "facts": len(received) + len({(r[0], r[1], r[2] in ("Behoben", "Abgeschlossen"), r[4]) for r in distinct}),
        "tickets_closed": len({r[0] for r in closed}), "tickets_open": len(tickets) - len({r[0] for r in closed}),
        "rows_by_status": dict(sorted(Counter(r["Zustand"] for r in data).items())),
        "rows_by_category": dict(sorted(Counter(r["Kategorie"] for r in data).items())),
        "created_to_last_edit_of_closed": spread([hours(instant(r[3]), instant(r[4])) for r in closed]),
        "channels_as_written": shares(channel.values()),
        "channels": shares(code[c] for c in channel.values()),
    }


def rounded(x):
    """Hours to 9 decimals: far below a millisecond, and stable between machines."""
    if isinstance(x, float):
        return round(x, 9)
    if isinstance(x, dict):
        return {k: rounded(v) for k, v in x.items()}
    if isinstance(x, list):
        return [rounded(v) for v in x]
    return x


def main():
    figures = {
        "wabo-receipt": wabo, "bpic2020-domestic-declarations": bpic2020, "bpic2012-loan-applications": bpic2012,
        "running-example": running_example, "boston-311-animals-2016": lambda: boston("2016"),
        "boston-311-animals-2017": lambda: boston("2017"), "baltimore-311-sample": baltimore,
        "karlsruhe-reports-2016": karlsruhe,
    }
    bad = 0
    for name, f in figures.items():
        text = json.dumps(rounded(f()), ensure_ascii=False, indent=1) + "\n"
        path = HERE / f"{name}.json"
        if "--check" in sys.argv:
            same = path.exists() and path.read_text(encoding="utf-8") == text
            print(name, "agrees" if same else "DIFFERS")
            bad += not same
        else:
            path.write_text(text, encoding="utf-8")
            print("wrote", path.relative_to(HERE.parent.parent), len(text))
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
