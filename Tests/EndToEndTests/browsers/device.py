"""One person's device with a browser: the same few words whichever browser it is. Elements are named by `data-test`,
never by what they show."""

import json
import os
import signal
import time
from abc import ABC, abstractmethod
from pathlib import Path

WITNESS = (Path(__file__).parent / "witness.js").read_text()
PATIENCE = 20  # seconds
PAUSE = 0.05  # between two looks at the page


def named(name):
    """The selector of an element: "claim", or with more of its data, "remote-tile seat=patient"."""
    test, *more = name.split()
    pairs = [pair.split("=") for pair in [f"test={test}", *more]]
    return "".join(f'[data-{key}="{value}"]' for key, value in pairs)


def processes_under(pid):
    """A process and all that it started, itself first."""
    children = [int(child) for task in Path(f"/proc/{pid}/task").glob("*/children") for child in task.read_text().split()]
    return [pid, *(process for child in children for process in processes_under(child))]


class Device(ABC):
    """Pages of one browser process. Elements are looked up anew each time: the page may have drawn itself again."""

    # What a browser must know

    @abstractmethod
    def go(self, url):
        """Loads a page."""

    @abstractmethod
    def run(self, script, *arguments):
        """The value of an asynchronous function in the page, given as the text of its body."""

    @abstractmethod
    def press(self, selector):
        """Presses the element once, as a person does; an exception if it cannot be pressed now."""

    @abstractmethod
    def type_into(self, selector, text):
        """Replaces what is in a field."""

    @abstractmethod
    def choose_file(self, name, path):
        """Chooses a file in a field for one."""

    @abstractmethod
    def saved(self, name):
        """The bytes of a file that the page has saved under this name, None as long as there is none."""

    @abstractmethod
    def picture(self, path):
        """Saves what is seen, as PNG."""

    @abstractmethod
    def close_page(self):
        """Closes the tab; the browser goes on."""

    @abstractmethod
    def kill(self):
        """SIGKILL: no page says goodbye."""

    @abstractmethod
    def quit(self):
        """Ends the browser, whatever state it is in."""

    # What all can do

    def open(self, url):
        """Loads a page, and has a witness count what its camera, microphone and peer connections do."""
        self.go(url)
        self.run(WITNESS)

    def until(self, holds, what, timeout=PATIENCE):
        """Looks until `holds()` is true, and returns its value."""
        deadline = time.monotonic() + timeout
        while True:
            if value := holds():
                return value
            if time.monotonic() > deadline:
                raise AssertionError(f"not within {timeout} s: {what}; the page shows: {self.all_text()[:1500]}")
            time.sleep(PAUSE)

    def find(self, name, script="true", timeout=PATIENCE):
        """Waits for the visible element `name`, and returns the value of `script` about it (`element`)."""
        return self.until(lambda: self.look(name, script), f"{name} ({script})", timeout)

    def look(self, name, script="true"):
        """The value of `script` about the visible element `name` (`element`), None if there is none."""
        found = (f"const element = [...document.querySelectorAll({json.dumps(named(name))})].find(one => one.checkVisibility());"
                 f"return element ? ({script}) : null;")
        return self.run(found)

    def click(self, name, timeout=PATIENCE):
        """Presses an element once it is there and can be pressed."""
        faults = []

        def pressed():
            try:
                self.press(named(name))
                return True
            except Exception as fault:  # not there yet, covered, or drawn again at this moment
                faults.append(fault)
        try:
            self.until(pressed, f"pressing {name}", timeout)
        except AssertionError as gave_up:
            raise gave_up from faults[-1]

    def fill(self, name, text):
        def filled():
            self.type_into(named(name), text)
            return self.look(name, "element.value") == text
        self.find(name)
        # A panel that has just opened may take the focus in the middle of the typing.
        self.until(filled, f"{name} is filled in")

    def choose(self, name, value):
        """Chooses an option of a `<select>`."""
        self.find(name, f"(element.value = {json.dumps(value)}, element.dispatchEvent(new Event('change', {{bubbles: true}})))")

    def shows(self, name):
        return bool(self.look(name))

    def wait(self, name, timeout=PATIENCE):
        self.find(name, timeout=timeout)

    def wait_gone(self, name, timeout=PATIENCE):
        self.until(lambda: not self.shows(name), f"{name} has gone", timeout)

    def text(self, name):
        return self.find(name, "element.innerText || ' '").strip()

    def attribute(self, name, attribute):
        return self.look(name, f"element.getAttribute({json.dumps(attribute)})")

    def says(self, key):
        """What the page as a whole says of itself, such as "callState"."""
        return self.run(f"return document.documentElement.dataset[{json.dumps(key)}] ?? null")

    def all_text(self):
        try:
            return self.run("return document.body.innerText")
        except Exception as fault:  # only used to explain another failure
            return f"nothing ({fault})"

    def freeze(self):
        """SIGSTOP to the browser and all of its processes, as if its machine had been stopped; nothing can be asked of it until `thaw`."""
        self.frozen = processes_under(self.pid)
        for process in self.frozen:
            os.kill(process, signal.SIGSTOP)

    def thaw(self):
        for process in reversed(self.frozen):
            os.kill(process, signal.SIGCONT)
        self.frozen = []

    # What the witness saw

    def watch_frames(self):
        """From now on the frames of each second are counted."""
        self.run("await witness.watch()")

    def frames_each_second(self):
        """How many frames of video were decoded in each second since `watch_frames`."""
        return self.run("return witness.seconds()")

    def made_connections(self):
        """How many peer connections the page has made so far, the closed ones, too."""
        return self.run("return witness.made()")

    def live_tracks(self):
        """How many tracks of this device's camera and microphone are running."""
        return self.run("return witness.live()")

    def frames_decoded(self):
        """Frames of video decoded so far, one number for each open peer connection."""
        return self.run("return await witness.decoded()")

    def frames_that_carried(self, word):
        """How many frames of the socket had these characters, and how many frames there were."""
        return self.run("return [witness.carried(parameters[0]), witness.frames()]", word)

    def restart_ice(self):
        """Every connection looks for its way anew, as after a change of network."""
        self.run("witness.restartIce()")

    def paths(self):
        """For each open connection the kinds of the candidates that it uses (`local`, `remote`), its `transport` to the relay, and its ICE
        `fragment`, which changes when a new way was looked for; None while it has no way."""
        return self.run("return await witness.paths()")

    def watches_pauses(self):
        self.run("witness.watchPauses()")

    def longest_pause(self):
        """The longest time without a new frame since `watches_pauses`, in seconds, as the page itself measured it."""
        return self.run("return witness.longestPause()") / 1000

    def open_connections(self):
        return self.run("return witness.connections()")
