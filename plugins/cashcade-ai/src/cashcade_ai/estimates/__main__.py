"""The command: ``python -m cashcade_ai.estimates PAGE``."""

from cashcade_ai.estimates.page import main

if __name__ == "__main__":
    main()
