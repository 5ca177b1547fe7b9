"""How the documentation is built: `sphinx-build docs docs/_build/html`."""

from importlib.metadata import version as version_of

project = "peer_ledger"
author = "The peer_ledger maintainers"
copyright = "2026, the peer_ledger maintainers"
version = release = version_of("peer-ledger")

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
exclude_patterns = ["_build"]
html_theme = "furo"
myst_heading_anchors = 3
autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_preserve_defaults = True
napoleon_use_ivar = True
