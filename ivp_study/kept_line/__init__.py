"""Django's PostgreSQL, which looks at a kept connection before it asks whether it still works."""
