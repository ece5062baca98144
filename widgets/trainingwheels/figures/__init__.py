"""Arrays in, matplotlib artists out. Knows nothing of widgets or training."""

from trainingwheels.figures.chains import ChainPicture, ChainView
from trainingwheels.figures.comparison import ComparisonPicture
from trainingwheels.figures.error_against_h import ErrorCurves, ErrorPicture
from trainingwheels.figures.functions import FunctionsPicture, FunctionsView
from trainingwheels.figures.gradient_entries import EntriesPicture, GradientEntries
from trainingwheels.figures.histograms import LayerHistograms, LayerSignals
from trainingwheels.figures.kink import KinkPicture, KinkView
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
    "ChainPicture",
    "ChainView",
    "ComparisonPicture",
    "CurvesPicture",
    "CurvesView",
    "EntriesPicture",
    "ErrorCurves",
    "ErrorPicture",
    "FunctionsPicture",
    "FunctionsView",
    "GradientEntries",
    "KinkPicture",
    "KinkView",
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
