import gc

import pytest

from assistant.startup import collector_paused


def test_the_collector_rests_while_loading_and_passes_over_what_was_loaded() -> None:
    before = gc.get_freeze_count()
    try:
        with collector_paused():
            assert not gc.isenabled()
            loaded = [[n] for n in range(1000)]
        assert gc.isenabled()
        assert gc.get_freeze_count() >= before + len(loaded)
    finally:
        gc.unfreeze()


def test_the_collector_works_again_after_a_failure() -> None:
    with pytest.raises(ValueError, match="damaged"), collector_paused():
        raise ValueError("damaged")
    assert gc.isenabled()
