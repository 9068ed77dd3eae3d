"""Kept answers: bounded, the longest unasked goes first."""

from __future__ import annotations

from assistant.web.answer_cache import AnswerCache


def test_what_was_put_is_found_under_its_key_only() -> None:
    cache: AnswerCache[str] = AnswerCache(2)
    cache.put("a", "one")
    assert (cache.get("a"), cache.get("b"), cache.hits) == ("one", None, 1)


def test_the_one_unasked_for_longest_makes_room() -> None:
    cache: AnswerCache[str] = AnswerCache(2)
    cache.put("a", "one")
    cache.put("b", "two")
    cache.get("a")
    cache.put("c", "three")
    assert [cache.get(k) for k in "abc"] == ["one", None, "three"]
    assert len(cache) == 2


def test_putting_again_takes_no_second_place() -> None:
    cache: AnswerCache[str] = AnswerCache(2)
    for value in ("old", "new"):
        cache.put("a", value)
    assert (cache.get("a"), len(cache)) == ("new", 1)


def test_clearing_drops_everything() -> None:
    cache: AnswerCache[str] = AnswerCache(2)
    cache.put("a", "one")
    cache.clear()
    assert cache.get("a") is None


def test_a_cache_of_nothing_keeps_nothing() -> None:
    cache: AnswerCache[str] = AnswerCache(0)
    cache.put("a", "one")
    assert len(cache) == 0
