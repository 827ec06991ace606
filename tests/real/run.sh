#!/bin/sh
# Checks against programs of others: OpenClaw from npm (with the Node that it wants) in .real/, GNOME Keyring, strace and
# OpenSSH from the system's packages. What is missing is installed first. Usage: run.sh PYTHON [pytest arguments], or
# run.sh PYTHON recordings [version …] [scene …] to record OpenClaw anew.
set -eu
cd "$(dirname "$0")/../.."
python=$1
shift

missing=''
for pair in npm:npm gnome-keyring-daemon:gnome-keyring dbus-run-session:dbus Xvfb:xvfb strace:strace ssh:openssh-client /usr/sbin/sshd:openssh-server; do
    command -v "${pair%%:*}" >/dev/null 2>&1 || missing="$missing ${pair#*:}"
done
if [ -n "$missing" ]; then
    root=''
    [ "$(id -u)" = 0 ] || root=sudo
    if command -v apt-get >/dev/null 2>&1; then
        echo "installing$missing"
        # shellcheck disable=SC2086
        { $root apt-get update -q && DEBIAN_FRONTEND=noninteractive $root apt-get install -q -y --no-install-recommends $missing; } >/dev/null
    else
        echo "These packages are needed and missing:$missing. Install them with your system's package manager." >&2
        exit 1
    fi
fi

versions=$("$python" -c 'from tests.recordings.store import RECORDED; print(*RECORDED)')
for version in $versions; do
    folder=.real/openclaw-$version package=openclaw@$version
    case $version in clawdbot-*) folder=.real/$version package=clawdbot@${version#clawdbot-} ;; esac
    if [ ! -e "$folder/.done" ]; then
        echo "installing $package"
        mkdir -p "$folder"
        overrides='{}'
        # January's takes whatever is newest of its libraries: one from GitHub by SSH, one that has lost a part of its own.
        case $version in 2026.1.* | clawdbot-*) overrides='{"libsignal": "6.0.0", "linkedom": "0.18.12"}' ;; esac
        [ -e "$folder/package.json" ] || echo "{\"private\": true, \"overrides\": $overrides}" >"$folder/package.json"
        # Node first: OpenClaw's own installation needs the Node that it will run on.
        npm install --prefix "$folder" --no-audit --no-fund --loglevel error node@24
        PATH="$PWD/$folder/node_modules/.bin:$PATH" \
            npm install --prefix "$folder" --no-audit --no-fund --loglevel error "$package"
        touch "$folder/.done"
    fi
done
if [ "${1:-}" = recordings ]; then
    shift
    "$python" -m tests.recordings "$@"
    exec git diff --stat -- tests/recordings
fi
export CONFIGS="${CONFIGS:-200}" SEED="${SEED:-$(date +%s)}"  # of tests/real/test_many_configs.py
echo "CONFIGS=$CONFIGS SEED=$SEED"
exec "$python" -m pytest -q -n auto tests/real -m real "$@"
