"""A store of a run under way: its finished chunks, so that a run that was killed goes on where it was.

Beside `run.zarr` stands the folder `run.zarr.chunks`, with `job.json`, which says what is computed there, and
a file for each finished chunk. Each file is written whole or not at all, and the first bytes of a chunk are a
digest of the rest. When the result is written, the folder goes.
"""

import hashlib
import io
import json
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from cashcade.errors import ArgumentError
from cashcade.results.outcome import Outcome
from cashcade.results.plan import Plan
from cashcade.results.save import check_target, load, save
from cashcade.results.storage import make_folder, write_bytes

NAME = "job"
"""Attribute that says which run it is."""

JOB = "job.json"
"""What is computed in a store."""

WHOLE = (".zarr", ".nc")
"""Formats that hold all of a result, so that it can be told whether it is finished."""

DIGEST = hashlib.blake2b().digest_size
"""Bytes of a digest."""

WAY_OUT = "Choose another name, or leave resume=True out to begin anew."
"""What to do about a store that cannot be gone on with."""


def check_store(out: str | Path) -> Path:
    """Check, before any work is done, that a run can be kept at `out`.

    Raises
    ------
    ArgumentError
        It is neither `.zarr` nor `.nc`, the folder does not exist, or something stands there that is not to
        be replaced.
    MissingExtraError
        The library that writes this format is not installed.
    """
    target = check_target(out)
    if target.suffix not in WHOLE:
        raise ArgumentError(
            f"out is {str(out)!r}, wanted a name that ends in {' or '.join(WHOLE)}, which hold all of a "
            "result; `Result.save` writes the other formats."
        )
    return target


def job_of(
    tables: Mapping[str, NDArray[Any]], plan: Plan, words: Mapping[str, str]
) -> tuple[str, dict[str, object]]:
    """Give a digest of all that a run depends on, and what of it people want to know.

    Parameters
    ----------
    tables
        All that the core takes, by name.
    plan
        What is computed.
    words
        What the dataset will tell of it.
    """
    sizes = {name: getattr(plan, name) for name in ("months", "paths", "first_path", "seed", "replicates")}
    asked = [[row.full_name, row.meaning] for row in plan.record]
    digest = hashlib.blake2b(digest_size=16)
    digest.update(json.dumps([words, sizes, asked, plan.quantiles, plan.sample, plan.keep]).encode())
    for name, array in sorted(tables.items()):
        digest.update(f"{name} {array.dtype} {array.shape}".encode())
        digest.update(np.ascontiguousarray(array).data)
    return digest.hexdigest(), {**words, **sizes}


class Store:
    """The chunks of a run that are finished.

    Parameters
    ----------
    target
        Where the result will be written.
    job
        Digest of all that the numbers depend on.
    about
        The same for people: what else the file says.
    """

    def __init__(self, target: Path, job: str, about: Mapping[str, object]) -> None:
        self.target, self.job = target, job
        self._about = dict(about)
        self._folder = target.with_name(f"{target.name}.chunks")

    def open(self, *, resume: bool) -> xr.Dataset | None:
        """Make the store ready, as it was left or empty; give the dataset where all is finished.

        Raises
        ------
        ArgumentError
            It is to go on, and what is there is damaged, or of another run.
        WriteError
            The system refuses.
        """
        if not resume:
            self.remove()
        elif self.target.exists() and (found := load(self.target)).attrs.get(NAME) == self.job:
            self.remove()
            return found
        elif self._folder.exists():
            self._check()
        elif self.target.exists():
            raise ArgumentError(
                f"Cannot resume: {str(self.target)!r} holds {_differ(found.attrs, self._about)}. {WAY_OUT}"
            )
        self._begin()
        return None

    def _begin(self) -> None:
        said = json.dumps({NAME: self.job, **self._about}, indent=2)
        make_folder(self._folder)
        if not (self._folder / JOB).exists():
            write_bytes(self._folder / JOB, said.encode())

    def _check(self) -> None:
        """Refuse what is in the folder, unless it is of this run, or nothing yet."""
        place = self._folder / JOB
        if not place.exists() and not any(self._folder.glob("*.chunk")):
            return  # stopped before it began
        try:
            found = json.loads(place.read_text(encoding="utf-8"))
            same = found[NAME] == self.job
        except (OSError, ValueError, KeyError, TypeError):
            raise ArgumentError(
                f"Cannot resume: {str(place)!r} is damaged, or not there. {WAY_OUT}"
            ) from None
        if not same:
            raise ArgumentError(
                f"Cannot resume: {str(self._folder)!r} holds {_differ(found, self._about)}. {WAY_OUT}"
            )

    def close(self, dataset: xr.Dataset) -> xr.Dataset:
        """Write the dataset, and take the chunks away.

        Raises
        ------
        WriteError
            The system refuses; chunks that are there stay.
        """
        finished = dataset.assign_attrs({NAME: self.job})
        save(finished, self.target)
        self.remove()
        return finished

    def find(self, part: Plan) -> Outcome | None:
        """Give the outcome of a chunk; None if it is not there.

        Raises
        ------
        ArgumentError
            It is damaged.
        """
        place = self._place(part)
        if not place.exists():
            return None
        content = place.read_bytes()
        if hashlib.blake2b(content[DIGEST:]).digest() != content[:DIGEST]:
            raise ArgumentError(
                f"Cannot resume: {str(place)!r} is damaged. Delete it, and it is computed again."
            )
        return _read(content[DIGEST:])

    def put(self, part: Plan, outcome: Outcome) -> None:
        """Keep a finished chunk.

        Raises
        ------
        WriteError
            The system refuses; chunks that are there stay.
        """
        content = _written(outcome)
        write_bytes(self._place(part), hashlib.blake2b(content).digest() + content)

    def remove(self) -> None:
        """Take the store away."""
        if self._folder.exists():
            shutil.rmtree(self._folder)

    def _place(self, part: Plan) -> Path:
        return self._folder / f"{part.first_path}-{part.first_path + part.paths}.chunk"


def _differ(found: Mapping[str, object], wanted: Mapping[str, object]) -> str:
    """Say in what another run differs."""
    parts = [
        f"{name} {found.get(name)!r} (wanted {value!r})"
        for name, value in wanted.items()
        if found.get(name) != value
    ]
    return f"another run: {', '.join(parts)}" if parts else "a run of other parameters, rules or records"


def _written(outcome: Outcome) -> bytes:
    """Give an outcome as bytes, the same for the same."""
    content = io.BytesIO()
    np.savez(content, allow_pickle=False, **dict(_arrays(outcome)))
    return content.getvalue()


def _arrays(outcome: Outcome) -> Iterator[tuple[str, Any]]:
    for field in fields(outcome):
        value = getattr(outcome, field.name)
        if isinstance(value, list | tuple) and field.name != "conflict":
            yield from ((f"{field.name}.{place:06}", array) for place, array in enumerate(value))
        elif value is not None:
            yield field.name, np.asarray(value)


def _read(content: bytes) -> Outcome:
    with np.load(io.BytesIO(content), allow_pickle=False) as found:
        arrays = {name: found[name] for name in found.files}
    given: dict[str, Any] = {}
    for field in fields(Outcome):
        listed = [array for name, array in arrays.items() if name.startswith(f"{field.name}.")]
        given[field.name] = arrays.get(field.name, listed)
    given |= {"imbalance": float(given["imbalance"]), "interrupted": bool(given["interrupted"])}
    return Outcome(**given | {"conflict": None})
