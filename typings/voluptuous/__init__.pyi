# Inside Home Assistant 2026.9 and newer the name "voluptuous" is an alias for probatio.
from probatio import *
