"""
Parts of pages: their styles, and tables that a screen reader can read.

Nothing is loaded from elsewhere.  Colors are mixed from the color of the surrounding text, so that a part is equally
readable on light and dark backgrounds in any notebook theme; no information is given by color alone.
"""

from base64 import b64encode
from collections.abc import Iterable, Sequence
from fractions import Fraction
from hashlib import sha256
from html import escape

STYLE = """<style>
.peer-ledger{line-height:1.45;max-width:64rem}
.peer-ledger *{box-sizing:border-box}
section.peer-ledger table{border-collapse:collapse;margin:.6rem 0;width:auto;font-size:inherit;color:inherit;
 background:none}
section.peer-ledger caption{text-align:left;font-weight:600;padding:.2rem 0;color:inherit}
section.peer-ledger th,section.peer-ledger td{text-align:left;vertical-align:top;padding:.3rem .8rem .3rem 0;
 border:0;border-bottom:1px solid color-mix(in srgb,currentColor 18%,transparent);background:none}
section.peer-ledger thead th{border-bottom:2px solid color-mix(in srgb,currentColor 45%,transparent);white-space:nowrap}
section.peer-ledger tbody th{font-weight:400}
section.peer-ledger .number{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
section.peer-ledger .plain{white-space:nowrap;font-variant-numeric:tabular-nums}
section.peer-ledger .long{min-width:16rem}
section.peer-ledger thead button{all:unset;cursor:pointer;font-weight:600}
section.peer-ledger thead button:focus-visible{outline:2px solid currentColor;outline-offset:2px}
section.peer-ledger thead button::after{content:" \\21C5";opacity:.45}
section.peer-ledger th[aria-sort] button::after{opacity:1}
section.peer-ledger th[aria-sort=ascending] button::after{content:" \\25B2"}
section.peer-ledger th[aria-sort=descending] button::after{content:" \\25BC"}
section.peer-ledger .wide{overflow-x:auto}
section.peer-ledger .totals{margin:.6rem 0 .2rem}
section.peer-ledger .find{margin:.4rem 0}
section.peer-ledger .find input{font:inherit;color:inherit;background:none;padding:.15rem .5rem;border-radius:.3rem;
 border:1px solid color-mix(in srgb,currentColor 45%,transparent);margin:0 .6rem 0 .4rem;width:16rem}
section.peer-ledger tr[hidden]{display:none}
@media (scripting:none){section.peer-ledger .find{display:none}
 section.peer-ledger thead button::after{content:""}}
section.peer-ledger details{margin:.4rem 0}
section.peer-ledger summary{cursor:pointer}
section.peer-ledger .quiet{opacity:.75;font-size:.9em}
section.peer-ledger .status{display:inline-block;padding:0 .55rem;border-radius:1rem;white-space:nowrap;
 border:1px solid color-mix(in srgb,currentColor 40%,transparent)}
section.peer-ledger .status.good{background:color-mix(in srgb,#2b8a6e 30%,transparent);border-color:#2b8a6e}
section.peer-ledger .status.soon{background:color-mix(in srgb,#d9a32b 30%,transparent);border-color:#c08a1a}
section.peer-ledger .status.bad{background:color-mix(in srgb,#d9622b 30%,transparent);border-color:#c4551f}
section.peer-ledger .status.open{background:color-mix(in srgb,#7a86b8 30%,transparent);border-color:#7a86b8}
section.peer-ledger .card{border:1px solid color-mix(in srgb,currentColor 30%,transparent);border-radius:.6rem;
 padding:.6rem 1.2rem;margin:.6rem 0;box-shadow:0 1px 4px color-mix(in srgb,currentColor 12%,transparent)}
section.peer-ledger .head{font-size:1.25em;margin:.4rem 0}
section.peer-ledger .lead{font-weight:600}
section.peer-ledger .bar{display:block;position:relative;width:9rem;height:.85rem;margin-top:.25rem;border-radius:.2rem;
 border:1px solid color-mix(in srgb,currentColor 55%,transparent);overflow:hidden}
section.peer-ledger .bar i{display:block;height:100%;background:#2b8a6e}
section.peer-ledger .bar.short i{background:repeating-linear-gradient(135deg,#d9822b 0 5px,#b5651d 5px 10px)}
section.peer-ledger .bar.undetermined i{background:repeating-linear-gradient(90deg,#7a86b8 0 2px,transparent 2px 5px)}
section.peer-ledger svg{max-width:100%;height:auto;font-family:inherit;font-size:12px;display:block;margin:.5rem 0}
section.peer-ledger svg text{fill:currentColor}
section.peer-ledger ul{margin:.3rem 0;padding-left:1.2rem}
@media print{section.peer-ledger tr,section.peer-ledger figure{break-inside:avoid}}
</style>"""

_PAGE_STYLE = (
    "<style>:root{color-scheme:light dark}"
    "body{font:16px/1.45 system-ui,'Segoe UI',Helvetica,Arial,sans-serif;margin:2rem auto;padding:0 1.2rem;"
    "max-width:68rem;color:#1d2330;background:#fff}"
    "@media (prefers-color-scheme:dark){body{color:#e6e8ee;background:#15181f}a{color:#8ab4f8}}"
    "@media print{body{margin:0;color:#000;background:#fff}}"
    "h1{font-size:1.5rem}pre{white-space:pre-wrap;font-family:inherit}</style>"
)

_SORT = (
    "var b=event.target.closest('button');if(b){"
    "var h=b.parentNode,t=h.closest('table').tBodies[0],i=h.cellIndex,u=h.getAttribute('aria-sort')!=='ascending',"
    "k=function(r){var c=r.cells[i];return 'sort' in c.dataset?c.dataset.sort:c.textContent.trim()};"
    "Array.from(h.parentNode.cells).forEach(function(c){c.removeAttribute('aria-sort')});"
    "h.setAttribute('aria-sort',u?'ascending':'descending');"
    "Array.from(t.rows).sort(function(x,y){var p=k(x),q=k(y);"
    "if(p===''||q==='')return (p==='')-(q==='');"
    "var c=isNaN(p)||isNaN(q)?(p<q?-1:p>q?1:0):p-q;return u?c:-c}).forEach(function(r){t.appendChild(r)})}"
)

_FIND = (
    "var w=this.value.toLowerCase().split(/\\s+/),s=this.closest('section'),n=0,"
    "r=Array.from(s.querySelector('table').tBodies[0].rows);"
    "r.forEach(function(x){var t=x.textContent.toLowerCase();"
    "x.hidden=!w.every(function(y){return t.indexOf(y)>=0});n+=x.hidden?0:1});"
    "s.querySelector('.find output').value=n===r.length?'':n+' of '+r.length"
)


def _hash(handler: str) -> str:
    return f"'sha256-{b64encode(sha256(handler.encode()).digest()).decode()}'"


TABLE_POLICY = f"'unsafe-hashes' {_hash(_SORT)} {_hash(_FIND)}"
"""The sources for `script-src-attr` in a content policy that allows the sorting and searching of tables alone."""

MARKS = {
    "compliant": "\u2713",
    "ready to apply": "\u2713",
    "met": "\u2713",
    "short": "\u2717",
    "due soon": "!",
    "late": "!",
    "pending": "!",
    "filing closed": "\u2717",
    "lapsed": "\u2717",
    "revoked": "\u2717",
    "suspended": "\u2717",
    "undetermined": "?",
    "not asked": "\u2013",
    "not yet due": "\u2013",
}
"""The signs shown before a status or a result, so that it can be read without color."""


def marked(word: str) -> str:
    """
    Return a status or a result with its sign before it.

    >>> marked("met"), marked("in progress")
    ('✓ met', 'in progress')
    """
    return f"{MARKS[word]} {word}" if word in MARKS else word


_TONES = {"\u2713": " good", "!": " soon", "\u2717": " bad", "?": " open"}


def badge(word: str) -> str:
    """
    Return a label for a status or a result: its sign, the word and a tint.

    >>> badge("met")
    '<span class="status good">✓ met</span>'
    """
    return f'<span class="status{_TONES.get(MARKS.get(word, ""), "")}">{escape(marked(word))}</span>'


def part(body: str, *, label: str) -> str:
    """
    Return a part of a page, with its own styles.

    Args:
        body: Its contents as HTML.
        label: Its label for a screen reader; any text.
    """
    return f'<section class="peer-ledger" aria-label="{escape(label)}">\n{STYLE}\n{body}\n</section>'


def page(title: str, body: str) -> str:
    """
    Return a complete page for a browser.
    """
    shown = escape(title)
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{shown}</title>{_PAGE_STYLE}</head>\n'
        f"<body><h1>{shown}</h1>\n{body}\n</body></html>"
    )


def bar(share: float | Fraction, *, result: str) -> str:
    """
    Return a bar that is filled in part; a reader of the screen has the figures beside it.

    Args:
        share: How much of it is filled; more than 1 for all.
        result: What the share is of: `met`, `short` or `undetermined`.

    >>> bar(0.5, result="short")
    '<span class="bar short" aria-hidden="true"><i style="width:50.0%"></i></span>'
    """
    return f'<span class="bar {result}" aria-hidden="true"><i style="width:{min(float(share), 1.0):.1%}"></i></span>'


def cell(text: str, *, sort: str | None = None, kind: str = "", header: bool = False) -> str:
    """
    Return a cell of a table.

    Args:
        text: Its contents; any text.
        sort: The value to sort it by; `None` for the text.
        kind: The CSS class: `number`, `plain` (not broken into lines), `long`, or empty.
        header: Whether it is the header of its row.
    """
    return raw_cell(escape(text), sort=sort, kind=kind, header=header)


def raw_cell(body: str, *, sort: str | None = None, kind: str = "", header: bool = False) -> str:
    """Return a cell whose contents are HTML already."""
    looks = (f' class="{kind}"' if kind else "") + ("" if sort is None else f' data-sort="{escape(sort)}"')
    return f'<th scope="row"{looks}>{body}</th>' if header else f"<td{looks}>{body}</td>"


def grid(
    caption: str,
    headings: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    sortable: bool = False,
    searchable: bool = False,
    numbers: frozenset[int] = frozenset(),
) -> str:
    """
    Return a table with a caption and headings.

    Args:
        caption: The caption; any text.
        headings: The heading of each column; any text.
        rows: The cells of each row, as `cell` returns them.
        sortable: Whether pressing a heading sorts the table, if the browser allows scripts.
        searchable: Whether a field above it hides the rows that do not contain all words typed, if the browser allows
            scripts.
        numbers: The positions of the columns that hold numbers.
    """
    shown = [f"<button>{escape(heading)}</button>" if sortable else escape(heading) for heading in headings]
    head = "".join(
        f'<th scope="col"{" class=number" if place in numbers else ""}>{heading}</th>'
        for place, heading in enumerate(shown)
    )
    press = f' onclick="{escape(_SORT)}"' if sortable else ""
    body = "".join(f"<tr>{''.join(row)}</tr>\n" for row in rows)
    find = (
        f'<p class="find"><label>Find<input type="search" autocomplete="off" oninput="{escape(_FIND)}"></label>'
        '<output aria-live="polite"></output></p>\n'
        if searchable
        else ""
    )
    return (
        f'{find}<div class="wide"><table><caption>{escape(caption)}</caption>\n'
        f"<thead{press}><tr>{head}</tr></thead>\n<tbody>\n{body}</tbody></table></div>"
    )
