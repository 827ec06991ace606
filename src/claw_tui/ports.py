"""What the engine, the run and the screens need from the outside world. Adapters raise ClawError only."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from claw_tui.domain.answers import (
    ChannelCheck,
    ChannelStatus,
    Command,
    DashboardLink,
    Examples,
    ExecResult,
    HealthAnswer,
    KeyCheck,
    LogEntry,
    PairingRequest,
    StoreKind,
    StoreProbe,
)
from claw_tui.domain.delivery import Backup, Delivery
from claw_tui.domain.discord import BotIdentity, Guild, GuildView, Member, Sight
from claw_tui.domain.durations import Durations, RunTimes
from claw_tui.domain.jobs import Intent, Job, JobEvent, JobState
from claw_tui.domain.logout import Logout
from claw_tui.domain.secret import Secret
from claw_tui.domain.spec import Spec
from claw_tui.domain.world import (
    App,
    Check,
    ImageInfo,
    Ip,
    Lease,
    Machine,
    Org,
    Region,
    Release,
    SecretInfo,
    Snapshot,
    Versions,
    VmSize,
    Volume,
)

OnLine = Callable[[str], None]


class LoginSession(Protocol):
    """A login in progress: flyctl waits for the browser, or for a code that the browser shows."""

    async def url(self) -> str:
        """Wait for the address that has to be opened."""
        ...

    def send_code(self, code: str) -> None: ...

    async def result(self) -> str:
        """Wait for the end and return what flyctl said, e.g. who is logged in. Raises FlyError."""
        ...

    def said(self) -> str:
        """What flyctl said last, e.g. that a code did not work."""
        ...

    async def cancel(self) -> None: ...


class FlyAccount(Protocol):
    """Who is logged in, and what the account and the platform have."""

    def use_token(self, token: Secret | None) -> None: ...
    @property
    def token(self) -> Secret | None: ...
    async def version(self) -> Versions: ...
    async def whoami(self) -> str: ...
    async def own_token(self) -> Secret | None:
        """The token of the login that the person has with flyctl, or None."""
        ...

    def login(self, *, signup: bool = False) -> LoginSession: ...
    async def orgs(self) -> tuple[Org, ...]: ...
    async def regions(self) -> tuple[Region, ...]: ...
    async def vm_sizes(self) -> tuple[VmSize, ...]: ...
    async def apps(self) -> tuple[App, ...]: ...


class FlyLook(Protocol):
    """What one app has. Nothing here changes anything."""

    async def app(self, app: str) -> App | None: ...
    async def volumes(self, app: str) -> tuple[Volume, ...]: ...
    async def snapshots(self, app: str, volume: str) -> tuple[Snapshot, ...]: ...
    async def secrets(self, app: str) -> tuple[SecretInfo, ...]: ...
    async def ips(self, app: str) -> tuple[Ip, ...]: ...
    async def machines(self, app: str) -> tuple[Machine, ...]: ...
    async def checks(self, app: str) -> Mapping[str, tuple[Check, ...]]: ...
    async def releases(self, app: str) -> tuple[Release, ...]: ...
    async def leases(self, app: str) -> tuple[Lease, ...]: ...
    async def images(self, app: str) -> tuple[ImageInfo, ...]: ...
    async def deployed_config(self, app: str) -> Mapping[str, object]: ...
    async def validate_config(self, app: str, config: Path) -> None: ...
    async def recent_logs(self, app: str) -> tuple[LogEntry, ...]: ...
    def follow_logs(self, app: str) -> AsyncGenerator[LogEntry, None]: ...
    def console(self, app: str) -> Command: ...


class OpenCall(Protocol):
    """A mutating call whose intent is written down."""

    @property
    def fds(self) -> tuple[int, ...]:
        """File descriptors that the child keeps open: their lock tells that it is still alive."""
        ...

    def started(self, pid: int) -> None: ...
    def ended(self, outcome: str) -> None: ...


class CallGuard(Protocol):
    """Is told of each mutating call before it is made."""

    def open(self, command: str) -> OpenCall: ...


class FlyChange(Protocol):
    """What changes something. Each call acts again when it is called again."""

    def use_guard(self, guard: CallGuard | None) -> None: ...
    async def create_app(self, name: str, org: str) -> None: ...
    async def create_volume(
        self,
        app: str,
        name: str,
        *,
        region: str,
        size_gb: int,
        vm_size: str,
        memory_mb: int,
        snapshot: str = "",
    ) -> None: ...
    async def destroy_app(self, app: str) -> None: ...
    async def destroy_volume(self, app: str, volume: str) -> None: ...
    async def destroy_machine(self, app: str, machine: str) -> None: ...
    async def create_snapshot(self, app: str, volume: str) -> None: ...
    async def import_secrets(self, app: str, values: Mapping[str, Secret]) -> None: ...
    async def unset_secrets(self, app: str, names: Sequence[str]) -> None: ...
    async def deploy_secrets(self, app: str, on_line: OnLine) -> None: ...
    async def allocate_shared_v4(self, app: str) -> None: ...
    async def allocate_v6(self, app: str, *, private: bool = False) -> None: ...
    async def release_ip(self, app: str, address: str) -> None: ...
    async def deploy(
        self, app: str, config: Path, folder: Path, *, private: bool, on_line: OnLine, builder: str = "", label: str = "",
        image: str = "",
    ) -> None: ...  # fmt: skip
    async def restart_machine(self, app: str, machine: str) -> None: ...
    async def start_machine(self, app: str, machine: str) -> None: ...
    async def rescue_machine(self, app: str, machine: str) -> None:
        """It is started with a program that only waits; the next deploy brings the gateway back."""
        ...

    async def clear_leases(self, app: str, machine: str) -> None: ...
    async def exec(self, app: str, machine: str, script: str) -> ExecResult:
        """Run a short shell script in the machine (it must end within 25 seconds)."""
        ...

    async def stop_agent(self) -> None: ...


class Fly(FlyAccount, FlyLook, FlyChange, Protocol):
    """flyctl, as verbs. Raises FlyError subclasses only."""


class Git(Protocol):
    """What a source build takes: the official repository, and Docker here if that is to build it."""

    async def has_docker(self) -> bool: ...
    async def fetch(self, url: str, ref: str, folder: Path, on_line: OnLine) -> None: ...


class SecretStore(Protocol):
    """A place for secrets. Raises StoreError."""

    @property
    def kind(self) -> StoreKind: ...
    @property
    def where(self) -> str:
        """Words for the screen: where a secret is kept."""
        ...

    async def probe(self) -> StoreProbe:
        """Never prompts; ends within 2.5 seconds."""
        ...

    async def unlock(self, password: Secret) -> None:
        """Open it; one that is UNCREATED is made with this password."""
        ...

    async def change_password(self, password: Secret) -> None:
        """Give an open one another password, where that is ours to give."""
        ...

    async def put(self, name: str, value: Secret) -> None:
        """Keep a value, and read it back."""
        ...

    async def get(self, name: str) -> Secret | None: ...
    async def delete(self, name: str) -> None: ...
    async def close(self) -> None: ...


class KeyChecks(Protocol):
    """Live checks of model and channel keys. Raises BadKey, RateLimited or NetworkDown."""

    def can_check(self, env: str) -> bool: ...
    async def check(self, env: str, value: Secret) -> KeyCheck: ...


class ChannelChecks(Protocol):
    """Live checks of channels. Raises BadKey, RateLimited, ServiceError or NetworkDown."""

    async def telegram(self, token: Secret) -> ChannelCheck: ...
    async def free_telegram(self, token: Secret) -> None:
        """Telegram sends the bot's messages nowhere any more: whoever asks gets them."""
        ...

    async def slack(self, bot: Secret | None, app: Secret | None) -> ChannelCheck: ...
    async def twilio(self, account: str, token: Secret, number: str) -> ChannelCheck: ...
    async def telnyx(self, key: Secret, number: str) -> ChannelCheck: ...


class Discord(Protocol):
    """What a Discord bot's token can see. Raises BadKey, RateLimited, ServiceError or NetworkDown."""

    async def identity(self, token: Secret) -> BotIdentity: ...
    async def guilds(self, token: Secret) -> tuple[Guild, ...]: ...
    async def look_into(self, token: Secret, guild: Guild, bot: str) -> GuildView:
        """Channels, roles, and what the bot (its user's id) is there."""
        ...

    async def find_members(self, token: Secret, guild: str, words: str) -> tuple[Member, ...]:
        """Whose name begins so. Needs the Server Members intent."""
        ...

    async def member(self, token: Secret, guild: str, user: str) -> Member | None: ...


class Web(Protocol):
    """The few things that flyctl cannot ask for us, over HTTPS."""

    async def billing_state(self, token: Secret, org: str) -> str:
        """Fly's word for the organization's billing (CURRENT, TRIAL_ACTIVE, …), or "" when it is not told."""
        ...

    async def image_exists(self, repository: str, tag: str) -> bool | None:
        """None when the registry cannot be asked."""
        ...

    async def newest_versions(self, repository: str) -> tuple[str, ...]:
        """Exact versions in the registry, newest first; empty when it cannot be asked."""
        ...

    async def health(self, url: str) -> HealthAnswer: ...
    async def name_in_dns(self, host: str) -> bool | None: ...


class Gateway(Protocol):
    """The OpenClaw Gateway inside an app's machine. Raises GatewayError or FlyError."""

    async def health(self, app: str, machine: str) -> HealthAnswer: ...
    async def read_config(self, app: str, machine: str) -> str | None: ...
    async def write_config(
        self,
        app: str,
        machine: str,
        text: str,
        *,
        watched: bool = False,
        expected: str | None = None,
        check: bool = True,
    ) -> str:
        """Candidate, validate in the machine, keep the old one, replace, read back. Raises ConfigRejected.

        ``watched``: the change is written down in the machine, to be followed and undone. Returns the name of the kept
        file when the old one was not ``expected`` any more.
        """
        ...

    async def delivery(self, app: str, machine: str) -> Delivery:
        """How the gateway takes the last watched change. One that is not reached gives an empty answer or FlyError."""
        ...

    async def settle(self, app: str, machine: str) -> None:
        """The change was seen through."""
        ...

    async def touch_config(self, app: str, machine: str) -> None:
        """Have the gateway look at its file again."""
        ...

    async def put_back(self, app: str, machine: str, name: str) -> None:
        """A backup takes the place of a file that did not work, which is kept."""
        ...

    async def mend_owner(self, app: str, machine: str) -> bool:
        """openclaw.json is the gateway's user's, and theirs alone. Says whether it was not so that they can read it."""
        ...

    async def validate(self, app: str, machine: str) -> None:
        """OpenClaw checks the file that is in place. Raises ConfigRejected."""
        ...

    async def backups(self, app: str, machine: str) -> tuple[Backup, ...]: ...
    async def read_backup(self, app: str, machine: str, name: str) -> str: ...
    async def has_backup(self, app: str, machine: str, name: str) -> bool:
        """Is it, byte for byte, what is in place now?"""
        ...

    async def restore(self, app: str, machine: str, name: str, *, check: bool) -> None:
        """A copy of a backup goes the way of a new file, inside the machine. Raises ConfigRejected."""
        ...

    async def channels(self, app: str, machine: str) -> tuple[ChannelStatus, ...]: ...
    async def dashboard(self, app: str, machine: str) -> DashboardLink: ...
    async def pairing_requests(
        self, app: str, machine: str, channels: Sequence[str]
    ) -> tuple[PairingRequest, ...]: ...
    async def approve(self, app: str, machine: str, request: PairingRequest) -> None: ...


class StateStore(Protocol):
    """Answers, files and digests on this computer. Never a secret. Raises StateError."""

    def load_draft(self) -> Spec | None: ...
    def save_draft(self, spec: Spec) -> None: ...
    def drop_draft(self) -> None: ...
    def load_answers(self, app: str) -> Spec | None: ...
    def save_answers(self, spec: Spec) -> None: ...
    def known_apps(self) -> tuple[str, ...]: ...
    def setting(self, name: str) -> str: ...
    def set_setting(self, name: str, value: str) -> None: ...
    def revisions(self, app: str) -> Mapping[str, str]:
        """For each secret of ours: a word that changes whenever its value does."""
        ...

    def set_revision(self, app: str, name: str, revision: str) -> None: ...
    def revised(self) -> tuple[tuple[str, str], ...]:
        """(app, name) of every secret that ever had a revision."""
        ...

    def sent_digests(self, app: str) -> Mapping[str, tuple[str, str]]:
        """For each secret that we sent: (revision, digest that Fly told right after)."""
        ...

    def set_sent_digests(self, app: str, digests: Mapping[str, tuple[str, str]]) -> None: ...
    def kept(self, app: str) -> Mapping[str, str]:
        """For each secret: the revision that the chosen place for secrets has, where that outlives this program."""
        ...

    def set_kept(self, app: str, name: str, revision: str) -> None: ...
    def removals(self, app: str) -> tuple[str, ...]:
        """Secrets that are to be taken away on Fly.io, until a restart has brought that in."""
        ...

    def set_removal(self, app: str, name: str, *, wanted: bool) -> None: ...
    def sight(self, bot: str) -> Sight | None:
        """What a Discord bot saw when it was last asked."""
        ...

    def set_sight(self, bot: str, sight: Sight) -> None: ...
    def durations(self) -> Durations: ...
    def add_durations(self, times: RunTimes) -> None: ...
    def file(self, app: str, name: str) -> Path:
        """Where we keep a file of an app (fly.toml, openclaw.json); its folder exists."""
        ...

    def read_file(self, path: Path) -> str:
        """The text of a file of the person's own."""
        ...

    def write_file(self, path: Path, text: str) -> None:
        """Replace a file in one step: after a crash there is the old one or the new one."""
        ...


class Journal(Protocol):
    """Intents are written before a call, results after it; both survive a crash. Also the guard of those calls."""

    step: str  # the step that the next calls belong to

    def open(self, command: str) -> OpenCall: ...
    def calls(self) -> tuple[Intent, ...]:
        """All that were ever begun, oldest first."""
        ...

    def unfinished(self) -> tuple[Intent, ...]:
        """Calls that were begun and whose end nobody wrote down."""
        ...

    def note(self, entry: Mapping[str, Sequence[str] | str]) -> None:
        """A line in the book of what was made, on the disk before this returns. Raises StateError."""
        ...

    def notes(self) -> Sequence[Mapping[str, object]]: ...
    async def settle(self, seconds: float) -> None:
        """Wait until no call of an earlier run is in flight; then forget what is unfinished. Raises Busy."""
        ...


class RunHandle(Protocol):
    """A run of ours, going on or ended, watched from outside."""

    @property
    def job(self) -> Job: ...
    def state(self) -> JobState: ...
    def new_events(self) -> Sequence[JobEvent]:
        """Events since the last call; all of them at first."""
        ...

    def new_log(self) -> Sequence[str]: ...
    @property
    def log_path(self) -> Path: ...
    def heard(self) -> float:
        """When the log was written to last, in seconds since 1970; 0 when never."""
        ...

    def cancel(self) -> None: ...
    def dismiss(self) -> None:
        """It is not offered any more."""
        ...


class Runs(Protocol):
    """Starting and finding runs. One at a time for an app."""

    async def start(self, job: Job, secrets: Mapping[str, Secret], fly_token: Secret | None) -> RunHandle:
        """Start a run that outlives this program; returns once it holds the secrets. Raises Busy, StateError."""
        ...

    def unfinished(self) -> tuple[RunHandle, ...]:
        """The newest run of each app that goes on, or left something to do; the newest app first."""
        ...

    def latest(self, app: str = "") -> RunHandle | None:
        """The newest run, of ``app`` or of any."""
        ...


@dataclass(frozen=True, slots=True)
class Services:
    """Everything outside the process, in one place to swap."""

    fly: Fly
    git: Git
    keyring: SecretStore
    secret_file: SecretStore
    memory: SecretStore
    keys: KeyChecks
    discord: Discord
    channels: ChannelChecks
    web: Web
    gateway: Gateway
    state: StateStore
    runs: Runs
    journal: Callable[[str], Journal]  # app -> its journal
    here: Callable[[], tuple[float, float] | None]  # degrees north and east, about
    pause: Callable[[float], Awaitable[None]]  # seconds; the simulated cloud's time may run faster
    close: Callable[[], Awaitable[None]]
    after_logout: Callable[[], Awaitable[Logout]]
    given_token: Secret | None = None  # the login that the environment gives
    given_name: str = ""  # and the variable that it is in
    given_store: StoreKind | None = None  # the place for secrets that the environment decides on
    demo: bool = False
    examples: Examples = field(default_factory=Examples)
