"""A device with Debian's Firefox, through Marionette."""

import base64
import gc
import os
import signal
from pathlib import Path

from marionette_driver.by import By
from marionette_driver.marionette import Marionette

from device import Device, named

EXECUTABLE = "/usr/bin/firefox-esr"
PREFERENCES = {
    "media.navigator.streams.fake": True,
    "media.navigator.permission.disabled": True,
    # Both sides are on this machine.
    "media.peerconnection.ice.loopback": True,
    "media.peerconnection.ice.obfuscate_host_addresses": False,
    "media.autoplay.default": 0,
    "intl.accept_languages": "fr-FR",
    "browser.download.folderList": 2,
    "browser.download.alwaysOpenPanel": False,
    "browser.helperApps.neverAsk.saveToDisk": "application/octet-stream,application/json",
}
SCRIPT_SECONDS = 20


class Firefox(Device):
    def __init__(self, folder):
        self.downloads = Path(folder) / f"downloads-{id(self)}"
        self.downloads.mkdir()
        preferences = PREFERENCES | {"browser.download.dir": str(self.downloads)}
        self.marionette = Marionette(bin=EXECUTABLE, headless=True, port=0, prefs=preferences,
                                     gecko_log=str(Path(folder) / f"firefox-{id(self)}.log"))
        self.marionette.start_session()
        self.marionette.timeout.script = SCRIPT_SECONDS
        self.pid = self.marionette.instance.runner.process_handler.pid

    def go(self, url):
        self.marionette.navigate(url)

    def run(self, script, *arguments):
        # Without a sandbox of its own the script shares the page's window.
        wrapped = f"""
            const [parameters, resolve] = arguments;
            (async () => {{ {script} }})().then((value) => resolve({{value}}), (error) => resolve({{error: String(error)}}));"""
        outcome = self.marionette.execute_async_script(wrapped, script_args=[list(arguments)], sandbox=None)
        if "error" in outcome:
            raise RuntimeError(outcome["error"])
        return outcome.get("value")

    def press(self, selector):
        self._visible(selector).click()

    def type_into(self, selector, text):
        element = self._visible(selector)
        element.clear()
        element.send_keys(text)

    def choose_file(self, name, path):
        self.marionette.find_element(By.CSS_SELECTOR, named(name)).send_keys(str(path))

    def saved(self, name):
        path = self.downloads / name
        # While it is being written there is a part beside it.
        whole = path.exists() and path.stat().st_size > 0 and not list(self.downloads.glob("*.part"))
        return path.read_bytes() if whole else None

    def picture(self, path):
        Path(path).write_bytes(base64.b64decode(self.marionette.screenshot(full=False)))

    def close_page(self):
        # The last tab would take the browser with it.
        closing = self.marionette.current_window_handle
        opened = self.marionette.open(type="tab")["handle"]
        self.marionette.switch_to_window(closing)
        self.marionette.close()
        self.marionette.switch_to_window(opened)

    def kill(self):
        os.kill(self.pid, signal.SIGKILL)

    def quit(self):
        self.marionette.cleanup()
        self.marionette = None
        gc.collect()  # its profile removes itself when it is collected, which fails if that is at the very end

    def _visible(self, selector):
        return next(element for element in self.marionette.find_elements(By.CSS_SELECTOR, selector) if element.is_displayed())
