"""Real clusters of this machine: the same bytes as one process, where a worker is killed too. `make test-clusters` installs what they need."""

import json
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import cashcade as cc
import pytest
from cashcade.ray import RayExecutor

TINY = str(Path(__file__).parent / "tiny.toml")
RUN = {"months": 12, "paths": 160, "seed": 1, "chunk": 16, "record": ["company.cash"], "quantiles": ()}

DASK = """
import json, os, signal, sys
import cashcade as cc
from distributed import Client, LocalCluster

def main():
    world, out, how = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster, Client(cluster) as client:
        killed = []
        def kill(done, wanted):
            if not killed:
                killed.append(next(iter(client.run(os.getpid).values())))
                os.kill(killed[0], signal.SIGKILL)
        cc.run(world, **how, executor=client.get_executor(), progress=kill, out=out)
        print(len(killed), "killed")

if __name__ == "__main__":
    main()
"""
RAY = """
import json, os, signal, sys, time
import cashcade as cc
import ray
from cashcade.ray import RayExecutor

def main():
    world, out, how = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])
    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False)
    executor = RayExecutor()

    @ray.remote
    def worker():
        time.sleep(0.5)
        return os.getpid()

    workers, killed = ray.get([worker.remote(), worker.remote()]), []
    def kill(done, wanted):
        if not killed:
            killed.append(workers[0])
            os.kill(killed[0], signal.SIGKILL)
    cc.run(world, **how, executor=executor, progress=kill, out=out)
    print(len(killed), "killed")

if __name__ == "__main__":
    main()
"""
MPI = """
import json, sys
import cashcade as cc
from mpi4py.futures import MPIPoolExecutor

if __name__ == "__main__":
    world, out, how = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])
    with MPIPoolExecutor() as executor:
        cc.run(world, **how, executor=executor, out=out)
        print(executor.num_workers, "workers")
"""
RANKS = ["mpiexec", "--allow-run-as-root", "--oversubscribe", "-n", "3"]


def check(tmp_path: Path, script: str, said: str, before: list[str], module: list[str]) -> None:
    """See that a script leaves the bytes of a run in one process, and what it says."""
    out, straight = tmp_path / "run.zarr", tmp_path / "straight.zarr"
    file = tmp_path / "main.py"
    file.write_text(script)
    words = [*before, sys.executable, *module, str(file), TINY, str(out), json.dumps(RUN)]
    done = subprocess.run(words, capture_output=True, text=True, check=False, cwd=tmp_path)  # noqa: S603
    assert said in done.stdout.splitlines(), done.stderr
    cc.run(TINY, **RUN, out=straight)
    one, other = (
        {str(file.relative_to(place)): file.read_bytes() for file in place.rglob("*") if file.is_file()}
        for place in (out, straight)
    )
    assert one == other


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_a_killed_worker_of_dask_changes_nothing(tmp_path):
    pytest.importorskip("distributed", reason="needs cashcade[dask]")
    check(tmp_path, DASK, "1 killed", [], [])


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_a_killed_worker_of_ray_changes_nothing(tmp_path):
    pytest.importorskip("ray", reason="needs cashcade[ray]")
    check(tmp_path, RAY, "1 killed", [], [])


@pytest.mark.skipif(find_spec("ray") is not None, reason="Ray is here")
def test_without_ray_its_executor_says_how_to_get_it():
    with pytest.raises(
        cc.MissingExtraError, match=r'RayExecutor needs ray, .*: pip install "cashcade\[ray\]"'
    ):
        RayExecutor()


def test_ranks_of_mpi_give_the_bytes_of_one_process(tmp_path):
    pytest.importorskip("mpi4py", reason="needs cashcade[mpi]")
    if shutil.which("mpiexec") is None:
        pytest.skip("needs an mpiexec")
    check(tmp_path, MPI, "2 workers", RANKS, ["-m", "mpi4py.futures"])
