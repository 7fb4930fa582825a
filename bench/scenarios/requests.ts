import { resourceOf } from "../candidates/scope.ts";

/** Returns how many token requests the endpoint has received for the resource of a scope. */
export async function countRequests(scope: string): Promise<number> {
  const resource = resourceOf(scope).slice("https://".length);
  const response = await fetch(new URL(`/${resource}`, process.env.AZURE_AUTHORITY_HOST));
  return await response.json();
}
