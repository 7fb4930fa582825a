# docker build --file examples/aks/deno_compile.Dockerfile --tag message-service \
#   --build-arg HOSTS=my-vault.vault.azure.net,myaccount.blob.core.windows.net examples/service
FROM denoland/deno:2.9.5 AS build
WORKDIR /app
COPY package.json ./
RUN deno install
COPY main.ts sign.ts ./
# A compiled program has its permissions for good.
ARG HOSTS
RUN deno compile --no-prompt --output service \
  --allow-env=AZURE_CLIENT_ID,AZURE_TENANT_ID,AZURE_FEDERATED_TOKEN_FILE,AZURE_AUTHORITY_HOST,KEY_VAULT_URL,STORAGE_URL,PORT \
  --allow-read=/var/run/secrets/azure \
  --allow-net=0.0.0.0:8080,login.microsoftonline.com,$HOSTS \
  main.ts

FROM gcr.io/distroless/cc-debian12:nonroot
COPY --from=build /app/service /service
USER 65532:65532
EXPOSE 8080
ENTRYPOINT ["/service"]
