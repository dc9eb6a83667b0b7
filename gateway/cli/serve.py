"""`gateway serve`, `worker`, `scheduler` and `migrate`: the processes of a running gateway."""

import gc
import socket
import sys
from threading import Event, Thread
from typing import TYPE_CHECKING, Any

import click
from gunicorn.app.base import BaseApplication

if TYPE_CHECKING:
    from gateway.runtime import Gateway

THREADS = 16
CANNOT_LOAD = 4  # gunicorn's own code for an application that cannot be loaded: it does not start it again


@click.command()
def migrate() -> None:
    """Make the database, or bring it to today's version."""
    from gateway.app import open_database  # noqa: PLC0415 - `serve` starts its worker before it loads the parts
    from gateway.cli.edge import settings_and_logs  # noqa: PLC0415
    from gateway.migrations import upgrade  # noqa: PLC0415

    upgrade(open_database(settings_and_logs()).engine)
    click.echo("The database is up to date.")


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=click.IntRange(1, 65_535), default=8000, show_default=True)
def serve(host: str, port: int) -> None:
    """Serve webhooks and pages. Without Redis this one process does all the work."""
    run_server(host, port)


def run_server(host: str, port: int, *, with_sample: bool = False) -> None:
    """Serve until told to stop (SIGTERM finishes what is in hand). Exits 1 when it cannot start."""
    if reason := _cannot_listen(host, port):
        click.echo(
            f"Nothing can listen at {host}:{port} ({reason}); stop what does, or give another --port.",
            err=True,
        )
        sys.exit(1)
    try:
        Server(host, port, with_sample).run()
    except SystemExit as stop:
        sys.exit(1 if stop.code else 0)


def _cannot_listen(host: str, port: int) -> str | None:
    """Why the address cannot be had, in the system's words, or None."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            return error.strerror or str(error)
    return None


@click.command()
def worker() -> None:
    """Handle and send texts; start as many as you like. Needs GATEWAY_REDIS_URL."""
    from gateway import worker as rq_worker  # noqa: PLC0415
    from gateway.cli.edge import opened  # noqa: PLC0415

    gateway = opened()
    _read_rules(gateway)
    rq_worker.run(gateway, _redis_url(gateway.settings.gateway_redis_url))


@click.command()
def scheduler() -> None:
    """Tick: look up, retry, recover. Two of them do no harm. Needs GATEWAY_REDIS_URL."""
    from gateway.cli.edge import opened  # noqa: PLC0415
    from gateway.work import ticks  # noqa: PLC0415

    gateway = opened()
    _redis_url(gateway.settings.gateway_redis_url)
    clock = ticks.blocking(gateway)
    try:
        clock.start()
    except (KeyboardInterrupt, SystemExit):
        clock.shutdown(wait=True)


def _read_rules(gateway: "Gateway") -> None:
    """Whoever screens starts with rules that can be read, or not at all. Raises AuthoringRefused."""
    with gateway.db.reading() as session:
        gateway.library.rules(session)


def _redis_url(url: str | None) -> str:
    from gateway.people.directory import Refused  # noqa: PLC0415

    if not url:
        raise Refused(
            "set GATEWAY_REDIS_URL first; without Redis, `gateway serve` does all the work by itself"
        )
    return url


class Server(BaseApplication):
    """Gunicorn with one process and a few threads. The parts are loaded in the process that serves, after the fork."""

    def __init__(self, host: str, port: int, with_sample: bool) -> None:
        self._address = f"{host}:{port}"
        self._with_sample = with_sample
        self._at_work: AtWork | None = None
        super().__init__()

    def load_config(self) -> None:
        settings: dict[str, Any] = {
            "bind": self._address,
            "workers": 1,
            "worker_class": "gateway.cli.slow_clients.PatientWorker",
            "threads": THREADS,
            "timeout": 60,
            "graceful_timeout": 20,
            "keepalive": 5,
            "loglevel": "warning",
            "control_socket_disable": True,
            "worker_exit": self._worker_exit,
            "post_worker_init": self._say_where,
        }
        for name, value in settings.items():
            self.cfg.set(name, value)

    def _say_where(self, _worker: object) -> None:
        """Only once the pages answer, and only for the demonstration: a service has its own log."""
        if self._with_sample:
            here = f"http://{self._address}"
            click.echo(f"\n  Simulated phones / Téléphones simulés :  {here}/phones")
            path = self._at_work.coordinators_way_in if self._at_work else None
            click.echo(f"  Coordinator (Ruth) / Coordonnatrice :    {here}{path or '/sign-in'}\n")
            click.echo("  Ctrl-C stops / pour arrêter : Ctrl-C\n")

    def _worker_exit(self, _arbiter: object, _worker: object) -> None:
        if self._at_work:
            self._at_work.stop()

    def load(self) -> Any:
        """Called in the serving process. What is loaded here stays: it is not looked through for garbage, now or later."""
        gc.disable()
        try:
            return self._load()
        finally:
            gc.collect()
            gc.freeze()
            gc.enable()

    def _load(self) -> Any:
        from gateway.cli.refusals import as_sentence  # noqa: PLC0415

        try:
            self._at_work = AtWork(self._with_sample)
        except Exception as error:
            sentence = as_sentence(error)
            if sentence is None:
                raise
            click.echo(sentence, err=True)
            sys.exit(CANNOT_LOAD)
        return self._at_work.app


class AtWork:
    """A gateway that serves and, without Redis, also handles, sends and ticks."""

    def __init__(self, with_sample: bool) -> None:
        from gateway.app import create_app, open_database, open_gateway  # noqa: PLC0415
        from gateway.cli import sample  # noqa: PLC0415
        from gateway.cli.edge import settings_and_logs  # noqa: PLC0415
        from gateway.migrations import is_current, upgrade  # noqa: PLC0415
        from gateway.providers.simulator import SimulatedNetwork  # noqa: PLC0415
        from gateway.work import ticks  # noqa: PLC0415
        from gateway.work.embedded import EmbeddedDispatcher  # noqa: PLC0415

        settings = settings_and_logs()
        engine = open_database(settings).engine
        if not is_current(engine):
            upgrade(engine)
        if with_sample:
            settings = sample.for_this_computer(settings)
            sample.load_once(settings)
        self._stopping = Event()
        self._dispatcher = None if settings.gateway_redis_url else EmbeddedDispatcher()
        self._ticks: Any = None
        gateway = open_gateway(settings, bell=self._dispatcher)
        self.coordinators_way_in = sample.way_in(gateway) if with_sample else None
        _read_rules(gateway)
        self.app = create_app(gateway)
        if self._dispatcher:
            self._dispatcher.start(gateway)
            self._ticks = ticks.background(gateway)
            self._ticks.start()
        if isinstance(gateway.provider, SimulatedNetwork):
            Thread(target=gateway.provider.run_forever, args=(self._stopping,), daemon=True).start()

    def stop(self) -> None:
        """Finish what is in hand."""
        self._stopping.set()
        if self._ticks:
            self._ticks.shutdown(wait=True)
        if self._dispatcher:
            self._dispatcher.stop()
