"""The pieces of a Dockerfile of our own, and the script in it that starts Tailscale.

No checksum stands here that nobody looked up: packages come from their makers' signed repositories, files out of their
makers' images, whose layers are fetched by their digests.
"""

from __future__ import annotations

HEAD = """\
# Made by claw-tui, and made anew at each deploy: OpenClaw's own image, and what it lacks for the answers.
FROM {base}

# Only root may install. What starts the gateway (tini) and its settings stay the image's.
USER root
"""

SIGNAL = """
# signal-cli as its project publishes it, with the Java 25 that it needs and Debian 12 does not have. No checksum is
# written down: the layers of an image are fetched by their digests. The last line proves that the two fit.
COPY --from={java} /opt/java/openjdk /opt/java/openjdk
COPY --from=ghcr.io/asamk/signal-cli:{version} /opt/signal-cli /opt/signal-cli
RUN ln -s /opt/java/openjdk/bin/java /usr/local/bin/java \\
 && ln -s /opt/signal-cli/bin/signal-cli /usr/local/bin/signal-cli \\
 && signal-cli --version
"""

APT = """
# {names}: from the makers' own package repositories, whose signatures apt checks. Without a version: their
# servers want new ones, and apt takes the newest that is signed.
RUN set -eu; export DEBIAN_FRONTEND=noninteractive; \\
    apt-get update; \\
    apt-get install -y --no-install-recommends ca-certificates curl; \\
    install -d -m 0755 /etc/apt/keyrings; \\
{sources}
    apt-get update; \\
    apt-get install -y --no-install-recommends {packages}; \\
    rm -rf /var/lib/apt/lists/*; \\
    {proofs}
"""

SOURCE = """\
    curl -fsSL {key} -o {ring}; \\
    echo "deb [signed-by={ring}] {repository} main" > /etc/apt/sources.list.d/{name}.list; \\"""

# Of each package: the key that signs its repository, the repository for Debian 12, and what proves that it is there.
SOURCES = {
    "ngrok": (
        "https://ngrok-agent.s3.amazonaws.com/ngrok.asc", "/etc/apt/keyrings/ngrok.asc",
        "https://ngrok-agent.s3.amazonaws.com bookworm", "ngrok version",
    ),
    "tailscale": (
        "https://pkgs.tailscale.com/stable/debian/bookworm.noarmor.gpg", "/etc/apt/keyrings/tailscale.gpg",
        "https://pkgs.tailscale.com/stable/debian bookworm", "/usr/bin/tailscale version",
    ),
}  # fmt: skip

# OpenClaw's plugin calls `tailscale` without saying where its socket is: the second file says so.
STARTER = """
# tailscaled runs beside the gateway, as its user; the first file starts both.
COPY {starter} /usr/local/bin/{starter}
RUN chmod 0755 /usr/local/bin/{starter} \\
 && printf '%s\\n' '#!/bin/sh' 'exec /usr/bin/tailscale --socket={socket} "$@"' > /usr/local/bin/tailscale \\
 && chmod 0755 /usr/local/bin/tailscale
"""

FOOT = """
# The gateway's user (uid 1000), as in OpenClaw's own image.
USER node
"""

# Nothing in it may keep the gateway from starting: without Tailscale all works but calls. The key is in no command line.
WITH_TAILSCALE = """\
#!/bin/sh
# Made by claw-tui. Starts Tailscale without root and without a network device, then the command that it is given.
# The key in TS_AUTHKEY is for the first time: who this machine is stays on the volume.
dir={state}
sock={socket}
run=${{sock%/*}}
umask 077
mkdir -p "$dir" "$run"
(
  while :; do
    env -u TS_AUTHKEY tailscaled --tun=userspace-networking --statedir="$dir" --socket="$sock" >/dev/null 2>&1
    sleep 5
  done
) &
tries=0
while [ ! -S "$sock" ] && [ "$tries" -lt 20 ]; do
  sleep 1
  tries=$((tries + 1))
done
printf %s "${{TS_AUTHKEY:-}}" > "$run/key"
tailscale up --timeout=30s --accept-dns=false --hostname="${{FLY_APP_NAME:-openclaw}}" --auth-key="file:$run/key" >"$run/up.log" 2>&1 ||
  echo "[with-tailscale] Tailscale is not connected; calls do not get in." >&2
rm -f "$run/key"
unset TS_AUTHKEY
umask 022
exec "$@"
"""
