"""Arrays that stay on disk until they are read; processes that open the same file share them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt


def mapped(path: Path) -> npt.NDArray[Any]:
    """Return the array in a .npy file, read-only; OSError or ValueError if it is not whole.

    A plain array over the map: slices of numpy's own memmap class cost ten times as much.
    """
    found: npt.NDArray[Any] = np.load(path, mmap_mode="r")
    return found.view(np.ndarray)
