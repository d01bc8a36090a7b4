"""`python -m cashcade.world FILE`: exit code 0 if the file holds a world, 2 with all problems if not."""

import sys

from cashcade.errors import WorldError
from cashcade.world.validate import validate


def main(arguments: list[str]) -> int:
    """Check the file named by the only argument; return the exit code."""
    if len(arguments) != 1:
        sys.stderr.write("usage: python -m cashcade.world FILE\n")
        return 2
    problems = validate(arguments[0])
    if problems:
        sys.stderr.write(f"error: {WorldError(problems, arguments[0])}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
