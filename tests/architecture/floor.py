"""What the oldest browsers of cleaners do not understand: Safari 16.0 and Chrome 138, the last on Android 8.

Safari 16.0 is the older of the two in everything listed here. `docs/decisions/0026-floor-of-browsers.md` says
where the versions come from. What a browser skips without harm is no trouble; what breaks a rule or a whole
script is.
"""

import re
from collections.abc import Iterator

import tinycss2
import tree_sitter_javascript
from tinycss2.ast import Node
from tree_sitter import Language, Parser
from tree_sitter import Node as JsNode

AT_RULES = {"charset", "import", "media", "supports", "font-face", "keyframes", "layer", "container"}
PSEUDO_CLASSES = {
    "active", "any-link", "autofill", "checked", "default", "disabled", "empty", "enabled", "first-child",
    "first-of-type", "focus", "focus-visible", "focus-within", "fullscreen", "has", "hover", "indeterminate",
    "in-range", "invalid", "is", "lang", "last-child", "last-of-type", "link", "modal", "not", "nth-child",
    "nth-last-child", "nth-last-of-type", "nth-of-type", "only-child", "only-of-type", "optional",
    "out-of-range", "placeholder-shown", "read-only", "read-write", "required", "root", "target", "valid",
    "visited", "where",
}  # fmt: skip
PSEUDO_ELEMENTS = {
    "after", "backdrop", "before", "cue", "file-selector-button", "first-letter", "first-line", "marker",
    "placeholder", "selection",
}  # fmt: skip
FUNCTIONS = {
    "attr", "blur", "brightness", "calc", "circle", "clamp", "color", "conic-gradient", "contrast", "counter",
    "counters", "cubic-bezier", "drop-shadow", "ellipse", "env", "fit-content", "grayscale", "hsl", "hsla",
    "hwb", "inset", "invert", "lab", "lch", "linear-gradient", "matrix", "max", "min", "minmax", "oklab",
    "oklch", "opacity", "path", "polygon", "radial-gradient", "repeat", "repeating-linear-gradient", "rgb",
    "rgba", "rotate", "saturate", "scale", "scalex", "scaley", "skew", "steps", "translate", "translatex",
    "translatey", "url", "var",
}  # fmt: skip
UNITS = {
    "px", "rem", "em", "ch", "ex", "vh", "vw", "vmin", "vmax", "svh", "svw", "lvh", "lvw", "dvh", "dvw", "fr",
    "s", "ms", "deg", "rad", "turn", "pt", "mm", "cm", "in", "pc", "q", "dpi", "dpcm", "dppx", "cqw", "cqh",
    "cqi", "cqb", "cqmin", "cqmax",
}  # fmt: skip
# A property a browser does not know is skipped alone. Those that pages may not lean on:
PROPERTIES = {
    "anchor-name", "animation-timeline", "content-visibility", "field-sizing", "font-size-adjust",
    "interpolate-size", "margin-trim", "position-anchor", "position-area", "scroll-timeline", "text-box",
    "transition-behavior", "view-transition-name",
}  # fmt: skip

JS_NODES = {
    "ERROR": "cannot be parsed",
    "class_static_block": "static block of a class (16.4)",
    "decorator": "decorator (none)",
    "import_attribute": "import attribute (17.2)",
    "using_declaration": "using (none)",
}
JS_PATTERNS = {
    r"\(\?<[=!]": "looking behind in a pattern (16.4)",
    r"\(\?[ims]*-?[ims]+:": "flags within a pattern (26)",
}
# What a script may use only after it asked whether it is there.
APIS = {
    "BackgroundFetchManager", "BarcodeDetector", "CompressionStream", "DecompressionStream", "NDEFReader",
    "OffscreenCanvas", "SyncManager", "URLPattern", "canParse", "checkVisibility", "connection",
    "cookieStore", "estimate", "fromAsync", "groupBy", "periodicSync", "pushManager", "requestIdleCallback",
    "scheduler",
    "setAppBadge", "showPopover", "startViewTransition", "toWellFormed", "userActivation", "wakeLock",
    "withResolvers",
}  # fmt: skip

_PARSER = Parser(Language(tree_sitter_javascript.language()))


def newer_css(css: str) -> Iterator[str]:
    """What of a style sheet Safari 16.0 does not understand."""
    yield from _rules(tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True))


def _rules(nodes: list[Node]) -> Iterator[str]:
    for node in nodes:
        if node.type == "error":
            yield f"line {node.source_line}: {node.message}"
        elif node.type == "qualified-rule":
            yield from _selector(node.prelude)
            yield from _block(node.content)
        elif node.type == "at-rule":
            yield from _at_rule(node)


def _at_rule(node: Node) -> Iterator[str]:
    name = node.lower_at_keyword
    if name not in AT_RULES:
        yield f"line {node.source_line}: @{node.at_keyword}"
        return
    if name in ("media", "container") and re.search(r"[<>=]", tinycss2.serialize(node.prelude)):
        yield f"line {node.source_line}: a range in @{name} (16.4)"
    if node.content is not None:
        if name == "font-face":
            yield from _block(node.content)
        elif name != "keyframes":
            yield from _rules(
                tinycss2.parse_rule_list(node.content, skip_comments=True, skip_whitespace=True)
            )


def _selector(prelude: list[Node]) -> Iterator[str]:
    colons = 0
    for node in prelude:
        if node.type == "error":
            yield f"line {node.source_line}: {node.message}"
        if node.type == "literal" and node.value in (":", "::"):
            colons += len(node.value)
            continue
        if colons and node.type in ("ident", "function"):
            name = node.lower_value if node.type == "ident" else node.lower_name
            known = PSEUDO_CLASSES | PSEUDO_ELEMENTS if colons == 1 else PSEUDO_ELEMENTS
            if name not in known and not name.startswith("-webkit-"):
                yield f"line {node.source_line}: {':' * colons}{name}"
        colons = 0
        if node.type == "literal" and node.value == "&":
            yield f"line {node.source_line}: nested rule (17.2)"
        if node.type == "function":
            yield from _selector(node.arguments)


def _block(content: list[Node]) -> Iterator[str]:
    for node in tinycss2.parse_blocks_contents(content, skip_comments=True, skip_whitespace=True):
        if node.type in ("qualified-rule", "at-rule"):
            yield f"line {node.source_line}: nested rule (17.2)"
        elif node.type == "error":
            yield f"line {node.source_line}: {node.message}"
        else:
            if node.lower_name in PROPERTIES:
                yield f"line {node.source_line}: {node.lower_name}"
            yield from _values(node.value)


def _values(nodes: list[Node]) -> Iterator[str]:
    for node in nodes:
        if node.type == "dimension" and node.lower_unit not in UNITS:
            yield f"line {node.source_line}: {node.representation}"
        elif node.type == "function":
            if node.lower_name not in FUNCTIONS:
                yield f"line {node.source_line}: {node.name}()"
            yield from _values(node.arguments)
        elif node.type in ("() block", "[] block"):
            yield from _values(node.content)


def newer_js(script: str) -> Iterator[str]:
    """What of a script Safari 16.0 does not understand, and what it has not and nobody asked for."""
    nodes = list(_walk(_PARSER.parse(script.encode()).root_node))
    asked = {name for node in nodes for name in _asked_for(node)}
    for node in nodes:
        line = f"line {node.start_point.row + 1}"
        if node.type in JS_NODES or node.is_missing:
            yield f"{line}: {JS_NODES.get(node.type, JS_NODES['ERROR'])}"
        elif node.type == "regex":
            yield from (f"{line}: {what}" for what in _pattern(node))
        elif node.type in ("identifier", "property_identifier") and (name := _text(node)) in APIS - asked:
            yield f"{line}: {name} is not in Safari 16.0: ask before whether it is there"


def _walk(node: JsNode) -> Iterator[JsNode]:
    yield node
    for child in node.children:
        yield from _walk(child)


def _pattern(node: JsNode) -> Iterator[str]:
    flags = node.child_by_field_name("flags")
    if flags is not None and "v" in _text(flags):
        yield "flag v of a pattern (17.0)"
    yield from (what for newer, what in JS_PATTERNS.items() if re.search(newer, _text(node)))


def _asked_for(node: JsNode) -> Iterator[str]:
    """The names whose presence a node asks for.

    `"x" in y`, `typeof x`, `if (y.x)`, `!y.x`, `y.x && …`, `y.x?.z`.
    """
    operator, left = node.child_by_field_name("operator"), node.child_by_field_name("left")
    if node.type == "binary_expression" and operator is not None and left is not None:
        if operator.type == "in":
            yield _text(left).strip("'\"")
        elif operator.type in ("&&", "||", "??"):
            yield from _names_of(left)
    elif node.type == "unary_expression":
        yield from _names_of(node.children[-1])
    elif node.type in ("if_statement", "ternary_expression"):
        yield from _names_of(node.child_by_field_name("condition"))
    elif node.type == "optional_chain" and node.parent is not None:
        yield from _names_of(node.parent.children[0])


def _names_of(node: JsNode | None) -> Iterator[str]:
    """The names a condition ends on, each part of it that is joined by `&&` or `||`."""
    if node is None:
        return
    if node.type == "parenthesized_expression":
        yield from _names_of(node.children[1])
    elif node.type == "unary_expression":
        yield from _names_of(node.children[-1])
    elif node.type == "binary_expression":
        yield from _names_of(node.child_by_field_name("left"))
        yield from _names_of(node.child_by_field_name("right"))
    elif node.type == "member_expression":
        yield _text(node.child_by_field_name("property") or node)
    else:
        yield _text(node)


def _text(node: JsNode) -> str:
    return (node.text or b"").decode()
