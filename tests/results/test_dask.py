"""Executors of other packages: a real Dask cluster, whose workers are processes, one of which is killed."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import cashcade as cc
import pytest
import xarray as xr
from cashcade.case import case as module

distributed = pytest.importorskip("distributed", reason="needs cashcade[dask]")
