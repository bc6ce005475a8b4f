"""The page in a real browser: headless Chromium, no network. Skipped where none is installed."""

import json
import shutil
import time
from collections import Counter
from dataclasses import replace

import pytest

webdriver = pytest.importorskip("selenium.webdriver", reason="selenium is not installed, the extra check brings it")
BROWSER = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
DRIVER = shutil.which("chromedriver")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        BROWSER is None or DRIVER is None,
        reason="no browser: apt-get install chromium chromium-driver brings what the page's tests need",
    ),
]

from selenium.webdriver.chrome.service import Service  # noqa: E402
from selenium.webdriver.common.by import By  # noqa: E402
from selenium.webdriver.common.keys import Keys  # noqa: E402

from cogo_search.catalog.catalog_files import digest, find_catalogs, read_catalog, write_catalog  # noqa: E402
from cogo_search.catalog.lookup import filter_entries  # noqa: E402
from cogo_search.matching import compare, expected_hits  # noqa: E402
from cogo_search.reporting.collect import Missing, gather  # noqa: E402
from cogo_search.reporting.matched_runs import match_runs  # noqa: E402
from cogo_search.reporting.page import write_page  # noqa: E402
from cogo_search.reporting.sheets import Sheet  # noqa: E402

from .browsing import follow, no_alert, opened, requests, rows, selected, shown, visit  # noqa: E402

HOSTILE = "<img src=x onerror=alert(1)>"
RUN = "7-q20-wd0.001-s1"


@pytest.fixture(scope="module")
def browser():
    options = webdriver.ChromeOptions()
    options.binary_location = BROWSER
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"):
        options.add_argument(argument)
    options.add_argument("--proxy-server=127.0.0.1:9")  # whatever is asked of a network fails, and is seen below
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(DRIVER))
    yield driver
    driver.quit()


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """Three small runs, one with a hostile name, beside one that has not finished."""
    pytest.importorskip("torch")
    from cogo_search.training.config import Settings
    from cogo_search.training.runs import run

    folder = tmp_path_factory.mktemp("runs")
    settings = Settings("7", hidden=20, weight_decay=1e-3, epochs=600, snapshots=(0, 500, 600))
    assert run(folder / RUN, settings) == "done"
    shutil.copytree(folder / RUN, folder / HOSTILE)
    unfinished = folder / "7-q20-wd0.001-s2"
    shutil.copytree(folder / RUN, unfinished)
    record = json.loads((unfinished / "run.json").read_text())
    (unfinished / "run.json").write_text(json.dumps({**record, "status": "running", "epoch": 300}))
    return folder


@pytest.fixture(scope="module")
def catalog(tmp_path_factory):
    """The entries over the third and fourth roots, with a whole network whose name is hostile."""
    files = {path.name: read_catalog(path) for path in find_catalogs(None)}
    data = files["roots-3-4.json"]
    network = next(n for n in files["frontier.json"]["networks"] if n["group"] == "5")
    data["networks"] = [{**network, "name": f"</script><script>alert(2)</script>{HOSTILE}"}]
    data["digest"] = digest(data)
    path = tmp_path_factory.mktemp("catalog") / "roots-3-4.json"
    write_catalog(data, path)
    return path


@pytest.fixture(scope="module")
def inputs(catalog, runs):
    with pytest.MonkeyPatch.context() as patch:  # a coarse null is enough here
        patch.setattr(compare, "SHUFFLES", 20)
        patch.setattr(expected_hits, "MEMBERS", 20)
        return match_runs(gather(catalog, runs))


@pytest.fixture(scope="module")
def page(inputs, catalog, tmp_path_factory):
    sheet = Sheet(
        "test",
        f"A table {HOSTILE}",
        "What it says.",
        ("quantity", "paper"),
        (("x", f"1 {HOSTILE}"),),
        (),
        frozenset({(0, 1)}),
    )
    missing = [*inputs.missing, Missing(HOSTILE, "it is not there", f"echo '{HOSTILE}'")]
    return write_page(inputs, [], [sheet], missing, tmp_path_factory.mktemp("page"), catalog)


def test_nothing_is_fetched_and_nothing_goes_wrong(browser, page, inputs):
    opened(browser, page)
    visit(browser, [*inputs.entries, *inputs.networks])
    follow(browser, f"run-{RUN}")
    assert browser.get_log("browser") == []
    assert {url for url in requests(browser) if not url.startswith("data:")} == {page.as_uri()}


@pytest.mark.parametrize(
    ("label", "value", "arguments"),
    [
        ("Order", "6", {"order": 6}),
        ("Cover", ">R*", {"cover": "Rc+R*"}),
        ("Family", "nu_i*xi", {"family": "nu_i*xi"}),
        ("Roots n", "12", {"n": 12}),
        ("Factors", "irreducible", {"irreducible": True}),
    ],
)
def test_filters_agree_with_list(browser, page, inputs, label, value, arguments):
    opened(browser, page)
    expected = [located.record["id"] for located in filter_entries(list(inputs.entries), **arguments)]
    assert 0 < len(expected) < len(inputs.entries)
    selected(browser, label).select_by_value(value)
    listed = ["cogo1-" + row.find_element(By.TAG_NAME, "a").text for row in rows(browser)]
    assert sorted(listed) == sorted(expected)
    assert browser.find_element(By.ID, "count").text == f"{len(expected)} of {len(inputs.entries)} entries"
    browser.find_element(By.XPATH, "//button[.='Reset']").click()
    assert len(rows(browser)) == len(inputs.entries)


def test_filter_by_what_gradient_descent_found(browser, page, inputs):
    opened(browser, page)
    hits = {row["id"] for row in inputs.matches.comparison["entries"] if row["hits"]}
    choices = [option.get_attribute("value") for option in selected(browser, "Gradient descent").options]
    assert ("found" in choices) == bool(hits)
    selected(browser, "Gradient descent").select_by_value("not")
    listed = {"cogo1-" + row.find_element(By.TAG_NAME, "a").text for row in rows(browser)}
    assert listed and not listed & hits


def test_filters_by_keyboard(browser, page, inputs):
    opened(browser, page)
    order = selected(browser, "Order")._el
    browser.execute_script("arguments[0].focus()", order)
    order.send_keys("6")
    assert all(row.find_elements(By.TAG_NAME, "td")[1].text == "6" for row in rows(browser))
    order.send_keys(Keys.TAB)
    assert browser.switch_to.active_element.tag_name == "select"


def test_entry_links(browser, page, inputs):
    opened(browser, page)
    link = rows(browser)[0].find_element(By.TAG_NAME, "a")
    name = link.text
    link.click()
    time.sleep(0.05)
    assert shown(browser).find_element(By.TAG_NAME, "h3").text == f"cogo1-{name}"
    entry = next(i.record for i in inputs.entries if i.record["order"] == 6)
    opened(browser, page, f"#entry-{entry['id']}")
    assert shown(browser).find_element(By.TAG_NAME, "h3").text == entry["id"]
    drawing = shown(browser).find_element(By.CSS_SELECTOR, "svg.circles")
    assert len(drawing.find_elements(By.CSS_SELECTOR, ".joined")) == 6
    assert Counter(
        m.get_attribute("data-node") for m in drawing.find_elements(By.CSS_SELECTOR, ".mark [data-node]")
    ) == {str(j): 3 for j in range(6)}
    zeros = [p.text.split("\n")[0] for p in shown(browser).find_elements(By.CSS_SELECTOR, ".potential.zero")]
    assert zeros == entry["zero_set"]


def test_links_by_prefix_and_to_what_is_not_there(browser, page):
    opened(browser, page, "#entry-n4-q4-90c2")
    assert shown(browser).find_element(By.TAG_NAME, "h3").text == "cogo1-n4-q4-90c22cecf5e99611"
    assert "is short for this id" in shown(browser).text
    follow(browser, "entry-n12-q6")
    assert "is ambiguous: 3 records match" in shown(browser).text
    assert len(shown(browser).find_elements(By.TAG_NAME, "li")) == 3
    follow(browser, "entry-cogo1-n12-q6-0000000000000000")
    assert "No entry of this page has the id" in shown(browser).text
    follow(browser, "entry-%3Cimg src=x onerror=alert(1)%3E%")
    assert no_alert(browser) and "No entry" in shown(browser).text


def test_copied_json_is_the_record(browser, page, inputs):
    entry = inputs.entries[3].record
    network = inputs.networks[0].record
    for record in (entry, network):
        opened(browser, page, f"#entry-{record['id']}")
        browser.execute_script("navigator.clipboard.writeText = async (text) => { window.copied = text; }")
        shown(browser).find_element(By.XPATH, ".//button[.='Copy JSON']").click()
        assert json.loads(browser.execute_script("return window.copied")) == record
        assert json.loads(shown(browser).find_element(By.TAG_NAME, "textarea").get_property("value")) == record
        said = shown(browser).find_element(By.CSS_SELECTOR, ".copyable [role=status]")
        assert said.text == "copied"


@pytest.mark.parametrize("fragment", ["", "#graph", "#runs", "#entry-cogo1-n12-q6-2a6079c645c75b07", f"#run-{RUN}"])
def test_a_phone_needs_no_horizontal_scrolling(browser, page, fragment):
    opened(browser, page, fragment, width=375)
    assert browser.execute_script("return document.documentElement.scrollWidth") <= 375
    assert browser.execute_script("return document.body.scrollWidth") <= 375


def test_light_and_dark(browser, page):
    def colours(scheme):
        opened(browser, page, scheme=scheme)
        style = "const s = getComputedStyle(document.body); return [s.backgroundColor, s.color]"
        return [sum(map(int, c[4:-1].split(","))) for c in browser.execute_script(style)]

    light, dark = colours("light"), colours("dark")
    assert light[0] > 700 and light[1] < 150
    assert dark[0] < 100 and dark[1] > 600


def test_text_from_files_stays_text(browser, page, inputs):
    assert HOSTILE in [run.name for run in inputs.runs]
    opened(browser, page)
    links = [link.text for link in browser.find_elements(By.CSS_SELECTOR, "#runs td.name a")]
    assert HOSTILE in links
    browser.find_element(By.LINK_TEXT, HOSTILE).click()
    time.sleep(0.05)
    assert browser.find_element(By.CSS_SELECTOR, "#shown-run h3").text == HOSTILE
    for fragment in ("tables", "missing", f"entry-{inputs.networks[0].record['id']}"):
        follow(browser, fragment)
    assert HOSTILE in browser.find_element(By.CSS_SELECTOR, "#tables").text
    assert HOSTILE in browser.find_element(By.CSS_SELECTOR, "#missing").text
    assert f"</script><script>alert(2)</script>{HOSTILE}" in shown(browser).text
    assert no_alert(browser)
    assert browser.find_elements(By.CSS_SELECTOR, "img") == []
    assert len(browser.find_elements(By.TAG_NAME, "script")) == 2
    assert browser.get_log("browser") == []
    assert {url for url in requests(browser) if not url.startswith("data:")} == {page.as_uri()}


def test_runs_and_what_is_unfinished(browser, page, inputs):
    opened(browser, page)
    assert browser.find_element(By.ID, "run-count").text == "3 of 3 runs"
    selected(browser, "Status", "#runs").select_by_value("running")
    assert [row.find_elements(By.TAG_NAME, "td")[1].text for row in rows(browser, "#runs")] == ["running"]
    follow(browser, "run-7-q20-wd0.001-s2")
    part = browser.find_element(By.ID, "shown-run")
    assert "still training" in part.text and "python -m cogo_search train" in part.text
    follow(browser, f"run-{RUN}")
    network = next(n for n in inputs.matches.report["networks"] if n["source"] == RUN)
    table = browser.find_elements(By.CSS_SELECTOR, "#shown-run tbody tr")
    orders = [row.find_elements(By.TAG_NAME, "td")[1].text for row in table]
    assert orders == [str(f["order"]) for f in network["frequencies"]]
    assert len(browser.find_elements(By.CSS_SELECTOR, "#shown-run svg.chart")) == 2


def test_three_hundred_runs(browser, inputs, catalog, tmp_path, record_testsuite_property):
    """Of 63 frequencies each; tables come in pages, the time to open is recorded."""
    network = next(n for n in inputs.matches.report["networks"] if n["source"] == RUN)
    many = (network["frequencies"] * 63)[:63]
    source = next(run for run in inputs.runs if run.name == RUN)
    names = [f"127-q2048-wd0.0005-s{seed}" for seed in range(1, 301)]
    report = {
        **inputs.matches.report,
        "networks": [{**network, "source": name, "frequencies": many} for name in names],
    }
    crowd = replace(
        inputs,
        runs=tuple(replace(source, name=name) for name in names),
        matches=replace(inputs.matches, report=report),
    )
    path = write_page(crowd, [], [], [], tmp_path, catalog)
    size = path.stat().st_size
    start = time.monotonic()
    opened(browser, path)
    assert browser.find_element(By.ID, "run-count").text == "300 of 300 runs"
    seconds = time.monotonic() - start
    record_testsuite_property("page of 300 runs", f"{size / 1e6:.1f} MB, open after {seconds:.2f} s")
    assert size < 5_000_000
    assert seconds < 10
    pages = browser.find_element(By.CSS_SELECTOR, "#runs > .paged .pages")
    previous, following = pages.find_elements(By.TAG_NAME, "button")
    status = pages.find_element(By.CSS_SELECTOR, "[role=status]")
    assert status.text == "1\u201325 of 300" and len(rows(browser, "#runs")) == 25
    assert not previous.is_enabled()
    for _ in range(11):
        following.click()
    assert status.text == "276\u2013300 of 300"
    assert not following.is_enabled()


def test_every_kind_of_shipped_record_has_its_part(browser, tmp_path):
    inputs = gather(None, None)
    kinds = {}
    for located in inputs.entries:
        kinds.setdefault(
            tuple(str(located.record[key]) for key in ("character_order", "order", "n", "covers")), located
        )
    for located in inputs.networks:
        kinds.setdefault((located.record["group"], "radicands" in located.record["weights"]), located)
    assert 40 < len(kinds) < 100  # a browser refuses more links than 200 in 10 s
    path = write_page(inputs, [], [], [], tmp_path)
    opened(browser, path)
    visit(browser, kinds.values())
    assert browser.get_log("browser") == []
