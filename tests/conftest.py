"""What several test modules share."""

import pytest


def pytest_addoption(parser):
    parser.addoption("--slow", action="store_true", help="run the slow tests too")


def pytest_collection_modifyitems(config, items):
    """Leave the tests that are marked slow out, unless --slow is given."""
    if config.getoption("--slow"):
        return
    slow = [item for item in items if item.get_closest_marker("slow")]
    if slow:
        config.hook.pytest_deselected(items=slow)
        items[:] = [item for item in items if item not in set(slow)]


@pytest.fixture(scope="session", autouse=True)
def own_cache(tmp_path_factory):
    """Stamps of verified catalogs go to a folder of the test run."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(scope="session")
def published_runs(tmp_path_factory):
    """The published networks of d = 23, seeds 1 to 5, trained once: a folder of runs."""
    pytest.importorskip("torch")
    from cogo_search.training.runs import run
    from cogo_search.training.settings import Settings

    folder = tmp_path_factory.mktemp("published")
    for seed in range(1, 6):
        settings = Settings("23", seed=seed)
        assert run(folder / settings.name, settings) == "done"
    return folder
