"""Laws of the model over generated worlds."""
