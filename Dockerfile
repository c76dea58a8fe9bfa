# The image of An Tâm: one for web server, worker, setup, migration and carriers, chosen by its command
# (docs/operations/packages.md; docs/adr/0082). Needs nothing of the machine but this folder:
#
#   docker build -t an-tam .
#
# Base images are named by tag, not by digest: a digest would hold back Debian's security fixes until the next release
# of this repository. To pin them for an installation, give both by digest, as your registry tells it:
#   --build-arg NODE_IMAGE=node:24.21.0-trixie@sha256:… --build-arg BASE_IMAGE=debian:trixie-slim@sha256:…

# The Node of .node-version; tests/packages.test.ts compares them.
ARG NODE_IMAGE=docker.io/library/node:24.21.0-trixie
ARG BASE_IMAGE=docker.io/library/debian:trixie-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /app
ENV NEXT_TELEMETRY_DISABLED=1
# What is installed changes seldom: it is a layer of its own.
COPY package.json package-lock.json .npmrc ./
RUN npm ci --include=dev --ignore-scripts --no-audit --no-fund && cp package-lock.json node_modules/.antam-lock
COPY . .
# A release's context brings the commit's name with it; from a clone: --build-arg REVISION=$(git rev-parse HEAD).
ARG REVISION=unknown
RUN test -f REVISION || printf '%s\n' "$REVISION" > REVISION
RUN node scripts/bootstrap.mjs && NODE_ENV=production NEXT_OUTPUT=standalone npx --no-install next build
RUN node scripts/assemble.ts /out
# Without what a debugger alone reads, where there is something to take it away.
RUN cp "$(command -v node)" /node && { strip /node || true; }

FROM ${BASE_IMAGE}
ARG VERSION=0.1.0
LABEL org.opencontainers.image.title="An Tâm" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.licenses="Apache-2.0"
# Node alone, without npm: nothing is installed in a container that runs.
COPY --from=build /node /usr/local/bin/node
# Evidence (/data; /s3 for a server of S3), checkpoints (/audit), backups, and secrets as files (/etc/an-tam): volumes that begin
# here belong to this user. What is in two of them a database and a storage read as well, as users of their own.
RUN groupadd --gid 10001 an-tam \
 && useradd --uid 10001 --gid 10001 --home-dir /app --no-create-home --shell /usr/sbin/nologin an-tam \
 && install -d -o 10001 -g 10001 -m 0750 /data /audit /s3 /backup \
 && install -d -o 10001 -g 10001 -m 0755 /etc/an-tam /etc/an-tam/database /etc/an-tam/s3 \
 && install -d -o 10001 -g 10001 -m 0700 /etc/an-tam/secrets /etc/an-tam/application /etc/an-tam/signing
# Owned by root: what runs cannot change what it runs.
COPY --from=build /out /app
WORKDIR /app
USER 10001:10001
ENV NODE_ENV=production \
    HOST=0.0.0.0 \
    PORT=3000 \
    DATA_DIR=/data \
    METRICS_HOST=0.0.0.0 \
    METRICS_PORT=9464
EXPOSE 3000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 CMD ["node", "scripts/container-health.mjs"]
ENTRYPOINT ["node", "scripts/command.mjs"]
CMD ["web"]
