// Something done again and again: never twice at once, and one that fails is done again next time.

import { Fault } from './fault.ts'
import type { Log } from './log.ts'

/** Returns what stops it; that resolves when nothing of it is under way any more. */
export function every(
  ms: number,
  event: string,
  act: () => Promise<unknown>,
  log: Log,
): () => Promise<void> {
  const state: { underWay: Promise<void> | undefined } = { underWay: undefined }
  const timer = setInterval(() => {
    state.underWay ??= act()
      .then(
        () => undefined,
        (thrown: unknown) => {
          log.error(event, { code: thrown instanceof Fault ? thrown.code : 'internal' })
        },
      )
      .finally(() => {
        state.underWay = undefined
      })
  }, ms)
  timer.unref()
  return async () => {
    clearInterval(timer)
    await state.underWay
  }
}
