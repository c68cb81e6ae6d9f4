"""The measure for speed: a small, ordinary Django application, written as the tutorials write it."""
