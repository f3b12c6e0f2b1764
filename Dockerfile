# Debian, not Alpine: the embedded PostgreSQL's binaries are built for glibc.
FROM node:24-bookworm-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# Only what runs: the devDependency node@24 is for machines with another Node, this image has the right one.
RUN npm ci --omit=dev --loglevel=error

FROM node:24-bookworm-slim
RUN apt-get update \
 && apt-get install -y --no-install-recommends bubblewrap ca-certificates git tini util-linux \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY --from=dependencies /app/node_modules node_modules
COPY package.json app.yml LICENSE ./
COPY src src
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000 PAWL_DATA=/data
RUN install -d -o node -g node /data
VOLUME /data
USER node
EXPOSE 3000
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.PORT + '/readyz').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
# An init takes care of what sandboxed commands leave behind; it hands SIGTERM on, which stops the app gracefully.
ENTRYPOINT ["tini", "--"]
CMD ["node", "src/cli.ts", "start"]
