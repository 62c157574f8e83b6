// The broker is killed while it takes a cut-off workstation's journal, before or after the unit of a
// frame is durable, and is told everything again: each line is in the record and in the books once.

import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { mergeOffline } from '@wardkey/broker/flows/merge-offline'
import { openSqliteStore } from '@wardkey/broker/store/sqlite-store'
import { workstationId } from '@wardkey/protocol/ids'
import { agentFrame } from '@wardkey/protocol/workstation/agent-frames'
import { z } from 'zod'
import { openCore } from '../kit/broker-core.ts'

const said = z.object({ here: workstationId, frames: z.array(agentFrame) })
const script = new URL('./merge-and-die.ts', import.meta.url).pathname
const onFatal = (cause: Error): void => {
  throw cause
}

async function killed(path: string, moment: string, at: number) {
  const words = ['--disable-warning=ExperimentalWarning', script, path, moment, String(at)]
  const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit'] })
  let text = ''
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString('utf8')
  })
  const signal = await new Promise((resolve) => {
    child.once('close', (_code, by) => {
      resolve(by)
    })
  })
  expect(signal).toBe('SIGKILL')
  return said.parse(JSON.parse(text))
}

describe('kill -9 in the middle of a journal', () => {
  it.each([
    ['before', 1],
    ['after', 1],
    ['before', 3],
    ['after', 3],
    ['after', 4],
  ])('%s the unit of frame %i', async (moment, at) => {
    const folder = mkdtempSync(join(tmpdir(), 'wardkey-merge-'))
    const path = join(folder, 'a.db')
    const { here, frames } = await killed(path, moment, at)
    const core = await openCore({
      channels: ['webhook'],
      open: async () => ({
        store: await openSqliteStore({ path, onFatal }),
        place: { kind: 'sqlite', path },
        reopen: () => Promise.reject(new Error('once')),
        remove: () => Promise.resolve(),
      }),
    })
    const answers = []
    for (const frame of frames) {
      if (frame.kind !== 'offline-facts') throw new Error('another frame')
      const done = await core.needs.perform(() => mergeOffline(frame, here, core.needs))
      answers.push(done.answer)
    }
    expect(answers.at(-1)).toMatchObject({ kind: 'offline-merged', upToSeq: 7 })
    expect(answers.at(-1)).toMatchObject({ sessions: [{ isKept: true }] })
    const counts = await core.counts()
    expect(counts).toMatchObject({ 'OFF-002': 4, 'OFF-003': 3 })
    expect(counts['OFF-101']).toBeUndefined()
    // One of them was an emergency: one grant, given and ended once, and compliance told of it once.
    expect(counts).toMatchObject({ 'BTG-002': 1, 'BTG-003': 1 })
    const grants = await core.store.read.selectFrom('emergency_grant').selectAll().execute()
    expect(grants).toMatchObject([{ end_reason: 'idle' }])
    const notices = await core.store.read.selectFrom('compliance_notice').selectAll().execute()
    expect(notices).toMatchObject([{ grant_id: grants[0]?.id }])
    const sessions = await core.sessions()
    expect(sessions.map(({ state }) => state).sort()).toEqual(['ended', 'ended', 'ended', 'open'])
    expect(await core.store.read.selectFrom('presence').selectAll().execute()).toHaveLength(4)
    await core.checkInvariants()
    await core.close()
    rmSync(folder, { recursive: true, force: true })
  })
})
