"""Password hashing, sized for a small web server."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class PortalArgon2PasswordHasher(Argon2PasswordHasher):
    """Argon2id at OWASP's second profile: 19 MiB and two passes.

    Django's default takes 100 MiB a sign-in, which a few people signing in at once would turn into an
    out-of-memory kill of the process that also serves the cleaners.
    """

    memory_cost = 19_456
    time_cost = 2
    parallelism = 1
