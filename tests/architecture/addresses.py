"""The table of all addresses, read from the URL configuration."""

from collections.abc import Callable, Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

View = Callable[..., Any]


def all_patterns() -> list[tuple[str, str, View]]:
    """Every address as (name with its namespaces, route, view)."""
    return list(_walk(get_resolver().url_patterns, "", ""))


def _walk(
    patterns: list[URLPattern | URLResolver], names: str, route: str
) -> Iterator[tuple[str, str, View]]:
    for pattern in patterns:
        here = f"{route}{pattern.pattern}"
        if isinstance(pattern, URLResolver):
            below = f"{names}{pattern.namespace}:" if pattern.namespace else names
            yield from _walk(pattern.url_patterns, below, here)
        else:
            yield f"{names}{pattern.name or ''}", here, pattern.callback
