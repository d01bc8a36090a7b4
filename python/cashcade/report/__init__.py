"""Reports: what a run or a comparison says, as one file that needs no network."""
