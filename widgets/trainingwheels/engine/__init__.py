"""Numbers in, numbers out: what the labs compute. It knows nothing of widgets or figures."""

from trainingwheels.engine.activations import ACTIVATIONS, Activation, Flat, elu, leaky_relu
from trainingwheels.engine.data.datasets import DATASETS, Data, Dataset, download, load_dataset
from trainingwheels.engine.gradients.bugs import BUGS, Bug
from trainingwheels.engine.gradients.check import gradient_check
from trainingwheels.engine.gradients.checked import Checked, Planted, applies, error_curve, run_check, whole_error
from trainingwheels.engine.gradients.differences import (
    DIFFERENCES,
    PRECISIONS,
    VERDICTS,
    Difference,
    Precision,
    Verdict,
    relative_error,
    verdict,
)
from trainingwheels.engine.gradients.functions import CHECKS, Check
from trainingwheels.engine.gradients.kinks import KINKS, Kink, Secant, secant, straddling
from trainingwheels.engine.gradients.report import CheckedArray, GradientReport
from trainingwheels.engine.initializers import INITIALIZERS, Initializer
from trainingwheels.engine.losses import LOSSES, Loss
from trainingwheels.engine.maxout import maxout
from trainingwheels.engine.optimizers import OPTIMIZERS, Optimizer
from trainingwheels.engine.penalties import PENALTIES, Penalty
from trainingwheels.engine.preprocessing import PREPROCESSING, Preprocessing
from trainingwheels.engine.records.csv import write_csv
from trainingwheels.engine.records.diagnosis import Finding, diagnose
from trainingwheels.engine.records.file_run import FileRun
from trainingwheels.engine.records.files import read_runs, write_tensorboard
from trainingwheels.engine.schedules import SCHEDULES, Schedule
from trainingwheels.engine.scripts.activations import chain_script, function_script, two_weights_script
from trainingwheels.engine.scripts.gradient_checks import check_script, kink_script
from trainingwheels.engine.scripts.propagation import lecture_script
from trainingwheels.engine.scripts.training import training_script
from trainingwheels.engine.settings import InvalidSetting
from trainingwheels.engine.signals.chain import Chain, chain
from trainingwheels.engine.signals.deepnet import METHODS, DeepNet, Method
from trainingwheels.engine.signals.gaussian_inputs import Outputs, outputs
from trainingwheels.engine.signals.propagation import Layer, propagate
from trainingwheels.engine.signals.two_weights import TwoWeights, two_weights
from trainingwheels.engine.training.history import Best, Curves, History, LayerCurves
from trainingwheels.engine.training.runs import RunConfig
from trainingwheels.engine.training.snapshot import Response, Snapshot
from trainingwheels.engine.training.train import LiveTraining, train, train_steps

__all__ = [
    "ACTIVATIONS",
    "BUGS",
    "CHECKS",
    "DATASETS",
    "DIFFERENCES",
    "INITIALIZERS",
    "KINKS",
    "LOSSES",
    "METHODS",
    "OPTIMIZERS",
    "PENALTIES",
    "PRECISIONS",
    "PREPROCESSING",
    "SCHEDULES",
    "VERDICTS",
    "Activation",
    "Best",
    "Bug",
    "Chain",
    "Check",
    "Checked",
    "CheckedArray",
    "Curves",
    "Data",
    "Dataset",
    "DeepNet",
    "Difference",
    "FileRun",
    "Finding",
    "Flat",
    "GradientReport",
    "History",
    "Initializer",
    "InvalidSetting",
    "Kink",
    "Layer",
    "LayerCurves",
    "LiveTraining",
    "Loss",
    "Method",
    "Optimizer",
    "Outputs",
    "Penalty",
    "Planted",
    "Precision",
    "Preprocessing",
    "Response",
    "RunConfig",
    "Schedule",
    "Secant",
    "Snapshot",
    "TwoWeights",
    "Verdict",
    "applies",
    "chain",
    "chain_script",
    "check_script",
    "diagnose",
    "download",
    "elu",
    "error_curve",
    "function_script",
    "gradient_check",
    "kink_script",
    "leaky_relu",
    "lecture_script",
    "load_dataset",
    "maxout",
    "outputs",
    "propagate",
    "read_runs",
    "relative_error",
    "run_check",
    "secant",
    "straddling",
    "train",
    "train_steps",
    "training_script",
    "two_weights",
    "two_weights_script",
    "verdict",
    "whole_error",
    "write_csv",
    "write_tensorboard",
]
