// One look with its deadline: what was seen, that it took too long, or that it could not be made.

import type { Clock } from '../../platform/clock.ts'
import { Fault } from '../../platform/fault.ts'
import type { Seen } from './facts.ts'

/** Rejects for a bug only: what a system refuses is a fact of its own. */
export async function look<T>(
  act: () => Promise<T> | T,
  withinMs: number,
  clock: Pick<Clock, 'after'>,
): Promise<Seen<T>> {
  let forget: () => void = () => undefined
  const late = new Promise<Seen<T>>((resolve) => {
    forget = clock.after(withinMs, () => {
      resolve({ kind: 'late' })
    })
  })
  try {
    return await Promise.race([late, attempt(act)])
  } finally {
    forget()
  }
}

async function attempt<T>(act: () => Promise<T> | T): Promise<Seen<T>> {
  try {
    return { kind: 'seen', fact: await act() }
  } catch (thrown) {
    const isSystems = thrown instanceof Fault || (thrown instanceof Error && 'code' in thrown)
    if (!isSystems) throw thrown
    return { kind: 'failed' }
  }
}
