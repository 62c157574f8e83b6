// Whose the seat's folder is, with accounts that are numbers only. Needs root, as it has there.

import * as fs from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { handOverPlaces } from '../hand-over/hand-over-places.ts'
import { runCommand } from '../install/run-command.ts'
import { consoleOwner, giveSeat } from './seat-folder.ts'

let scratch: string
beforeEach(() => {
  scratch = fs.mkdtempSync(join(tmpdir(), 'wardkey-seat-'))
  fs.chmodSync(scratch, 0o755)
})
afterEach(() => {
  fs.rmSync(scratch, { recursive: true })
})
const places = () => handOverPlaces(join(scratch, 'updates'))
const seat = () => join(scratch, 'updates', 'in')
const give = (uid: number | undefined) =>
  giveSeat({
    places: places(),
    seated: () => (uid === undefined ? undefined : { uid, gid: 20 }),
    run: runCommand,
  })
const about = () => {
  const { uid, gid, mode } = fs.statSync(seat())
  return [uid, gid, mode & 0o777]
}
const layAs = (uid: number) => {
  fs.mkdirSync(places().packages, { mode: 0o700 })
  fs.writeFileSync(places().order, '{}', { mode: 0o600 })
  fs.writeFileSync(join(places().packages, 'half'), 'x')
  fs.writeFileSync(places().waits, '{}', { mode: 0o600 })
  const { packages, order, waits } = places()
  for (const path of [packages, order, waits, join(packages, 'half')]) {
    fs.lchownSync(path, uid, 20)
  }
}

describe.skipIf(process.getuid?.() !== 0)('the seat’s folder', () => {
  it('is made for whoever sits there, and for nobody else', async () => {
    await give(501)
    expect(about()).toEqual([501, 20, 0o700])
    expect(fs.statSync(join(scratch, 'updates')).mode & 0o777).toBe(0o755)
  })
  it('is made for no account of the system, nor where nobody sits', async () => {
    for (const uid of [undefined, 0, 88]) await give(uid)
    expect(fs.existsSync(seat())).toBe(false)
  })
  it('stays as it is with the same one, and while nobody sits there', async () => {
    await give(501)
    layAs(501)
    for (const uid of [501, 0, undefined]) await give(uid)
    expect(about()).toEqual([501, 20, 0o700])
    expect(fs.readdirSync(seat()).toSorted()).toEqual(['order.json', 'packages', 'waits.json'])
  })
  it('goes to the next one, without what the one before laid down', async () => {
    await give(501)
    layAs(501)
    await give(502)
    expect([about(), fs.readdirSync(seat())]).toEqual([[502, 20, 0o700], []])
  })
  it('takes nothing away that only root could, whatever leads there', async () => {
    await give(501)
    const victim = join(scratch, 'victim')
    fs.mkdirSync(victim, { mode: 0o700 })
    fs.writeFileSync(join(victim, 'kept'), 'x')
    fs.symlinkSync(victim, places().packages)
    fs.lchownSync(places().packages, 501, 20)
    await give(502)
    expect(fs.existsSync(join(victim, 'kept'))).toBe(true)
  })
  it('knows nobody where there is no console', () => {
    expect(consoleOwner(join(scratch, 'none'))).toBeUndefined()
  })
})
