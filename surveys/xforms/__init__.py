"""Questionnaires as XLSForm and XForm: read, made ready, and submissions checked again with their own rules."""
