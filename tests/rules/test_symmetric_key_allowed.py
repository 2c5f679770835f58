from tests.rules.restrictions import tables

RESTRICTION = "symmetricKeyAddition"
TABLES, FAILS, PASSES, UNKNOWN = tables(RESTRICTION, limited=False)
