"""Worlds as users write them: companies, links, the market; read, checked and written in several ways."""

from cashcade.world.about import About
from cashcade.world.company import Company
from cashcade.world.contract import Commitment, Contract
from cashcade.world.fleet import Fleet, Order
from cashcade.world.loan import Loan, Repayment
from cashcade.world.market import Market
from cashcade.world.problems import Problem
from cashcade.world.quantity import Choices, Normal, Stated, Triangular
from cashcade.world.record import Source
from cashcade.world.schema import schema
from cashcade.world.segment import Recapture, Segment
from cashcade.world.stake import Pledge, Stake
from cashcade.world.validate import validate
from cashcade.world.world import Builder, World

__all__ = [
    "About",
    "Builder",
    "Choices",
    "Commitment",
    "Company",
    "Contract",
    "Fleet",
    "Loan",
    "Market",
    "Normal",
    "Order",
    "Pledge",
    "Problem",
    "Recapture",
    "Repayment",
    "Segment",
    "Source",
    "Stake",
    "Stated",
    "Triangular",
    "World",
    "schema",
    "validate",
]
