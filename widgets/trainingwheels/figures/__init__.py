"""Arrays in, matplotlib artists out. Knows nothing of widgets or training."""

from trainingwheels.figures.histograms import LayerHistograms, LayerSignals
from trainingwheels.figures.learning_curves import CurvesPicture
from trainingwheels.figures.live import Picture
from trainingwheels.figures.plane import Plane, plane_points, square_around
from trainingwheels.figures.samples import Samples
from trainingwheels.figures.theme import MEANING, THEME
from trainingwheels.figures.traces import CurvesView
from trainingwheels.figures.training import TrainingPicture, TrainingView
from trainingwheels.figures.views import Views

__all__ = [
    "MEANING",
    "THEME",
    "CurvesPicture",
    "CurvesView",
    "LayerHistograms",
    "LayerSignals",
    "Picture",
    "Plane",
    "Samples",
    "TrainingPicture",
    "TrainingView",
    "Views",
    "plane_points",
    "square_around",
]
