"""What is read off a picture: its edges, its lines, its words and the boxes they take."""

from itertools import combinations

import numpy as np
from matplotlib.collections import PolyCollection
from matplotlib.text import Text


def areas(ax, label=None):
    """Lower and upper edges of the filled areas, `[areas][2, points]`, in the order of drawing."""
    found = [each for each in ax.collections if isinstance(each, PolyCollection)]
    return [edges(each) for each in found if label is None or each.get_label() == label]


def edges(area):
    """Lower and upper edge at each place, of a filled area whose path goes out and comes back."""
    points = np.concatenate([path.vertices for path in area.get_paths()])
    at = np.unique(points[:, 0])
    both = [[rim(points[points[:, 0] == place, 1]) for rim in (np.min, np.max)] for place in at]
    return np.array(both).T


def lines(ax):
    """Heights of the lines by their label."""
    return {str(line.get_label()): np.asarray(line.get_ydata(), dtype=float) for line in ax.lines}


def words(figure):
    """Every text that is seen, with its box; labels of ticks beyond the axes are not."""
    hidden = {id(label) for axes in figure.axes for label in _beyond(axes)}
    texts = {id(each): each for each in figure.findobj(Text)}.values()
    seen = [
        each for each in texts if each.get_visible() and each.get_text().strip() and id(each) not in hidden
    ]
    # The box of an annotation alone would hold its arrow, too.
    return [(each.get_text(), Text.get_window_extent(each)) for each in seen if each.get_rotation() % 90 == 0]


def _beyond(axes):
    """Labels of ticks outside the limits."""
    for axis, ends in ((axes.xaxis, axes.get_xlim()), (axes.yaxis, axes.get_ylim())):
        room = 1e-9 * (max(ends) - min(ends))
        for tick in (*axis.get_major_ticks(), *axis.get_minor_ticks()):
            if not (axes.axison and min(ends) - room <= tick.get_loc() <= max(ends) + room):
                yield from (tick.label1, tick.label2)


def overlaps(figure):
    """Pairs of texts whose boxes meet by more than a dot, and texts that are cut off; slanted ones apart."""
    figure.draw_without_rendering()
    boxes = [(text, box.padded(-1)) for text, box in words(figure) if box.width > 2]
    pairs = [(one, two) for (one, a), (two, b) in combinations(boxes, 2) if a.overlaps(b)]
    page = figure.bbox
    return pairs + [
        text for text, box in boxes if box.x0 < page.x0 - 2 or box.x1 > page.x1 + 2 or box.y1 > page.y1 + 2
    ]
