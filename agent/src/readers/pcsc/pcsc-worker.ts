// The worker thread that sits on PC/SC. Its calls may block; nothing else of the agent runs here,
// so a busy main loop loses no tap and a slow reader holds nobody up.

import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises'
import { parentPort, workerData } from 'node:worker_threads'
import type { ReaderEvent } from '../reader.ts'
import { loadPcsc } from './pcsc-binding.ts'
import type { PcscBinding } from './pcsc-binding.ts'
import { pcscLayout } from './pcsc-layout.ts'
import type { PcscLayout } from './pcsc-layout.ts'
import { PcscLoop } from './pcsc-loop.ts'
import { machineMs, stopWord, workerTask } from './worker-message.ts'

const port = parentPort
if (port === null) throw new Error('pcsc-worker runs as a worker thread only')
const task = workerTask.parse(workerData)

const stopping = new AbortController()
port.on('message', (word) => {
  if (word !== stopWord) return
  stopping.abort()
  port.close()
})
const emit = (event: ReaderEvent): void => {
  port.postMessage(event)
}

const layout = pcscLayout(process.platform)
const binding = layout === undefined ? undefined : loadOrTell(layout)
if (layout !== undefined && binding !== undefined) {
  await new PcscLoop({
    binding,
    layout,
    ignoredNames: task.ignoredNames,
    emit,
    monoMs: machineMs,
    sleep: pause,
    isStopped: () => stopping.signal.aborted,
  }).run()
}
port.close()

function loadOrTell(known: PcscLayout): PcscBinding | undefined {
  try {
    return loadPcsc(known)
  } catch {
    // The dynamic linker's own text is all there is, and it says no more than this.
    emit({ kind: 'source-down', reason: 'library-missing' })
    return undefined
  }
}

/** Ends early when told to stop. */
async function pause(ms: number): Promise<void> {
  if (ms === 0) return turn()
  try {
    await sleep(ms, undefined, { signal: stopping.signal })
  } catch (error) {
    if (!stopping.signal.aborted) throw error
  }
}
