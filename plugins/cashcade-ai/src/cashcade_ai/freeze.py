"""The frozen world: ``python -m cashcade_ai.freeze`` writes its hash and its register of forecasts anew.

Whoever changes the world on purpose runs it; tests fail until then.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

import cashcade
from cashcade.questions.forecasts import write_forecasts
from cashcade.world.identity import world_hash

WORLD = "ai-2025-08"

PATHS, SEED = 10_000, 1
"""Paths and seed of the register."""

LOCK = Path(__file__).parent / "worlds" / f"{WORLD}.lock"
"""Holds the hash and nothing else."""

REGISTER = Path(__file__).parent / "forecasts" / f"{WORLD}.csv"


def frozen() -> str:
    """Return the hash of the world when it was last frozen."""
    return LOCK.read_text(encoding="utf-8").strip()


def freeze(paths: int = PATHS) -> None:
    """Write the hash of the world as it is, and what it forecasts."""
    world = cashcade.load_world(WORLD)
    write_forecasts(cashcade.forecasts(world, paths=paths, seed=SEED), REGISTER)
    LOCK.write_text(f"{world_hash(world)}\n", encoding="utf-8")


def main(arguments: Sequence[str] | None = None) -> None:
    """Freeze the world as it is."""
    parser = argparse.ArgumentParser(
        prog="python -m cashcade_ai.freeze",
        description=f"Write the hash of {WORLD} and its register of forecasts.",
    )
    parser.add_argument("--paths", type=int, default=PATHS, help="random paths of the register")
    freeze(parser.parse_args(arguments).paths)


if __name__ == "__main__":
    main()
