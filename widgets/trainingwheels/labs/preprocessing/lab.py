"""What is done to the data before training: centre, normalize, decorrelate, whiten; and why it matters."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import ipywidgets as w
import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from trainingwheels.engine import PREPROCESSING, InvalidSetting, load_dataset
from trainingwheels.engine.data.leakage import leaked_accuracies
from trainingwheels.engine.data.own_files import read_image, read_points
from trainingwheels.engine.data.photographs import IMAGE_SETS, SHOWN, SIDE
from trainingwheels.engine.geometry.bowls import bowls
from trainingwheels.engine.geometry.clouds import STEPS, Cloud, cloud_steps
from trainingwheels.engine.geometry.components import digit_components
from trainingwheels.engine.geometry.turning import turned_classifiers
from trainingwheels.engine.scripts import preprocessing as scripts
from trainingwheels.engine.settings import Option, Table
from trainingwheels.figures import Picture, Views
from trainingwheels.labs.base.files import Upload
from trainingwheels.labs.base.lab import Lab
from trainingwheels.labs.base.parameters import Choice, LogSlider, LogWholeSlider, Slider, WholeSlider
from trainingwheels.labs.base.presets import Preset
from trainingwheels.labs.preprocessing.pictures.bowls import DescentPicture, DescentView
from trainingwheels.labs.preprocessing.pictures.clouds import CloudPicture, CloudView, cloud_groups
from trainingwheels.labs.preprocessing.pictures.components import ComponentsPicture, ComponentsView
from trainingwheels.labs.preprocessing.pictures.image_means import MeansPicture, MeansView
from trainingwheels.labs.preprocessing.pictures.leakage import LeakPicture, LeakView
from trainingwheels.labs.preprocessing.pictures.turning import TurnPicture, TurnView
from trainingwheels.labs.preprocessing.words import sentences

__all__ = ["Preprocessing"]

REPEATS = 20  # of the leak: enough for an interval, few enough for a slider

SHOW = Table(
    "show",
    (
        Option("cloud", "a cloud, step by step"),
        Option("turn", "weights that turn"),
        Option("descent", "gradient descent"),
        Option("images", "images, their mean"),
        Option("components", "components"),
        Option("leak", "whose statistics"),
    ),
)
DATA = Table("data", (Option("gaussian", "a Gaussian cloud"), Option("own", "my own points")))
SUBTRACT = Table(
    "subtract",
    (
        Option("nothing", "nothing"),
        Option("image", "the mean image"),
        Option("channels", "channel means"),
    ),
)
CLOUDS = ("cloud", "turn")
PLANE = ("cloud", "turn", "descent")


class Preprocessing(Lab):
    """Five steps from raw data to white data, the means of images, and what each is good for."""

    slug = "preprocessing"
    number = "02"
    title = "Preprocessing"
    summary = "Centre, normalize, decorrelate and whiten data, subtract an image's mean, and see what it buys."
    part = "One-time setup"

    show = Choice(SHOW, "cloud", help="what the picture shows")
    step = Choice(STEPS, "original", label="large", views=("cloud",), help="the step that is shown large")
    after = Choice(STEPS, "whitened", views=("turn",), help="the step that is compared with the original")
    turn = Slider(-90.0, 90.0, 10.0, step=1.0, unit="degrees", views=("turn",), help="by how much the weights turn")
    data = Choice(DATA, "gaussian", views=("cloud",), help="whose points; a file of your own is opened above")
    stretch = Slider(
        0.0,
        5.0,
        2.5,
        step=0.1,
        label="long std",
        views=CLOUDS,
        when={"data": "gaussian"},
        help="spread of the cloud along its first axis",
    )
    squeeze = Slider(
        0.0,
        5.0,
        0.7,
        step=0.1,
        label="short std",
        views=CLOUDS,
        when={"data": "gaussian"},
        help="spread of the cloud along its second axis",
    )
    condition = LogSlider(
        1.0, 1000.0, 50.0, step=0.05, views=("descent",), help="condition number: largest variance over smallest"
    )
    angle = Slider(
        -90.0,
        90.0,
        35.0,
        step=1.0,
        unit="degrees",
        label="rotation",
        views=PLANE,
        help="by how much the cloud is turned",
    )
    shift_x = Slider(
        -10.0, 10.0, 4.0, step=0.1, label="shift, x", views=PLANE, help="where the cloud's middle is, across"
    )
    shift_y = Slider(-10.0, 10.0, 3.0, step=0.1, label="shift, y", views=PLANE, help="where the cloud's middle is, up")
    rate = Slider(
        0.05,
        2.2,
        1.5,
        step=0.05,
        label="rate",
        views=("descent",),
        help="learning rate times the largest curvature; from 2 on it diverges",
    )
    points = LogWholeSlider(1, 2048, 256, unit="points", views=CLOUDS, help="number of points")
    images = Choice(IMAGE_SETS, "photographs", views=("images",), help="whose mean is taken")
    subtract = Choice(SUBTRACT, "image", views=("images",), help="the row to look at")
    keep = WholeSlider(1, 64, 12, unit="components", views=("components",), help="components that are kept")
    examples = WholeSlider(
        1,
        1024,
        512,
        most=100_000,
        unit="examples",
        views=("images", "components"),
        help="training examples that the statistics come from, as far as there are so many",
    )
    method = Choice(PREPROCESSING, "whiten", label="method", views=("leak",), help="what is done to the digits")
    train_size = WholeSlider(4, 1024, 64, step=4, unit="digits", views=("leak",), help="digits to train on")
    test_size = LogWholeSlider(1, 512, 256, unit="digits", views=("leak",), help="digits to test on, together")
    drift = Slider(-0.5, 0.5, 0.0, step=0.05, views=("leak",), help="added to each pixel of the test images (0 to 1)")
    seed = WholeSlider(0, 99, 0, most=2**31 - 1, views=CLOUDS, help="which random draw")

    presets = (
        Preset(
            "original",
            "original",
            {},
            question="Each example is a point. What does the ellipse say that the single points do not?",
            answer="Where the data lie and how they spread: its middle is the mean, its axes are the directions of "
            "largest and smallest variance, two standard deviations long. Mean and covariance are all that the next "
            "four steps look at.",
        ),
        Preset(
            "zero-centred",
            "zero-centred",
            {"step": "centred"},
            question="X minus its mean: which numbers of the table change?",
            answer="Only the mean. Covariance, correlation and the ratio of the variances stay: the cloud is moved, "
            "not bent.",
        ),
        Preset(
            "normalized",
            "normalized",
            {"step": "normalized"},
            question="Each feature is divided by its standard deviation. Is the cloud round now?",
            answer="No. Both features have variance 1, but their correlation, 0.84, is what it was, and the ratio of "
            "the variances along the axes has hardly changed: 12 after 13. Turn the cloud to 0 degrees, and it is.",
        ),
        Preset(
            "pca-whitening",
            "PCA and whitening",
            {"step": "whitened"},
            question="The data are turned into their principal axes, then divided by the spread along each. What is "
            "left of the covariance matrix?",
            answer="After PCA a diagonal matrix, after whitening the identity: all directions are alike. The way back "
            "is still open, since each step can be undone.",
        ),
        Preset(
            "why-it-matters",
            "why it matters",
            {"show": "turn", "after": "centred"},
            question="The same classifier before and after. How far may its weights turn before its loss doubles?",
            answer="By 5 degrees before, by 11.5 after zero-centring, and by 28 after whitening: a classifier of data "
            "far from the origin is very sensitive to small changes of its weights, which makes it hard to optimize.",
        ),
        Preset(
            "gradient-descent",
            "gradient descent",
            {"show": "descent"},
            question="The bowl is 50 times as steep in one direction as in the other. How many steps does that cost?",
            answer="103 where the whitened bowl takes 5, with the same rate times curvature: the number of steps "
            "grows in proportion to the condition number. Normalizing saves little here, 89 steps, since the cloud is "
            "turned; and what was not even centred takes 236.",
        ),
        Preset(
            "alexnet",
            "images: AlexNet",
            {"show": "images", "subtract": "image"},
            question="The mean image of many crops of photographs: what do you expect to see?",
            answer="Next to nothing: anything can be anywhere, so all pixels have nearly the same mean. The mean of "
            "faces is a face, and that of digits has a shape too.",
        ),
        Preset(
            "vgg",
            "images: VGG",
            {"show": "images", "subtract": "channels"},
            question="Three numbers instead of 48 × 48 × 3. What is lost?",
            answer="Hardly anything with photographs: both rows look the same. That is why one goes without the mean "
            "image; and images are seldom normalized, decorrelated or whitened at all, their pixels being on one "
            "scale already.",
        ),
        Preset(
            "components",
            "components",
            {"show": "components"},
            question="12 numbers instead of 64 pixels. Can you still read the digits?",
            answer="Most of them: 79 % of the variance lies along 12 components. Whitening goes the other way and "
            "makes all 64 equal, so that the last ones, which are mostly noise, are as loud as the first.",
        ),
        Preset(
            "leak",
            "honest statistics",
            {"show": "leak"},
            question="64 digits to learn from. Does it matter whose mean and covariance whiten the test set?",
            answer="Here it does: 51 % is honest, statistics of both sets make it 57 %, and the test set's own 75 %, "
            "an accuracy that no image that comes alone will see. (The 57 % are real: more images without labels "
            "make better statistics.) From about 500 training digits on no difference is left to be seen.",
        ),
    )

    def __init__(self, **settings: Any) -> None:
        self._own_points: NDArray[np.float32] | None = None
        self._own_image: tuple[str, NDArray[np.float32]] | None = None
        super().__init__(**settings)

    def compute(self, s: Any) -> Any:
        return getattr(self, f"_{s.show}")(s)

    def picture(self, figure: Figure) -> Picture:
        return Views(
            figure,
            {
                CloudView: CloudPicture,
                TurnView: TurnPicture,
                DescentView: DescentPicture,
                MeansView: MeansPicture,
                ComponentsView: ComponentsPicture,
                LeakView: LeakPicture,
            },
        )

    def explain(self, result: Any) -> Sequence[str]:
        return sentences(result)

    def script(self, s: Any) -> str:
        match s.show:
            case "cloud":
                return scripts.points_script(self._points()) if s.data == "own" else scripts.cloud_script(_cloud(s))
            case "turn":
                return scripts.turn_script(_cloud(s), s.turn)
            case "descent":
                stds = (math.sqrt(s.condition), 1.0)
                cloud = Cloud(stds, s.angle, (s.shift_x, s.shift_y), 200, exact=True)
                return scripts.descent_script(cloud, s.rate)
            case "images":
                return scripts.means_script(s.images, s.examples)
            case "components":
                return scripts.components_script(s.examples, s.keep)
        return scripts.leak_script(s.method, s.train_size, s.test_size, s.drift, REPEATS)

    # The views -------------------------------------------------------------------------------------------------------

    def _cloud(self, s: Any) -> CloudView:
        steps = cloud_steps(self._points() if s.data == "own" else _cloud(s).draw())
        return CloudView(steps, STEPS.keys().index(s.step), cloud_groups(steps))

    def _turn(self, s: Any) -> TurnView:
        steps, classes = turned_classifiers(_cloud(s))
        return TurnView(steps, classes, s.after, s.turn)

    def _descent(self, s: Any) -> DescentView:
        found = bowls(s.condition, s.angle, (s.shift_x, s.shift_y))
        return DescentView(found, s.rate, {name: bowl.steps(s.rate) for name, bowl in found.items()})

    def _images(self, s: Any) -> MeansView:
        images = IMAGE_SETS[s.images].load()
        train = images.train[: s.examples]
        mean = train.mean(axis=0)
        shown, names = images.shown, list(images.names)
        if self._own_image is not None and s.images == "photographs":
            name, own = self._own_image
            shown = np.concatenate([own.transpose(2, 0, 1)[None], shown])[:SHOWN]
            names = [name, *names][:SHOWN]
        row = SUBTRACT.keys().index(s.subtract)
        return MeansView(shown, names, mean, mean.mean(axis=(1, 2)), len(train), IMAGE_SETS[s.images].train, row)

    def _components(self, s: Any) -> ComponentsView:
        return ComponentsView(digit_components(s.examples), s.keep, load_dataset("digits").X_val[:10])

    def _leak(self, s: Any) -> LeakView:
        return LeakView(leaked_accuracies(s.method, s.train_size, s.test_size, s.drift, REPEATS))

    # The learner's own -----------------------------------------------------------------------------------------------

    def _points(self) -> NDArray[np.float32]:
        if self._own_points is None:
            raise InvalidSetting("data = own needs a file: open one above the picture, or choose data = gaussian.")
        return self._own_points

    def take_points(self, name: str, content: bytes) -> None:
        """Show the points of a CSV file of two columns."""
        points = read_points(name, content)
        with self._lock:
            self._own_points = points
            self._show_own({"show": "cloud", "data": "own"})

    def take_image(self, name: str, content: bytes) -> None:
        """Show an image, the first of the row, beside the photographs."""
        image = read_image(name, content, SIDE)
        with self._lock:
            self._own_image = name.rpartition(".")[0] or name, image
            self._show_own({"show": "images", "images": "photographs"})

    def _show_own(self, settings: dict[str, str]) -> None:
        if all(self.settings[name] == value for name, value in settings.items()):
            self._say("")
            self._submit()  # the settings are the same, what they stand for is not
            self._show_code()
        else:
            self.set(**settings)

    def _above(self) -> Sequence[w.Widget]:
        def button(description: str, accept: str, take: Callable[[str, bytes], None], tooltip: str) -> Upload:
            return Upload(description, accept, self._guarded(take), tooltip=tooltip)

        self._uploads = {
            "cloud": button("Open points", ".csv,.txt,text/csv", self.take_points, "A CSV file of two columns"),
            "images": button("Open an image", ".png,.jpg,.jpeg", self.take_image, "A PNG or JPEG file"),
        }
        return list(self._uploads.values())

    def _submit(self) -> None:
        for show, upload in self._uploads.items():
            upload.layout.display = None if show == self.show else "none"
        super()._submit()


def _cloud(s: Any) -> Cloud:
    return Cloud((s.stretch, s.squeeze), s.angle, (s.shift_x, s.shift_y), s.points, s.seed)
