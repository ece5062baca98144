"""The lecture's slide on gradient checks and what goes wrong in them, each with its question and a measured answer."""

from __future__ import annotations

from trainingwheels.labs.base.presets import Preset

__all__ = ["PRESETS"]

PRESETS = (
    Preset(
        "v-shape",
        "The V",
        question="A smaller h makes the difference more exact. Why not take h = 1e-15?",
        answer="Rounding. The truncation error falls as h², but the two values of f agree in more and more digits, "
        "and the rounding of their difference, divided by h, grows as 1/h. In float64 the best h is about 1e-5: "
        "there this net's error is about 1e-10. At 1e-15 it is about a half: not one digit is right.",
    ),
    Preset(
        "float32",
        "float32",
        {"precision": "float32", "h": 0.01},
        question="The same net in float32. How good can the check become?",
        answer="Hardly better than 1e-4, at h = 1e-2. With h = 1e-5, the best for float64, the error is several "
        "per cent: a right gradient would be called wrong. So check gradients in float64.",
    ),
    Preset(
        "one-sided",
        "One-sided",
        {"difference": "one-sided"},
        question="(f(x+h) − f(x)) / h needs only half the evaluations. What does it cost?",
        answer="Its error falls as h, not as h². The best it reaches is about 4e-8, near h = 5e-8; the centred "
        "difference is hundreds of times better. At h = 1e-5 it is 5e-6 against 1e-10.",
    ),
    Preset(
        "kink",
        "A kink",
        {"show": "kink", "x": 0.1, "h": 0.3},
        question="The analytic slope is 1, the numeric one 0.667. Which is wrong?",
        answer="Neither: x − h and x + h stand on different sides of the kink, and the secant mixes both slopes. "
        "Make h smaller than 0.1 and the two agree. A net has many kinks: use few examples and a small h.",
    ),
    Preset(
        "kinked-net",
        "A net with kinks",
        {"function": "kinked-net", "h": 0.1},
        question="ReLU and hinge instead of tanh and softmax: where does the curve leave the V, and why?",
        answer="Above h = 0.05: at 0.1, three of the 44 entries have a kink between x − h and x + h, and the error "
        "leaps from 1e-4 to 5e-2. At h = 1e-5 none has, and the check is as good as without kinks.",
    ),
    Preset(
        "bug",
        "A bug",
        {"bug": "half-penalty"},
        question="The gradient of l2 W² lacks its factor 2: a net trains all the same. What does the check say?",
        answer="0.06 at h = 1e-5, and no h brings it below 0.05. Rounding and truncation make a V; a bug makes a "
        "floor.",
    ),
    Preset(
        "find-it",
        "Find the bug",
        {"show": "entries", "bug": "secret", "seed": 7},
        question="One line of the backward pass is wrong. Which arrays leave the diagonal, and so which line?",
        answer="W1 alone. W2 is right, so dW = xᵀd is, and gamma and beta are right, so the gradient that reaches "
        "batchnorm is. The line between them is wrong: dx of batchnorm, which takes the variance for a constant.",
    ),
)
