# Earshot as an image: docker build -t earshot .
#
# Two stages. The first has npm and the compiler; the second has Node's one binary on Debian and what the first made:
# no npm, no compiler, nothing to install anything with. The C library is Debian's in both, so that the binary and the
# SQLite driver fit. Everything that changes while it runs is in /data; the rest may be, and should be, read-only
# (docs/deploy.md).

FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# No script of any package runs: the SQLite driver carries its binaries, and is taken as it is.
RUN npm ci --include=dev --ignore-scripts
COPY tsconfig.json tsconfig.build.json ./
COPY src src
RUN node_modules/.bin/tsc -p tsconfig.build.json --declaration false --sourceMap false && rm dist/.tsbuildinfo
COPY console console
RUN node_modules/.bin/vite build --config console/vite.config.ts --logLevel=warn && mv dist/console.next dist/console && \
    rm -r dist/console/.vite
RUN npm prune --omit=dev --ignore-scripts
# Nobody compiles against them here, and nobody steps through them.
RUN find node_modules -type f '(' -name '*.map' -o -name '*.d.ts' -o -name '*.d.mts' -o -name '*.d.cts' ')' -delete
# Of the SQLite driver, what this platform loads: its C sources and the binaries for others are 25 MB.
RUN cd node_modules/@photostructure/sqlite && rm -r src && cd prebuilds && \
    find . -mindepth 1 -maxdepth 1 ! -name "linux-$(node -p process.arch)" -exec rm -r {} +

FROM debian:bookworm-slim
LABEL org.opencontainers.image.title="Earshot" org.opencontainers.image.licenses="Apache-2.0"
COPY --from=build /usr/local/bin/node /usr/local/bin/node
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY LICENSE deploy/healthcheck.mjs ./
# `earshot doctor` and the like work in a running container. The owner of /data has a number and no name: nothing asks.
RUN chmod 755 dist/cli/main.js && ln -s /app/dist/cli/main.js /usr/local/bin/earshot && \
    install -d -m 0700 -o 10001 -g 10001 /data
USER 10001:10001
ENV NODE_ENV=production EARSHOT_HOST=0.0.0.0 EARSHOT_DATA_DIR=/data
# earshot.json, where there is one, is read from here.
WORKDIR /data
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s CMD ["node", "/app/healthcheck.mjs"]
# As a list, so that Node is the process that is asked to stop.
ENTRYPOINT ["node", "--max-semi-space-size=2", "/app/dist/cli/main.js"]
CMD ["serve"]
