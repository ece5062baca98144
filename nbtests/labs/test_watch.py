"""watch: the flagship's picture of a module of one's own, in a loop of one's own."""

import gc
import threading
import weakref

import ipywidgets
import numpy as np
import pytest
import torch
from torch import nn

import trainingwheels
from nbtests.alone import alone, resident
from trainingwheels.engine import InvalidSetting
from trainingwheels.labs import watch as watching
from trainingwheels.labs.watch import UNTOLD_WIDTH, Watch


def noise(*shape, seed=0):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


def mlp(activation=nn.ReLU, depth=2):
    torch.manual_seed(0)
    layers = [part for _ in range(depth) for part in (nn.Linear(8, 8), activation())]
    return nn.Sequential(*layers, nn.Linear(8, 3))


@pytest.fixture
def watch():
    made = []

    def make(module, batch=None, **how):
        made.append(trainingwheels.watch(module, noise(16, 8) if batch is None else batch, **how))
        return made[-1]

    yield make
    for watcher in made:
        watcher.close()


@pytest.fixture
def clock(monkeypatch):
    """A clock that stands still until it is told the time."""

    class Clock:
        now = 1000.0

    monkeypatch.setattr(watching.time, "perf_counter", lambda: Clock.now)
    return Clock


def names(watcher):
    return [label.text for label in watcher._picture._names.labels]


def test_the_package_offers_it_late():
    assert trainingwheels.watch is watching.watch
    assert "watch" in trainingwheels.__all__
    with pytest.raises(AttributeError, match="wach"):
        trainingwheels.wach  # noqa: B018 - the point of it


def test_the_first_picture_is_there_at_once(watch):
    watcher = watch(mlp())
    assert watcher.state == "done"
    assert names(watcher) == ["ReLU 1", "ReLU 3"]
    assert watcher.text.startswith("Signal: std")
    assert "a gradient of std 1 enters at the module's output" in watcher.text
    assert watcher.message.startswith("picture 1, ")
    bars = watcher._picture._bars["activations"].get_paths()
    assert len(bars) == 2
    assert watcher._picture._curves._now["std"].get_ydata() == [layer.std for layer in watcher.result.layers]


def test_it_follows_the_net(watch):
    net = mlp()
    watcher = watch(net)
    before = watcher.result.layers[1].std
    with torch.no_grad():
        net[0].weight.mul_(3)
    assert watcher.redraw()
    assert watcher.result.layers[1].std > before


def test_update_keeps_to_ten_pictures_a_second(watch, clock):
    watcher = watch(mlp())
    drawn = []
    for _ in range(1000):  # ten seconds
        clock.now += 0.01
        drawn.append(watcher.update())
    assert 90 <= sum(drawn) <= 100
    assert "update() called 1,000 times" in watcher.message or "update() called 99" in watcher.message


def test_slow_pictures_come_less_often(watch, clock):
    """A picture that takes 0.1 s is followed by 0.4 s without: a fifth of the time."""
    net = mlp()

    def slow(scores):
        clock.now += 0.1
        return scores.sum()

    watcher = watch(net, loss=slow)
    began, pictures = clock.now, 0
    while clock.now < began + 50:
        clock.now += 0.01
        pictures += watcher.update()
    assert pictures * 0.1 / 50 == pytest.approx(0.2, abs=0.01)


def test_a_picture_of_every_step(watch, clock):
    watcher = watch(mlp(), every=0)
    assert all(watcher.update() for _ in range(20))


@pytest.mark.parametrize(
    ("module", "says", "silent"),
    [
        (mlp(nn.Tanh), "saturated", None),
        (mlp(nn.ReLU), "off", None),
        (mlp(nn.LeakyReLU), "", "saturated"),
        (nn.Sequential(nn.Linear(8, 8), nn.ReLU(), nn.Linear(8, 8), nn.Sigmoid()), "saturated or off", None),
        (nn.Sequential(nn.Linear(8, 8), nn.Linear(8, 8)), "", "saturated"),
    ],
    ids=["tanh", "relu", "leaky", "both", "none"],
)
def test_saturation_is_spoken_of_where_there_is_a_rule(watch, module, says, silent):
    with torch.no_grad():
        module[0].weight.mul_(50)
    watcher = watch(module)
    assert watcher.result.idle == says
    heads = [label.text for label in watcher._picture._numbers.labels]
    assert "silent units" in heads
    assert (says in heads) == bool(says)
    assert not silent or silent not in watcher.text


@pytest.mark.parametrize(
    ("activation", "bounds"),
    [(nn.Tanh, (-1, 1)), (nn.ReLU, (0, np.inf)), (nn.ReLU6, (0, np.inf)), (nn.LeakyReLU, (-np.inf, np.inf))],
)
def test_the_range_is_the_functions_own(watch, activation, bounds):
    assert watch(mlp(activation)).result.bounds == bounds


def test_dead_units_are_named_with_their_layer(watch):
    net = mlp()
    net[2].bias.data[:6] = -1e3
    assert "up to 75 % of a layer's units are silent on this batch: zero throughout, most in ReLU 3." in watch(net).text


def test_what_is_no_number_is_said_and_drawn(watch):
    net = mlp()
    watcher = watch(net)
    net[2].bias.data[0] = torch.nan
    assert watcher.redraw()
    assert "ReLU 3: 0.12 of the activations are infinite or not a number (NaN)." in watcher.text
    net[2].bias.data[0] = 0
    assert watcher.redraw()
    assert "NaN" not in watcher.text


def test_no_gradient_is_said(watch):
    watcher = watch(mlp(), loss=lambda scores: (scores.detach() ** 2).sum())
    assert "Gradient dL/da: none comes back to ReLU 1, ReLU 3." in watcher.text
    assert [label.text for label in watcher._picture._numbers.labels].count("none") == 2


def test_long_names_keep_their_ends(watch):
    class Deep(nn.Module):
        def __init__(self):
            super().__init__()
            self.encoder = nn.ModuleDict({"transformer_block": nn.Sequential(mlp(depth=12))})

        def forward(self, x):
            return self.encoder["transformer_block"](x)

    watcher = watch(Deep())
    assert len(names(watcher)) == 12
    assert all(name.startswith("…") and name.endswith(f".{2 * i + 1}") for i, name in enumerate(names(watcher)))


def test_names_keep_the_part_that_differs(watch):
    """As in a UNet, whose nonlinearities are all called double_conv.2 at the end."""

    class Double(nn.Module):
        def __init__(self):
            super().__init__()
            self.some_double_conv = mlp()

        def forward(self, x):
            return self.some_double_conv(x)

    net = nn.ModuleDict({f"down{i}": nn.Sequential(Double(), nn.Linear(3, 8)) for i in range(5)})
    net.forward = lambda x: [x := part(x) for part in net.values()][-1]
    for width in (1400, 390):
        watcher = watch(net)
        watcher._face.page.width = width
        shown = names(watcher)
        assert len(set(shown)) == len(shown) == 10
        assert all(f"down{i // 2}" in name for i, name in enumerate(shown)) or width == 390


def test_a_replaced_part_is_watched(watch, clock):
    net = mlp()
    watcher = watch(net)
    net[1], net[3] = nn.Tanh(), nn.Tanh()
    assert watcher.redraw()
    assert names(watcher) == ["Tanh 1", "Tanh 3"]
    assert watcher.result.bounds == (-1, 1)


def test_a_cell_that_is_run_again_lets_the_old_module_go(watch):
    """The page keeps the old picture, and with it the old watcher; but not what it looked at."""

    class Net(nn.Sequential):
        def loss(self, output):
            return output.sum()

    for loss in (None, Net.loss, lambda scores: scores.sum()):
        net = Net(*mlp())
        old = watch(net, loss=net.loss if loss is Net.loss else loss)
        gone = weakref.ref(net)
        net = mlp()
        watch(net)
        gc.collect()
        assert gone() is None
        assert old.redraw(), "what nobody holds cannot change: its last picture is true"
        assert old.text


def test_what_is_left_out_is_said(watch):
    assert watch(mlp()).text.endswith("Not shown: Linear 4.")


def test_what_goes_wrong_later_stops_no_training(watch, clock):
    net = mlp()
    watcher = watch(net)
    words, net[0] = watcher.text, nn.Linear(9, 8)
    clock.now += 1
    assert not watcher.update()
    assert watcher.state == "failed"
    assert "a tensor of shape (16, 8) does not go through the module" in watcher.message
    assert watcher.text == words
    net[0] = nn.Linear(8, 8)
    clock.now += 1
    assert watcher.update()
    assert watcher.state == "done"


@pytest.mark.parametrize(
    ("how", "says"),
    [
        ({"every": -1}, "every = -1 is out of range"),
        ({"batch": noise(2, 3)}, "does not go through"),
        ({"loss": 1}, "loss"),
    ],
)
def test_what_cannot_be_watched_is_one_line(how, says):
    with pytest.raises(InvalidSetting, match=says) as error:
        trainingwheels.watch(mlp(), how.pop("batch", noise(2, 8)), **how)
    assert "\n" not in str(error.value)


def test_pin_keeps_the_net_as_it_was(watch):
    net = mlp()
    watcher = watch(net)
    watcher.pin()
    first = watcher.result
    with torch.no_grad():
        net[0].weight.mul_(5)
    watcher.redraw()
    assert watcher._picture._shown[1] is first
    assert len(watcher._picture._pinned.get_paths()) == 4
    watcher.unpin()
    assert watcher._picture._shown[1] is None


def test_it_waits_for_no_word_of_the_page(watch, monkeypatch):
    """Once displayed, pictures are sent even if the page has not said how wide it is."""
    watcher = watch(mlp())
    sent = []
    monkeypatch.setattr(watcher._canvas, "send_binary", sent.append)
    watcher.redraw()
    assert not sent, "nobody looks"
    watcher._repr_mimebundle_()
    watcher.redraw()
    assert sent
    assert watcher._picture.width == pytest.approx(UNTOLD_WIDTH, abs=20)
    watcher._face.page.width = 500
    assert watcher._picture.width == pytest.approx(500, abs=20)
    sent.clear()
    watcher.redraw()
    assert len(sent) == 1


def test_a_thread_may_call_it(watch):
    net = mlp()
    watcher = watch(net)
    watcher._face.page.width = 900
    errors = []

    def train():
        try:
            for _ in range(20):
                watcher.redraw()
        except Exception as error:  # noqa: BLE001 - to be shown by the test
            errors.append(error)

    thread = threading.Thread(target=train)
    thread.start()
    for width in range(400, 900, 25):  # the page's messages come meanwhile
        watcher._face.page.width = width
    thread.join()
    assert not errors
    assert watcher._pictures == 21


def test_with_shows_the_last_state_and_lets_go(watch):
    net = mlp()
    with watch(net) as watcher, torch.no_grad():
        net[0].weight.mul_(3)
    expected = watch(net).result.layers[0].std
    assert watcher.result.layers[0].std == expected
    assert watcher._pictures == 2
    assert not watcher.update()
    assert not watcher.redraw()
    assert watcher._probe._module is None
    assert not watcher._closed


def test_close_leaves_nothing(watch):
    net = mlp()
    watcher = watch(net)
    watcher.close()
    watcher.close()
    watcher.stop()
    assert not watcher.update()
    assert not watcher.figure.axes
    assert watcher._worker._thread is None


def two_hundred_updates():
    net = mlp()
    watcher = trainingwheels.watch(net, noise(16, 8))
    watcher._face.page.width = 900
    optimizer = torch.optim.SGD(net.parameters(), lr=0.01)

    def train(steps):
        for _ in range(steps):
            optimizer.zero_grad()
            net(noise(16, 8)).square().mean().backward()
            optimizer.step()
            assert watcher.redraw()
        return resident(), len(gc.get_objects())

    before, things = train(30)
    after, more = train(200)
    assert more < things + 100
    assert after < before + 6, f"{after - before:.1f} MB more"  # one figure more a picture would be 500
    watcher.close()


def test_memory_is_flat_over_two_hundred_updates():
    alone(two_hundred_updates)


def test_it_is_a_widget_among_others(watch):
    watcher = watch(mlp())
    assert isinstance(watcher, Watch)
    assert isinstance(ipywidgets.HBox([watcher]), ipywidgets.HBox)
