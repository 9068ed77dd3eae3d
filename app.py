"""Start the web page: `python app.py`, the same as `zhize serve` with its default options."""

from __future__ import annotations

import sys

from assistant.cli import main

if __name__ == "__main__":
    sys.exit(main(["serve", *sys.argv[1:]]))
