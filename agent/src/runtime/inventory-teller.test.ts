// When a workstation tells what it is made of, and how seldom, on a clock that is moved by hand.

import { beforeEach, expect, it } from 'vitest'
import { inventoryBody } from '@wardkey/protocol/workstation/fleet/inventory'
import type { Outgoing } from '../link/link.ts'
import { parseSettings } from '../platform/settings.ts'
import { closedSettings } from './closed-settings.ts'
import { InventoryTeller } from './inventory-teller.ts'

const system = { platform: 'linux', release: '6.1', arch: 'x64' }
let due: (() => void) | undefined
let told: Outgoing[]
let isLineUp: boolean
let teller: InventoryTeller

beforeEach(() => {
  due = undefined
  told = []
  isLineUp = true
  teller = new InventoryTeller({
    facts: { system, settings: [] },
    agentVersion: '1.2.3',
    tell: (frame) => {
      if (isLineUp) told.push(frame)
      return isLineUp
    },
    clock: {
      after: (_ms, run) => {
        due = run
        return () => {
          due = undefined
        }
      },
    },
  })
})
const settle = (): void => {
  const run = due
  due = undefined
  run?.()
}
const up = (readerId: string, readerName: string): void => {
  teller.hear({ kind: 'reader-up', readerId, readerName, technology: 'pcsc' })
}
const models = () =>
  told.map((frame) => (frame.kind === 'inventory' ? frame.readers.map((one) => one.model) : []))

it('tells once it is connected, and when a reader comes or goes', () => {
  up('a', 'OMNIKEY CardMan 5427 CK 00 00 (SN K1234567)')
  settle()
  expect(told).toEqual([])
  teller.linkChanged(true)
  settle()
  teller.hear({ kind: 'reader-down', readerId: 'a', reason: 'unplugged' })
  settle()
  expect(models()).toEqual([['OMNIKEY'], []])
  expect(JSON.stringify(told)).not.toContain('K1234567')
})
it('tells nothing twice, and nothing of cards', () => {
  teller.linkChanged(true)
  settle()
  teller.hear({ kind: 'card-gone', readerId: 'a', atMonoMs: 1 })
  teller.hear({ kind: 'alive' })
  settle()
  up('a', 'ACR1252')
  teller.hear({ kind: 'reader-down', readerId: 'a', reason: 'unplugged' })
  settle()
  expect(told).toHaveLength(1)
})
it('keeps the line with a broker that knows no such frame', () => {
  teller.linkChanged(true)
  for (let n = 0; n < 20; n++) {
    up(String(n), 'ACR1252')
    settle()
  }
  expect(told).toHaveLength(4)
  teller.linkChanged(false)
  teller.linkChanged(true)
  settle()
  expect(told).toHaveLength(5)
})
it('tells it at the next connection where this one would not take it', () => {
  isLineUp = false
  teller.linkChanged(true)
  settle()
  isLineUp = true
  teller.linkChanged(true)
  settle()
  expect(told).toHaveLength(1)
})
it('tells again when an update has gone on, and nothing where it has not', async () => {
  let installed = '1.2.3'
  const runs = new Map<number, () => void>()
  const follower = new InventoryTeller({
    facts: { system, settings: [], updates: () => Promise.resolve({ installed }) },
    agentVersion: '1.2.3',
    tell: (frame) => told.push(frame) > 0,
    clock: {
      after: (ms, run) => {
        runs.set(ms, run)
        return () => {
          runs.delete(ms)
        }
      },
    },
  })
  const pass = async (): Promise<void> => {
    for (const run of [...runs.values()]) run()
    await new Promise(setImmediate)
  }
  follower.linkChanged(true)
  await pass()
  await pass()
  expect(told).toMatchObject([{ updates: { installed: '1.2.3' } }])
  installed = '1.3.0'
  await pass()
  expect(told).toMatchObject([{}, { updates: { installed: '1.3.0' } }])
  follower.linkChanged(false)
  expect(runs.size).toBe(0)
})
it('tells which authorities it believes when it was renewed by another, without any sign', () => {
  let authorities = ['a'.repeat(64)]
  const runs = new Map<number, () => void>()
  const renewed = new InventoryTeller({
    facts: {
      ...{ system, settings: [] },
      get authorities() {
        return authorities
      },
    },
    agentVersion: '1.2.3',
    tell: (frame) => told.push(frame) > 0,
    clock: { after: (ms, run) => (runs.set(ms, run), () => runs.delete(ms)) },
  })
  renewed.linkChanged(true)
  runs.get(3000)?.()
  authorities = ['b'.repeat(64), ...authorities]
  runs.get(300_000)?.()
  expect(told).toMatchObject([{}, { authorities }])
  renewed.stop()
  expect(runs.size).toBe(0)
})
it('is told without updates where none are known', async () => {
  const facts = { system, settings: [], updates: () => Promise.resolve(undefined) }
  const clock = { after: (_ms: number, run: () => void) => ((due ??= run), () => undefined) }
  const one = new InventoryTeller({
    facts,
    agentVersion: '1',
    tell: (f) => told.push(f) > 0,
    clock,
  })
  one.linkChanged(true)
  due = undefined
  up('a', 'ACR1252')
  one.hear({ kind: 'reader-up', readerId: 'a', readerName: 'ACR1252', technology: 'pcsc' })
  settle()
  await new Promise(setImmediate)
  expect(told).toHaveLength(1)
  expect(told[0]).not.toHaveProperty('updates')
})
it('is silent once it is stopped', () => {
  teller.linkChanged(true)
  teller.stop()
  settle()
  up('a', 'ACR1252')
  settle()
  expect(told).toEqual([])
})
it('says of every setting where it is from, and of text not what it is', () => {
  const given = { 'broker.addresses': 'secret-host.example:8443', 'readers.pcsc': 'false' }
  const parsed = parseSettings(undefined, given, {})
  if (parsed.kind === 'invalid') throw new Error(parsed.complaints.join())
  const settings = [...closedSettings(parsed)]
  const body = { agentVersion: '1', system, readers: [], settings }
  expect(inventoryBody.parse(body)).toEqual(body)
  expect(JSON.stringify(settings)).not.toContain('secret-host')
  expect(settings).toContainEqual({ key: 'broker.addresses', from: 'command-line' })
  expect(settings).toContainEqual({ key: 'readers.pcsc', from: 'command-line', value: false })
})
