# docker build --file examples/aks/deno.Dockerfile --tag message-service examples/service
FROM denoland/deno:2.9.5
WORKDIR /app
COPY package.json ./
RUN deno install
COPY main.ts sign.ts start_deno.sh ./
RUN deno check main.ts
USER 65532:65532
EXPOSE 8080
ENTRYPOINT ["./start_deno.sh"]
