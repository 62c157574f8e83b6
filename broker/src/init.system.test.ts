// The host's way out where nobody is left who could approve tokens: its own token, made anew.

import 'reflect-metadata'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { silentLog } from '../../test/kit/broker-core.ts'
import { findCaller } from './flows/admin-tokens.ts'
import { mayGiveAlone } from './flows/token-grants/token-power.ts'
import { initBroker } from './init.ts'
import { openStore } from './open-store.ts'
import { parseSettings } from './platform/settings.ts'
import { zoneSettings } from './policy/zone-settings.ts'

describe('the token of init', () => {
  let root: string
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'wardkey-init-'))
  })
  afterEach(() => {
    rmSync(root, { recursive: true })
  })

  it('gives power alone again only where the host makes it anew', async () => {
    const keysDir = join(root, 'keys')
    const given = { dataDir: join(root, 'data'), keysDir, 'record.origin': 'kit.example/record' }
    const parsed = parseSettings({ given, environment: {} }, zoneSettings)
    if (parsed.kind === 'invalid') throw new Error(parsed.complaints.join('\n'))
    const { settings } = parsed
    const told: string[] = []
    const tell = (line: string): number => told.push(line)
    await initBroker(settings, silentLog, tell)
    expect(told).toEqual([expect.stringContaining('some seconds')])
    const store = await openStore(settings, (cause) => {
      throw cause
    })
    const needs = { db: store.read, nowMs: () => Date.now() }
    const mayAlone = async () => {
      const token = readFileSync(join(keysDir, 'admin.token'), 'utf8').trim()
      const caller = await findCaller(token, needs)
      if (!caller) throw new Error('nobody knows it')
      return mayGiveAlone(caller, needs)
    }
    expect(await mayAlone()).toBe(true)
    const second = { one: 1, since_ms: Date.now() } as const
    const query = store.read.insertInto('second_approver').values(second).compile()
    await store.commit({ kind: 'housekeeping', writes: [{ query }] })
    expect(await initBroker(settings, silentLog, tell)).toEqual([])
    expect(told).toHaveLength(1)
    expect(await mayAlone()).toBe(false)
    rmSync(join(keysDir, 'admin.token'))
    expect(await initBroker(settings, silentLog)).toHaveLength(1)
    expect(await mayAlone()).toBe(true)
    await store.close()
  })
})
