"""Facts in spreadsheets: workbooks, CSV files and tables in memory, read cell by cell and written back."""
