"""The command: ``python -m cashcade_ai.backtest PAGE``."""

from cashcade_ai.backtest.page import main

if __name__ == "__main__":
    main()
