import numpy as np
import pytest
import torch
from kornia import enhance
from kornia.geometry.transform import elastic_transform2d
from PIL import Image, ImageEnhance, ImageOps
from scipy.ndimage import gaussian_filter
from skimage.color import hsv2rgb, rgb2hsv

from nbtests.engine.augmentation.pictures import SIZE, blob, bytes_of, smooth, tensor
from trainingwheels.engine.augmentation.affine import MATRICES
from trainingwheels.engine.augmentation.colours import IMAGENET
from trainingwheels.engine.augmentation.operations import ELASTIC, OPERATIONS, act, warp
from trainingwheels.engine.augmentation.pipelines import Draws
from trainingwheels.engine.augmentation.transforms import TRANSFORMS

PICTURES = bytes_of()
YES = np.array([True, True])


def result(name, *values):
    """What the operation makes of ``PICTURES``, with the same value for both, in 0..255, channels last."""
    drawn = [np.full(2, value) for value in values]
    return OPERATIONS[name](tensor(PICTURES), *drawn).permute(0, 2, 3, 1).numpy() * 255


def pillows(change):
    return np.stack([np.asarray(change(Image.fromarray(picture)), float) for picture in PICTURES])


@pytest.mark.parametrize(
    ("name", "enhancer"),
    [
        ("brightness", ImageEnhance.Brightness),
        ("contrast", ImageEnhance.Contrast),
        ("color", ImageEnhance.Color),
        ("sharpness", ImageEnhance.Sharpness),
    ],
)
@pytest.mark.parametrize("factor", [0.1, 0.6, 1.0, 1.9])
def test_enhancing_is_pillows_but_for_its_rounding_to_bytes(name, enhancer, factor):
    theirs = pillows(lambda picture: enhancer(picture).enhance(factor))
    # Pillow truncates, and blends with a mean or a blurred copy that it has rounded before.
    assert np.abs(result(name, factor) - theirs).max() <= 1 + max(1, abs(1 - factor))


@pytest.mark.parametrize(
    ("name", "value", "change"),
    [
        ("equalize", True, ImageOps.equalize),
        ("invert", True, ImageOps.invert),
        ("posterize", 1.0, lambda picture: ImageOps.posterize(picture, 1)),
        ("posterize", 5.0, lambda picture: ImageOps.posterize(picture, 5)),
        ("solarize", 128 / 255, lambda picture: ImageOps.solarize(picture, 128)),
        ("solarize", 256 / 255, lambda picture: ImageOps.solarize(picture, 256)),
        ("solarize", 0.0, lambda picture: ImageOps.solarize(picture, 0)),
        ("flip", True, ImageOps.mirror),
        ("flip_vertical", True, ImageOps.flip),
    ],
)
def test_what_pillow_does_exactly(name, value, change):
    np.testing.assert_allclose(result(name, value), pillows(change), atol=1e-3)


@pytest.mark.parametrize("channels", [1, 3])
def test_what_is_written_for_speed_is_kornias(channels):
    x, n = torch.rand(9, channels, 8, 8, generator=torch.Generator().manual_seed(0)), 9
    factor, threshold = np.linspace(0, 2, n), np.linspace(0, 1, n)
    for name, drawn, theirs in (
        ("brightness", factor, enhance.adjust_brightness_accumulative),
        ("contrast", factor, enhance.adjust_contrast_with_mean_subtraction),
        ("color", factor, enhance.adjust_saturation_with_gray_subtraction),
        ("sharpness", factor, enhance.sharpness),
        ("solarize", threshold, enhance.solarize),
        ("posterize", np.arange(9.0), lambda x, bits: enhance.posterize(x, bits.int())),
        ("auto_contrast", np.ones(n, bool), lambda x, _: enhance.normalize_min_max(x, eps=0.0)),
    ):
        expected = theirs(x, torch.tensor(drawn, dtype=x.dtype))
        torch.testing.assert_close(OPERATIONS[name](x, drawn), expected, atol=1e-5, rtol=0, msg=name)


@pytest.mark.parametrize("name", ["rand_augment", "auto_svhn", "trivial_augment"])
def test_each_picture_of_a_policy_gets_its_operations_as_if_it_were_alone(name):
    x = smooth(60, (8, 8))
    (drawn,) = Draws(((name, TRANSFORMS[name].default),), 0)(60, (3, 8, 8))
    together = act(x, [(name, drawn.values)], IMAGENET)
    for place in range(60):
        alone = {key: values[place : place + 1] for key, values in drawn.values.items()}
        torch.testing.assert_close(act(x[place : place + 1], [(name, alone)], IMAGENET)[0], together[place])


def test_auto_contrast_is_pillows_but_for_truncation():
    low = PICTURES // 2 + 40  # from 40 to 167
    theirs = [np.asarray(ImageOps.autocontrast(Image.fromarray(picture)), float) for picture in low]
    ours = OPERATIONS["auto_contrast"](tensor(low), YES).permute(0, 2, 3, 1).numpy() * 255
    assert np.abs(ours - np.stack(theirs)).max() < 1 + 1e-3
    flat = torch.full((1, 3, 4, 4), 0.3)
    assert (OPERATIONS["auto_contrast"](flat, YES[:1]) == flat).all()


def test_hue_is_a_turn_of_scikit_images():
    turned = []
    for picture in PICTURES / 255:
        hsv = rgb2hsv(picture)
        turned.append(hsv2rgb(np.stack([(hsv[..., 0] + 40 / 360) % 1, hsv[..., 1], hsv[..., 2]], -1)))
    np.testing.assert_allclose(result("hue", 40.0) / 255, turned, atol=1e-4)


def test_gamma_grey_and_pca_are_their_formulas():
    x = PICTURES / 255
    np.testing.assert_allclose(result("gamma", 1.7) / 255, x**1.7, atol=1e-5)
    grey = x @ [0.299, 0.587, 0.114]
    np.testing.assert_allclose(result("grayscale", True) / 255, grey[..., None].repeat(3, -1), atol=1e-5)
    alpha = [np.array([0.1, -0.2]), np.array([0.3, 0.0]), np.array([-0.1, 0.2])]
    ours = OPERATIONS["pca"](tensor(PICTURES), *alpha, components=IMAGENET).permute(0, 2, 3, 1).numpy()
    for place in range(2):
        offset = sum(
            alpha[i][place] * IMAGENET.eigenvalues[i] * IMAGENET.eigenvectors[i] for i in range(3)
        )  # as the lecture writes it
        np.testing.assert_allclose(ours[place], np.clip(x[place] + offset, 0, 1), atol=1e-5)


@pytest.mark.parametrize("share", [0.02, 0.08])
def test_blur_is_scipys_gaussian(share):
    x = smooth(2)
    ours = OPERATIONS["blur"](x, np.full(2, share)).numpy()
    theirs = gaussian_filter(x.numpy(), (0, 0, share * SIZE[0], share * SIZE[0]), mode="mirror", radius=6)
    np.testing.assert_allclose(ours, theirs, atol=5e-3)  # the tails beyond 3 standard deviations


def test_noise_adds_its_field_and_salt_and_pepper_take_their_share():
    x = torch.full((2, 3, 60, 60), 0.5, dtype=torch.float64)
    field = np.random.default_rng(0).standard_normal((2, 3, 60, 60))
    ours = OPERATIONS["noise"](x, np.array([0.1, 0.02]), field)
    np.testing.assert_allclose(ours, np.clip(0.5 + field * np.array([0.1, 0.02])[:, None, None, None], 0, 1))
    ours = OPERATIONS["salt_pepper"](x, np.array([0.2, 0.0]), field[:, :1])
    assert (ours[1] == x[1]).all()
    for value in (0.0, 1.0):
        assert abs((ours[0] == value).double().mean() - 0.1) < 5 * np.sqrt(0.1 * 0.9 / 3600)


def test_erasing_blackens_a_rectangle_and_nothing_else():
    x = torch.ones(1, 3, 20, 30)
    ours = OPERATIONS["erase"](x, *(np.array([each]) for each in (0.5, 0.2, 0.25, 0.5)))
    expected = x.clone()
    expected[:, :, 5:15, 15:21] = 0
    assert (ours == expected).all()


def test_a_perspective_keeps_straight_lines_and_takes_corners_where_it_says():
    height, width = 41, 41
    marks = torch.zeros(1, 1, height, width, dtype=torch.float64)
    for row, column in ((0, 0), (0, 40), (40, 40), (40, 0)):
        marks[0, 0, row, column] = 1
    corners = {f"{axis}{i}": np.array([0.2]) for i in range(4) for axis in "xy"}
    moved = OPERATIONS["perspective"](marks, **corners)
    for row, column in ((4, 4), (4, 36), (36, 36), (36, 4)):
        assert moved[0, 0, row, column] > 0.99
    # With three corners in place, a straight line stays one: its points have a common determinant of 0.
    down, across = np.mgrid[:height, :width]
    line = torch.tensor(np.exp(-((down - across) ** 2) / 2.0))[None, None]
    corners = {name: np.array([0.3 if name in ("x0", "y2") else 0.0]) for name in corners}
    bent = OPERATIONS["perspective"](line, **corners)[0, 0].numpy()
    rows = np.arange(12, 30)
    columns = (bent[rows] * np.arange(width)).sum(1) / bent[rows].sum(1)
    assert np.abs(np.polyval(np.polyfit(rows, columns, 1), rows) - columns).max() < 0.1
    assert np.abs(columns - rows).max() > 0.5


def test_a_lens_keeps_centre_and_corners_and_moves_along_the_radius():
    x = torch.zeros(1, 1, 41, 41, dtype=torch.float64)
    for row, column in ((20, 20), (0, 0), (40, 40)):
        x[0, 0, row, column] = 1
    ours = OPERATIONS["lens"](x, np.array([0.4]))
    for row, column in ((20, 20), (0, 0), (40, 40)):
        assert ours[0, 0, row, column] == pytest.approx(1, abs=1e-9)
    spot = blob((41, 41), (20, 30))
    barrel, cushion = (OPERATIONS["lens"](spot, np.array([k])) for k in (0.4, -0.4))
    place = [float((each[0, 0, 20] * torch.arange(41)).sum() / each[0, 0, 20].sum()) for each in (barrel, cushion)]
    assert place[0] > 30.5 > 29.5 > place[1]


def test_elastic_is_kornias_where_a_pixel_has_its_own_displacement():
    x = smooth(2, (28, 28))
    field = np.random.default_rng(0).standard_normal((2, 2, 28, 28))
    strength = np.array([0.02, 0.05])
    sigma = ELASTIC * 28
    scale = 4 * sigma * np.sqrt(np.pi) * strength[:, None, None, None]
    theirs = elastic_transform2d(
        x, torch.tensor(field * scale), (13, 13), (sigma, sigma), (1.0, 1.0), align_corners=True
    )
    ours = OPERATIONS["elastic"](x, strength, field)
    torch.testing.assert_close(ours[:, :, 6:-6, 6:-6], theirs[:, :, 6:-6, 6:-6], atol=1e-9, rtol=0)


def test_elastic_moves_pixels_by_as_much_as_it_says():
    """Of a ramp, what a pixel shows says where it came from."""
    size, n = 64, 40
    ramp = torch.linspace(0, 1, size, dtype=torch.float64).expand(n, 1, size, size)
    field = np.random.default_rng(0).standard_normal((n, 2, 32, 32))
    ours = OPERATIONS["elastic"](ramp, np.full(n, 0.02), field)
    moved = ((ours - ramp) * (size - 1))[:, :, 16:-16, 16:-16]
    assert float(moved.std()) == pytest.approx(0.02 * size, rel=0.1)  # of 40 fields, each about 16 x 16 correlated


def test_neighbouring_maps_are_interpolated_once_and_in_their_order():
    x = smooth(2)
    shift, turn = {"right": np.array([0.1, 0.2]), "down": np.zeros(2)}, {"degrees": np.array([30.0, 45.0])}
    once = act(x, [("translate", shift), ("rotate", turn)], IMAGENET)
    first = MATRICES["translate"](SIZE, **shift)
    torch.testing.assert_close(once, warp(x, first @ MATRICES["rotate"](SIZE, **turn)))
    twice = warp(warp(x, first), MATRICES["rotate"](SIZE, **turn))
    inside = (..., slice(9, 15), slice(12, 19))
    torch.testing.assert_close(once[inside], twice[inside], atol=0.02, rtol=0)  # twice is blurred a little more
    other = act(x, [("rotate", turn), ("translate", shift)], IMAGENET)
    assert (other - once).abs().max() > 0.1


def test_everything_runs_on_the_meta_device():
    """It holds no numbers: a tensor on another device, or a step that waits for a value, is an error."""
    x = torch.empty(4, 3, 16, 16, device="meta")
    for name, transform in TRANSFORMS.items():
        drawn = Draws(((name, transform.default),), 0)(4, (3, 16, 16))
        assert act(x, [(each.name, each.values) for each in drawn], IMAGENET).shape == x.shape
