"""Argon2id with 19 MiB a hash (OWASP's figure for small hosts); the library's default of 100 MiB would let a handful of
people signing in at once exhaust a small server.
"""

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2id(Argon2PasswordHasher):
    time_cost = 2
    memory_cost = 19_456
    parallelism = 1
