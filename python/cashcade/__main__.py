"""`python -m cashcade` is the command `cashcade`."""

import sys

from cashcade.cli import main

sys.exit(main())
