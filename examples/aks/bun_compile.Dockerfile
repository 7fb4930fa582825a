# docker build --file examples/aks/bun_compile.Dockerfile --tag message-service examples/service
FROM oven/bun:1.4.5 AS build
WORKDIR /app
COPY package.json ./
RUN bun install --production
COPY main.ts sign.ts ./
RUN bun build --compile --outfile service main.ts

FROM gcr.io/distroless/cc-debian12:nonroot
COPY --from=build /app/service /service
USER 65532:65532
EXPOSE 8080
ENTRYPOINT ["/service"]
