"""Data: toys, bundled sets, files of the real formats made here, and preprocessing from the training set alone."""

import functools
import gc
import gzip
import hashlib
import http.server
import io
import struct
import subprocess
import sys
import tarfile
import threading
import warnings

import numpy as np
import pytest

from trainingwheels.engine import DATASETS, PREPROCESSING, InvalidSetting, RunConfig, download, load_dataset, train
from trainingwheels.engine.data import datasets as sets
from trainingwheels.engine.data.batches import noisy_labels
from trainingwheels.engine.data.downloads import CACHE_VARIABLE, DOWNLOADS, Download, File, read_cifar, read_idx

LOCAL = [name for name, dataset in DATASETS.items() if not dataset.download]
FASHION = [file.name for file in DOWNLOADS["fashion"].files]


@pytest.fixture(autouse=True)
def empty_cache(tmp_path, monkeypatch):
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path))
    load_dataset.cache_clear()
    yield tmp_path
    load_dataset.cache_clear()


def refused(function, *arguments):
    with pytest.raises(InvalidSetting) as caught:
        function(*arguments)
    message = str(caught.value)
    assert "\n" not in message
    assert len(message) < 300
    return message


@pytest.mark.parametrize("name", LOCAL)
def test_a_local_set_is_what_its_entry_says(name):
    data, dataset = load_dataset(name), DATASETS[name]
    for X, y in ((data.X_train, data.y_train), (data.X_val, data.y_val)):
        assert X.dtype == np.float32
        assert X.shape == (len(y), dataset.features)
        assert set(np.unique(y)) == set(range(dataset.classes))
        assert np.isfinite(X).all()
        assert not X.flags.writeable
    assert not (data.X_train[:200, None] == data.X_val[None, :200]).all(2).any()  # no example in both
    assert load_dataset(name) is data


def test_digits_are_all_there():
    data = load_dataset("digits")
    assert len(data.y_train), len(data.y_val) == (1437, 360)
    assert (data.X_train.min(), data.X_train.max()) == (0, 1)


@pytest.mark.parametrize("name", ["spirals", "moons", "circles", "xor", "blobs"])
def test_a_toy_set_has_the_size_and_the_noise_that_are_asked_for(name):
    assert len(load_dataset(name, 37).y_train) == 37
    clean, noisy = load_dataset(name, 500, 0.0), load_dataset(name, 500, 0.5)
    assert np.abs(clean.X_train).max() < 2.1
    assert 0.1 < (noisy.X_train - clean.X_train).std() < 0.7
    counts = np.bincount(load_dataset(name, 50).y_train)
    assert counts.max() - counts.min() <= 1


def test_a_smaller_training_set_is_the_beginning_of_the_larger():
    assert (load_dataset("digits", 100).X_train == load_dataset("digits").X_train[:100]).all()
    assert "at most 1,437" in refused(load_dataset, "digits", 1438)


def test_drawing_mnist1d_leaves_the_global_generator_alone():
    np.random.seed(5)  # noqa: NPY002 - the generator under test
    expected = np.random.rand()  # noqa: NPY002
    np.random.seed(5)  # noqa: NPY002
    load_dataset("mnist1d")
    assert np.random.rand() == expected  # noqa: NPY002


def test_two_threads_that_draw_mnist1d_at_once_draw_the_same():
    found = []
    threads = [threading.Thread(target=lambda: found.append(sets._mnist1d.__wrapped__())) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for arrays in zip(*found, sets._mnist1d(), strict=True):
        np.testing.assert_array_equal(arrays[0], arrays[1])
        np.testing.assert_array_equal(arrays[0], arrays[2])


@pytest.mark.parametrize("share", [0.0, 0.1, 0.6, 1.0])
def test_noisy_labels_are_wrong_and_as_many_as_asked(share):
    y = np.arange(20_000) % 7
    noisy = noisy_labels(y, 7, share, seed=4)
    assert (noisy != y).mean() == pytest.approx(share, abs=0.015)
    assert set(np.unique(noisy)) <= set(range(7))
    more = noisy_labels(y, 7, min(1.0, share + 0.2), seed=4)
    assert ((noisy != y) <= (more != y)).all()


# -- preprocessing ---------------------------------------------------------------------------------------------------


@pytest.fixture
def correlated():
    rng = np.random.default_rng(0)
    return (rng.normal(size=(400, 6)) @ rng.normal(size=(6, 6)) + 3).astype(np.float32)


@pytest.mark.parametrize("name", PREPROCESSING)
def test_preprocessing_does_what_its_name_says(name, correlated):
    X = PREPROCESSING[name].fit(correlated, 3)(correlated)
    mean, cov = X.mean(axis=0), np.cov(X.T, bias=True)
    if name != "none":
        np.testing.assert_allclose(mean.reshape(3, 2).mean(axis=1), 0, atol=1e-4)
    if name in ("centre", "normalize", "pca", "whiten"):
        np.testing.assert_allclose(mean, 0, atol=1e-4)
    if name in ("pca", "whiten"):
        np.testing.assert_allclose(cov - np.diag(np.diag(cov)), 0, atol=1e-3 * cov.max())
        assert (np.diff(np.diag(cov)) <= 1e-3).all()  # largest first
    if name in ("normalize", "whiten"):
        np.testing.assert_allclose(np.diag(cov), 1, rtol=1e-3)


@pytest.mark.parametrize("name", PREPROCESSING)
def test_its_statistics_come_from_the_training_set_only(name, correlated):
    transform = PREPROCESSING[name].fit(correlated, 3)
    others = correlated[:10] * 2
    np.testing.assert_allclose(transform(others)[:3], transform(others[:3]), rtol=1e-4, atol=1e-4)
    data = load_dataset("digits", None, None, name)
    raw = load_dataset("digits")
    np.testing.assert_allclose(data.prepare(raw.X_val), data.X_val, rtol=1e-4, atol=1e-4)


# -- files -----------------------------------------------------------------------------------------------------------


def write_idx(path, array, magic=b"\0\0\x08"):
    header = magic + bytes([array.ndim]) + struct.pack(f">{array.ndim}I", *array.shape)
    path.write_bytes(gzip.compress(header + array.tobytes()))


def write_cifar(path, batches):
    with tarfile.open(path, "w:gz") as archive:
        for name, content in batches.items():
            entry = tarfile.TarInfo(f"cifar-10-batches-bin/{name}")
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))


def records(count, seed):
    drawn = np.random.default_rng(seed).integers(0, 256, (count, 3073), dtype=np.uint8)
    drawn[:, 0] = np.arange(count) % 10
    return drawn


def make_fashion(folder, count=20):
    rng = np.random.default_rng(0)
    for images, labels in (FASHION[:2], FASHION[2:]):
        write_idx(folder / images, rng.integers(0, 256, (count, 28, 28), dtype=np.uint8))
        write_idx(folder / labels, (np.arange(count) % 10).astype(np.uint8))


def make_cifar(folder):
    batches = {f"data_batch_{i}.bin": records(10, i).tobytes() for i in range(1, 6)}
    write_cifar(folder / "cifar-10-binary.tar.gz", batches | {"test_batch.bin": records(10, 9).tobytes()})


@pytest.mark.parametrize("name", ["fashion", "cifar10"])
def test_a_set_that_is_not_here_says_what_to_do(name):
    message = refused(load_dataset, name)
    assert f"download('{name}')" in message
    assert message == DATASETS[name].missing()


def test_fashion_is_read_from_idx_files(empty_cache):
    make_fashion(empty_cache)
    assert DATASETS["fashion"].missing() == ""
    data = load_dataset("fashion")
    assert data.X_train.shape == (20, 784)
    assert data.y_val.tolist() == [i % 10 for i in range(20)]
    assert data.X_train.max() <= 1
    history = train([RunConfig(dataset="fashion", hidden=(8,), batch_size=10, epochs=2)], "cpu")[0]
    assert np.isfinite(history.train_loss).all()


def test_cifar_is_read_from_binary_records(empty_cache):
    make_cifar(empty_cache)
    data = load_dataset("cifar10", None, None, "centre_channels")
    raw = load_dataset("cifar10")
    assert raw.X_train.shape == (50, 3072)
    first = records(10, 1)
    np.testing.assert_allclose(raw.X_train[0] * 255, first[0, 1:], rtol=1e-5)
    assert raw.y_train[:10].tolist() == first[:, 0].tolist()
    np.testing.assert_allclose(data.X_train.reshape(50, 3, -1).mean(axis=(0, 2)), 0, atol=1e-5)


def damage_idx(path, how):
    write_idx(path, np.zeros((5, 28, 28), np.uint8))
    content = path.read_bytes()
    if how == "cut in the middle of the gzip":
        path.write_bytes(content[:-20])
    elif how == "too few bytes":
        path.write_bytes(gzip.compress(gzip.decompress(content)[:-1]))
    elif how == "not gzip":
        path.write_bytes(b"<html>not found</html>")
    elif how == "another type":
        write_idx(path, np.zeros((5, 28), np.uint8), magic=b"\0\0\x0d")
    elif how == "empty":
        path.write_bytes(b"")


@pytest.mark.parametrize("how", ["cut in the middle of the gzip", "too few bytes", "not gzip", "another type", "empty"])
def test_a_damaged_idx_file_is_refused(empty_cache, how):
    damage_idx(empty_cache / "images.gz", how)
    message = refused(read_idx, empty_cache / "images.gz")
    assert "images.gz is damaged" in message
    assert "download it again" in message


def test_images_without_labels_are_refused(empty_cache):
    make_fashion(empty_cache)
    write_idx(empty_cache / FASHION[1], np.zeros(3, np.uint8))
    assert "20 images for 3 labels" in refused(load_dataset, "fashion")


def test_a_damaged_cifar_archive_is_refused(empty_cache):
    path = empty_cache / "cifar-10-binary.tar.gz"
    make_cifar(empty_cache)
    path.write_bytes(path.read_bytes()[:-5000])
    assert "is damaged" in refused(read_cifar, path)
    write_cifar(path, {"data_batch_1.bin": records(10, 1).tobytes()[:-7], "test_batch.bin": b""})
    assert "whole records" in refused(read_cifar, path)
    wrong = records(10, 1)
    wrong[3, 0] = 77
    write_cifar(path, {"data_batch_1.bin": wrong.tobytes()})
    assert "label 77" in refused(read_cifar, path)
    write_cifar(path, {"data_batch_1.bin": records(10, 1).tobytes()})
    assert "it holds data_batch_1" in refused(read_cifar, path)
    path.write_bytes(b"not a tar")
    assert "is damaged" in refused(read_cifar, path)


# -- downloading, from a server of our own -----------------------------------------------------------------------------


@pytest.fixture
def server(tmp_path_factory):
    folder = tmp_path_factory.mktemp("served")
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=str(folder))
    handler.log_message = lambda *arguments: None
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as serving:
        thread = threading.Thread(target=serving.serve_forever)
        thread.start()
        yield folder, f"http://127.0.0.1:{serving.server_port}/"
        serving.shutdown()
        thread.join()


def test_a_download_is_verified_kept_and_reports_its_progress(server, empty_cache):
    folder, url = server
    content = bytes(200_000)
    (folder / "set.gz").write_bytes(content)
    seen = []
    good = Download("toy", (File("set.gz", hashlib.md5(content).hexdigest(), url),), lambda paths: paths)
    assert not good.present()
    good.fetch(lambda done, total: seen.append((done, total)))
    assert good.present()
    assert seen[-1] == (200_000, 200_000)
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)
    (folder / "set.gz").unlink()
    good.fetch()  # it is kept: the server is not asked again

    (folder / "bad.gz").write_bytes(content[:-1])
    bad = Download("toy", (File("bad.gz", hashlib.md5(content).hexdigest(), url),), lambda paths: paths)
    assert "could not be fetched" in refused(bad.fetch)
    assert not bad.present()
    absent = Download("toy", (File("none.gz", "0" * 32, url),), lambda paths: paths)
    assert "go online" in refused(absent.fetch)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # pooch 1.9 leaves the socket of a refused request open
        gc.collect()


def test_there_is_nothing_to_download_for_a_bundled_set():
    download("digits")


def test_digits_are_those_of_scikit_learn_which_is_not_imported():
    load = "import sys; from trainingwheels.engine import load_dataset; load_dataset('digits')"
    run = [sys.executable, "-c", f"{load}; print('sklearn' in sys.modules)"]
    assert subprocess.run(run, capture_output=True, text=True, check=True).stdout == "False\n"
    data, theirs = load_dataset("digits"), sets.digits()
    for ours, expected in zip((data.X_train, data.y_train, data.X_val, data.y_val), theirs, strict=True):
        np.testing.assert_array_equal(ours, expected)


@pytest.mark.parametrize("name", [name for name in DATASETS if not DATASETS[name].download])
def test_a_set_has_as_many_examples_as_it_says(name):
    assert len(load_dataset(name).y_train) == DATASETS[name].examples
