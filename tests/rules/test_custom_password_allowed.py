from tests.rules.restrictions import tables

RESTRICTION = "customPasswordAddition"
TABLES, FAILS, PASSES, UNKNOWN = tables(RESTRICTION, limited=False)
