"""The picture: what counts in each scenario, one bar for each server, the best first.

It is drawn by matplotlib, which nothing else here needs: it is the extra ``bench``.
"""

from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from chat.bench.results import Result
from chat.bench.scenarios import Kind

_COLUMNS: Final = 2
# Inches.
_WIDTH: Final = 5.2
_HEIGHT: Final = 0.24
_MARGIN: Final = 0.75
_PADDING: Final = 0.1
# A page of its own, because whoever looks at it may prefer light text on a dark one.
_PAPER: Final = "#f6f8fa"
_INK: Final = "#1f2328"
_FAINT: Final = "#59636e"
# Ours, and others.
_COLOURS: Final = ("#c2410c", "#94a3b8")
# What is counted, above the bars.
_COUNTED: Final = {
    Kind.TALK: "lines read in a second",
    Kind.PACE: "ms that 99 of 100 lines take at most, less is better",
    Kind.ARRIVE: "people who come in a second",
    Kind.IDLE: "KiB of memory a person, less is better",
}
_KIB: Final = 1024
# Before a figure that may be too small, and what that means.
_AT_LEAST: Final = "\N{GREATER-THAN OR EQUAL TO} "
_WHY_AT_LEAST: Final = f"{_AT_LEAST}means that those who read had no time left"


class Missing(Exception):
    """There is no matplotlib; the message says how to get it."""


def must_be_possible() -> None:
    """Complain now rather than after an hour of measuring.

    Raises:
        Missing: there is no matplotlib.
    """
    _pyplot()


def draw(
    results: Sequence[Result], titles: Mapping[str, str], caption: str, to: Path
) -> None:
    """Draw *results* and write them where the name says in which format.

    Servers are called by their *titles*, if they have some.

    Raises:
        Missing: there is no matplotlib.
    """
    pyplot = _pyplot()
    names = [*dict.fromkeys(each.scenario.name for each in results)]
    groups = [[each for each in results if each.scenario.name == n] for n in names]
    columns = min(_COLUMNS, len(groups))
    rows = -(-len(groups) // columns)
    height = _MARGIN + _HEIGHT * max(map(len, groups))
    figure, axes = pyplot.subplots(
        rows,
        columns,
        figsize=(_WIDTH * columns, height * rows + 0.4),
        squeeze=False,
        layout="constrained",
        facecolor=_PAPER,
    )
    places = list(axes.flat)
    for place, group in zip(places, groups, strict=False):
        _bars(place, group, titles)
    for place in places[len(groups) :]:
        place.axis("off")
    figure.get_layout_engine().set(w_pad=_PADDING, h_pad=_PADDING)
    if any(map(_is_more, results)):
        caption = f"{caption}\n{_WHY_AT_LEAST}"
    figure.supxlabel(caption, fontsize=7.5, color=_FAINT)
    figure.savefig(to, dpi=150)
    pyplot.close(figure)


def _bars(place: Any, group: Sequence[Result], titles: Mapping[str, str]) -> None:
    """One scenario, the best server first."""
    ours, scenario = group[0], group[0].scenario
    ranks = sorted(group, key=_rank)
    # By number: two may have the same title.
    numbers = range(len(ranks))
    colours = [_COLOURS[each is not ours] for each in ranks]
    drawn = place.barh(
        numbers, [each.figure for each in ranks], color=colours, height=0.72
    )
    words = place.bar_label(
        drawn, [_in_short(each) for each in ranks], padding=3, fontsize=8, color=_INK
    )
    words[ranks.index(ours)].set_weight("bold")
    place.set_yticks(numbers, [titles.get(each.server, each.server) for each in ranks])
    place.tick_params("y", length=0, labelsize=8, labelcolor=_INK)
    place.set_title(
        f"{scenario.name}: {scenario}", loc="left", fontsize=9, color=_INK, pad=16
    )
    above = {"transform": place.transAxes, "fontsize": 7.5, "color": _FAINT}
    place.text(0, 1.02, _COUNTED[scenario.kind], **above)
    # Room for the words behind the longest bar.
    place.margins(x=0.25)
    place.invert_yaxis()
    place.set_xticks([])
    place.set_facecolor(_PAPER)
    place.spines[:].set_visible(False)


def _rank(result: Result) -> tuple[bool, float]:
    """What puts the best first, and those last of whom nothing is known."""
    figure = result.figure
    return not figure, -figure if result.scenario.more_is_better else figure


def _is_more(result: Result) -> bool:
    """Whether the server could have done more for quicker readers."""
    return result.middle.is_saturated and result.scenario.more_is_better


def _in_short(result: Result) -> str:
    """What counts, short and without its unit."""
    figure = result.figure
    if not figure:
        return "failed"
    match result.scenario.kind:
        case Kind.PACE:
            return f"{figure * 1000:.1f}"
        case Kind.IDLE:
            return f"{figure / _KIB:.1f}"
        case Kind.TALK | Kind.ARRIVE:
            at_least = _AT_LEAST if _is_more(result) else ""
            return f"{at_least}{float(f'{figure:.3g}'):,.0f}"


def _pyplot() -> Any:
    try:
        import_module("matplotlib").use("Agg")
        return import_module("matplotlib.pyplot")
    except ImportError:
        raise Missing(
            "a picture wants matplotlib: pip install 'switchboard-chat[bench]'"
        ) from None
