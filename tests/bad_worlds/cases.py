"""Worlds that are wrong, each in one way, with what the message must say."""

from dataclasses import dataclass

BASE = """
[world]
name = "small"
date = 2025-08-31

[sources.filing]
title = "A filing"

[market]
base_rate = 0.04

[[company]]
id = "lab"
cash = 1e9

[[company]]
id = "app"
cash = 1e8

[[company]]
id = "cloud"
cash = 1e10

[[segment]]
id = "chat"
seller = "app"
revenue = 1e7

[[segment]]
id = "code"
seller = "lab"
revenue = 1e7

[[contract]]
customer = "app"
supplier = "lab"
usage = 5e6

[[loan]]
borrower = "cloud"
lender = "capital"
balance = 1e9
maturity = 48

[[fleet]]
owner = "cloud"
capex = 1e8
"""


@dataclass(frozen=True)
class Case:
    """A world that is wrong and what its only problem must name."""

    name: str
    text: str
    key: str
    says: tuple[str, ...]
    line: int | None = None


def swap(old: str, new: str) -> str:
    """Return the sound world with one thing exchanged."""
    assert BASE.count(old) >= 1, old
    return BASE.replace(old, new, 1)


def add(entry: str) -> str:
    """Return the sound world with an entry more."""
    return f"{BASE}\n{entry}\n"


def stake(holder: str, issuer: str, fraction: float) -> str:
    """Return a stake."""
    return f'[[stake]]\nholder = "{holder}"\nissuer = "{issuer}"\nfraction = {fraction}\n'


def pledged(name: str) -> str:
    """Return a loan of the cloud with most of its fleets pledged."""
    terms = "balance = 1\nmaturity = 5\nfleet_collateral = 0.6"
    return f'[[loan]]\nid = "{name}"\nborrower = "cloud"\nlender = "lab"\n{terms}\n'


LAB = 'company[1] "lab"'
CONTRACT = 'contract[1] "app->lab"'
LOAN = 'loan[1] "cloud->capital"'
FLEET = 'fleet[1] "cloud"'

NUMBERS = [
    Case("negative cash", swap("1e9", "-5"), f"{LAB}.cash", ("given -5", "from 0 to 1e+17 [USD]"), 14),
    Case("not a number", swap("1e9", "nan"), f"{LAB}.cash", ("given nan", "finite")),
    Case("infinity", swap("1e9", "inf"), f"{LAB}.cash", ("given inf", "finite")),
    Case("amount too large", swap("1e9", "2e17"), f"{LAB}.cash", ("given 2e+17", "1e+17")),
    Case("true as a number", swap("1e9", "true"), f"{LAB}.cash", ("given True", "a number from 0")),
    Case("text as a number", swap("1e9", '"1e9"'), f"{LAB}.cash", ("given '1e9'", "without quotes")),
    Case("list as a number", swap("1e9", "[1, 2]"), f"{LAB}.cash", ("given [1, 2]", "a number from 0")),
    Case("empty quantity", swap("1e9", "{}"), f"{LAB}.cash.value", ("given nothing", "Add value")),
    Case(
        "share above one",
        add("[[company]]\nid='x'\ncash=1\ntax_rate=1.5"),
        'company[4] "x".tax_rate',
        ("1.5", "0 to 1"),
    ),
    Case(
        "growth too large",
        swap("revenue = 1e7", "revenue = 1e7\ngrowth = 11"),
        'segment[1] "chat".growth',
        ("11", "-10 to 10"),
    ),
    Case(
        "mode below low",
        swap("1e9", "{value = 1, low = 2, high = 3}"),
        f"{LAB}.cash",
        ("low 2, value 1", "low <= value <= high"),
    ),
    Case(
        "high below low",
        swap("1e9", "{value = 3, low = 3, high = 2}"),
        f"{LAB}.cash",
        ("high 2", "low <= value <= high"),
    ),
    Case(
        "high out of bounds",
        swap("0.04", "{value = 0.5, low = 0, high = 3}"),
        "market.base_rate",
        ("given 3", "0 to 1"),
    ),
    Case(
        "range without low",
        swap("1e9", "{value = 1, high = 2}"),
        f"{LAB}.cash.low",
        ("given nothing", "Add low"),
    ),
    Case("mean without sd", swap("1e9", "{mean = 1}"), f"{LAB}.cash.sd", ("given nothing", "Add sd")),
    Case("negative sd", swap("1e9", "{mean = 1, sd = -1}"), f"{LAB}.cash.sd", ("given -1", "not negative")),
    Case("mean out of bounds", swap("1e9", "{mean = -1, sd = 1}"), f"{LAB}.cash", ("given -1", "from 0")),
    Case(
        "negative weight",
        swap("1e9", "{choices = [1, 2], weights = [2, -1]}"),
        f"{LAB}.cash.weights[2]",
        ("given -1", "not negative"),
    ),
    Case(
        "weights of zero",
        swap("1e9", "{choices = [1, 2], weights = [0, 0]}"),
        f"{LAB}.cash",
        ("add up to 0", "above zero"),
    ),
    Case(
        "too few weights",
        swap("1e9", "{choices = [1, 2], weights = [1]}"),
        f"{LAB}.cash",
        ("2 choices and 1 weights", "as many"),
    ),
    Case("no choices", swap("1e9", "{choices = []}"), f"{LAB}.cash.choices", ("given []", "at least one")),
    Case(
        "wrong unit",
        swap("1e9", '{value = 1, unit = "EUR"}'),
        f"{LAB}.cash",
        ('unit "EUR"', 'unit "USD"', "Convert"),
    ),
]

WORDS = [
    Case(
        "choice of flags",
        swap("usage = 5e6", "price_linked = {choices = [true, false]}"),
        f"{CONTRACT}.price_linked",
        ("same in every draw",),
    ),
    Case(
        "unknown rank",
        swap("maturity = 48", 'maturity = 48\nrank = "secure"'),
        f"{LOAN}.rank",
        ("given 'secure'", 'Did you mean "secured"'),
    ),
    Case(
        "code as a number",
        swap("maturity = 48", "maturity = 48\nrank = 2"),
        f"{LOAN}.rank",
        ("given 2", "'secured'"),
    ),
    Case(
        "flag as a number",
        swap("usage = 5e6", "price_linked = 1"),
        f"{CONTRACT}.price_linked",
        ("given 1", "true or false"),
    ),
    Case(
        "range of words",
        swap("maturity = 48", "maturity = 48\nrank = {low = 2, high = 4, value = 3}"),
        f"{LOAN}.rank",
        ("a plain value or {value = ...}", "same in every draw"),
    ),
    Case(
        "unknown confidence",
        swap("1e9", '{value = 1, confidence = "hihg"}'),
        f"{LAB}.cash.confidence",
        ("'hihg'", 'Did you mean "high"'),
    ),
    Case(
        "wrong date of a figure",
        swap("1e9", '{value = 1, as_of = "June"}'),
        f"{LAB}.cash.as_of",
        ("'June'", "2025-06"),
    ),
    Case(
        "tag with a space",
        swap("1e9", '1e9\ntags = ["model lab"]'),
        f"{LAB}.tags[1]",
        ("'model lab'", "without space"),
    ),
]

KEYS = [
    Case(
        "unknown key",
        swap("cash = 1e9", "cash = 1e9\nfixed_csot = 3"),
        f"{LAB}.fixed_csot",
        ("unknown key 'fixed_csot'", 'Did you mean "fixed_cost"'),
        15,
    ),
    Case(
        "unknown key of a number",
        swap("1e9", "{value = 1, sourec = 'x'}"),
        f"{LAB}.cash.sourec",
        ("unknown key", 'Did you mean "source"'),
    ),
    Case(
        "unknown key of the market",
        swap("base_rate", "base_rat"),
        "market.base_rat",
        ('Did you mean "base_rate"',),
        10,
    ),
    Case(
        "unknown section",
        add("[[companies]]\nid = 'x'"),
        "companies",
        ("unknown section", 'Did you mean "company"'),
    ),
    Case("missing key", swap("cash = 1e9", ""), f"{LAB}.cash", ("given nothing", "Add cash")),
    Case(
        "no id",
        swap('id = "lab"', 'name = "lab"').replace('r = "lab"', 'r = "cloud"'),
        "company[1].id",
        ("given nothing", "Add id"),
    ),
    Case(
        "empty id",
        swap('id = "cloud"', 'id = ""').replace('"cloud"', '"lab"'),
        "company[3].id",
        ("given ''", "printable"),
    ),
    Case(
        "id of a number",
        swap('id = "lab"', "id = 7").replace('r = "lab"', 'r = "cloud"'),
        "company[1].id",
        ("given 7", "text"),
    ),
    Case(
        "table in place of list",
        "[world]\nname='x'\ndate=2025-08-31\n[company]\nid='a'\ncash=1",
        "company",
        ("a dict", "[[company]] with two brackets"),
    ),
    Case(
        "list in place of table", swap("[market]", "[[market]]"), "market", ("[market] with single brackets",)
    ),
    Case(
        "entry that is no table",
        "company = [1]\n[world]\nname='x'\ndate=2025-08-31",
        "company[1]",
        ("given 1", "a table of keys"),
    ),
    Case(
        "commitments of the wrong type",
        swap("usage = 5e6", 'commitments = "all"'),
        f"{CONTRACT}.commitments",
        ("given 'all'", "a list"),
    ),
    Case("no world", BASE[BASE.index("[sources") :], "world", ("given nothing", "[world]")),
    Case(
        "no company",
        "[world]\nname = 'x'\ndate = 2025-08-31",
        "company",
        ("no company", "at least one [[company]]"),
    ),
    Case(
        "other currency",
        swap("date = 2025", 'currency = "EUR"\ndate = 2025'),
        "world.currency",
        ("given 'EUR'", "'USD'"),
    ),
    Case("no date", swap("date = 2025-08-31", 'date = "soon"'), "world.date", ("given 'soon'", "2025-08-31")),
]

LINKS = [
    Case(
        "unknown supplier",
        swap('supplier = "lab"', 'supplier = "labb"'),
        'contract[1] "app->labb".supplier',
        ('unknown id "labb"', 'Did you mean "lab"?'),
        36,
    ),
    Case(
        "unknown id like no other",
        swap('seller = "app"', 'seller = "zzz"'),
        'segment[1] "chat".seller',
        ('unknown id "zzz"', "Add a company"),
    ),
    Case(
        "name in place of an id",
        swap('id = "cloud"\ncash', 'id = "cloud"\nname = "Big Cloud"\ncash').replace(
            'supplier = "lab"', 'supplier = "big cloud"'
        ),
        'contract[1] "app->big cloud".supplier',
        ('unknown id "big cloud"', 'That is the name of "cloud": write its id.'),
    ),
    Case(
        "outside sector as customer",
        swap('customer = "app"', 'customer = "households"'),
        'contract[1] "households->lab".customer',
        ("households", "only companies can"),
    ),
    Case(
        "unknown lender",
        swap('lender = "capital"', 'lender = "captial"'),
        'loan[1] "cloud->captial".lender',
        ('Did you mean "capital"?',),
    ),
    Case(
        "reserved id",
        add('[[company]]\nid = "households"\ncash = 1'),
        'company[4] "households".id',
        ("reserved",),
    ),
    Case(
        "company twice",
        add('[[company]]\nid = "lab"\ncash = 1'),
        'company[4] "lab".id',
        ("company[1] has already",),
        50,
    ),
    Case(
        "segment twice",
        add('[[segment]]\nid = "chat"\nseller = "lab"\nrevenue = 1'),
        'segment[3] "chat".id',
        ("segment[1] has already",),
    ),
    Case(
        "contract with oneself",
        swap('supplier = "lab"', 'supplier = "app"'),
        'contract[1] "app->app".supplier',
        ("as customer and as supplier", "different"),
    ),
    Case(
        "loan to oneself",
        swap('lender = "capital"', 'lender = "cloud"'),
        'loan[1] "cloud->cloud".lender',
        ("as borrower and as lender",),
    ),
    Case(
        "stake in oneself",
        add('[[stake]]\nholder = "lab"\nissuer = "lab"\nfraction = 0.1'),
        'stake[1] "lab->lab".holder',
        ("as issuer and as holder",),
    ),
    Case(
        "pledge to oneself",
        add('[[pledge]]\ninvestor = "lab"\ncompany = "lab"\namount = 1'),
        'pledge[1] "lab->lab".investor',
        ("as company and as investor",),
    ),
    Case(
        "recapture of oneself",
        add('[[recapture]]\nfrom = "chat"\nto = "chat"\nshare = 0.1'),
        'recapture[1] "chat->chat".to',
        ("as from and as to",),
    ),
    Case(
        "unknown segment",
        add('[[recapture]]\nfrom = "chat"\nto = "cod"\nshare = 0.1'),
        'recapture[1] "chat->cod".to',
        ('Did you mean "code"?',),
    ),
    Case(
        "order from oneself",
        swap("capex = 1e8", 'capex = 1e8\norders = [{vendor = "cloud", share = 0.1}]'),
        f'{FLEET}.orders[1] "cloud".vendor',
        ("its owner",),
    ),
    Case(
        "unknown vendor",
        swap("capex = 1e8", 'capex = 1e8\norders = [{vendor = "lap", share = 0.1}]'),
        f'{FLEET}.orders[1] "lap".vendor',
        ('Did you mean "lab"?',),
    ),
    Case(
        "unknown source",
        swap("1e9", '{value = 1, source = "filling"}'),
        f"{LAB}.cash.source",
        ('unknown source "filling"', 'Did you mean "filing"?'),
    ),
]

SHARES = [
    Case(
        "orders above one",
        swap("capex = 1e8", 'orders = [{vendor = "lab", share = 0.7}, {vendor = "app", share = 0.4}]'),
        f"{FLEET}.orders",
        ("1.1", "at most 1"),
    ),
    Case(
        "orders above one in a draw",
        swap(
            "capex = 1e8",
            'orders = [{vendor = "lab", share = {value = 0.5, low = 0.4, high = 0.9}},'
            ' {vendor = "app", share = 0.4}]',
        ),
        f"{FLEET}.orders",
        ("1.3", "highest values count"),
    ),
    Case(
        "recapture above one",
        add(
            '[[segment]]\nid = "s"\nseller = "lab"\nrevenue = 1\n'
            '[[recapture]]\nfrom = "chat"\nto = "code"\nshare = 0.6\n'
            '[[recapture]]\nfrom = "chat"\nto = "s"\nshare = 0.6'
        ),
        'recapture[2] "chat->s".share',
        ('from "chat"', "1.2"),
    ),
    Case(
        "stakes above one",
        add(stake("lab", "app", 0.6) + stake("capital", "app", 0.6)),
        'stake[2] "capital->app".fraction',
        ('stakes in "app"', "1.2"),
    ),
    Case(
        "stakes in a circle",
        add(stake("lab", "app", 1) + stake("app", "lab", 1)),
        'stake[1] "lab->app".fraction',
        ('a circle that owns itself: "app", "lab"', "outside"),
    ),
    Case(
        "fleet pledged twice",
        add(pledged("a") + pledged("b")),
        'loan[3] "b".fleet_collateral',
        ('fleets of "cloud"', "1.2"),
    ),
    Case(
        "chances above one",
        swap("base_rate = 0.04", "open_to_normal = 0.6\nopen_to_shut = 0.5"),
        "market.open_to_normal",
        ("open_to_normal and open_to_shut", "1.1"),
    ),
]

TERMS = [
    Case(
        "matures before it starts",
        swap("maturity = 48", "maturity = 0"),
        f"{LOAN}.maturity",
        ("given 0", "from 1 to 1200"),
    ),
    Case(
        "matures on a past date",
        swap("maturity = 48", "maturity = 2024-05-01"),
        f"{LOAN}.maturity",
        ("2024-05-01", "dates outside", "2025-08"),
        43,
    ),
    Case(
        "matures in another age",
        swap("maturity = 48", 'maturity = "3025-05"'),
        f"{LOAN}.maturity",
        ("3025-05", "dates outside"),
    ),
    Case(
        "a date that is none",
        swap("maturity = 48", 'maturity = "2027-13"'),
        f"{LOAN}.maturity",
        ("'2027-13'", "a month of the run"),
    ),
    Case(
        "half a month",
        swap("maturity = 48", "maturity = 4.5"),
        f"{LOAN}.maturity",
        ("given 4.5", "a month of the run"),
    ),
    Case(
        "interest only beyond maturity",
        swap("maturity = 48", "maturity = 48\ninterest_only = 60"),
        f"{LOAN}.interest_only",
        ("60 months", "(48)"),
    ),
    Case(
        "schedule without repayments",
        swap("maturity = 48", 'maturity = 48\namortisation = "schedule"'),
        f"{LOAN}.amortisation",
        ("without repayments",),
    ),
    Case(
        "repayments without schedule",
        swap("maturity = 48", "maturity = 48\nrepayments = [{month = 3, amount = 1}]"),
        f"{LOAN}.repayments",
        ('"bullet"', 'amortisation = "schedule"'),
    ),
    Case(
        "repayment after maturity",
        swap(
            "maturity = 48",
            'maturity = 48\namortisation = "schedule"\nrepayments = [{month = 50, amount = 1}]',
        ),
        f"{LOAN}.repayments[1].month",
        ("month 50", "(48)"),
    ),
    Case(
        "a loan behind a contract of somebody else",
        swap("maturity = 48", 'maturity = 48\ncontract = "app->lab"'),
        f"{LOAN}.contract",
        ('"app->lab", which "lab" supplies', '"cloud" supplies'),
    ),
    Case(
        "a loan behind no contract there is",
        swap("maturity = 48", 'maturity = 48\ncontract = "capital"'),
        f"{LOAN}.contract",
        ('unknown id "capital"', "the id of a contract"),
    ),
    Case(
        "repaid by no contract",
        swap("maturity = 48", 'maturity = 48\namortisation = "contract"'),
        f"{LOAN}.amortisation",
        ("without commitments of a contract", 'choose "linear"'),
    ),
    Case(
        "repayments above balance",
        swap(
            "maturity = 48",
            'maturity = 48\namortisation = "schedule"\nrepayments = [{month = 5, amount = 2e9}]',
        ),
        f"{LOAN}.repayments",
        ("2000000000 USD in all", "1000000000"),
    ),
    Case(
        "commitment ends before it begins",
        swap("usage = 5e6", "commitments = [{amount = 1, first_month = 9, last_month = 3}]"),
        f"{CONTRACT}.commitments[1].last_month",
        ("month 3", "first_month (9)"),
    ),
    Case(
        "commitment on a past date",
        swap("usage = 5e6", 'commitments = [{amount = 1, last_month = "2025-08"}]'),
        f"{CONTRACT}.commitments[1].last_month",
        ("2025-08", "dates outside"),
    ),
]

FORMS = [
    Case("empty file", "", "", ("it is empty", "[world]")),
    Case("only a comment", "# nothing\n", "", ("it is empty",)),
    Case("not TOML", swap("cash = 1e9", "cash == 1e9"), "", ("not TOML in column 7",), 14),
    Case("a key twice", swap("cash = 1e9", "cash = 1e9\ncash = 2"), "", ("not TOML", "overwrite"), 15),
    Case("text without end", '[world]\nname = "x', "", ("not TOML",)),
    Case("a page of the web", "<!DOCTYPE html>\n<html></html>", "", ("not TOML in column 1",), 1),
    Case("deep brackets", "a = " + "[" * 100_000, "", ("nested without end",)),
    Case("deep tables", "a = " + "{a = " * 100_000, "", ("nested without end",)),
    Case("a key of endless parts", "a" + ".a" * 1_000_000 + " = 1", "", ("a dotted key without end",), 1),
    Case("a header of endless parts", "[" + "a." * 100_000 + "a]", "", ("a dotted key without end",), 1),
    Case("an endless number", "a = " + "9" * 1_000_000, "", ("cannot hold",)),
    Case(
        "a nest of quantities",
        swap("1e9", "{value = " * 50 + "1" + "}" * 50),
        f"{LAB}.cash.value",
        ("a number from 0",),
    ),
]

CASES = [*NUMBERS, *WORDS, *KEYS, *LINKS, *SHARES, *TERMS, *FORMS]
