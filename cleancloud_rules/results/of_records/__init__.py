"""What is made of records, beside their replay."""
