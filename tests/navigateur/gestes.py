"""What a person does in a browser that leads to another page."""

from __future__ import annotations

from selenium.common.exceptions import WebDriverException
from selenium.webdriver import Chrome, Keys
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.wait import WebDriverWait


def suivre(browser: Chrome, quoi: str | WebElement) -> None:
    """Press Enter on an element, given by its selector where it is a text, and wait for the next page."""
    page = browser.find_element(By.TAG_NAME, "html")
    element = browser.find_element(By.CSS_SELECTOR, quoi) if isinstance(quoi, str) else quoi
    element.send_keys(Keys.ENTER)
    # While one page gives way to the next, the browser may know neither.
    passage = WebDriverWait(browser, 30, ignored_exceptions=[WebDriverException])
    passage.until(lambda one: one.find_element(By.TAG_NAME, "html") != page)
