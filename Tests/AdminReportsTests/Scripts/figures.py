#!/usr/bin/env python3
"""Computes the figures of the shipped usage file by itself, to hold the reports to them.

  figures.py usage.ndjson rates.json > figures.tsv

It shares no code with the library: it reads the raw lines, takes the last word on every run, drops repeated events, prices
in exact decimals, and takes percentiles from the sorted durations themselves. One line for each group of each organisation
in the 90 days to 2025-04-30, of the three largest by day too, and one for all of the 90 days before.
"""
import json
import sys
from collections import Counter, defaultdict
from datetime import date, datetime, timedelta
from decimal import Decimal, getcontext

getcontext().prec = 60
FIRST, LAST = date(2025, 1, 31), date(2025, 4, 30)
ENDED = ("succeeded", "failed", "cancelled", "abandoned")


def instant(text):
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


def in_window(text):
    return FIRST <= date.fromisoformat(text[:10]) <= LAST


def is_before(text):
    return FIRST - timedelta(days=90) <= date.fromisoformat(text[:10]) < FIRST


class Rates:
    def __init__(self, path):
        card = json.load(open(path), parse_float=Decimal)
        self.aliases = card.get("serviceTierAliases", {})
        self.rates = card["rates"]

    def cost(self, event):
        """The cost in US dollars, and whether all, a part or none of the tokens has a price."""
        prices = self.prices(event)
        cached, written = event.get("cachedPromptTokens", 0), event.get("cacheWritePromptTokens", 0)
        used = {
            "prompt": event["promptTokens"] - cached - written,
            "cachedPrompt": cached,
            "cacheWritePrompt": written,
            "completion": event["completionTokens"],
        }
        used = {key: count for key, count in used.items() if count}
        priced = {key: count for key, count in used.items() if prices and key in prices}
        total = sum((Decimal(prices[key]) * count / 1_000_000 for key, count in priced.items()), Decimal(0))
        return total, "all" if len(priced) == len(used) and prices else "part" if priced else "none"

    def prices(self, event):
        tier = event.get("serviceTier")
        tier = self.aliases.get(tier, tier)
        for rate in self.rates:
            named = rate["model"] == event["model"] or any(event["model"].startswith(p) for p in rate.get("prefixes", []))
            if rate["provider"] != event["provider"] or not named:
                continue
            fitting = [p for p in rate["prices"] if p.get("serviceTier") == tier]
            fitting = [p for p in fitting if event["promptTokens"] > p.get("promptAbove", -1)]
            return max(fitting, key=lambda p: p.get("promptAbove", -1)) if fitting else None
        return None


def read(path):
    runs, events, order = {}, {}, []
    for line in open(path):
        entry = json.loads(line)
        if entry["type"] == "run":
            key = entry["orgId"], entry["runId"]
            if key not in runs or runs[key]["outcome"] == "running":
                runs[key] = entry
        else:
            events.setdefault((entry["orgId"], entry["eventId"]), entry)
        order.append(entry["orgId"])
    return runs, events, [name for name, _ in Counter(order).most_common(3)]


def run_words(runs):
    outcomes = Counter(run["outcome"] for run in runs)
    artifacts = sum(1 for run in runs if run["outcome"] in ENDED and run["artifactCount"] > 0)
    durations = sorted(
        int((instant(run["finishedAt"]) - instant(run["startedAt"])).total_seconds() * 1000)
        for run in runs if run["outcome"] in ENDED)
    words = [len(runs), len(durations)] + [outcomes[name] for name in ENDED] + [outcomes["running"], artifacts]
    if not durations:
        return words + ["-", "-", "-"]
    count = len(durations)
    average = (2 * sum(durations) + count) // (2 * count)
    return words + [average] + [durations[-(-percent * count // 100) - 1] for percent in (50, 95)]


def event_words(events, rates):
    sums = [0, 0, 0, 0]
    total, unpriced, partly = Decimal(0), 0, 0
    for event in events:
        for index, key in enumerate(
                ("promptTokens", "cachedPromptTokens", "cacheWritePromptTokens", "completionTokens")):
            sums[index] += event.get(key, 0)
        cost, extent = rates.cost(event)
        total += cost
        unpriced += extent == "none"
        partly += extent == "part"
    return [len(events)] + sums + [int(total.scaleb(12)), unpriced, partly]


def main():
    all_runs, all_events, largest = read(sys.argv[1])
    rates = Rates(sys.argv[2])
    groups = defaultdict(list)
    for (organization, _), run in all_runs.items():
        if is_before(run["startedAt"]):
            groups["runs", organization, "before", ""].append(run)
        if in_window(run["startedAt"]):
            groups["runs", organization, "total", ""].append(run)
            groups["runs", organization, "user", run["userId"]].append(run)
            groups["runs", organization, "workflow", run["workflow"]].append(run)
            if organization in largest:
                groups["runs", organization, "day", run["startedAt"][:10]].append(run)
    for (organization, _), event in all_events.items():
        if is_before(event["createdAt"]):
            groups["events", organization, "before", ""].append(event)
        if in_window(event["createdAt"]):
            run = all_runs.get((organization, event["runId"]), {})
            groups["events", organization, "total", ""].append(event)
            groups["events", organization, "user", run.get("userId", "")].append(event)
            groups["events", organization, "workflow", run.get("workflow", "")].append(event)
            groups["events", organization, "model", event["provider"] + "/" + event["model"]].append(event)
            if organization in largest:
                groups["events", organization, "day", event["createdAt"][:10]].append(event)
    for key in sorted(groups):
        words = run_words(groups[key]) if key[0] == "runs" else event_words(groups[key], rates)
        print("\t".join(list(key) + [str(word) for word in words]))


main()
