import assert from "node:assert/strict";
import { test } from "node:test";
import { setUp } from "./setup.ts";

test("each of the next requests gets a fault, and later ones do not", async () => {
  const { emulator, request } = await setUp();
  emulator.failNext({ status: 503 }, { status: 429, headers: { "retry-after": "7" } });
  const first = await request();
  assert.equal(first.status, 503);
  assert.deepEqual((await first.json()).error_codes, [90033]);
  const second = await request();
  assert.equal(second.status, 429);
  assert.equal(second.headers.get("retry-after"), "7");
  const { error, error_codes } = await second.json();
  assert.equal(error, "temporarily_unavailable");
  assert.deepEqual(error_codes, [90055]);
  assert.equal((await request()).status, 200);
  assert.deepEqual(emulator.requests.map(({ status }) => status), [503, 429, 200]);
});

test("failNext does not affect other requests", async () => {
  const { emulator, application, request } = await setUp();
  emulator.failNext({ status: 503 });
  const metadata =
    `https://login.microsoftonline.com/${application.tenantId}/v2.0/.well-known/openid-configuration`;
  assert.equal((await emulator.fetch(metadata)).status, 200);
  assert.equal((await request()).status, 503);
});

test("a script decides from the request", async () => {
  const { request } = await setUp({
    faults: ({ form, claims }) =>
      form.scope === "https://graph.microsoft.com/.default" && claims?.sub ? { code: 700213 } : undefined,
  });
  assert.equal((await request()).status, 200);
  const rejected = await request({ scope: "https://graph.microsoft.com/.default" });
  assert.equal(rejected.status, 401);
  assert.match(
    (await rejected.json()).error_description,
    /^AADSTS700213: .*subject 'system:serviceaccount:default:workload'/,
  );
});

test("a code may come with another status", async () => {
  const { emulator, request } = await setUp();
  emulator.failNext({ code: 70021, status: 400 });
  const response = await request();
  assert.equal(response.status, 400);
  assert.match(
    (await response.json()).error_description,
    /Assertion Audience: 'api:\/\/AzureADTokenExchange'/,
  );
});

const CODES = [50166, 501661, 70023, 700024, 7000114, 7000216, 7000218, 700222, 700229, 7002131, 82001];
for (const code of CODES) {
  test(`a fault with the code ${code} has the text of Entra`, async () => {
    const { emulator, request } = await setUp();
    emulator.failNext({ code });
    const response = await request();
    const { error_codes: codes, error_description: text } = await response.json();
    assert.deepEqual(codes, [code]);
    // Without a value, a space would precede the punctuation.
    assert.doesNotMatch(text, /The request was rejected|[{}]|undefined|''|(time:|from|at|on) [,.]/);
    assert.ok(response.status === 400 || response.status === 401);
    assert.equal(emulator.requests[0]!.errorCode, code);
  });
}

test("a body replaces that of the response, as text or as JSON", async () => {
  const { emulator, request } = await setUp();
  emulator.failNext({ body: "<html>" }, { body: { expires_in: "0" }, status: 201 }, {
    status: 502,
    body: "",
  });
  assert.equal(await (await request()).text(), "<html>");
  const second = await request();
  assert.equal(second.status, 201);
  assert.deepEqual(await second.json(), { expires_in: "0" });
  const third = await request();
  assert.equal(third.status, 502);
  assert.equal(await third.text(), "");
});

test("headers alone are added to the real response", async () => {
  const { emulator, request } = await setUp();
  emulator.failNext({ headers: { "x-ms-clitelem": "1,0,0,," } });
  const response = await request();
  assert.equal(response.status, 200);
  assert.equal(response.headers.get("x-ms-clitelem"), "1,0,0,,");
  assert.ok((await response.json()).access_token);
});

test("a delay is kept by the emulator's clock, and an abort ends it", async () => {
  const { emulator, clock, request } = await setUp();
  emulator.failNext({ delayInMs: 5_000 }, { delayInMs: Infinity });
  let status: number | undefined;
  const pending = request().then((response) => status = response.status);
  while (clock.pendingTimers === 0) await clock.advance(0);
  await clock.advance(4_999);
  assert.equal(status, undefined);
  await clock.advance(1);
  assert.equal(await pending, 200);

  const controller = new AbortController();
  const never = request({}, { signal: controller.signal });
  while (clock.pendingTimers === 0) await clock.advance(0);
  await clock.advance(365 * 24 * 3_600_000);
  const reason = new Error("waited long enough");
  controller.abort(reason);
  await assert.rejects(never, reason);
  assert.equal(clock.pendingTimers, 0);
});

test("a redirect is sent, not followed", async () => {
  const { emulator, request } = await setUp();
  emulator.failNext({ redirectTo: "https://elsewhere.example/token" });
  const response = await request({}, { redirect: "manual" });
  assert.equal(response.status, 307);
  assert.equal(response.headers.get("location"), "https://elsewhere.example/token");
});

test("a reset rejects, a cut body fails in the middle, an endless one goes on", async () => {
  const { emulator, request } = await setUp();
  emulator.failNext({ ending: "reset" }, { ending: "cut" }, { ending: "endless" });
  await assert.rejects(request(), { name: "TypeError", message: "the connection was reset" });

  const cut = await request();
  assert.equal(cut.status, 200);
  let received = 0;
  await assert.rejects(async () => {
    for await (const chunk of cut.body!) received += chunk.byteLength;
  }, { message: "the connection was reset" });
  assert.ok(received > 100 && received < Number(cut.headers.get("content-length")));

  const controller = new AbortController();
  const endless = await request({}, { signal: controller.signal });
  let size = 0;
  await assert.rejects(async () => {
    for await (const chunk of endless.body!) {
      size += chunk.byteLength;
      if (size > 4 * 1024 * 1024) controller.abort();
    }
  }, { name: "AbortError" });
});
