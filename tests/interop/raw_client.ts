/** A client that writes the bytes of a token request to a TLS connection, as MSAL for Go does. */
import assert from "node:assert/strict";

interface RecordedRequest {
  readonly client: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly assertion: string;
}

/** Sends a recorded request and returns the token, or the text of the error response. */
export async function sendAsMsalGo(
  authority: string,
  tenantId: string,
  clientId: string,
  tokenFilePath: string,
  ca: string,
): Promise<string> {
  const recorded: RecordedRequest[] = JSON.parse(Deno.readTextFileSync("tests/testing/msal_requests.json"));
  const { headers, assertion } = recorded.find(({ client }) => client.startsWith("MSAL Go"))!;
  const body = assertion.replace("CLIENT", clientId)
    .replace("ASSERTION", Deno.readTextFileSync(tokenFilePath));
  const { hostname, port, host } = new URL(authority);
  const head = [
    `POST /${tenantId}/oauth2/v2.0/token HTTP/1.1`,
    `Host: ${host}`,
    "User-Agent: Go-http-client/1.1",
    `Content-Length: ${body.length}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    "Connection: close",
  ];
  using connection = await Deno.connectTls({ hostname, port: Number(port), caCerts: [ca] });
  const writer = connection.writable.getWriter();
  await writer.write(new TextEncoder().encode(`${head.join("\r\n")}\r\n\r\n${body}`));
  const response = await new Response(connection.readable).text();
  assert.match(response, /^HTTP\/1\.1 (200|4\d\d|503) /);
  const { access_token: token, error_description: description } = JSON.parse(
    response.slice(response.indexOf("{"), response.lastIndexOf("}") + 1),
  );
  return token ?? description;
}
