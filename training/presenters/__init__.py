"""How the pages and papers of training say things."""
