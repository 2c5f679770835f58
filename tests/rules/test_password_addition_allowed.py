from tests.rules.restrictions import tables

RESTRICTION = "passwordAddition"
TABLES, FAILS, PASSES, UNKNOWN = tables(RESTRICTION, limited=False)
