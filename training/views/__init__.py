"""The pages of sessions, attendance and coverage."""
