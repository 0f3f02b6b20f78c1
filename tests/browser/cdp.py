"""Headless Chromium through its DevTools protocol: tornado's websocket client and the standard library, nothing else."""

import asyncio
import base64
import json
import os
import shutil
import signal
import subprocess
from pathlib import Path

from tornado.websocket import websocket_connect

FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--remote-debugging-port=0",
)
PATIENCE = 30  # seconds for the start and for any one answer


def chromium() -> str | None:
    """The first Chromium on the path."""
    return next(
        filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
    )


class Chromium:
    """A browser with a profile of its own in `folder`; leaving the context always kills it with all its children."""

    def __init__(self, folder: Path):
        self.folder, self.events, self.process, self._socket, self._last = (
            Path(folder),
            [],
            None,
            None,
            0,
        )
        self._loop = asyncio.new_event_loop()

    def __enter__(self) -> "Chromium":
        with (self.folder / "chromium.log").open("wb") as log:
            self.process = subprocess.Popen(
                [chromium(), *FLAGS, f"--user-data-dir={self.folder / 'profile'}", "about:blank"],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        try:
            self._socket = self._run(self._open())
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_) -> None:
        if hasattr(os, "killpg") and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)  # a group of its own: start_new_session
        self.process.kill()
        self.process.wait(PATIENCE)
        if self._socket:
            self._run(self._answer(None))  # reads until the connection is gone
        self._loop.close()

    def _run(self, what):
        return self._loop.run_until_complete(asyncio.wait_for(what, PATIENCE))

    async def _open(self):
        file = self.folder / "profile" / "DevToolsActivePort"
        while self.process.poll() is None:
            if file.exists() and len(lines := file.read_text().split()) == 2:
                return await websocket_connect(
                    f"ws://127.0.0.1:{lines[0]}{lines[1]}", max_message_size=1 << 28
                )
            await asyncio.sleep(0.02)
        raise RuntimeError(
            f"{chromium()} ended at once: {(self.folder / 'chromium.log').read_text(errors='replace')[-500:]}"
        )

    async def _answer(self, message: dict | None) -> dict:
        if message:
            await self._socket.write_message(json.dumps(message))
        while (text := await self._socket.read_message()) is not None:
            got = json.loads(text)
            if message and got.get("id") == message["id"]:
                return got
            self.events.append(got)
        return {"error": {"message": "Chromium closed the connection"}}

    def call(self, method: str, session: str = "", **params) -> dict:
        """One command and its result; what the browser tells meanwhile is added to `events`."""
        self._last += 1
        got = self._run(
            self._answer(
                {"id": self._last, "method": method, "params": params}
                | ({"sessionId": session} if session else {})
            )
        )
        if "error" in got:
            raise RuntimeError(f"{method}: {got['error']['message']}")
        return got["result"]


class Page:
    """A tab of `width` × 900 that has opened `file`; whatever happened in it since before the opening is in `events()`."""

    def __init__(self, browser: Chromium, file: Path, width: int = 1280):
        self.browser, self.target = (
            browser,
            browser.call("Target.createTarget", url="about:blank")["targetId"],
        )
        self.session = browser.call("Target.attachToTarget", targetId=self.target, flatten=True)[
            "sessionId"
        ]
        for domain in ("Page", "Network", "Runtime", "Log", "DOM", "CSS"):
            self.call(f"{domain}.enable")
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=900,
            deviceScaleFactor=1,
            mobile=width < 600,
        )
        self.call("Page.navigate", url=Path(file).as_uri())
        self.js(
            "new Promise((ready) => document.readyState === 'complete' ? ready() : addEventListener('load', ready))"
        )

    def call(self, method: str, **params) -> dict:
        """One command to this tab."""
        return self.browser.call(method, self.session, **params)

    def events(self, name: str) -> list[dict]:
        """What the events of that name told."""
        return [
            one["params"]
            for one in self.browser.events
            if one.get("sessionId") == self.session and one["method"] == name
        ]

    def js(self, expression: str):
        """The value of an expression; a promise is awaited."""
        got = self.call(
            "Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True
        )
        if "exceptionDetails" in got:
            raise RuntimeError(
                f"{expression}: {got['exceptionDetails'].get('exception', {}).get('description')}"
            )
        return got["result"].get("value")

    def click(self, x: float, y: float) -> None:
        """The left mouse button at a point of the view."""
        for kind, button in (
            ("mouseMoved", "none"),
            ("mousePressed", "left"),
            ("mouseReleased", "left"),
        ):
            self.call(
                "Input.dispatchMouseEvent",
                type=kind,
                x=x,
                y=y,
                button=button,
                clickCount=int(button == "left"),
            )

    def press(self, key: str) -> None:
        """Tab or Enter, down and up."""
        for kind, text in (("keyDown", "\r" if key == "Enter" else ""), ("keyUp", "")):
            self.call(
                "Input.dispatchKeyEvent",
                type=kind,
                key=key,
                code=key,
                windowsVirtualKeyCode={"Tab": 9, "Enter": 13}[key],
                text=text,
            )

    def pdf(self) -> bytes:
        """The page as it prints."""
        return base64.b64decode(
            self.call("Page.printToPDF", preferCSSPageSize=True, printBackground=True)["data"]
        )
