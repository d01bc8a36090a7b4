"""A page to play with a world: levers, what they change, and cascades hop by hop; `cashcade explore`."""
