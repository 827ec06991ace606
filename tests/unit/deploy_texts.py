"""What flyctl says in a pipe, shortened: the image's ways are recorded (tests/transcripts), these are put together from

flyctl's source (0.4.87) and from logs that people published. Both streams as they come in.
"""

from __future__ import annotations

CONFIG = """\
==> Verifying app config
Validating /home/me/fly.toml
✓ Configuration is valid
--> Verified app config
==> Building image
"""

# Two stages side by side, a layer from the cache, one that is left for another and taken up again.
BUILDKIT = """\
#1 [internal] load build definition from Dockerfile
#1 transferring dockerfile: 857B 0.0s done
#1 DONE 0.0s

#2 [internal] load metadata for docker.io/library/node:24-bookworm
#2 DONE 0.2s

#3 [base 1/2] FROM docker.io/library/node:24-bookworm@sha256:4d4d
#3 sha256:aaaa 10.00MB / 40.00MB 1.0s
#3 sha256:bbbb 2.50MB / 60.00MB 1.0s
#3 ...

#4 [internal] load build context
#4 transferring context: 62.14MB 2.8s done
#4 DONE 2.9s

#3 [base 1/2] FROM docker.io/library/node:24-bookworm@sha256:4d4d
#3 sha256:aaaa 40.00MB / 40.00MB 3.0s done
#3 extracting sha256:aaaa 0.5s done
#3 DONE 5.0s

#5 [base 2/2] RUN corepack enable
#5 CACHED

#6 [stage-1 2/4] COPY package.json pnpm-lock.yaml ./
#6 DONE 0.1s

#7 [stage-1 3/4] RUN pnpm install --frozen-lockfile
#7 1.204 Lockfile is up to date, resolution step is skipped
#7 2.311 ==> Pushing image to fly
#7 3.5 Progress: 10.00MB / 20.00MB
"""

DEPOT = (
    CONFIG
    + """\
Waiting for depot builder...

==> Building image with Depot
--> build:  (\u200bhttps://depot.dev/orgs/x)
"""
    + BUILDKIT
    + """\
#7 DONE 31.0s

#8 [stage-1 4/4] RUN pnpm build
#8 DONE 62.5s

#9 exporting to image
#9 exporting layers
#9 exporting layers 4.0s done
#9 pushing layers for registry.fly.io/my-app:deployment-01KR@sha256:d628
#9 pushing layer sha256:015a
#9 pushing layer sha256:23b8
#9 pushing layer sha256:23b8 0.2s done
"""
)
DEPOT_DONE = """\
#9 pushing layer sha256:015a 0.2s done
#9 pushing layers for registry.fly.io/my-app:deployment-01KR@sha256:d628 0.3s done
#9 pushing manifest for registry.fly.io/my-app:deployment-01KR@sha256:d628 0.1s done
#9 DONE 0.4s
--> Build Summary:  (\u200bhttps://depot.dev/orgs/x)
--> Building image done
image: registry.fly.io/my-app:deployment-01KR
image size: 317 MB
"""

REMOTE = (
    CONFIG
    + """\
Waiting for remote builder fly-builder-young-log-1735...

Remote builder fly-builder-young-log-1735 ready
==> Building image with Docker
--> docker host: 28.3.3 linux x86_64
"""
    + BUILDKIT
)
PUSHING = """\
#7 DONE 31.0s
--> Building image done
==> Pushing image to fly
The push refers to repository [registry.fly.io/my-app]
5f70bf18a086: Preparing
bb9ee4cbe9e1: Preparing
5f70bf18a086: Layer already exists
"""
PUSHED = """\
bb9ee4cbe9e1: Pushed
deployment-01KR: digest: sha256:abcd size: 1576
--> Pushing image done
image: registry.fly.io/my-app:deployment-01KR
image size: 119 MB
"""

LOCAL_OLD = (  # without BuildKit
    CONFIG
    + """\
==> Creating build context
--> Creating build context done
==> Building image with Docker
--> docker host: 20.10.10 linux x86_64
Sending build context to Docker daemon  1.912MB
Step 1/20 : FROM ruby:2.6.0 AS ruby
 ---> ef8778f370d5
Step 5/20 : RUN make build
 ---> Running in 060fdcb40c04
"""
)

RELEASE_COMMAND = """\
Watch your deployment at https://fly.io/apps/my-app/monitoring

Running my-app release_command: /app/bin/migrate
Created release_command machine 7811701fe43008
Starting machine
Waiting for 7811701fe43008 to have state: started
Machine 7811701fe43008 has state: started
Waiting for 7811701fe43008 to have state: destroyed
"""
RELEASED = """\
Machine 7811701fe43008 has state: destroyed
✔ release_command 7811701fe43008 completed successfully
"""

TWO_MACHINES = """\
Updating existing machines in 'my-app' with rolling strategy
> [1/2] Acquiring lease for 1854737c27e1d8
> [1/2] Acquired lease for 1854737c27e1d8
> [2/2] Updating machine config for 18590deb29eee8
> [1/2] Updating 1854737c27e1d8 [app]
> [1/2] Waiting for machine 1854737c27e1d8 to reach a good state
> [1/2] Machine 1854737c27e1d8 reached started state
> [1/2] Running smoke checks on machine 1854737c27e1d8
> [1/2] Running machine checks on machine 1854737c27e1d8
> [1/2] Checking health of machine 1854737c27e1d8
✔ [1/2] Machine 1854737c27e1d8 is now in a good state
> [1/2] Clearing lease for 1854737c27e1d8
Checking DNS configuration for my-app.fly.dev
"""

AGAIN = """\
Updating existing machines in 'my-app' with rolling strategy
> Acquiring lease for 1854737c27e1d8
> Updating machine config for 1854737c27e1d8
> Updating 1854737c27e1d8 [app]
> Waiting for machine 1854737c27e1d8 to reach a good state
✖ Machine 1854737c27e1d8 did not get well
Failed to update machines: failed to update machine 1854737c27e1d8: 412 Retrying...
"""

NO_ADDRESSES = """\
Watch your deployment at https://fly.io/apps/my-app/monitoring
Provisioning ips for my-app
  Dedicated ipv6: 2a09:8280:1::115:3bf4:0
Failed to provision IP addresses. Use `fly ips` commands to remediate it. ERROR: 502
This deployment will:
 * create 1 "app" machine

> Launching new machine
No machines in group app, launching a new machine
WARNING The app is not listening on the expected address and will not be reachable by fly-proxy.
"""
