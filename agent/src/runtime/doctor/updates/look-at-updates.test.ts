// The hand-over folder as the doctor sees it: whole, missing, open to others, spoilt, with links in
// it; it writes nothing there and never throws for what somebody laid down.

import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs'
import { writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { atMs, seen, wellTold } from '../facts-for-tests.ts'
import { lookAtUpdates } from './look-at-updates.ts'
import type { UpdatesFact } from './updates-fact.ts'
import { updatesInBundle } from './updates-in-bundle.ts'

let root: string
let folder: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'wardkey-doctor-updates-'))
  folder = join(root, 'updates')
  mkdirSync(folder, { mode: 0o755 })
  mkdirSync(join(folder, 'told'), { mode: 0o755 })
  mkdirSync(join(folder, 'in'), { mode: 0o700 })
})
afterEach(() => {
  rmSync(root, { recursive: true })
})
const clock = { wallMs: () => atMs }
const settings = {
  ...{ 'updates.releaseKey': 'k'.repeat(43), 'updates.enabled': true },
  get 'updates.folder'() {
    return folder
  },
}
const look = () => lookAtUpdates(settings, clock)
const lay = (where: string, what: unknown) => {
  writeFileSync(join(folder, where), typeof what === 'string' ? what : JSON.stringify(what))
}
const order = (laidMs: number) => ({
  ...{ version: 1, atMs: laidMs, number: 7, manifests: [`YQ.${'a'.repeat(86)}`] },
  ...{ package: `${'0'.repeat(64)}-wardkey-agent_0.2.0_amd64.deb`, hadReader: true },
})
const isPosix = process.platform !== 'win32'
/** Only root makes what belongs to root. */
const isRoot = process.getuid?.() === 0

describe('the hand-over folder', () => {
  it.runIf(isRoot)(
    'is seen as it should be, with what was told and laid, and left as it was',
    async () => {
      lay('told/told.json', wellTold)
      lay('in/order.json', order(atMs - 2000))
      lay('in/waits.json', { version: 1, atMs: atMs - 60_000, waits: 'ring' })
      const before = readdirSync(folder, { recursive: true })
      expect(await look()).toEqual({
        ...{ kind: 'on', flaws: [], told: wellTold, isHeard: true, order: 'laid' },
        waits: 'ring',
      })
      expect(readdirSync(folder, { recursive: true })).toEqual(before)
    },
  )
  it('is not looked at without a key, nor where updates are off', async () => {
    rmSync(folder, { recursive: true })
    const off = (change: Partial<Parameters<typeof lookAtUpdates>[0]>) =>
      lookAtUpdates({ ...settings, 'updates.folder': folder, ...change }, clock)
    expect(await off({ 'updates.releaseKey': '' })).toEqual({ kind: 'no-key' })
    expect(await off({ 'updates.enabled': false })).toEqual({ kind: 'disabled' })
  })
  it.each<[string, () => void, string]>([
    [
      'is not there',
      () => {
        rmSync(folder, { recursive: true })
      },
      'missing',
    ],
    [
      'is a file',
      () => {
        rmSync(folder, { recursive: true })
        writeFileSync(folder, '')
      },
      'missing',
    ],
    [
      'is a link',
      () => {
        moveAway('')
      },
      'missing',
    ],
    [
      'has no part for us',
      () => {
        rmSync(join(folder, 'in'), { recursive: true })
      },
      'in-missing',
    ],
    [
      'has a link for our part',
      () => {
        moveAway('in')
      },
      'in-missing',
    ],
  ])('%s', async (_what, spoil, flaw) => {
    spoil()
    expect(await look()).toMatchObject({
      flaws: expect.arrayContaining([flaw]) as unknown,
      order: 'none',
    })
  })
  it.runIf(isPosix)('is open to others, or its parts are', async () => {
    for (const part of ['', 'told']) {
      chmodSync(join(folder, part), 0o777)
      expect(await look()).toMatchObject({ flaws: expect.arrayContaining(['open']) as unknown })
      chmodSync(join(folder, part), 0o755)
    }
    chmodSync(join(folder, 'in'), 0o750)
    expect(await look()).toMatchObject({ flaws: expect.arrayContaining(['in-open']) as unknown })
  })
})

describe('what lies in it', () => {
  it('is old, or of a clock that was set', async () => {
    for (const off of [-60_000, 60_000]) {
      lay('told/told.json', { ...wellTold, atMs: atMs + off })
      lay('in/order.json', order(atMs + off))
      expect(await look()).toMatchObject({ isHeard: false, order: 'left' })
    }
  })
  it.each([
    '',
    '{',
    '[]',
    '{"version":2}',
    JSON.stringify({ ...wellTold, more: 1 }),
    'x'.repeat(300_000),
  ])('is as if it were not there where it says nothing that is understood', async (text) => {
    lay('told/told.json', text)
    lay('in/order.json', text)
    const found = await look()
    expect(found).toMatchObject({ isHeard: false, order: 'none' })
    expect(found).not.toHaveProperty('told')
  })
  it.each([
    { version: 1, atMs: atMs - 151_000, waits: 'ring' },
    { version: 1, atMs: atMs + 151_000, waits: 'ring' },
    { version: 1, atMs, waits: 'rosa-santos' },
    { version: 1, atMs, waits: 'ring', who: 'rosa-santos' },
    { version: 1, atMs },
    'x'.repeat(300_000),
  ])('is no word for what is waited for where it is old or another', async (said) => {
    lay('in/waits.json', said)
    expect(await look()).not.toHaveProperty('waits')
  })
  it('is not read through a link', async () => {
    writeFileSync(join(root, 'elsewhere'), JSON.stringify(wellTold))
    symlinkSync(join(root, 'elsewhere'), join(folder, 'told', 'told.json'))
    expect(await look()).not.toHaveProperty('told')
    writeFileSync(join(root, 'wait'), JSON.stringify({ version: 1, atMs, waits: 'ring' }))
    symlinkSync(join(root, 'wait'), join(folder, 'in', 'waits.json'))
    expect(await look()).not.toHaveProperty('waits')
  })
})

describe('in a bundle', () => {
  const fact: UpdatesFact = {
    ...{ kind: 'on', flaws: ['open'], isHeard: true, order: 'none' },
    told: {
      ...wellTold,
      ready: 'rosa-santos',
      refused: { number: 7, why: 'hunter', atMs },
      last: { number: 7, from: '0.1.0', to: '0.2.0', outcome: 'returned', flaw: 'no-link', atMs },
    },
  }
  it('stand steps, releases and words of a closed list', () => {
    expect(updatesInBundle(seen(fact))).toMatchObject({
      ...{ kind: 'on', flaws: ['open'], installed: '0.1.0', ready: '(left out)' },
      ...{ refused: '(left out)', last: { outcome: 'returned', flaw: 'no-link' } },
    })
    const waiting = { ...fact, told: wellTold, waits: 'window' } as const
    expect(updatesInBundle(seen(waiting))).toMatchObject({ ready: 'ready', waits: 'window' })
  })
  it('stands nothing that somebody could have written', () => {
    expect(JSON.stringify(updatesInBundle(seen(fact)))).not.toMatch(/santos|hunter/)
  })
  it('stands that it was not seen', () => {
    expect(updatesInBundle({ kind: 'late' })).toEqual({ kind: 'late' })
    expect(updatesInBundle(seen({ kind: 'no-key' }))).toEqual({ kind: 'no-key' })
  })
})

function moveAway(part: string): void {
  rmSync(join(folder, part), { recursive: true })
  const elsewhere = join(root, 'elsewhere')
  mkdirSync(elsewhere)
  symlinkSync(elsewhere, join(folder, part))
}
