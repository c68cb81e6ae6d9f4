"""`make bench`: how fast the portal is, beside measures taken in the same run. Never part of `make test`."""
