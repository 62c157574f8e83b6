// Long work in pieces, with a turn for others between them: a tap does not wait for a bundle. The
// work itself stays pure; it says where it may be left for a moment.

export type InTurns<T> = Generator<undefined, T>

/** After so many people others have a turn: a few milliseconds. */
export const turnOf = 100

export async function inTurns<T>(work: InTurns<T>): Promise<T> {
  for (;;) {
    const { done, value } = work.next()
    if (done === true) return value
    await new Promise((resolve) => setImmediate(resolve))
  }
}
