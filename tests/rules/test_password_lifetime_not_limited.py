from tests.rules.restrictions import tables

RESTRICTION = "passwordLifetime"
TABLES, FAILS, PASSES, UNKNOWN = tables(RESTRICTION, limited=True)
