import type { Scheduler } from "./scheduler.ts";

/** Keeps a digest of everything that happened, and its text if it is recorded. */
export class History {
  readonly lines: string[] = [];
  readonly #scheduler: Scheduler;
  readonly #isRecorded: boolean;
  #one = 0x811c9dc5;
  #other = 0x01000193;

  constructor(scheduler: Scheduler, isRecorded: boolean) {
    this.#scheduler = scheduler;
    this.#isRecorded = isRecorded;
  }

  add(what: string, value?: number): void {
    const { now } = this.#scheduler;
    for (let place = 0; place < what.length; place++) this.#fold(what.charCodeAt(place));
    this.#fold(now % 2 ** 31);
    if (value !== undefined) this.#fold(Math.floor(value * 65_536) % 2 ** 31);
    if (this.#isRecorded && value === undefined) this.lines.push(`${now} ms: ${what}`);
  }

  get digest(): string {
    const hex = (number: number) => (number >>> 0).toString(16).padStart(8, "0");
    return hex(this.#one) + hex(this.#other);
  }

  #fold(number: number): void {
    this.#one = Math.imul(this.#one ^ number, 0x01000193);
    this.#other = Math.imul(this.#other ^ (number + 0x9e3779b9), 0x85ebca6b) ^ (this.#other >>> 15);
  }
}
