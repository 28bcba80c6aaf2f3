"""Reports of one event: what is compared, how pairs are weighed, and that the set alone decides."""

from __future__ import annotations

import gc
import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragoman.merge.blocking import keys_of
from dragoman.merge.clusters import Said, cluster, components, pair_of
from dragoman.merge.engine import candidates, group
from dragoman.merge.features import NAMES, days_between, features, kilometres, rarity
from dragoman.merge.scorer import load_scorer, ruled_out, scorer_from
from dragoman.merge.stories import group_articles
from dragoman.merge.views import Report, Side, Spot, Telling
from dragoman.merge.words import stem, stems, telling

SCORER = load_scorer()


def report(
    event_id: str,
    quote: str,
    *,
    trigger: str,
    type: str = "ASSAULT",
    on: date = date(2024, 5, 6),
    day: date | None = None,
    sides: Sequence[tuple[str, str, str]] = (("actor", "SDN", "PRM"), ("recipient", "SDN", "CVL")),
    article: str | None = None,
    **fields: object,
) -> Report:
    """Return a report with plain defaults; sides are (role, country, sector)."""
    when = (day or on).toordinal()
    told = Report(
        event_id=event_id,
        article=Telling(article or f"a-{event_id}", article or event_id, on, telling(quote)),
        section="body", event_type=type, mode=None, status="actual", historical=False,
        sides=tuple(Side(role, country, (sector,), None, frozenset()) for role, country, sector in sides),
        spot=None, days=(when, when), explicit=day is not None, counts={}, trigger=stems(trigger), quote=stems(quote),
        names=telling(quote), vector=None,
    )  # fmt: skip
    return replace(told, **fields)  # type: ignore[arg-type]


TAWILA, ZALINGEI = Spot("Tawila", "SDN", 13.5, 24.9, 4), Spot("Zalingei", "SDN", 12.91, 23.47, 4)
MONDAY, SATURDAY = date(2024, 5, 6), date(2024, 5, 11)
MARKET = report(
    "m1", "Gunmen shelled the market of Tawila in Darfur on Monday, killing 19.", trigger="shelled", day=MONDAY, spot=TAWILA
)  # fmt: skip
AGAIN = report(
    "m2", "At least 19 traders died when Tawila market in Darfur was bombarded.", trigger="bombarded", spot=TAWILA
)  # fmt: skip
LATER = report(
    "m3", "Gunmen shelled a school in Zalingei on Saturday.", trigger="shelled", on=SATURDAY, day=SATURDAY, spot=ZALINGEI
)  # fmt: skip


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("drill", "manoeuvres"),
        ("talks", "negotiations"),
        ("arrested", "detained"),
        ("bombarded", "shelling"),
    ],
)
def test_words_for_one_act_have_one_stem(a: str, b: str) -> None:
    """Newspapers' words for the same act are one word here."""
    assert stem(a) == stem(b)


def test_words_of_different_acts_differ() -> None:
    """A threat is not an attack, an arrest no release."""
    assert len({stem("threatened"), stem("attacked"), stem("arrested"), stem("released")}) == 4


def test_telling_words() -> None:
    """Names and numbers tell; the capital of a sentence's first word does not, unless it stands inside one too."""
    assert telling("The army left Goma. Rebels took Goma, killing 23.") == {"goma", "23"}


def test_a_rare_name_weighs_more_than_a_common_one() -> None:
    """Zalingei says more than London."""
    assert rarity("zalingei") > rarity("darfur") > rarity("president") > 0
    assert rarity("a name never seen") == 1.0


def test_features_do_not_depend_on_order() -> None:
    """Two reports are as like as the other way round."""
    assert features(MARKET, AGAIN) == pytest.approx(features(AGAIN, MARKET))
    assert len(features(MARKET, AGAIN)) == len(NAMES)


def test_distance_and_days() -> None:
    """Berlin and Paris lie 878 km apart; overlapping intervals no day."""
    km = kilometres(Spot("Berlin", "DEU", 52.52, 13.405, 4), Spot("Paris", "FRA", 48.857, 2.352, 4))
    assert km == pytest.approx(878, abs=5)
    assert days_between((10, 12), (12, 20)) == 0
    assert days_between((10, 12), (15, 20)) == 3


def test_one_attack_told_twice_is_one_and_the_next_is_another() -> None:
    """Same market, same day, other words: one. Another town five days later: another."""
    groups = group([LATER, AGAIN, MARKET], SCORER)
    assert [[r.event_id for r in g.reports] for g in groups] == [["m1", "m2"], ["m3"]]
    (why,) = groups[0].why
    assert why.event_id == "m2"
    assert why.with_event == "m1"
    assert why.score >= SCORER.threshold
    assert why.reasons


def test_the_collector_of_cycles_is_as_it_was() -> None:
    """Grouping pauses it and leaves it as it found it, on or off."""
    group([MARKET, AGAIN], SCORER)
    assert gc.isenabled()
    gc.disable()
    try:
        group([MARKET, AGAIN], SCORER)
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_a_threat_and_its_execution_stay_apart() -> None:
    """THREATEN and ASSAULT are not one event."""
    threat = report(
        "t1",
        "Fighters threatened to shell the market of Tawila in Darfur.",
        trigger="threatened",
        type="THREATEN",
    )
    assert len(group([threat, MARKET], SCORER)) == 2


def test_a_denied_act_is_no_report_of_it() -> None:
    """A negated event is never merged with the act."""
    denied = replace(AGAIN, status="negated")
    assert "negated" in ruled_out(MARKET, denied)
    assert SCORER.judge(MARKET, denied).probability == 0.0


def test_the_same_market_a_year_later_is_another_attack() -> None:
    """Same words, other year: never compared."""
    other = replace(
        AGAIN, article=replace(AGAIN.article, published_on=date(2025, 5, 6)), days=(739377, 739377)
    )
    assert not keys_of(MARKET) & keys_of(other)
    assert candidates([MARKET, other]) == []


def test_people_have_the_last_word() -> None:
    """What a person joined stays joined, what a person split stays apart."""
    apart = Said(apart=frozenset({pair_of("m1", "m2")}))
    assert [len(g.reports) for g in group([MARKET, AGAIN, LATER], SCORER, apart)] == [1, 1, 1]
    one = Said(one=frozenset({pair_of("m1", "m3")}))
    groups = group([MARKET, LATER], SCORER, one)
    assert [[r.event_id for r in g.reports] for g in groups] == [["m1", "m3"]]
    assert groups[0].why[0].reasons == ("a person said so",)


def test_a_vague_report_does_not_chain_two_unlike_ones() -> None:
    """Both are like the vague one, but never one with each other."""
    sure = {("a", "v"): 0.9, ("b", "v"): 0.88, ("a", "b"): 0.001}
    groups = cluster(["a", "b", "v"], lambda x, y: sure[pair_of(x, y)], threshold=0.5, said=Said())
    assert groups == [["a", "v"], ["b"]]


def test_mean_likeness_decides() -> None:
    """Average linkage: 0.9 and 0.2 make 0.55, which is enough at 0.5 and not at 0.6."""
    sure = {("a", "b"): 0.9, ("a", "c"): 0.9, ("b", "c"): 0.2}
    probability = lambda x, y: sure[pair_of(x, y)]  # noqa: E731  # a table asked by pair
    assert cluster("abc", probability, threshold=0.5, said=Said()) == [["a", "b", "c"]]
    assert cluster("abc", probability, threshold=0.6, said=Said()) == [["a", "b"], ["c"]]


def test_many_lukewarm_pairs_weigh_more_than_one() -> None:
    """At power 0.5 a report that fits four others a little joins them; one that fits a single one as much does not."""
    group_of_four = {pair_of(x, y): 3.0 for x in "abcd" for y in "abcd" if x < y}
    sure = group_of_four | {pair_of(x, "z"): 0.6 for x in "abcd"} | {pair_of("y", x): -9.0 for x in "abcdz"}
    sure |= {pair_of("x", "y"): 0.6} | {pair_of("x", i): -9.0 for i in "abcdz"}
    groups = cluster("abcdxyz", lambda i, j: sure[pair_of(i, j)], threshold=1.0, power=0.5, said=Said())
    assert groups == [["a", "b", "c", "d", "z"], ["x"], ["y"]]


def test_reports_of_one_article_are_compared_by_type() -> None:
    """An attack and a threat of one article share no key, two attacks do."""
    attack = report("k1", "Gunmen shelled a school.", trigger="shelled", article="k", sides=())
    other = report("k2", "They fired on a clinic.", trigger="fired", article="k", sides=())
    threat = report(
        "k3", "They threatened more.", trigger="threatened", type="THREATEN", article="k", sides=()
    )
    assert candidates([attack, other, threat]) == [("k1", "k2")]


def test_components() -> None:
    """Linked ids stand together, in order."""
    assert components("edcba", [("a", "c"), ("d", "c")]) == [["a", "c", "d"], ["b"], ["e"]]


@given(st.randoms(use_true_random=False))
def test_order_does_not_matter(rng: random.Random) -> None:
    """The same reports give the same groups in any order."""
    reports = [MARKET, AGAIN, LATER, *(replace(MARKET, event_id=f"x{n}", article=replace(MARKET.article, article_id=f"y{n}"))
                                       for n in range(3))]  # fmt: skip
    wanted = [[r.event_id for r in g.reports] for g in group(reports, SCORER)]
    rng.shuffle(reports)
    assert [[r.event_id for r in g.reports] for g in group(reports, SCORER)] == wanted


def test_weights_without_a_feature_are_refused() -> None:
    """An old file of weights is told from a fitting one."""
    with pytest.raises(ValueError, match="lack same type"):
        scorer_from({"inside": {}, "inside_constant": 0.0})


def test_stories() -> None:
    """Articles that share rare names are one story; a common name is not enough; an incident binds."""
    names = {
        "a": telling("He said Tawila and Zalingei in Darfur fell to Hemedti."),
        "b": telling("It was Zalingei, then Tawila, said Hemedti."),
        "c": telling("The President of France met the President of Germany."),
        "d": telling("It rained in Reykjavik."),
    }
    assert group_articles(names)[:1] == [["a", "b"]]
    assert ["a", "b", "c"] in group_articles(names, [["b", "c"]])
