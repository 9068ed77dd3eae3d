import gc
import platform

import pytest

from assistant.startup import collector_paused, keep_for_good, thrifty_heaps


def test_the_collector_rests_while_loading() -> None:
    with collector_paused():
        assert not gc.isenabled()
        with collector_paused():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()


def test_the_collector_works_again_after_a_failure() -> None:
    with pytest.raises(ValueError, match="damaged"), collector_paused():
        raise ValueError("damaged")
    assert gc.isenabled()


def test_what_was_loaded_is_passed_over_later() -> None:
    before = gc.get_freeze_count()
    try:
        loaded = [[n] for n in range(1000)]
        keep_for_good()
        assert gc.get_freeze_count() >= before + len(loaded)
    finally:
        gc.unfreeze()


def test_threads_share_their_heaps_where_the_c_library_can() -> None:
    assert thrifty_heaps() is (platform.libc_ver()[0] == "glibc")
