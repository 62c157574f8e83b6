// The text of a bundle: what the protocol's own schema takes, signed, each under a key of its own.

import { createPublicKey, generateKeyPairSync, randomBytes, verify } from 'node:crypto'
import { expect, it } from 'vitest'
import { personId, workstationId } from '@wardkey/protocol/ids'
import { offlineBundle, signedBundle } from '@wardkey/protocol/workstation/offline-bundle'
import { atOnce } from '../../../../test/kit/at-once.ts'
import { usualHouse } from '../../../../test/kit/usual-house.ts'
import { accessFacts } from '../../identity/access-facts.ts'
import { zoneSettings } from '../../policy/zone-settings.ts'
import type { KnownPerson } from './known-person.ts'
import { viewOf as viewInTurns } from './zone-view.ts'
import { writeBundle } from './write-bundle.ts'

const viewOf = (...all: Parameters<typeof viewInTurns>) => atOnce(viewInTurns(...all))
const hash = `$argon2id$v=19$m=19456,t=2,p=1$${'A'.repeat(22)}$${'B'.repeat(43)}`
const settings = zoneSettings.parse({ roles: ['nurse'], offlineMaxMs: 1, badgeAloneAssurance: 1 })
const zone = { id: 'ward', kind: 'ward', label: 'Ward', settings }
const person = (n: number, change: Partial<KnownPerson> = {}): KnownPerson => ({
  id: personId.parse(`018f3c1e-0000-7000-8000-${String(n).padStart(12, '0')}`),
  ...{ status: 'active', roles: ['nurse'], name: { given: 'Zoë "Z"', family: 'O’Hara\\n' } },
  cards: [
    { technology: 'csn', canonical: '04a1b2c3', assurance: 1 },
    { technology: 'wiegand', canonical: '26:12345', assurance: 0 },
  ],
  ...{ hasLostBadge: false, pin: { hash, lockedUntilMs: 0 }, staffNumber: undefined, seenMs: 0 },
  access: accessFacts.parse({}),
  digest: String(n),
  ...change,
})
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
const open = (text: string) => {
  const [body = '', signature = ''] = signedBundle.parse(text).split('.')
  const isSigned = verify(
    null,
    Buffer.from(body),
    createPublicKey(signKey),
    Buffer.from(signature, 'base64url'),
  )
  expect(isSigned).toBe(true)
  return offlineBundle.parse(JSON.parse(Buffer.from(body, 'base64url').toString('utf8')))
}

it('is what the protocol says, for people with everything and with nothing', async () => {
  const staff = { staffNumber: 'ab-12', cards: [], roles: ['porter'] }
  const view = viewOf(
    zone,
    [person(1), person(2, { pin: undefined }), person(3, staff)],
    9,
    undefined,
    now,
  )
  const graces = new Map([[person(2).id, { pinAtMs: 1, lastMs: 2 }]])
  const bundle = open(await writeBundle(head, view, graces, needs))
  expect(bundle).toMatchObject({ ...head, zoneId: 'ward', pinMode: 'grace', steps: [] })
  const [one, two, three] = bundle.people
  expect(one).toMatchObject({ name: 'Zoë "Z" O’Hara\\n', pin: { hash }, mayBreakGlass: true })
  expect(one?.cards.map(({ isEnoughAlone }) => isEnoughAlone)).toEqual([true, false])
  expect(two).toMatchObject({ grace: { pinAtMs: 1, lastMs: 2 } })
  expect(two?.pin).toBeUndefined()
  expect(three).toMatchObject({ cards: [], refusal: 'role-not-in-zone' })
  expect(three?.staffNumber).toMatch(/^[0-9a-f]{64}$/)
})

it('has a staff number where it can be used, and nowhere else', async () => {
  const numbersOf = async (of: typeof zone, all: KnownPerson[]) => {
    const view = viewOf(of, all, 9, undefined, now)
    const { people } = open(await writeBundle(head, view, new Map(), needs))
    return people.map(({ staffNumber }) => staffNumber !== undefined)
  }
  const [hers, withoutPin] = [person(1, { staffNumber: 'N-1' }), person(2, { staffNumber: 'N-2' })]
  const all = [hers, { ...withoutPin, pin: undefined }]
  expect(await numbersOf(zone, all)).toEqual([true, false])
  const none = zoneSettings.parse({ ...settings, emergency: { offered: false } })
  expect(await numbersOf({ ...zone, settings: none }, all)).toEqual([false, false])
  const lost = { ...hers, cards: hers.cards.slice(0, 0), hasLostBadge: true }
  expect(await numbersOf(zone, [lost])).toEqual([false])
})

it('cannot be compared with another workstation’s', async () => {
  const view = viewOf(zone, [person(1)], 9, undefined, now)
  const texts = [0, 1].map(() => writeBundle(head, view, new Map(), needs))
  const [a, b] = (await Promise.all(texts)).map((text) => open(text))
  expect(a?.cardKey).not.toBe(b?.cardKey)
  expect(a?.people[0]?.cards[0]?.lookup).not.toBe(b?.people[0]?.cards[0]?.lookup)
})

it('holds one pepper a person, and never the site’s', async () => {
  const view = viewOf(zone, [person(1), person(2)], 9, undefined, now)
  const bundle = open(await writeBundle(head, view, new Map(), needs))
  const peppers = bundle.people.map(({ pin }) => pin?.pepper)
  expect(new Set(peppers).size).toBe(2)
  expect(peppers).not.toContain(needs.pinPepper.toString('base64url'))
})

it('carries the key of a downtime view, and is another bundle with another key', async () => {
  const origin = 'https://chart.example'
  const downtimeSteps = [
    {
      ...{ kind: 'open-web', url: `${origin}/downtime`, allowedOrigins: [origin] },
      key: { field: 'downtime_key', name: 'ward' },
    },
  ]
  const keyed = { ...zone, settings: zoneSettings.parse({ ...settings, downtimeSteps }) }
  const views = ['A', 'B'].map((letter) =>
    viewOf(keyed, [], 9, undefined, now, () => letter.repeat(43)),
  )
  const [one, other] = views
  if (!one) throw new Error('there is no view')
  const { steps } = open(await writeBundle(head, one, new Map(), needs))
  expect(steps).toMatchObject([{ key: { field: 'downtime_key', value: 'A'.repeat(43) } }])
  expect(one.content).not.toBe(other?.content)
  expect(JSON.stringify(keyed)).not.toContain('A'.repeat(43))
  expect(viewOf(keyed, [], 9, undefined, now).steps).toEqual([])
})
