"""The site of the documentation: `make docs` builds it with Sphinx from the pages of the repository.

The source folder is the repository, so that a link in a page leads to the same file on the site and in a viewer of
Markdown. What only the site needs, the navigation and anchors inside of lines, is added while a page is read.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from cleancloud_rules import __version__ as release  # noqa: F401 - a setting of Sphinx
from docs.site import reading, reference

project = "cleancloud_rules"
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
root_doc = "docs/index"
include_patterns = ["*.md", "docs/**.md", "examples/**.md"]
nitpicky = True

myst_heading_anchors = 4
myst_enable_extensions = ["attrs_inline"]

autodoc_default_options = {"members": True}
autodoc_member_order = "bysource"
autodoc_typehints = "description"
autodoc_typehints_description_target = "documented_params"
autodoc_class_signature = "separated"
napoleon_use_rtype = False
add_module_names = False
python_use_unqualified_type_names = True
python_maximum_signature_line_length = 72
toc_object_entries_show_parents = "hide"

html_theme = "furo"
pygments_dark_style = "monokai"
html_title = "cleancloud_rules"
html_static_path = ["static"]
html_extra_path = ["root"]
html_css_files = ["site.css"]
html_copy_source = False
html_show_sourcelink = False
html_show_copyright = False
html_domain_indices = False


def setup(app: object) -> None:
    """Add what the site needs to Sphinx."""
    reading.setup(app)
    reference.setup(app)
