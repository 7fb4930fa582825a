/** Globals that the core must not use instead of its ports. */
const FORBIDDEN: [owner: object, name: string][] = [
  [Math, "random"],
  [Date, "now"],
  [globalThis, "setTimeout"],
  [globalThis, "setInterval"],
  [globalThis, "fetch"],
];

/** Reports every use of real time, real randomness or a real network until the returned function is called. */
export function onlyThePorts(report: (what: string) => void): () => void {
  const undo = FORBIDDEN.map(([owner, name]) => {
    const real = Object.getOwnPropertyDescriptor(owner, name)!;
    Object.defineProperty(owner, name, {
      configurable: true,
      writable: true,
      value: () => {
        report(`${name} was used instead of a port`);
        return 0;
      },
    });
    return () => Object.defineProperty(owner, name, real);
  });
  return () => undo.forEach((one) => one());
}
