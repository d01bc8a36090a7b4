"""The command: ``python -m cashcade_ai.transmission PAGE``."""

from cashcade_ai.transmission.page import main

if __name__ == "__main__":
    main()
