"""What the pages of the API show of docstrings: attributes with types, public names as links, nothing private."""

import builtins
import enum
import inspect
import re
from importlib import import_module
from typing import Any

import attrs
from sphinx import addnodes

from docs.site.docstrings import aliases, attributes, hints, names_of, public_names, type_text, without

PRIVATE = "node"
CODE = re.compile(r"(?<![`\w:])`([^`\n]+)`(?![`\w])")
RAISED = re.compile(r"^    ([A-Z]\w+)(?=: )")

ALIASES = aliases()
NAMES = public_names()
WITHOUT_SECTIONS = ("attribute", "data", "property")
_as_written: dict[str, list[str]] = {}


def setup(app: Any) -> None:
    """Connect with autodoc and with the search for what a link leads to."""
    app.connect("autodoc-process-docstring", _docstring, priority=400)  # before napoleon
    app.connect("autodoc-process-docstring", _without_types, priority=600)  # after it
    app.connect("autodoc-skip-member", _is_skipped)
    app.connect("doctree-read", _without_builtins)
    app.connect("missing-reference", _outside)
    app.add_lexer("csv", _text_lexer())


def _text_lexer() -> Any:
    return import_module("pygments.lexers.special").TextLexer


def _docstring(_: Any, what: str, name: str, thing: Any, __: Any, lines: list[str]) -> None:
    """Rewrite a docstring in place."""
    text = "\n".join(lines)
    if what in ("data", "type") and thing in ALIASES:
        text = f"{ALIASES[thing].meaning}\n\n.. code-block:: python\n\n   {type_text(thing, {})}"
    if what == "class" and attrs.has(thing):
        text = "\n".join([*without(text, "Args"), *_attributes(thing)])
    if what in ("class", "exception"):
        text = "\n".join([text, *_relations(name, thing)])
    lines[:] = [_links(line) for line in text.split("\n")]
    if what in WITHOUT_SECTIONS:
        _as_written[name] = lines[:]


def _without_types(_: Any, what: str, name: str, __: Any, ___: Any, lines: list[str]) -> None:
    """Undo what napoleon does with attributes: it takes the words before a colon for a type."""
    if what in WITHOUT_SECTIONS:
        lines[:] = _as_written.pop(name)


def _attributes(cls: type) -> list[str]:
    """Return the attributes of an attrs class as directives of Sphinx."""
    types, lines = hints(cls), [""]
    named = {alias: one.name for alias, one in ALIASES.items()}
    for name, said in attributes(cls).items():
        lines += [f".. py:attribute:: {name}", f"   :type: {type_text(types[name], named)}", "   :no-contents-entry:"]
        lines += ["", f"   {said[:1].upper()}{said[1:]}", ""]
    return lines


def _relations(name: str, cls: type) -> list[str]:
    """Return what other names a class has, and the public classes on which it is based."""
    others = [other for other in names_of(cls) if other != name]
    bases = [names_of(base)[0] for base in cls.__bases__ if names_of(base)]
    lines = [f"The same class as ``{other}``." for other in others]
    lines += [f"Its attributes and methods include those of `{base}`." for base in bases]
    return ["", *" ".join(lines).splitlines(), ""]


def _links(line: str) -> str:
    """Return a line with public names in backticks as links, and other words in backticks as code."""

    def link(code: re.Match[str]) -> str:
        full = NAMES.get(code[1])
        return f"``{code[1]}``" if full is None else f":py:obj:`{code[1]} <{full}>`"

    raised = RAISED.match(line)
    if raised and raised[1] in NAMES:
        line = f"    ~{NAMES[raised[1]]}{line[raised.end() :]}"
    return CODE.sub(link, line)


def _is_skipped(_: Any, what: str, name: str, thing: Any, *__: Any) -> bool | None:
    """Leave out what is private, and what has no docstring of its own, except for the members of an enum."""
    if isinstance(thing, enum.Enum):
        return False
    if name in ("__init__", "__new__"):  # the arguments of a class are its attributes, which follow with their types
        return True
    if what == "class" and (name == PRIVATE or inspect.ismemberdescriptor(thing) or not inspect.getdoc(thing)):
        return True
    return None


def _without_builtins(_: Any, tree: Any) -> None:
    """Leave built-in types without a link: `type` would lead to an attribute of that name."""
    for node in list(tree.findall(addnodes.pending_xref)):
        if node.get("refdomain") == "py" and hasattr(builtins, node["reftarget"]):
            node.replace_self(addnodes.literal_emphasis("", node["reftarget"]))


def _outside(_: Any, __: Any, node: Any, content: Any) -> Any:
    """Accept a reference to a name of another package that exists: the site has no links to other sites for them."""
    if node.get("refdomain") != "py":
        return None
    target = str(node["reftarget"])
    if not target.startswith("cleancloud_rules") and _exists(target):
        return content
    return None


def _exists(target: str) -> bool:
    module, _, name = target.rpartition(".")
    if not module:
        return False
    try:
        return hasattr(import_module(module), name)
    except ImportError:
        return False
