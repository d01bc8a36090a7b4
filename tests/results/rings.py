"""Worlds whose companies stand in a ring."""

import cashcade as cc


def ring(count, links=1):
    """Companies in a ring, each with a market of its own, that buy from the next few."""
    rows = ['[world]\nname = "ring"\ndate = 2025-08-31\n']
    for number in range(count):
        rows.append(f'[[company]]\nid = "c{number}"\ncash = 1e8\nfixed_cost = 1e5\n')
        rows.append(f'[[segment]]\nid = "s{number}"\nseller = "c{number}"\nrevenue = 1e6\nvolatility = 0.1\n')
        for step in range(1, links + 1):
            after = f"c{(number + step) % count}"
            rows.append(f'[[contract]]\ncustomer = "c{number}"\nsupplier = "{after}"\nusage = 1e5\n')
    return cc.World.from_text("".join(rows))
