// What a test has started, to be ended in reverse: also where it got no further than half of its
// beginning, and whatever becomes of one of the endings.

export class Undo {
  readonly #steps: (() => unknown)[] = []

  /** Hands back what is to be ended. */
  add<T>(made: T, end: (made: T) => unknown): T {
    this.#steps.push(() => end(made))
    return made
  }

  /** Throws what went wrong first, after all of it was tried. */
  async run(): Promise<void> {
    const failed: unknown[] = []
    for (const step of this.#steps.splice(0).reverse()) {
      try {
        await step()
      } catch (thrown) {
        failed.push(thrown)
      }
    }
    if (failed.length > 0) throw failed[0]
  }
}
