"""What the tests of the page in a browser do there."""

import json
import time

import pytest
from selenium.common.exceptions import NoAlertPresentException
from selenium.webdriver.common.by import By
from selenium.webdriver.support.select import Select


def opened(browser, path, fragment="", width=1280, scheme="light"):
    """The page, in a fresh document."""
    browser.get("about:blank")
    for kind in ("browser", "performance"):
        browser.get_log(kind)
    metrics = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 500}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    media = {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", media)
    browser.get(path.as_uri() + fragment)
    return browser


def follow(browser, fragment):
    """As a click on a link of the page does."""
    browser.execute_script("window.location.hash = arguments[0]", fragment)
    time.sleep(0.05)


VISIT = """
const [ids, done] = arguments;
(async () => {
  const titles = [];
  for (const id of ids) {
    const changed = new Promise((resolve) => window.addEventListener("hashchange", resolve, { once: true }));
    window.location.hash = `entry-${id}`;
    await changed;
    titles.push(document.querySelector("#shown h3").textContent);
  }
  done(titles);
})();
"""


def visit(browser, records):
    """Follow a link to each of the records: the titles of the parts that appear."""
    ids = [located.record["id"] for located in records]
    assert browser.execute_async_script(VISIT, ids) == ids


def shown(browser):
    return browser.find_element(By.CSS_SELECTOR, "#shown article")


def selected(browser, label, within="#catalog"):
    path = f"{within} .filters label"
    element = next(e for e in browser.find_elements(By.CSS_SELECTOR, path) if e.text.startswith(label))
    return Select(element.find_element(By.TAG_NAME, "select"))


def rows(browser, within="#catalog"):
    return browser.find_elements(By.CSS_SELECTOR, f"{within} > .paged tbody tr")


def no_alert(browser):
    with pytest.raises(NoAlertPresentException):
        _ = browser.switch_to.alert
    return True


def requests(browser):
    events = (json.loads(line["message"])["message"] for line in browser.get_log("performance"))
    return [e["params"]["request"]["url"] for e in events if e["method"] == "Network.requestWillBeSent"]
