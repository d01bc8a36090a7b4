"""Results on disk: NetCDF, Zarr, Parquet, a workbook or CSV, by the suffix of the path."""

import io
import json
from collections.abc import Callable, Collection, Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from cashcade.errors import ArgumentError
from cashcade.results import spreadsheets
from cashcade.results.series import all_series
from cashcade.results.spreadsheets import Sheets, sheets_of
from cashcade.results.storage import naming, write_bytes, write_folder
from cashcade.results.summary import failures
from cashcade.words.extras import need
from cashcade.words.places import check_folder
from cashcade.world.workbooks import SUFFIX

SEAL = "cashcade_files"
"""Attribute of a Zarr store that counts its files and their bytes: it is written last."""

TABLES = ("series.parquet", "_failures.parquet")
"""What a folder of tables holds. Who reads it as one table skips names with an underscore."""

_IN_SECONDS = xr.coders.CFDatetimeCoder(time_unit="s")
"""How dates are read: nanoseconds would not reach beyond the years 1678 to 2262."""


def save(dataset: xr.Dataset, path: str | Path) -> tuple[Path, ...]:
    """See `Result.save`."""
    target = check_target(path)
    with naming(target):
        return _WRITERS[target.suffix](dataset, target)


def save_sheets(sheets: Sheets, path: str | Path, tables: Collection[str]) -> tuple[Path, ...]:
    """Write tables as a workbook or a folder of CSV files; see `check_target`."""
    target = check_target(path, tables)
    with naming(target):
        return _SHEETS[target.suffix](sheets, target)


def check_target(path: str | Path, tables: Collection[str] | None = None) -> Path:
    """Check, before any work is done, that results can be written to `path`.

    Parameters
    ----------
    path
        A file or a folder.
    tables
        Names of tables, where nothing but tables is written; by default those of a result.

    Raises
    ------
    ArgumentError
        The suffix is none of those that are known, the folder does not exist, or something stands there
        that is not to be replaced: a folder that cashcade did not write, or no file.
    MissingExtraError
        The library that writes this format is not installed.
    """
    target = Path(path)
    _check_format(target, _WRITERS if tables is None else _SHEETS)
    check_folder(target)
    if target.exists() and not _is_ours(target, tables or spreadsheets.TABLES):
        raise ArgumentError(
            f"Cannot write {str(path)!r}: what stands there is not {_KINDS[target.suffix]}, "
            "and is not replaced. Choose another name, or move it away."
        )
    return target


def _is_ours(place: Path, tables: Collection[str]) -> bool:
    """Whether what stands at a place may be replaced."""
    if place.suffix in {".nc", SUFFIX}:
        return place.is_file()
    inside = {path.name for path in place.iterdir()} if place.is_dir() else {"a file"}
    if place.suffix == ".parquet":
        return inside <= {*TABLES}
    if place.suffix == ".csv":
        return inside <= {f"{name}.csv" for name in tables}
    return not inside or "cashcade" in _attributes_of(place)


def _attributes_of(store: Path) -> dict[str, Any]:
    """Give the attributes of a Zarr store; none of what is no store."""
    try:
        root = json.loads((store / "zarr.json").read_text(encoding="utf-8"))
        return dict(root["attributes"])
    except (OSError, ValueError, KeyError, TypeError):
        return {}


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
    if path.suffix not in _NEEDS:
        return
    extra, library = _NEEDS[path.suffix]
    need(library, f"The format {path.suffix} needs", extra)


def load(source: Path) -> xr.Dataset:
    """Read a dataset into memory.

    Raises
    ------
    ArgumentError
        The file or store is damaged, or its writing never came to an end.
    """
    try:
        return _READERS[source.suffix](source)
    except Exception as error:
        # What a damaged file makes of the libraries that read it has no common root.
        said = f" ({str(error).splitlines()[0][:200]})" if str(error) else ""
        raise ArgumentError(
            f"Cannot read {str(source)!r}: it is damaged, or was not written to the end{said}. "
            "Write it anew from a run."
        ) from error


def _read_netcdf(source: Path) -> xr.Dataset:
    with xr.open_dataset(source, engine="h5netcdf", decode_times=_IN_SECONDS) as dataset:
        loaded: xr.Dataset = dataset.load()
    return loaded


def _read_zarr(source: Path) -> xr.Dataset:
    sealed, found = _attributes_of(source).get(SEAL), _measured(source)
    if sealed != found:
        held = f"{found[0]} files of {found[1]:,} bytes"
        wanted = (
            f"{sealed[0]} files of {sealed[1]:,} bytes" if sealed else "the count that cashcade writes last"
        )
        raise ValueError(f"it holds {held}, wanted {wanted}")
    loaded: xr.Dataset = xr.open_zarr(source, consolidated=False, decode_times=_IN_SECONDS).load()
    del loaded.attrs[SEAL]
    return loaded


def _measured(store: Path) -> list[int]:
    """Count the files of a Zarr store and their bytes, but for its root, which says how many there are."""
    files = [path for path in store.rglob("*") if path.is_file() and path != store / "zarr.json"]
    return [len(files), sum(path.stat().st_size for path in files)]


def _write_netcdf(dataset: xr.Dataset, target: Path) -> tuple[Path, ...]:
    import h5netcdf  # type: ignore[import-untyped]  # noqa: PLC0415 - an optional library
    from xarray.backends import H5NetCDFStore  # noqa: PLC0415 - idem

    encoding = {name: {"zlib": True, "complevel": 1} for name, values in dataset.items() if values.size > 1}
    # HDF5 that cannot write a file, as on a full disk, may take the process with it; in memory it always can.
    content = io.BytesIO()
    with h5netcdf.File(content, "w") as file:
        dataset.dump_to_store(H5NetCDFStore(file), encoding=encoding)
    write_bytes(target, content.getbuffer())
    return (target,)


def _write_zarr(dataset: xr.Dataset, target: Path) -> tuple[Path, ...]:
    # Zarr 3 specifies strings of any length, not those of a fixed one, and attributes that JSON can hold.
    names = {
        name: values.astype(object) for name, values in dataset.variables.items() if values.dtype.kind == "U"
    }
    plain = dataset.assign(names)
    for values in plain.variables.values():
        values.attrs = {key: _jsonable(value) for key, value in values.attrs.items()}

    def write(place: Path) -> None:
        plain.to_zarr(place, mode="w", consolidated=False)
        root = json.loads((place / "zarr.json").read_text(encoding="utf-8"))
        root["attributes"][SEAL] = _measured(place)
        (place / "zarr.json").write_text(json.dumps(root, indent=2), encoding="utf-8")

    write_folder(target, write)
    return (target,)


def _jsonable(value: Any) -> Any:  # noqa: ANN401 - whatever an attribute holds
    return value.tolist() if isinstance(value, np.ndarray) else value


def _write_parquet(dataset: xr.Dataset, target: Path) -> tuple[Path, ...]:
    """Write series and failures into one folder, each with what is recorded about the run."""
    tables = all_series(dataset), failures(dataset)

    def write(folder: Path) -> None:
        for table, name in zip(tables, TABLES, strict=True):
            _write_table(table, folder / name, dataset.attrs)

    write_folder(target, write)
    return tuple(target / name for name in TABLES)


def _write_table(table: pd.DataFrame, place: Path, attributes: dict[str, Any]) -> None:
    import pyarrow as pa  # type: ignore[import-untyped]  # noqa: PLC0415 - an optional library
    import pyarrow.parquet as pq  # type: ignore[import-untyped]  # noqa: PLC0415 - idem

    arrow = pa.Table.from_pandas(table, preserve_index=False)
    metadata = {**(arrow.schema.metadata or {}), b"cashcade": json.dumps(attributes).encode()}
    pq.write_table(arrow.replace_schema_metadata(metadata), place)


def _write_workbook(sheets: Sheets, target: Path) -> tuple[Path, ...]:
    write_bytes(target, spreadsheets.to_workbook(sheets))
    return (target,)


def _write_csv(sheets: Sheets, target: Path) -> tuple[Path, ...]:
    files = spreadsheets.to_csv(sheets)

    def write(folder: Path) -> None:
        for name, content in files.items():
            (folder / name).write_bytes(content)

    write_folder(target, write)
    return tuple(target / name for name in files)


_KINDS = {
    ".nc": "a file",
    ".zarr": "a Zarr store that cashcade wrote",
    ".parquet": "a folder of tables that cashcade wrote",
    ".xlsx": "a file",
    ".csv": "a folder of tables that cashcade wrote",
}
"""What a target replaces, by its suffix."""

_SHEETS: dict[str, Callable[[Sheets, Path], tuple[Path, ...]]] = {
    ".xlsx": _write_workbook,
    ".csv": _write_csv,
}
_WRITERS: dict[str, Callable[[xr.Dataset, Path], tuple[Path, ...]]] = {
    ".nc": _write_netcdf,
    ".zarr": _write_zarr,
    ".parquet": _write_parquet,
    ".xlsx": lambda dataset, target: _write_workbook(sheets_of(dataset), target),
    ".csv": lambda dataset, target: _write_csv(sheets_of(dataset), target),
}
_READERS: dict[str, Callable[[Path], xr.Dataset]] = {".nc": _read_netcdf, ".zarr": _read_zarr}
_NEEDS = {
    ".nc": ("netcdf", "h5netcdf"),
    ".zarr": ("zarr", "zarr"),
    ".parquet": ("parquet", "pyarrow"),
    ".xlsx": ("xlsx", "openpyxl"),
}
"""Extra and library of each format that needs one."""
