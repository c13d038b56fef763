"""What each product is: families, models, register maps. Their data files and the loader."""

from .generic import generic_profile
from .loader import Catalog, CatalogError
from .model import Candidate, Commodity, Family, Kind, Model, Option
from .profile import (
    Condition,
    Confidence,
    DataType,
    Inputs,
    Measure,
    Probe,
    Profile,
    ReadRules,
    Register,
    Scale,
    Space,
)
from .pulse import pulse_meter_profile
from .quantity import BASE_UNITS, QUANTITIES, UNIT_FACTORS, Quantity, QuantityKind
from .template import profile_template

__all__ = [
    "BASE_UNITS",
    "QUANTITIES",
    "UNIT_FACTORS",
    "Candidate",
    "Catalog",
    "CatalogError",
    "Commodity",
    "Condition",
    "Confidence",
    "DataType",
    "Family",
    "Inputs",
    "Kind",
    "Measure",
    "Model",
    "Option",
    "Probe",
    "Profile",
    "Quantity",
    "QuantityKind",
    "ReadRules",
    "Register",
    "Scale",
    "Space",
    "generic_profile",
    "profile_template",
    "pulse_meter_profile",
]
