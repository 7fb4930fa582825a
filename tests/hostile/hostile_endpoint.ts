/** A token endpoint over raw sockets, which responds with given bytes. */
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import type { ServerCertificate } from "../support/certificate_authority.ts";

/** Responds to a request; `index` counts the requests of the connection from 0. */
export type Play = (socket: Socket, index: number) => void;

export class HostileEndpoint {
  /** Everything that was received. */
  received = "";
  requests = 0;
  /** Connections that were opened, and those that still are. */
  connections = 0;
  readonly open: Set<Socket> = new Set();
  readonly #server: Server;

  private constructor(play: Play, isWhole: (request: string) => boolean, certificate?: ServerCertificate) {
    const admit = (socket: Socket) => {
      this.connections++;
      this.open.add(socket);
      socket.on("close", () => this.open.delete(socket));
      // Most of these tests make the client close the connection.
      socket.on("error", () => this.open.delete(socket));
      let unread = "";
      let index = 0;
      socket.on("data", (bytes) => {
        const text = bytes.toString("latin1");
        this.received += text;
        unread += text;
        if (!isWhole(unread)) return;
        unread = "";
        this.requests++;
        play(socket, index++);
      });
    };
    this.#server = certificate
      ? createTlsServer({ cert: certificate.cert, key: certificate.key }, admit)
      : createServer(admit);
  }

  /** @param inPieces each piece received counts as a request: it may be TLS, which is not parsed */
  static start(play: Play, inPieces: boolean = false): Promise<HostileEndpoint> {
    return new HostileEndpoint(play, inPieces ? () => true : isWhole).#listen();
  }

  /** Starts one with correct TLS. */
  static startSecure(play: Play, certificate: ServerCertificate): Promise<HostileEndpoint> {
    return new HostileEndpoint(play, isWhole, certificate).#listen();
  }

  get host(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    for (const socket of this.open) socket.destroy();
    await closed;
  }

  async #listen(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    return this;
  }
}

function isWhole(request: string): boolean {
  const end = request.indexOf("\r\n\r\n");
  const length = Number(/^content-length: (\d+)/im.exec(request)?.[1] ?? 0);
  return end >= 0 && request.length >= end + 4 + length;
}

/** Writes a piece again and again, as fast as the client reads, until the client closes the connection. */
export function flood(socket: Socket, piece: string): void {
  const write = () => {
    // Yields after each burst, because both sides run in one process.
    for (let burst = 0; burst < 16; burst++) {
      if (socket.destroyed || !socket.writable) return;
      if (!socket.write(piece)) return void socket.once("drain", () => setTimeout(write));
    }
    setTimeout(write);
  };
  write();
}

/** Writes a byte every 20 ms until the client closes the connection. */
export function drip(socket: Socket): void {
  const timer = setInterval(() => socket.write("x"), 20);
  socket.on("close", () => clearInterval(timer));
}
