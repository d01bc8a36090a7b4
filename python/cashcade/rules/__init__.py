"""Rules: under conditions on a world, levers move.

::

    from cashcade.rules import Rule, company, companies, market, month, scale, set_to, for_months

    Rule("squeeze", (market.funding == "shut") & (month >= 6),
         scale(companies(tag="app").discretionary_cost, 0.7), hold=for_months(12))
"""

from cashcade.rules.actions import Action, Deed, add, scale, set_to
from cashcade.rules.changes import Change
from cashcade.rules.conversions import Conversion, convert
from cashcade.rules.decorators import Parameter, archetype, exit_scenario, shock
from cashcade.rules.endings import Ending, end
from cashcade.rules.entities import (
    Entities,
    buyer,
    commitment,
    commitments,
    companies,
    company,
    contract,
    contracts,
    fleet,
    fleets,
    loan,
    loans,
    market,
    order,
    orders,
    pledge,
    pledges,
    recapture,
    recaptures,
    segment,
    segments,
    stake,
    stakes,
    target,
)
from cashcade.rules.exits import Buyer, Door, ExitScenario
from cashcade.rules.expressions import Condition, Expression, Value, Word
from cashcade.rules.functions import chance, exp, log, maximum, minimum, month, normal, number, uniform, where
from cashcade.rules.payments import Payment, pay
from cashcade.rules.rule import Hold, Rule, for_good, for_months, once, while_true
from cashcade.rules.scenarios import Scenario
from cashcade.rules.shocks import PricingShock, Shock, ShockParameter, Use
from cashcade.rules.transfers import Transfer, transfer

__all__ = [
    "Action",
    "Buyer",
    "Change",
    "Condition",
    "Conversion",
    "Deed",
    "Door",
    "Ending",
    "Entities",
    "ExitScenario",
    "Expression",
    "Hold",
    "Parameter",
    "Payment",
    "PricingShock",
    "Rule",
    "Scenario",
    "Shock",
    "ShockParameter",
    "Transfer",
    "Use",
    "Value",
    "Word",
    "add",
    "archetype",
    "buyer",
    "chance",
    "commitment",
    "commitments",
    "companies",
    "company",
    "contract",
    "contracts",
    "convert",
    "end",
    "exit_scenario",
    "exp",
    "fleet",
    "fleets",
    "for_good",
    "for_months",
    "loan",
    "loans",
    "log",
    "market",
    "maximum",
    "minimum",
    "month",
    "normal",
    "number",
    "once",
    "order",
    "orders",
    "pay",
    "pledge",
    "pledges",
    "recapture",
    "recaptures",
    "scale",
    "segment",
    "segments",
    "set_to",
    "shock",
    "stake",
    "stakes",
    "target",
    "transfer",
    "uniform",
    "where",
    "while_true",
]
