/** The promises of the ports themselves are not watched: an answer may come after an abort. */
export const PortPromise: PromiseConstructor = Promise;

type Executor<T> = ConstructorParameters<typeof Promise<T>>[0];

/**
 * Reports every promise of the core's own making, the callers' above all, that is settled twice, until the returned
 * function is called. From outside the second time is not to be seen: a promise keeps the first.
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
    // What the engine settles is its own: the losers of a race settle it again and again.
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  return () => {
    globalThis.Promise = PortPromise;
  };
}
