# docker build --file examples/aks/bun.Dockerfile --tag message-service examples/service
FROM oven/bun:1.4.5 AS install
WORKDIR /app
COPY package.json ./
RUN bun install --production

FROM oven/bun:1.4.5-distroless
WORKDIR /app
COPY --from=install /app/node_modules node_modules
COPY package.json main.ts sign.ts ./
USER 65532:65532
EXPOSE 8080
ENTRYPOINT ["bun", "main.ts"]
