"""What companies answer to their scores, in sheets: the sheet that asks them, and responses as rows."""
