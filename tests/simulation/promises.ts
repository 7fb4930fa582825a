/** The promises of the ports are not watched: a response may arrive after an abort. */
export const PortPromise: PromiseConstructor = Promise;

type Executor<T> = ConstructorParameters<typeof Promise<T>>[0];

/**
 * Reports every promise created by the core that is settled twice, until the returned function is called. From outside
 * the second time cannot be seen, because a promise keeps its first result.
 */
export function settleOnce(report: (what: string) => void): () => void {
  globalThis.Promise = new Proxy(PortPromise, {
    construct(_target, [executor]: [Executor<unknown>]) {
      let first: string | undefined;
      const note = (what: string) => {
        if (first !== undefined) report(`a promise was ${first}, and then ${what}`);
        first = what;
      };
      return new PortPromise((resolve, reject) =>
        executor((value) => {
          note("resolved");
          resolve(value);
        }, (reason) => {
          note("rejected");
          reject(reason);
        })
      );
    },
    // The engine's own combinators settle a promise more than once: every loser of a race does.
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  return () => {
    globalThis.Promise = PortPromise;
  };
}
