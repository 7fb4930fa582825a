/** An egress proxy on loopback: takes `CONNECT` for any host, and connects all of them to one port of this machine. */
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";

export class ConnectProxy {
  /** Requested targets, as `host:port`. */
  readonly targets: string[] = [];
  /** The name and password that came with each. */
  readonly users: (string | undefined)[] = [];
  readonly #server: Server;
  readonly #open = new Set<Socket>();

  private constructor(port: number) {
    this.#server = createServer((client) => {
      this.#keep(client);
      client.once("data", (bytes) => {
        const [, target] = /^CONNECT (\S+) HTTP\/1\.1\r\n/.exec(bytes.toString()) ?? [];
        this.targets.push(target ?? "no CONNECT");
        const [, basic] = /^proxy-authorization: Basic (\S+)\r$/im.exec(bytes.toString()) ?? [];
        this.users.push(basic && atob(basic));
        if (target === undefined) return client.destroy();
        const upstream = connect(port, "127.0.0.1", () => {
          client.write("HTTP/1.1 200 Connection established\r\n\r\n");
          client.pipe(upstream).pipe(client);
        });
        this.#keep(upstream);
      });
    });
  }

  static async start(port: number): Promise<ConnectProxy> {
    const proxy = new ConnectProxy(port);
    await new Promise<void>((resolve) => proxy.#server.listen(0, "127.0.0.1", resolve));
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    for (const socket of this.#open) socket.destroy();
    await closed;
  }

  #keep(socket: Socket): void {
    this.#open.add(socket);
    socket.on("error", () => socket.destroy());
    socket.on("close", () => this.#open.delete(socket));
  }
}
