"""Reading sessions, rosters and who was trained."""
