"""BuildKit's plain progress: ``#12 [build 4/11] RUN …``, ``#12 3.21 a line of it``, ``#12 DONE 4.0s``.

Each line begins with the number of what it is about. The count of layers is each stage's own, and stages are built
side by side, so that a stage's name is said with it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from claw_tui.i18n import _

_LAYER = re.compile(r"\[(?:\S+/\S+ )?(?:(?P<stage>[^\s\]]+) )? *(?P<n>\d+)/(?P<all>\d+)\] (?P<what>.*)")
_SIZE = r"(\d+(?:\.\d+)?)([kMGT]?)B"
_BYTES = re.compile(rf"(?P<what>\S.*?) {_SIZE} / {_SIZE}(?: .*)?$")
_SENT = re.compile(rf"transferring context: (?P<size>{_SIZE})")
_PUSHES = re.compile(r"pushing (?:layers|manifest|layer (?P<layer>\S+))\b(?P<rest>.*)")
_SCALE = {"": 1.0, "k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12}
ENDS = ("DONE", "CACHED", "CANCELED", "ERROR")
LONGEST = 400  # characters of a line that matter
MOST_KNOWN = 2000  # numbers
MOST = 100  # characters of a layer's command


def pushed_words(done: int, layers: int) -> str:
    return _("{done} of {all} layers").format(done=done, all=layers)


@dataclass(slots=True)
class _Vertex:
    """One thing that BuildKit does."""

    name: str
    layer: re.Match[str] | None
    ended: bool = False
    loads: dict[str, tuple[float, float]] = field(default_factory=dict)  # bytes of each blob: here, all


class BuildKit:
    """Fed with its lines; ``words`` says how far it is."""

    def __init__(self) -> None:
        self._known: dict[str, _Vertex] = {}
        self.cached = 0
        self.pushing = False  # a builder that pushes by itself has begun to
        self._pushed: dict[str, bool] = {}  # layers: is it there?
        self.words = ""

    def take(self, line: str) -> bool:
        """Whether the line was one of BuildKit's that tells something new."""
        number, _space, rest = line[1:].partition(" ")
        if rest[:1].isdigit() or not number.isdigit():
            return False  # what a program in it says: by far the most lines
        self._read(number, rest[:LONGEST])
        return True

    def _read(self, number: str, rest: str) -> None:
        vertex = self._known.get(number)
        if vertex is None and (rest.startswith(ENDS) or rest == "..." or len(self._known) >= MOST_KNOWN):
            return  # its beginning was never seen
        if vertex is None:
            self._known[number] = vertex = _Vertex(rest[:MOST], _LAYER.match(rest[:MOST]))
            self._say(vertex)
        elif rest.startswith(ENDS[:3]):
            self._end(vertex, cached=rest.startswith("CACHED"))
        elif rest.startswith(ENDS[3]):
            self._end(vertex)
            where = self._layer(vertex) or vertex.name
            self.words = _("failed in {where}").format(where=where)
        elif rest[:MOST] == vertex.name:
            self._say(vertex)  # it has the word again
        elif rest != "...":
            self._status(vertex, rest)

    def _end(self, vertex: _Vertex, *, cached: bool = False) -> None:
        if not vertex.ended and vertex.layer is not None:
            self.cached += cached
        vertex.ended = True
        vertex.loads.clear()
        if vertex.layer is not None:
            self._say(vertex)

    def _status(self, vertex: _Vertex, rest: str) -> None:
        push = _PUSHES.match(rest)
        if push is not None:
            self._push(push)
            return
        sent, load = _SENT.match(rest), _BYTES.match(rest)
        if sent is not None:
            self.words = _("sending the source: {size}").format(size=sent["size"])
        elif load is not None:
            what, here, scale, whole, scale_of_all = load.groups()
            vertex.loads[what] = (float(here) * _SCALE[scale], float(whole) * _SCALE[scale_of_all])
            self._say(vertex)
        elif vertex.name.startswith("exporting to"):
            self.words = rest.removesuffix(" done")[:MOST]

    def _push(self, push: re.Match[str]) -> None:
        self.pushing = True
        if push["layer"] and len(self._pushed) < MOST_KNOWN:
            self._pushed[push["layer"]] = push["rest"].endswith(" done")
        if self._pushed:
            self.words = pushed_words(sum(self._pushed.values()), len(self._pushed))

    def _say(self, vertex: _Vertex) -> None:
        words = self._layer(vertex) or vertex.name
        if vertex.loads:
            words += ", " + self._loaded(vertex)
        self.words = words

    def _layer(self, vertex: _Vertex) -> str:
        layer = vertex.layer
        if layer is None:
            return ""
        words = _("layer {n} of {all}").format(n=layer["n"], all=layer["all"])
        if layer["stage"]:
            words = f"{layer['stage']}, {words}"
        return f"{words}: {layer['what']}"

    @staticmethod
    def _loaded(vertex: _Vertex) -> str:
        here, whole = (sum(pair[side] for pair in vertex.loads.values()) / 1e6 for side in (0, 1))
        return _("{here:.0f} of {whole:.0f} MB").format(here=here, whole=whole)

    def summary(self) -> str:
        """How it was, once it has ended."""
        layers = sum(vertex.layer is not None and vertex.ended for vertex in self._known.values())
        if not layers:
            return ""
        return _("{layers} layers, {cached} of them from the cache").format(layers=layers, cached=self.cached)
