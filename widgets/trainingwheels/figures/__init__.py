"""Arrays in, matplotlib artists out: the drawing kit, and the pictures that several labs share."""

from trainingwheels.figures.histograms import LayerHistograms, LayerSignals
from trainingwheels.figures.picture import Picture
from trainingwheels.figures.theme import MEANING, THEME
from trainingwheels.figures.traces import CurvesView
from trainingwheels.figures.views import Views

__all__ = ["MEANING", "THEME", "CurvesView", "LayerHistograms", "LayerSignals", "Picture", "Views"]
