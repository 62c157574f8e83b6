// What an inventory says of updates: of what the part with the rights told only releases, steps and
// outcomes; and nothing where there is nothing, or something else.

import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { inventoryBody } from '@wardkey/protocol/workstation/fleet/inventory'
import { trialEnding } from './trial.ts'
import { toldUpdates } from './told-updates.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'wardkey-told-'))
  mkdirSync(join(folder, 'told'))
})
afterEach(() => {
  rmSync(folder, { recursive: true })
})
const settings = () => ({
  ...{ 'updates.releaseKey': 'k'.repeat(43), 'updates.enabled': true },
  'updates.folder': folder,
})
const tell = (what: unknown) => {
  const text = typeof what === 'string' ? what : JSON.stringify(what)
  writeFileSync(join(folder, 'told', 'told.json'), text)
}
const way = { number: 7, from: '1.1.0', to: '1.2.0' }
const told = { version: 1, atMs: 1, installed: '1.1.0', ready: 'ready' }

it('says what is installed, under way, and how the last one ended, as an inventory may', async () => {
  const last = { ...way, outcome: 'returned', flaw: 'no-link', atMs: 5 }
  tell({ ...told, trial: { step: 'on-trial', ...way, to: '1.3.0', starts: 1 }, last })
  const updates = await toldUpdates(settings())
  expect(updates).toEqual({
    installed: '1.1.0',
    underWay: { to: '1.3.0', step: 'on-trial' },
    last: { to: '1.2.0', outcome: 'returned', flaw: 'no-link' },
  })
  expect(inventoryBody.shape.updates.parse(updates)).toEqual(updates)
})
it('calls nothing under way that has ended, and names no reason that an inventory cannot', async () => {
  for (const flaw of trialEnding.shape.flaw.unwrap().options) {
    const ended = { ...way, outcome: 'failed', flaw }
    tell({ ...told, trial: { step: 'ended', ...ended }, last: { ...ended, atMs: 5 } })
    const updates = await toldUpdates(settings())
    expect(updates).not.toHaveProperty('underWay')
    expect(inventoryBody.shape.updates.safeParse(updates).success).toBe(true)
  }
})
it('says nothing where nothing was told, or where it is not understood', async () => {
  expect(await toldUpdates(settings())).toBeUndefined()
  for (const text of ['', '{', { ...told, ready: 'Rosa Santos' }, { ...told, installed: '1' }]) {
    tell(text)
    expect(await toldUpdates(settings())).toBeUndefined()
  }
})
it('says nothing where this workstation does not update itself', async () => {
  tell(told)
  expect(await toldUpdates({ ...settings(), 'updates.releaseKey': '' })).toBeUndefined()
  expect(await toldUpdates({ ...settings(), 'updates.enabled': false })).toBeUndefined()
})
it('says nothing that a link leads to, nor where the disk refuses', async () => {
  tell(told)
  const elsewhere = join(folder, 'elsewhere')
  mkdirSync(join(elsewhere, 'told'), { recursive: true })
  symlinkSync(join(folder, 'told', 'told.json'), join(elsewhere, 'told', 'told.json'))
  expect(await toldUpdates({ ...settings(), 'updates.folder': elsewhere })).toBeUndefined()
  const tooLong = join(folder, 'x'.repeat(300))
  expect(await toldUpdates({ ...settings(), 'updates.folder': tooLong })).toBeUndefined()
})
