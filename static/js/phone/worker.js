// Keeps the application's own files, so that it opens without a signal. `self.SHELL` stands above this code: see phone/presenters/shell.py.
