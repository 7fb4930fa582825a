import { WorkloadIdentityCredential } from "@azure/identity";
import type { Contender } from "./contender.ts";
import { scopeOf } from "./scope.ts";

const CLOUD = "https://login.microsoftonline.com";

/**
 * It asks an authority that it does not know for two more documents, which no pod in the public cloud pays for. So it
 * is told that this is the public cloud, and its requests are led to the endpoint at the last moment.
 */
export function create(): Contender {
  const endpoint = process.env.AZURE_AUTHORITY_HOST!;
  const credential = new WorkloadIdentityCredential({
    authorityHost: CLOUD,
    additionalPolicies: [{
      position: "perRetry",
      policy: {
        name: "endpoint",
        sendRequest(request, next) {
          request.url = request.url.replace(CLOUD, endpoint);
          return next(request);
        },
      },
    }],
  });
  return {
    getToken: (scopes) => credential.getToken(scopes),
    // A token with less than five minutes left is never given from its cache.
    exchange: (scope) => credential.getToken(scopeOf(scope, { lifetime: 200 })),
  };
}
