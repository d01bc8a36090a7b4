"""Clearing vectors: who pays how much when not everybody can pay everything.

Every function takes a network of claims and returns a `Clearing`. Argument names say what rows and columns
are. All families run on one solver; see the page on clearing in the documentation for the algorithms and
their measured cost.
"""

from cashcade.clearing._failures import Failures, dependency_matrix, elliott_golub_jackson
from cashcade.clearing._priority import Recovery, absolute_priority
from cashcade.clearing._result import Clearing
from cashcade.clearing._vectors import eisenberg_noe, elsinger, rogers_veraart, senior_external, xos

__all__ = [
    "Clearing",
    "Failures",
    "Recovery",
    "absolute_priority",
    "dependency_matrix",
    "eisenberg_noe",
    "elliott_golub_jackson",
    "elsinger",
    "rogers_veraart",
    "senior_external",
    "xos",
]
