"""The configuration of the documentation, which is built with `sphinx-build docs docs/_build/html`."""

import re
import sys
from importlib.metadata import version as version_of
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import attrs
import class_pages
import rule_pages

project = "peer_ledger"
author = "The peer_ledger maintainers"
copyright = "2026, the peer_ledger maintainers"
version = release = version_of("peer-ledger")

extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
exclude_patterns = ["_build"]
html_theme = "furo"
html_title = "peer_ledger"
myst_heading_anchors = 3
nb_execution_mode = "force"
nb_execution_raise_on_error = True
nb_execution_timeout = 120
autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_preserve_defaults = True
napoleon_use_ivar = True


def setup(app):
    """Write the pages of the rule sets and of the classes before anything is read."""
    app.connect("builder-inited", rule_pages.write_pages)
    app.connect("builder-inited", class_pages.write_pages)
    app.connect("autodoc-process-signature", with_defaults)


def with_defaults(_app, _what, _name, documented, _options, signature, returns):
    """Show the defaults of a class of fields as they are written in a call."""
    if signature is None or not attrs.has(documented):
        return signature, returns
    fields = attrs.fields_dict(documented)

    def default(found):
        known = fields[found[1]].default
        return f"{known.factory.__name__}()" if isinstance(known, attrs.Factory) else repr(known)

    return re.sub(r"attr_dict\['(\w+)'\]\.default", default, signature).replace(" = NOTHING", " = ..."), returns
