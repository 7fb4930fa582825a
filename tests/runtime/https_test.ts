/** The transport over `node:http` and `node:https`, against servers that write their bytes by hand. */
import assert from "node:assert/strict";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { after, describe, test } from "node:test";
import { createServer as createTlsServer } from "node:tls";
import type { FetchLike, FetchResponse } from "../../src/core/mod.ts";
import { createHttpsFetch } from "../../src/runtime/transport/https.ts";
import { openTlsTransport } from "../../src/runtime/transport/tls.ts";
import { CertificateAuthority } from "../support/certificate_authority.ts";

const ca = await CertificateAuthority.create("raw");
const certificate = await ca.issue("localhost");
const OK = "HTTP/1.1 200 OK\r\nconnection: keep-alive\r\ncontent-length: 2\r\n\r\nok";

type React = (socket: Socket) => void;
const PLACES: Record<string, [listen: (onSocket: React) => Server, send: () => FetchLike, scheme: string]> = {
  "http": [(onSocket) => createServer(onSocket), () => createHttpsFetch(), "http:"],
  "https": [
    (onSocket) => createTlsServer(certificate, onSocket),
    () => openTlsTransport({ ca: ca.pem, serverName: "localhost" }).fetch,
    "https:",
  ],
};

for (const [name, [listen, createFetch, scheme]] of Object.entries(PLACES)) {
  describe(name, () => {
    const servers: Server[] = [];
    const sockets = new Set<Socket>();
    after(() => {
      for (const server of servers) server.close();
      for (const socket of sockets) socket.destroy();
    });

    /** A server that handles its requests in turn; `requests` is how many have arrived. */
    async function serve(...reactions: React[]) {
      const seen = { requests: 0, connections: 0 };
      const server = listen((socket) => {
        seen.connections++;
        sockets.add(socket);
        socket.on("error", () => {});
        socket.on("data", (bytes) => {
          for (const _ of String(bytes).matchAll(/^POST /gm)) reactions[seen.requests++]?.(socket);
        });
      });
      servers.push(server);
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      const fetch = createFetch();
      const url = `${scheme}//127.0.0.1:${(server.address() as AddressInfo).port}/token`;
      const post = async (signal?: AbortSignal): Promise<string> => {
        const response = await fetch(url, { method: "POST", headers: {}, ...(signal && { signal }) });
        return `${response.status} ${await read(response)}`;
      };
      return { post, seen };
    }

    test("a status of 101 is a response without a body", async () => {
      const { post, seen } = await serve(
        (socket) =>
          socket.write("HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: other\r\n\r\n"),
      );
      assert.equal(await post(), "101 ");
      assert.equal(seen.requests, 1);
    });

    test("a kept connection that the server has closed is replaced, and the request is sent again", async () => {
      const { post, seen } = await serve(
        (socket) => socket.write(OK),
        (socket) => socket.destroy(),
        (socket) => socket.write(OK),
      );
      assert.equal(await post(), "200 ok");
      assert.equal(await post(), "200 ok");
      assert.deepEqual(seen, { requests: 3, connections: 2 });
    });

    test("a kept connection that breaks within a response does not send the request again", async () => {
      for (const part of ["HTTP/1.1 2", "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\npart"]) {
        const { post, seen } = await serve(
          (socket) => socket.write(OK),
          (socket) => socket.write(part, () => setTimeout(() => socket.destroy(), 20)),
          (socket) => socket.write(OK),
        );
        assert.equal(await post(), "200 ok");
        await assert.rejects(post());
        assert.deepEqual(seen, { requests: 2, connections: 1 });
      }
    });

    test("an abort on a kept connection does not send the request again", async () => {
      const controller = new AbortController();
      const { post, seen } = await serve(
        (socket) => socket.write(OK),
        () => controller.abort(),
        (socket) => socket.write(OK),
        (socket) => socket.write(OK),
      );
      assert.equal(await post(), "200 ok");
      await assert.rejects(post(controller.signal), { name: "AbortError" });
      assert.equal(await post(), "200 ok");
      assert.deepEqual(seen, { requests: 3, connections: 2 });
    });

    test("a request is sent again once, even if the next kept connection is closed too", async () => {
      const waiting: Socket[] = [];
      const hold = (socket: Socket) => {
        waiting.push(socket);
        if (waiting.length === 2) { for (const one of waiting) one.write(OK); }
      };
      const close = (socket: Socket) => socket.destroy();
      const { post, seen } = await serve(hold, hold, close, close, (socket) => socket.write(OK));
      assert.deepEqual(await Promise.all([post(), post()]), ["200 ok", "200 ok"]);
      await assert.rejects(post());
      assert.deepEqual(seen, { requests: 4, connections: 2 });
    });

    test("a request whose signal has aborted is not sent", async () => {
      const { post, seen } = await serve((socket) => socket.write(OK));
      const reason = new Error("nobody waits");
      await assert.rejects(post(AbortSignal.abort(reason)), reason);
      assert.equal(await post(), "200 ok");
      assert.equal(seen.requests, 1);
    });

    test("a request leaves no listener on its signal", async () => {
      const { signal } = new AbortController();
      let listeners = 0;
      const { addEventListener, removeEventListener } = signal;
      Object.assign(signal, {
        addEventListener: (...args: Parameters<typeof addEventListener>) => {
          listeners++;
          addEventListener.apply(signal, args);
        },
        removeEventListener: (...args: Parameters<typeof removeEventListener>) => {
          listeners--;
          removeEventListener.apply(signal, args);
        },
      });
      const { post } = await serve((socket) => socket.write(OK));
      assert.equal(await post(signal), "200 ok");
      await new Promise((resolve) => setTimeout(resolve, 0));
      assert.equal(listeners, 0);
    });

    test("a connection that breaks twice rejects", async () => {
      const { post, seen } = await serve(
        (socket) => socket.write(OK),
        (socket) => socket.destroy(),
        (socket) => socket.destroy(),
      );
      assert.equal(await post(), "200 ok");
      await assert.rejects(post());
      assert.equal(seen.requests, 3);
    });
  });
}

async function read({ body }: FetchResponse): Promise<string> {
  let text = "";
  const decoder = new TextDecoder();
  for await (const chunk of body ?? []) text += decoder.decode(chunk, { stream: true });
  return text;
}
