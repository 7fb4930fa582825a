# docker build --file examples/aks/node.Dockerfile --tag message-service examples/service
FROM node:24-slim AS install
WORKDIR /app
COPY package.json ./
RUN npm install --omit=dev --no-fund --no-audit

FROM gcr.io/distroless/nodejs24-debian12:nonroot
WORKDIR /app
COPY --from=install /app/node_modules node_modules
COPY package.json main.ts sign.ts ./
USER 65532:65532
EXPOSE 8080
ENTRYPOINT ["/nodejs/bin/node", "main.ts"]
