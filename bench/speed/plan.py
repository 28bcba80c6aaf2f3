"""A plan for coding many years of world news on a cluster: hours, disk and what costs most, for several numbers of workers.

    python bench/speed/plan.py
    python bench/speed/plan.py --articles-per-day 20000 --years 1 --workers 4 16 --price-per-core-hour 0.03

It computes, it does not measure: every rate is a flag, with what was measured on two shared cores as default, and how each was measured
stands in docs/cluster.md. The one process that loads shards into the store works beside the workers, so that the plan takes as long as
the slower of the two: past the number of workers that keep it busy, more of them only wait.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from dataclasses import dataclass, fields

HOURS = 3600.0


@dataclass(frozen=True)
class Given:
    """What a plan starts from.

    Attributes:
        articles_per_day: Articles that come in.
        years: Years of them.
        events_per_article: Events that an article gives.
        articles_per_s: Articles that one worker process codes per second, on one core.
        start_s: Seconds until a worker process has loaded the coder.
        part_articles: Articles of a shard.
        overhead_s: Seconds that a shard costs beside its articles: scheduling, fetching, writing.
        load_events_per_s: Events per second that the one loading process takes in, merging included.
        stores: Stores that are loaded beside each other, such as one per year; each is loaded by one process.
        input_bytes: Bytes of an article as it is read, packed.
        shard_bytes: Bytes of an event, with its part of the article, in a shard.
        store_bytes: The same in the store.
        worker_gb: Memory of a worker process.
        lost_per_day: Share of workers that are lost on a day and whose part is coded again.
        price_per_core_hour: What a core costs.
        price_per_gb_month: What disk costs.
    """

    articles_per_day: float = 150_000
    years: float = 10
    events_per_article: float = 5
    articles_per_s: float = 2.8
    start_s: float = 3.0
    part_articles: float = 256
    overhead_s: float = 0.5
    load_events_per_s: float = 290.0
    stores: float = 1
    input_bytes: float = 20_000
    shard_bytes: float = 480
    store_bytes: float = 2_850
    worker_gb: float = 0.4
    lost_per_day: float = 0.05
    price_per_core_hour: float = 0.04
    price_per_gb_month: float = 0.02


@dataclass(frozen=True)
class Plan:
    """What it comes to with so many workers."""

    workers: int
    coding_h: float
    loading_h: float
    hours: float
    busy: float
    core_hours: float
    cost: float


def plan_for(workers: int, given: Given) -> Plan:
    """Return the plan for a number of workers.

    Example:
        >>> plan = plan_for(8, Given(articles_per_day=1000, years=1, load_events_per_s=9000))
        >>> round(plan.coding_h, 2), plan.loading_h < plan.hours < plan.coding_h + 0.1
        (4.56, True)
    """
    articles = articles_of(given)
    parts = articles / given.part_articles
    coding = (articles / given.articles_per_s + parts * given.overhead_s) / workers + given.start_s
    # A worker that is lost takes half a part with it and starts anew.
    lost = (
        given.lost_per_day
        * coding
        / (24 * HOURS)
        * (given.part_articles / given.articles_per_s / 2 + given.start_s)
    )
    coding += lost
    per_article = given.events_per_article / given.load_events_per_s
    loading = articles * per_article / given.stores
    last = given.part_articles * per_article  # the last shard is loaded when all are coded
    total = max(coding + last, loading)
    core_hours = (workers + given.stores) * total / HOURS
    return Plan(
        workers, coding / HOURS, loading / HOURS, total / HOURS, coding / total, core_hours, core_hours * given.price_per_core_hour
    )  # fmt: skip


def articles_of(given: Given) -> float:
    """Return how many articles there are."""
    return given.articles_per_day * 365.25 * given.years


def lines_of(given: Given, workers: Iterable[int]) -> Iterable[str]:
    """Yield the plan in words."""
    articles = articles_of(given)
    disk = {name: articles * size / 1e9 for name, size in
            (("input", given.input_bytes), ("shards", given.shard_bytes * given.events_per_article), ("store", given.store_bytes * given.events_per_article))}  # fmt: skip
    yield f"{articles / 1e6:,.0f} million articles, {articles * given.events_per_article / 1e6:,.0f} million events, {articles / given.part_articles:,.0f} shards of {given.part_articles:,.0f} articles"  # fmt: skip
    yield "disk: " + ", ".join(f"{name} {size:,.0f} GB" for name, size in disk.items()) + f"; a month of all three {sum(disk.values()) * given.price_per_gb_month:,.0f}"  # fmt: skip
    per_article = given.events_per_article / given.load_events_per_s
    enough = given.stores * (1 / given.articles_per_s + given.overhead_s / given.part_articles) / per_article
    yield f"loading: {1 / per_article:.0f} articles/s into each of {given.stores:.0f} store(s), which {enough:.0f} workers keep busy; it alone takes {articles * per_article / given.stores / HOURS:,.0f} h"  # fmt: skip
    yield "workers   coding h   loading h   whole h   workers busy   memory GB   core hours      cost"
    for n in workers:
        plan = plan_for(n, given)
        yield (
            f"{n:7}{plan.coding_h:11,.0f}{plan.loading_h:12,.0f}{plan.hours:10,.0f}{100 * plan.busy:13.0f} %"
            f"{n * given.worker_gb:12,.0f}{plan.core_hours:13,.0f}{plan.cost:10,.0f}"
        )
    yield f"each day as it comes, with one worker: {given.articles_per_day * (1 / given.articles_per_s + given.overhead_s / given.part_articles) / HOURS:.1f} h of coding, {given.articles_per_day * per_article / HOURS:.1f} h of loading"  # fmt: skip


def main() -> None:
    """Print the plan."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    for field in fields(Given):
        parser.add_argument(f"--{field.name.replace('_', '-')}", type=float, default=field.default)
    parser.add_argument("--workers", type=int, nargs="+", default=[8, 64, 256])
    asked = vars(parser.parse_args())
    workers = asked.pop("workers")
    for name, value in asked.items():
        if value <= 0 and name not in (
            "overhead_s",
            "lost_per_day",
            "price_per_core_hour",
            "price_per_gb_month",
        ):
            parser.error(f"--{name.replace('_', '-')} must be more than 0; got {value:g}")
    for line in lines_of(Given(**asked), workers):
        print(line)


if __name__ == "__main__":
    main()
