"""What an agreement consists of: clauses kept as data, how they are filled, what is lacking, money to the grosz."""
