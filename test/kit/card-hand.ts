// Taps cards on a virtual reader from a thread of its own, so that a test may block its main loop
// meanwhile. It waits for nobody: a tap nobody noticed is a tap lost.

import { setTimeout as sleep } from 'node:timers/promises'
import { parentPort, Worker, workerData } from 'node:worker_threads'
import { VirtualCard } from './virtual-card.ts'

export interface TapRound {
  readonly port: number
  readonly uids: readonly string[]
  readonly holdMs: number
  readonly pauseMs: number
}

/** Resolves when the last card has been taken away. */
export async function tapFromAnotherThread(round: TapRound): Promise<void> {
  const worker = new Worker(new URL(import.meta.url), { workerData: round })
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  worker.once('error', reject)
  worker.once('exit', resolve)
  await promise
}

function isRound(data: unknown): data is TapRound {
  return typeof data === 'object' && data !== null && 'uids' in data && 'port' in data
}

if (parentPort !== null && isRound(workerData)) {
  const { port, uids, holdMs, pauseMs } = workerData
  for (const uid of uids) {
    const card = new VirtualCard({ uid, port })
    await card.insert()
    await sleep(holdMs)
    await card.remove()
    await sleep(pauseMs)
  }
}
