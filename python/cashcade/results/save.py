"""Results on disk: NetCDF, Zarr or Parquet, by the suffix of the path."""

import importlib.util
import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from cashcade.errors import ArgumentError, MissingExtraError
from cashcade.results.series import all_series
from cashcade.results.summary import failures

_IN_SECONDS = xr.coders.CFDatetimeCoder(time_unit="s")
"""How dates are read: nanoseconds would not reach beyond the years 1678 to 2262."""


def save(dataset: xr.Dataset, path: str | Path) -> tuple[Path, ...]:
    """See `Result.save`."""
    target = check_target(path)
    return _WRITERS[target.suffix](dataset, target)


def check_target(path: str | Path) -> Path:
    """Check, before any work is done, that results can be written to `path`.

    Raises
    ------
    ArgumentError
        The suffix is none of `.nc`, `.zarr`, `.parquet`, or the folder does not exist.
    MissingExtraError
        The library that writes this format is not installed.
    """
    target = Path(path)
    _check_format(target, _WRITERS)
    if not target.parent.is_dir():
        raise ArgumentError(f"Cannot write {str(path)!r}: there is no folder {str(target.parent)!r}.")
    return target


def check_source(path: str | Path) -> Path:
    """Check that results can be read from `path`.

    Raises
    ------
    ArgumentError
        The suffix is neither `.nc` nor `.zarr`, or there is no such file.
    MissingExtraError
        The library that reads this format is not installed.
    """
    source = Path(path)
    _check_format(source, _READERS)
    if not source.exists():
        raise ArgumentError(f"Cannot read {str(path)!r}: there is no such file.")
    return source


def _check_format(path: Path, known: Iterable[str]) -> None:
    if path.suffix not in known:
        raise ArgumentError(f"Cannot tell the format of {str(path)!r}: end it in {', '.join(known)}.")
    extra, library = _NEEDS[path.suffix]
    if importlib.util.find_spec(library) is None:
        raise MissingExtraError(
            f"The format {path.suffix} needs {library}, which is not installed: "
            f'pip install "cashcade[{extra}]".'
        )


def load(source: Path) -> xr.Dataset:
    """Read a dataset into memory."""
    return _READERS[source.suffix](source)


def _read_netcdf(source: Path) -> xr.Dataset:
    with xr.open_dataset(source, engine="h5netcdf", decode_times=_IN_SECONDS) as dataset:
        loaded: xr.Dataset = dataset.load()
    return loaded


def _read_zarr(source: Path) -> xr.Dataset:
    loaded: xr.Dataset = xr.open_zarr(source, consolidated=False, decode_times=_IN_SECONDS).load()
    return loaded


def _write_netcdf(dataset: xr.Dataset, target: Path) -> tuple[Path, ...]:
    encoding = {name: {"zlib": True, "complevel": 1} for name, values in dataset.items() if values.size > 1}
    dataset.to_netcdf(target, engine="h5netcdf", encoding=encoding)
    return (target,)


def _write_zarr(dataset: xr.Dataset, target: Path) -> tuple[Path, ...]:
    # Zarr 3 specifies strings of any length, not those of a fixed one, and attributes that JSON can hold.
    names = {
        name: values.astype(object) for name, values in dataset.coords.items() if values.dtype.kind == "U"
    }
    plain = dataset.assign_coords(names)
    for values in plain.variables.values():
        values.attrs = {key: _jsonable(value) for key, value in values.attrs.items()}
    plain.to_zarr(target, mode="w", consolidated=False)
    return (target,)


def _jsonable(value: Any) -> Any:  # noqa: ANN401 - whatever an attribute holds
    return value.tolist() if isinstance(value, np.ndarray) else value


def _write_parquet(dataset: xr.Dataset, target: Path) -> tuple[Path, ...]:
    """Write the series to `target` and the failures beside it, each with what is recorded about the run."""
    beside = target.with_suffix(".failures.parquet")
    for table, place in ((all_series(dataset), target), (failures(dataset), beside)):
        _write_table(table, place, dataset.attrs)
    return target, beside


def _write_table(table: pd.DataFrame, place: Path, attributes: dict[str, Any]) -> None:
    import pyarrow as pa  # type: ignore[import-untyped]  # noqa: PLC0415 - an optional library
    import pyarrow.parquet as pq  # type: ignore[import-untyped]  # noqa: PLC0415 - idem

    arrow = pa.Table.from_pandas(table, preserve_index=False)
    metadata = {**(arrow.schema.metadata or {}), b"cashcade": json.dumps(attributes).encode()}
    pq.write_table(arrow.replace_schema_metadata(metadata), place)


_WRITERS: dict[str, Callable[[xr.Dataset, Path], tuple[Path, ...]]] = {
    ".nc": _write_netcdf,
    ".zarr": _write_zarr,
    ".parquet": _write_parquet,
}
_READERS: dict[str, Callable[[Path], xr.Dataset]] = {".nc": _read_netcdf, ".zarr": _read_zarr}
_NEEDS = {".nc": ("netcdf", "h5netcdf"), ".zarr": ("zarr", "zarr"), ".parquet": ("parquet", "pyarrow")}
