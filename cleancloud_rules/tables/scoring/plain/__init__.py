"""Groups that only add or average, added up by the database in whole numbers."""
