"""Lines of keys in TOML."""

from cashcade.world.lines import lines_of

TEXT = '''[world]
name = "x"
note = """
[[company]]
cash = 1
"""
[[company]]
id = "a"
  cash = { value = 1 }
[[ company ]] # second
"id" = "b"
[sources.one]
title = "t"
[[loan]]
[[loan.repayments]]
month = 1
[[loan.repayments]]
month = 2
'''


def test_lines_of_headers_and_keys() -> None:
    lines = lines_of(TEXT)
    assert lines.line(("world", "name")) == 2
    assert lines.line(("company", 0)) == 7
    assert lines.line(("company", 0, "cash", "value")) == 9
    assert lines.line(("company", 1, "id")) == 11
    assert lines.line(("company", 1, "cash")) == 10
    assert lines.line(("sources", "one", "title")) == 13
    assert lines.line(("loan", 0, "repayments", 1, "month")) == 18
    assert lines.line(("market", "x")) is None
