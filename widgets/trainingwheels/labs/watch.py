"""The flagship's picture of the learner's own module, live in a training loop of their own."""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

import ipywidgets as w
from IPython import get_ipython
from IPython.display import display
from matplotlib.figure import Figure

from trainingwheels.engine import InvalidSetting
from trainingwheels.engine.settings import Real
from trainingwheels.figures import LayerHistograms, LayerSignals, Picture
from trainingwheels.labs.base.face import Frame, classed
from trainingwheels.labs.base.live import Live
from trainingwheels.labs.base.module_words import module_words

if TYPE_CHECKING:
    from trainingwheels.engine.probing.probes import ProbedLayer, Reading

__all__ = ["Watch", "watch"]

_log = logging.getLogger(__name__)

BUSY = 0.2
"""The share of a training loop's time that pictures may take: if one takes long, the next comes later."""

UNTOLD_WIDTH = 900
"""CSS pixels. A page that shows the picture in the cell that trains may not say how wide it is until the cell ends."""


def watch(
    module: Any, batch: Any, loss: Callable[[Any], Any] | None = None, every: float = 0.1, layers: Sequence[str] = ()
) -> Watch:
    """Histograms of what each layer of your own ``torch.nn.Module`` sees, live while you train it.

    Display what this returns, and call its ``update()`` in your training loop::

        watcher = trainingwheels.watch(model, images, loss=lambda scores: cross_entropy(scores, labels))
        watcher  # the last line of a cell shows it

        for images, labels in loader:  # in the next cell
            ...
            optimizer.step()
            watcher.update()

    or train inside ``with trainingwheels.watch(...) as watcher:``, which shows it and, at the end, the last state.

    The module stays as it is: each picture runs it on ``batch``, in the mode it is in, with copies of all that it holds
    (parameters, buffers, attributes of any kind) in place of its own, which it gets back; your hooks are not called
    (those that compute a weight, as torch's own do, are), and random numbers go on as if nothing had been. What cannot
    be copied, such as a lock or an open file, is shared, and so are optimizers and data sets.

    It shows the nonlinearities, recurrent layers, and the layers before nonlinearities that are mere functions, or,
    where the module has no nonlinearity as a part, all layers with weights. Under the picture stands what is left out.
    The words there speak of dying or exploding where a spread goes below 1e-4 or beyond 1e7 of what it was, between
    layers of one kind and, for gradients, of one size; and of no learning where no parameter gets any gradient.

    Parameters
    ----------
    module : torch.nn.Module
        Compiled ones are read uncompiled; scripted ones take no hooks and are refused.
    batch : tensor, ndarray, tuple, list or mapping
        What the module is called with, the same for every picture: a tuple or list as several inputs, a mapping as
        named ones. A few dozen examples are enough, and quick.
    loss : callable (output) -> scalar tensor, optional
        What the gradients are of. Without it, unit Gaussian noise enters as gradient at the module's output.
    every : float
        Seconds from one picture to the next, at least. Pictures never take more than a fifth of the loop's time.
    layers : sequence of str
        Names of the parts to look at, as in ``module.named_modules()``, instead of those that are chosen by themselves.

    Raises :class:`InvalidSetting`, in one line, for what cannot be watched.
    """
    return Watch(module, batch, loss, every, layers)


class Watch(Live):
    """What :func:`watch` returns: a widget with ``update``, ``redraw``, ``pin``, ``stop`` and ``close``.

    ``result`` and ``text`` are what the picture shows, as numbers and as words.
    """

    def __init__(
        self, module: Any, batch: Any, loss: Callable[[Any], Any] | None, every: float, layers: Sequence[str]
    ) -> None:
        from trainingwheels.engine.probing.probes import Probe  # it imports torch, as whoever has a module has done

        self._every = Real(0.0, 3600.0, "s").check("every", every)
        self._probe = Probe(module, batch, loss, layers or None)
        self._arriving = "of your loss" if loss else "where a gradient of std 1 enters at the module's output"
        self._calls = self._pictures = 0
        self._due = -math.inf
        self._displayed = self._stopped = False
        super().__init__()
        self.add_class("tw-lab")
        self._show(lambda: self._probe.latest)

    def update(self) -> bool:
        """Show the module as it is now, if it is time for a picture; say whether it was. Call it as often as you like.

        Nothing that happens here stops a training: what goes wrong becomes one line under the picture.
        """
        self._calls += 1
        if time.perf_counter() < self._due:
            return False
        return self.redraw()

    def redraw(self) -> bool:
        """Show the module as it is now; False if that could not be done."""
        return self._show(self._probe.read)

    def _show(self, read: Callable[[], Reading]) -> bool:
        with self._lock:
            if self._closed or self._stopped:
                return False
            began = time.perf_counter()
            try:
                if self._displayed and not self._face.page.width:
                    self._canvas.fit(UNTOLD_WIDTH)
                self._present(_signals(read()))
            except InvalidSetting as error:
                return self._lose(str(error))
            except Exception as error:  # noqa: BLE001 - a picture is not worth a training
                _log.exception("watch: no picture")
                return self._lose(
                    f"no picture ({type(error).__name__}): the last good one stays, the training goes on."
                )
            finally:
                took = time.perf_counter() - began
                self._due = began + max(self._every, took / BUSY)
            self.state = "done"
            self._pictures += 1
            self._say(f"picture {self._pictures:,}, {1000 * took:.0f} ms; update() called {self._calls:,} times")
            return True

    def stop(self) -> None:
        """Show the last state and let go of module and batch; the picture stays."""
        with self._lock:
            self.redraw()
            self._stopped = True
            self._probe.close()

    def close(self) -> None:
        """Let go of everything; the picture goes too. A second call does nothing."""
        if self._closed:  # what was refused has nothing to release
            return
        with self._lock:
            self._stopped = True
            self._probe.close()
            super().close()

    def __enter__(self) -> Self:
        if not self._displayed and get_ipython() is not None:
            display(self)
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    # What Live asks for ----------------------------------------------------------------------------------------------

    def picture(self, figure: Figure) -> Picture:
        return LayerHistograms(figure)

    def explain(self, result: _Read) -> Sequence[str]:
        return module_words(result, result.reading, self._arriving)

    def _make_face(self) -> Frame:
        return _WatchFace(self._canvas, self._guarded(self._set_pin))

    def _submit(self) -> None:
        """Nothing is computed in a worker: the module is the learner's, and so is the thread that may run it."""

    def _show_words(self) -> None:
        self._face.explain(self._sentences)

    def _lose(self, message: str) -> bool:
        self.state = "failed"
        self._say(message, error=True)
        return False

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        self._displayed = True
        return super()._repr_mimebundle_(**kwargs)


class _WatchFace(Frame):
    """The picture, what it says, and a button that pins it."""

    def __init__(self, canvas: w.Widget, on_pin: Callable[[bool], None]) -> None:
        super().__init__(canvas, on_pin)
        parts = [self.page, canvas, *self._words, classed("tw-buttons", w.Box([self.pin]))]
        self.children = [classed("tw-picture", w.VBox(parts))]


@dataclass(frozen=True)
class _Read(LayerSignals):
    """What the picture takes, and the reading that it was made from."""

    reading: Reading = field(kw_only=True)


def _signals(seen: Reading) -> _Read:
    """What a probe has seen, as the picture takes it."""
    words = {one.activation.flat.word for one in seen if one.activation is not None and one.activation.flat is not None}
    ranges = [one.activation.range if one.activation is not None else _range_seen(one) for one in seen]
    bounds = min(low for low, _ in ranges), max(high for _, high in ranges)
    names = [one.title for one in seen]
    return _Read([one.layer for one in seen], bounds, " or ".join(sorted(words, reverse=True)), names, reading=seen)


def _range_seen(one: ProbedLayer) -> tuple[float, float]:
    """Of a nonlinearity that the engine does not know: whether it has been negative is all that can be said."""
    return (-math.inf if bool((one.layer.activations < 0).any()) else 0.0), math.inf
