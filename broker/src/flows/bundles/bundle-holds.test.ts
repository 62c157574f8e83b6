// A bundle for as many people as it can hold takes its time, and no tap waits for it: how long it
// holds the thread at a stretch, beside how long the whole of it takes.

import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { expect, it } from 'vitest'
import { personId, workstationId } from '@wardkey/protocol/ids'
import { atOnce } from '../../../../test/kit/at-once.ts'
import { usualHouse } from '../../../../test/kit/usual-house.ts'
import { accessFacts } from '../../identity/access-facts.ts'
import { zoneSettings } from '../../policy/zone-settings.ts'
import { inTurns } from './in-turns.ts'
import type { KnownPerson } from './known-person.ts'
import { writeBundle } from './write-bundle.ts'
import { viewOf } from './zone-view.ts'

const peopleMax = 20_000
const hash = `$argon2id$v=19$m=19456,t=2,p=1$${'A'.repeat(22)}$${'B'.repeat(43)}`
const person = (n: number): KnownPerson => {
  const id = personId.parse(`018f3c1e-0000-7000-8000-${n.toString(16).padStart(12, '0')}`)
  const canonical = `04${n.toString(16).padStart(12, '0')}`
  return {
    ...{ id, status: 'active', roles: ['nurse'], name: { given: 'Ada', family: 'Sample' } },
    cards: [{ technology: 'csn', canonical, assurance: 1 }],
    ...{ hasLostBadge: false, pin: { hash, lockedUntilMs: 0 }, staffNumber: `N-${String(n)}` },
    ...{ access: accessFacts.parse({}), seenMs: n, digest: String(n) },
  }
}
const zone = {
  ...{ id: 'ward', kind: 'ward', label: 'Ward' },
  settings: zoneSettings.parse({ roles: ['nurse'], witnessRoles: ['lead'], offlineMaxMs: 1 }),
}
const now = {
  ...{ nowMs: 5, untilMs: 5 + 7_200_000, house: usualHouse },
  modes: { zone: null, house: null },
}
const { privateKey: signKey } = generateKeyPairSync('ed25519')
const needs = { signKey, pinPepper: Buffer.alloc(32, 1), random: randomBytes }
const head = {
  workstationId: workstationId.parse('018f3c1e-0000-7000-8000-00000000000a'),
  ...{ sequence: 3, issuedMs: 5, expiresMs: 6 },
}

/** Of this thread alone: whoever else keeps the machine busy holds nobody here up. */
const cpuMs = (): number => {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1000
}

/** The longest stretch in which nobody else had a turn, and all of them together. */
async function holdsOf(work: () => Promise<unknown>): Promise<{ longest: number; all: number }> {
  let longest = 0
  let isDone = false
  const beganMs = cpuMs()
  let lastMs = beganMs
  const look = (): void => {
    const nowMs = cpuMs()
    longest = Math.max(longest, nowMs - lastMs)
    lastMs = nowMs
    if (!isDone) setImmediate(look)
  }
  setImmediate(look)
  await work()
  isDone = true
  look()
  return { longest, all: lastMs - beganMs }
}

it('is made in turns that are a small part of what it takes', async () => {
  const all = Array.from({ length: peopleMax }, (_, n) => person(n))
  const make = () => viewOf(zone, all, 10, undefined, now)
  const floor = await holdsOf(() => Promise.resolve(atOnce(make())))
  expect(floor.longest / floor.all).toBeGreaterThan(0.9)
  const made = await holdsOf(async () => {
    const text = await writeBundle(head, await inTurns(make()), new Map(), needs)
    expect(text.length).toBeGreaterThan(peopleMax * 300)
  })
  expect(made.longest / floor.longest).toBeLessThan(0.15)
}, 120_000)
