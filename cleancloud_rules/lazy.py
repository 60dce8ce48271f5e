"""Namespaces whose names are imported when they are first used (PEP 562)."""

import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any


def lazily(
    namespace: str, names: Mapping[str, str], submodules: str = ""
) -> tuple[Callable[[str], Any], Callable[[], list[str]], list[str]]:
    """Return the functions `__getattr__` and `__dir__` of a namespace, and its list `__all__`.

    Args:
        namespace: the full name of the package.
        names: modules by their full names without ``cleancloud_rules.``, each with the names that it defines, separated
            by spaces.
        submodules: names of modules of the package that are public too. They are not in ``__all__``: what they need may
            not be installed.
    """
    module_of = {name: f"cleancloud_rules.{module}" for module, listed in names.items() for name in listed.split()}
    modules = submodules.split()
    public = sorted(module_of)

    def get(name: str) -> Any:
        if name in modules:
            return import_module(f"{namespace}.{name}")
        if name not in module_of:
            raise AttributeError(f"module {namespace!r} has no attribute {name!r}")
        value = getattr(import_module(module_of[name]), name)
        setattr(sys.modules[namespace], name, value)  # from now on Python finds it without this function
        return value

    def names_of() -> list[str]:
        special = (name for name in vars(sys.modules[namespace]) if name.startswith("__"))
        return sorted({*special, *public, *modules})

    return get, names_of, public
