"""知责 · 安装、启动与检查（zhize: set up, serve, test; standard library only）

python3 run.py                     安装（已装好则跳过）并启动网页 / set up if needed, then serve
python3 run.py setup               只安装并构建索引 / set up and build the index only
python3 run.py test [pytest 参数…] 装好全套后依次运行全部检查 / set up, then run every check

--light            不装 torch 与 sentence-transformers，以后沿用 / leave out torch and its stack
--host, --port     监听地址与端口，默认 127.0.0.1 与 7860 / address to serve on
--open, --no-open  启动后是否打开浏览器，终端里默认打开 / open a browser after start, or don't
--wheels 目录      只从本地 wheel 目录离线安装 / install offline from a folder of wheels
--no-build         不构建索引 / skip the index build
--install-browser  （test）用 apt-get 补装 Chromium，CI=true 时自动 / install Chromium for tests

软件源不通时，可设 PIP_INDEX_URL 指向内网镜像 / set PIP_INDEX_URL to use another package index
"""

# This file must import on Python 3.8, to hand over to a newer one or say what is missing.
from __future__ import annotations

import argparse
import contextlib
import hashlib
import importlib.util
import io
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from importlib import metadata
from pathlib import Path
from typing import Any, NamedTuple, NoReturn, TextIO

OLDEST = (3, 10)
LOCKS = {  # each level contains the one before
    "light": ("light", "nodeps"),
    "full": ("light", "nodeps", "full"),
    "dev": ("light", "nodeps", "full", "dev"),
}
LEVELS = tuple(LOCKS)
USAGE = "用法：python3 run.py [setup | test [pytest 参数…]] [选项]；说明见 python3 run.py --help"
ADVICE = (
    "可设 PIP_INDEX_URL 指向内网镜像或用 --wheels 目录 离线安装，日志在 .venv/zhize-setup.log。"
)
PROGRESS = (  # lines of pip, then of apt-get
    (r"\s*(?:Downloading|Using cached) (?:\S*/)?([^\s/]+?)-\d[^\s/]*\.(?:whl|gz|zip)\b", "下载"),
    (r"Collecting ([\w.-]+)", "收集"),
    (r"Processing (?:\S*[/\\])?([^\s/\\]+?)-\d", "收集"),
    (r"Requirement already satisfied: ([\w.-]+)", "已有"),
    (r"\s+Building (?:wheel|editable) for ([\w.-]+)", "构建"),
    (r"WARNING: (Retrying)\b", "软件源没有应答"),
    (r"Get:\d+ \S+ \S+ \S+ ([\w.+-]+)", "下载"),
    (r"(?:Unpacking|Setting up) ([\w.+-]+)", "安装"),
)
OFFLINE = (
    r"ConnectionError|Timeout|timed out|ProxyError|SSLError|name resolution|getaddrinfo"
    r"|unreachable|Connection (?:refused|reset|aborted|broken)|HTTP error|Could not fetch"
)
REASONS = (  # what pip prints → what it means
    (r"No space left|Errno 28|not enough space", "磁盘空间不足"),
    (OFFLINE, "连不上软件源，需要能访问 PyPI 或其镜像的网络"),
    (r"No matching distribution found for (\S+)", "找不到适合本机的 {}"),
)
CHECKS = {  # pytest comes after these, so that its closing line stands near the end
    "ruff check": ("-m", "ruff", "check", "."),
    "ruff format --check": ("-m", "ruff", "format", "--check", "."),
    "mypy": ("-m", "mypy"),
    "lint-imports": ("-c", "from importlinter.cli import lint_imports_command as c; c()"),
}


class SetupError(Exception):
    """One Chinese sentence that says what failed and what to do next."""


class Parser(argparse.ArgumentParser):
    """argparse that raises one Chinese line instead of printing English."""

    def error(self, message: str) -> NoReturn:
        reason = re.sub("^argument (.*?): .*", r"\1 的值不对", message)
        raise SetupError(f"参数有误：{reason}。{USAGE}")


def parse_args(argv: Sequence[str]) -> argparse.Namespace:
    """Return the options, or raise SetupError; `test` leaves what it does not know to pytest."""
    rest = list(argv)
    command = rest.pop(0) if rest and rest[0] in ("serve", "setup", "test") else "serve"
    parser = Parser(add_help=False, allow_abbrev=False)
    parser.add_argument("-h", "--help", action="store_true")
    parser.add_argument("--wheels")
    parser.add_argument("--no-build", dest="build", action="store_false")
    own = "--install-browser" if command == "test" else "--light"
    parser.add_argument(own, action="store_true")
    if command == "serve":
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", default="7860")
        for flag in ("--open", "--no-open"):
            parser.add_argument(flag, dest="open", action="store_const", const=[flag], default=[])
    options, extra = parser.parse_known_args(rest)
    if extra and command != "test":
        parser.error(f"不认识 {extra[0]}")
    if command == "serve" and not re.fullmatch(
        r"[1-9]\d{0,3}|[1-5]\d{4}|6[0-4]\d{3}", options.port
    ):
        parser.error(f"端口不能是 {options.port}")
    if options.wheels and not Path(options.wheels).is_dir():
        parser.error(f"找不到目录 {options.wheels}")
    options.command, options.pytest = command, extra
    return options


def progress(line: str) -> tuple[str, str] | None:
    """Return (what happens, to which package) for a line of pip or apt-get; None if neither."""
    if line.startswith("Installing collected packages:"):
        return "写入", f"{line.count(',') + 1} 个包"
    for pattern, verb in PROGRESS:
        match = re.match(pattern, line)
        if match:
            return verb, match.group(1).replace("_", "-").lower()
    return None


class Screen:
    """Lines for a log; on a terminal also one live line that shows what is going on."""

    def __init__(self, stream: TextIO, live: bool) -> None:
        self.stream, self.live, self.detail = stream, live, ""
        self.seen: set[str] = set()

    def say(self, text: str, end: str = "\n") -> None:
        self.stream.write(("\r\x1b[2K" if self.live else "") + text + end)
        self.stream.flush()

    @contextlib.contextmanager
    def phase(self, title: str) -> Iterator[None]:
        """Frame a step: its name first, its seconds afterwards."""
        since, ended, outcome = time.monotonic(), threading.Event(), "未完成"
        self.detail, self.seen = "", set()
        self.say(f"{title} …", end="" if self.live else "\n")
        ticker = threading.Thread(target=self._tick, args=(title, since, ended), daemon=True)
        ticker.start()
        try:
            yield
            outcome = "完成"
        finally:
            ended.set()
            ticker.join()
            self.say(f"{title}：{outcome}，{time.monotonic() - since:.1f} 秒")

    def _tick(self, title: str, since: float, ended: threading.Event) -> None:
        while self.live and not ended.wait(0.3):
            text = f"{title} · {time.monotonic() - since:.0f} 秒 · {self.detail}"
            self.say(text[: shutil.get_terminal_size().columns // 2], end="")  # 汉字 are 2 wide

    def note(self, line: str, log: TextIO) -> None:
        """Log a line and show its package; without a terminal, each package once."""
        log.write(line)
        verb, name = progress(line) or ("已有", "")
        if not self.live and verb != "已有" and name not in self.seen:
            self.say(f"  {verb} {name}")
        self.detail = f"{verb} {name}" if name else self.detail
        self.seen.add(name)


class Checkout:
    """Where things lie in one checkout, and how programs run there."""

    def __init__(self, root: Path) -> None:
        self.root, self.venv, self.locks = root, root / ".venv", root / "requirements"
        self.python = str(self.venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python"))
        self.stamp = self.venv / ".zhize-stamp.json"
        self.log = self.venv / "zhize-setup.log"
        stray = ("PYTHONPATH", "PYTHONHOME", "PIP_TARGET", "PIP_PREFIX")  # lead out of the venv
        kept = {name: value for name, value in os.environ.items() if name not in stray}
        self.env = {"PIP_RETRIES": "2", "DEBIAN_FRONTEND": "noninteractive", **kept}
        self.env.update(PIP_NO_INPUT="1", PIP_PROGRESS_BAR="off", PIP_DISABLE_PIP_VERSION_CHECK="1")
        self.env.update(PIP_USER="0", PIP_USE_PEP517="1", PYTHONUNBUFFERED="1", PYTHONUTF8="1")

    def run(
        self, command: Sequence[str], each: Callable[[str], Any] = str, stdin: str = ""
    ) -> tuple[int, str]:
        """Return exit code (127: did not start) and output, having shown `each` line of it."""
        pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        pipes.update(stderr=subprocess.STDOUT, encoding="utf-8", errors="replace")
        lines: list[str] = []
        try:
            with subprocess.Popen(command, cwd=self.root, env=self.env, **pipes) as child:
                try:
                    child.stdin.write(stdin)  # type: ignore[union-attr]
                    child.stdin.close()  # type: ignore[union-attr]
                    for line in child.stdout or ():
                        lines.append(line)
                        each(line)
                except BaseException:
                    child.terminate()  # an interrupted setup must not leave pip at work
                    raise
        except OSError as error:
            return 127, "".join(lines) + str(error)
        return child.returncode, "".join(lines)

    def show(self, command: Sequence[str], **env: str) -> int:
        """Run with this terminal as its own; return the exit code."""
        return subprocess.call(command, cwd=self.root, env={**self.env, **env})


def pins(path: Path) -> list[str]:
    """Return the requirement lines of a lock file and of those it includes by `-r`."""
    found: list[str] = []
    for raw in path.read_text(encoding="utf-8").splitlines():
        line = re.sub(r"(^|\s)#.*", "", raw).strip()
        if line.startswith("-r"):
            found += pins(path.parent / line[2:].strip())
        elif line and not line.startswith("-"):
            found.append(line)
    return found


def new_stamp(site: Checkout, mode: str, python: str) -> dict[str, Any]:
    """Return what identifies a setup: level, interpreter, hashes of the deciding files."""
    files = [*(site.locks / f"{name}.lock" for name in LOCKS[mode]), site.root / "pyproject.toml"]
    hashes = {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in files}
    return {"mode": mode, "python": python, "files": hashes}


def read_stamp(site: Checkout) -> dict[str, Any]:
    """Return the stamp of the last finished setup; {} after none or an interrupted one."""
    with contextlib.suppress(OSError, ValueError, TypeError):
        stamp: dict[str, Any] = json.loads(site.stamp.read_text(encoding="utf-8"))
        if {"mode", "python", "files"} <= set(stamp) and stamp["mode"] in LEVELS:
            return stamp
    return {}


def covers(done: dict[str, Any], need: dict[str, Any]) -> bool:
    """Tell whether the setup stamped `done` installed at least what `need` asks for."""
    if not done or LEVELS.index(done["mode"]) < LEVELS.index(need["mode"]):
        return False
    return bool(done["python"] == need["python"] and need["files"].items() <= done["files"].items())


class Probe(NamedTuple):
    """What the venv's own interpreter reports about the pins of a level."""

    python: str
    pip: bool = False
    torch: str = ""  # its pinned version, if a pin's marker holds here
    bad: Sequence[str] = ()  # absent, half-written or of another version


def look_around(lines: Sequence[str], root: Path) -> Probe:
    """Return the state of the running interpreter's packages; imports none of them."""
    python = ".".join(map(str, sys.version_info[:3]))
    try:  # pip brings the only marker parser that a bare venv has
        parse = importlib.import_module("pip._vendor.packaging.requirements").Requirement
    except Exception:  # a half-written pip may fail in any way
        return Probe(python, bad=["pip"])
    needs = [need for need in map(parse, lines) if not need.marker or need.marker.evaluate()]
    bad = []
    for need in needs:
        with contextlib.suppress(metadata.PackageNotFoundError):
            have = metadata.distribution(need.name)
            # pip writes INSTALLER after a package's files: without it the install was cut short
            if need.specifier.contains(have.version, True) and have.read_text("INSTALLER"):
                continue
        bad.append(need.name)
    spec = importlib.util.find_spec("assistant")
    if not spec or not spec.origin or root not in Path(spec.origin).resolve().parents:
        bad.append("assistant")  # not installed, or installed from another checkout
    torch = [str(need.specifier).lstrip("=") for need in needs if need.name == "torch"]
    return Probe(python, True, "".join(torch), bad)


class Installer:
    """Brings the venv of one checkout to a level."""

    def __init__(self, site: Checkout, screen: Screen, wheels: str | None = None) -> None:
        self.site, self.screen = site, screen
        self.offline = ["--no-index", f"--find-links={Path(wheels).resolve()}"] if wheels else []

    def setup(self, mode: str) -> None:
        """Install what is missing; nothing when the last stamp and the venv agree."""
        site, screen = self.site, self.screen
        lines = [line for name in LOCKS[mode] for line in pins(site.locks / f"{name}.lock")]
        with exclusive(site.root / ".venv.lock"):
            probe = self.probe(lines)
            need = new_stamp(site, mode, probe.python if probe else "")
            if probe and not probe.bad and covers(read_stamp(site), need):
                return
            site.stamp.unlink(missing_ok=True)
            with screen.phase("虚拟环境"):
                probe = self.repair(lines, probe)
            self.install(mode, probe.torch)
            probe = self.probe(lines) or Probe("", bad=["Python"])
            if probe.bad:
                raise SetupError(f"装完后仍缺少或版本不符：{'、'.join(probe.bad)}；{ADVICE}")
            aside = site.stamp.with_suffix(".tmp")  # the stamp comes last, and whole
            aside.write_text(json.dumps(new_stamp(site, mode, probe.python)), "utf-8")
            aside.replace(site.stamp)

    def probe(self, lines: Sequence[str]) -> Probe | None:
        """Ask the venv's interpreter; None when it does not start or is too old."""
        command = [self.site.python, "-I", str(Path(__file__).resolve()), "--probe"]
        _, output = self.site.run([*command, str(self.site.root)], stdin="\n".join(lines))
        with contextlib.suppress(ValueError, IndexError, TypeError):
            probe = Probe(*json.loads(output.splitlines()[-1]))
            return probe if tuple(map(int, probe.python.split(".")[:2])) >= OLDEST else None
        return None

    def repair(self, lines: Sequence[str], probe: Probe | None) -> Probe:
        """Return the probe of a venv whose pip works, mended or made anew as needed."""
        site, output = self.site, ""
        if probe and not probe.pip:
            site.run([site.python, "-m", "ensurepip"])
            probe = self.probe(lines)
        if not (probe and probe.pip):
            output = site.run([sys.executable, "-m", "venv", "--clear", str(site.venv)])[1]
            probe = self.probe(lines)
        if not (probe and probe.pip):
            no_venv = "请先安装 python3-venv（apt-get install python3-venv）"
            why = no_venv if "ensurepip" in output else output.strip()[-200:]
            raise SetupError(f"无法建立虚拟环境 {site.venv}：{why}")
        for info in site.venv.glob("[Ll]ib/**/site-packages/*.dist-info"):
            if not (info / "INSTALLER").exists():  # cut short: let pip install it again
                shutil.rmtree(info)
        site.log.write_text("", encoding="utf-8")
        return probe

    def install(self, mode: str, torch: str) -> None:
        """Run pip for each lock file of `mode`, then for the project itself."""
        locked = {name: ["-r", str(self.site.locks / f"{name}.lock")] for name in LOCKS[mode]}
        steps = {"基础组件": locked["light"], "法规数据": ["--no-deps", *locked["nodeps"]]}
        if torch:
            steps["PyTorch"] = ["--no-deps", f"torch=={torch}"]
        if "full" in locked:
            # full.lock is complete, so --no-deps loses nothing, and keeps out the nvidia-*
            # packages (GBs) that a CUDA build of torch names as its dependencies.
            steps["向量组件"] = ["--no-deps", *locked["full"]]
        if torch:
            steps["检查 PyTorch"] = []
        if "dev" in locked:
            steps["测试工具"] = locked["dev"]
        steps["本项目"] = ["--no-deps", "--no-build-isolation", "-e", "."]
        for number, (title, args) in enumerate(steps.items(), 1):
            with self.screen.phase(f"[{number}/{len(steps)}] {title}"):
                self.pip(title, args) if args else self.settle_torch(torch)

    def logged(self, *command: str) -> tuple[int, str]:
        """Run with the output going to the log and its gist to the screen."""
        with self.site.log.open("a", encoding="utf-8", buffering=1) as log:
            log.write(f"$ {' '.join(command)}\n")
            return self.site.run(command, lambda line: self.screen.note(line, log))

    def pip(self, title: str, args: Sequence[str]) -> None:
        """Install, or raise a SetupError that says why pip could not."""
        command = [self.site.python, "-m", "pip", "install", *self.offline, *args]
        code, output = self.logged(*command)
        if code:
            found = ((re.search(pattern, output), text) for pattern, text in REASONS)
            why = next((text.format(*match.groups()) for match, text in found if match), "pip 报错")
            raise SetupError(f"“{title}”没有装成：{why}；{ADVICE}")

    def settle_torch(self, version: str) -> None:
        """Return with a torch that imports, preferably one without CUDA.

        pip came first, because its configuration may offer a CPU build; what it gets from PyPI
        on Linux is the CUDA build, which does not load without the nvidia-* packages. uv knows
        where CPU builds lie. Only when that fails too does pip add those packages.
        """
        check = [self.site.python, "-c", "import torch; torch.zeros(1)"]
        if self.site.run(check)[0] == 0:
            return
        uv = shutil.which("uv") if sys.platform == "linux" and not self.offline else None
        if uv:
            into = [uv, "pip", "install", "--python", self.site.python, "--torch-backend=cpu"]
            self.logged(*into, "--reinstall-package=torch", "--no-deps", f"torch=={version}")
            if self.site.run(check)[0] == 0:
                return
        if sys.platform == "linux":
            self.screen.say("这里只有带 CUDA 的 PyTorch，将下载数 GB；改用 --light 可以不装。")
        self.pip("PyTorch", [f"torch=={version}"])
        code, output = self.site.run(check)
        if code:
            why = output.strip().rpartition("\n")[2]
            raise SetupError(f"PyTorch 已装上但不能加载（{why}），可改用 --light；{ADVICE}")

    def browser(self, wanted: bool) -> None:
        """Install Chromium where that is wanted and possible, else say what is missing."""
        chromium = ("chromium", "chromium-browser", "google-chrome", "chrome")
        missing = [] if any(map(shutil.which, chromium)) else ["Chromium"]
        missing += [] if shutil.which("chromedriver") else ["chromedriver"]
        if shutil.which("fc-list") and not self.site.run(["fc-list", ":lang=zh"])[1]:
            missing.append("中文字体")
        root = sys.platform == "linux" and os.geteuid() == 0 and shutil.which("apt-get")
        if missing and wanted and root:
            with self.screen.phase("Chromium"):
                self.logged("apt-get", "update")
                packages = ("chromium", "chromium-driver", "fonts-noto-cjk")
                if self.logged("apt-get", "install", "-y", *packages)[0]:
                    self.screen.say(f"apt-get 没有装成 Chromium，日志在 {self.site.log}。")
        elif missing:
            how = "Linux 上以 root 运行并加 --install-browser 可自动安装"
            self.screen.say(f"缺少{'、'.join(missing)}，浏览器测试无法运行；{how}。")


@contextlib.contextmanager
def exclusive(path: Path) -> Iterator[None]:
    """Hold the lock file; SetupError while a live process has it, a dead one's is taken over."""
    with contextlib.suppress(OSError, ValueError):
        try:
            holder = int(path.read_text())
            if os.name == "posix" and holder != os.getpid():
                os.kill(holder, 0)
            else:
                path.unlink()  # Windows refuses while the holder has it open
        except ProcessLookupError:
            path.unlink()
    try:
        handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY)
    except FileExistsError:
        raise SetupError(f"另一个 run.py 正在安装，请等它结束；若已不在，请删除 {path}。") from None
    try:
        os.write(handle, str(os.getpid()).encode())
        yield
    finally:
        os.close(handle)
        path.unlink()


def check(options: argparse.Namespace, site: Checkout, screen: Screen) -> int:
    """Run every check, whatever the ones before say; 1 if any failed."""
    # In CI a missing browser fails its tests instead of skipping them.
    env = {"ZHIZE_REQUIRE_BROWSER": "1"} if site.env.get("CI") == "true" else {}
    steps = {"build": ("-m", "assistant.cli", "build")} if options.build else {}
    failed: list[str] = []
    for name, command in {**steps, **CHECKS, "pytest": ("-m", "pytest", *options.pytest)}.items():
        if name == "pytest":
            screen.say(f"\n其余检查：{'未通过 ' + '、'.join(failed) if failed else '全部通过'}")
        screen.say(f"\n== {name} ==")
        if site.show([site.python, *command], **env):
            failed.append(name)
    screen.say(f"未通过：{'、'.join(failed)}" if failed else "全部检查通过")
    return 1 if failed else 0


def newer_python(site: Checkout) -> str:
    """Return an installed interpreter that is new enough, or raise SetupError."""
    names = [[f"python3.{n}"] for n in (13, 12, 11, 10)] + [["py", "-3"], ["python3"], ["python"]]
    query = f"import sys; print(sys.executable if sys.version_info[:2] >= {OLDEST} else '')"
    for name in names:
        code, output = site.run([*name, "-c", query])
        if code == 0 and output.strip():
            return output.strip()
    raise SetupError("知责需要 Python 3.10 或更高版本，本机没有找到，请从 python.org 安装后重试。")


def start(options: argparse.Namespace, site: Checkout, screen: Screen) -> int:
    """Set up, then do what the command says."""
    installer = Installer(site, screen, options.wheels)
    if options.command == "test":
        installer.setup("dev")
        installer.browser(options.install_browser or site.env.get("CI") == "true")
        return check(options, site, screen)
    kept = options.command == "serve" and read_stamp(site).get("mode") == "light"
    installer.setup("light" if options.light or kept else "full")
    cli = [site.python, "-m", "assistant.cli"]
    if options.build and site.show([*cli, "build"]):
        raise SetupError("索引没有建成，原因见上面的输出，改正后再次运行即可。")
    if options.command == "setup":
        screen.say("安装完成；运行 python3 run.py 启动。")
        return 0
    opened = options.open or (["--open"] if screen.live else [])
    serve = [*cli, "serve", "--host", options.host, "--port", options.port, *opened]
    if os.name == "posix":
        os.chdir(site.root)
        os.execve(site.python, serve, site.env)  # signals then reach the server directly
    return site.show(serve)


def main(argv: Sequence[str], site: Checkout, version: tuple[int, int]) -> int:
    """Run one command; 2 and one sentence for a wrong call or a failed setup."""
    screen = Screen(sys.stdout, sys.stdout.isatty())
    try:
        options = parse_args(argv)
        if options.help:
            screen.say((__doc__ or "").strip())
            return 0
        if version < OLDEST:
            return site.show([newer_python(site), str(Path(__file__).resolve()), *argv])
        return start(options, site, screen)
    except SetupError as error:
        print(error, file=sys.stderr)
    except OSError as error:
        print(f"无法读写 {error.filename}：{error.strerror}。", file=sys.stderr)
    except KeyboardInterrupt:
        print("已中断；再次运行会接着安装。", file=sys.stderr)
        return 130
    return 2


if __name__ == "__main__":
    if sys.argv[1:2] == ["--probe"]:
        print(json.dumps(look_around(sys.stdin.read().splitlines(), Path(sys.argv[2]))))
    else:
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(errors="replace")  # a console without Chinese must not crash us
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
        root = Path(__file__).resolve().parent
        sys.exit(main(sys.argv[1:], Checkout(root), sys.version_info[:2]))
