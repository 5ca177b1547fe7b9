"""
The rule set that is meant when none is named.
"""

DEFAULT = "us-nc-cpss"
"""Its id."""
