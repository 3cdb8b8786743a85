"""The process that measures ahead, with as few draws as the tests beside: ``python -m tests.pages.measuring_few``."""

from __future__ import annotations

from pages.shell.measuring import main
from tests.few_draws import few_draws

if __name__ == "__main__":
    with few_draws():
        main()
