"""A device with Debian's Chromium, through Playwright. Each device has a browser process of its own, which can be killed."""

import copy
import os
import signal
from pathlib import Path

from playwright.sync_api import Error

from device import PATIENCE, Device, named

EXECUTABLE = "/usr/bin/chromium"
FAKE_CAMERA = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
# Tests run as root in containers, where Chromium's sandbox cannot start.
ARGUMENTS = [*FAKE_CAMERA, "--no-sandbox"]


class Chromium(Device):
    def __init__(self, playwright, locale="fr-FR", width=1280):
        self.browser = playwright.chromium.launch(executable_path=EXECUTABLE, headless=True, args=ARGUMENTS)
        self.context = self.browser.new_context(locale=locale, viewport={"width": width, "height": 900})
        self.page = self.context.new_page()
        self.downloads = []
        self.page.on("download", lambda download: self.downloads.append(download))
        processes = self.browser.new_browser_cdp_session().send("SystemInfo.getProcessInfo")["processInfo"]
        self.pid = next(process["id"] for process in processes if process["type"] == "browser")

    def second_tab(self):
        """Another tab of this browser, as a device; it ends with this one."""
        tab = copy.copy(self)
        tab.page = self.context.new_page()
        return tab

    def go(self, url):
        if self.page.is_closed():
            self.page = self.context.new_page()
        self.page.goto(url)

    def run(self, script, *arguments):
        return self.page.evaluate(f"async (parameters) => {{ {script} }}", list(arguments))

    def press(self, selector):
        # One press, however long the page takes to answer: one that was given up can still arrive, and a second one closes what it opened.
        self.page.locator(selector).locator("visible=true").first.click(timeout=PATIENCE * 1000)

    def type_into(self, selector, text):
        field = self.page.locator(selector).locator("visible=true").first
        field.fill("")
        field.press_sequentially(text)  # with keys, as a person does: a page can swallow them

    def choose_file(self, name, path):
        self.page.locator(named(name)).first.set_input_files(path)

    def saved(self, name):
        self.run("")  # downloads are heard of while the page is asked something
        found = [download for download in self.downloads if download.suggested_filename == name]
        return Path(found[-1].path()).read_bytes() if found else None

    def breaks(self, pattern, *numbers):
        """The connection breaks at these of the requests that fit the pattern, the first of which is 1; how many there were is in the list."""
        seen = []

        def answer(route):
            seen.append(route.request.method)
            route.abort("connectionreset") if len(seen) in numbers else route.continue_()

        self.page.route(pattern, answer)
        return seen

    def picture(self, path):
        self.page.screenshot(path=path)

    def close_page(self):
        self.page.close()

    def kill(self):
        os.kill(self.pid, signal.SIGKILL)

    def quit(self):
        try:
            self.browser.close()
        except Error:
            pass  # it was killed
