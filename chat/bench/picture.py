"""The picture: what counts in each scenario, one bar for each server.

It is drawn by matplotlib, which nothing else here needs: it is the extra ``bench``.
"""

from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from chat.bench.results import Result

_COLUMNS: Final = 2
# Inches.
_WIDTH: Final = 5.5
_HEIGHT: Final = 0.35
_MARGIN: Final = 0.9
# Ours, and others.
_COLOURS: Final = ("#c2410c", "#94a3b8")


class Missing(Exception):
    """There is no matplotlib; the message says how to get it."""


def must_be_possible() -> None:
    """Complain now rather than after an hour of measuring.

    Raises:
        Missing: there is no matplotlib.
    """
    _pyplot()


def draw(results: Sequence[Result], caption: str, to: Path) -> None:
    """Draw *results* and write them where the name says in which format.

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
    )
    places = list(axes.flat)
    for place, group in zip(places, groups, strict=False):
        _bars(place, group)
    for place in places[len(groups) :]:
        place.axis("off")
    figure.supxlabel(caption, fontsize=8)
    figure.savefig(to)
    pyplot.close(figure)


def _bars(place: Any, group: Sequence[Result]) -> None:
    colours = [_COLOURS[each is not group[0]] for each in group]
    drawn = place.barh(
        [each.server for each in group], [each.figure for each in group], color=colours
    )
    place.bar_label(drawn, [each.in_words() for each in group], padding=3, fontsize=8)
    scenario = group[0].scenario
    less = "" if scenario.more_is_better else " (less is better)"
    place.set_title(f"{scenario.name}: {scenario}{less}", fontsize=9)
    # Room for the words behind the longest bar.
    place.margins(x=0.35)
    place.invert_yaxis()
    place.set_xticks([])
    place.spines[["top", "right", "bottom"]].set_visible(False)


def _pyplot() -> Any:
    try:
        import_module("matplotlib").use("Agg")
        return import_module("matplotlib.pyplot")
    except ImportError:
        raise Missing(
            "a picture wants matplotlib: pip install 'switchboard-chat[bench]'"
        ) from None
