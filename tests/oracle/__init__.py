"""The specification (`spec/`) as the judge of the compiled loop: worlds, hand-made and hostile, and the comparison of the two."""
