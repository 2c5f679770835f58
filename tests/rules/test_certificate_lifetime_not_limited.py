from tests.rules.restrictions import tables

RESTRICTION = "asymmetricKeyLifetime"
TABLES, FAILS, PASSES, UNKNOWN = tables(RESTRICTION, limited=True)
