// Which machine it is, on systems that are laid out in a folder or played: what counts, and what
// thousands of machines have in common and so does not.

import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { findHardware } from './hardware-claim.ts'
import type { MachineSystem } from './hardware-claim.ts'

const board = '4C4C4544-0042-3510-8051-B7C04F4E4B32'
let sys: string
beforeEach(() => {
  sys = mkdtempSync(join(tmpdir(), 'wardkey-sys-'))
})
afterEach(() => {
  rmSync(sys, { recursive: true })
})

const on = (platform: string, more: Partial<MachineSystem> = {}): MachineSystem => ({
  platform,
  sys,
  registryText: () => Promise.resolve(undefined),
  ioreg: () => Promise.resolve(''),
  ...more,
})
const linux = () => findHardware(on('linux'))

function addBoard(id: string): void {
  const folder = join(sys, 'class/dmi/id')
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'product_uuid'), `${id}\n`)
}

function addCard(name: string, address: string, bus: 'pci0000:00' | 'usb', assigned = '0'): void {
  const device = join(
    sys,
    `devices/pci0000:00/${bus === 'usb' ? 'usb1/1-2' : '0000:00:1f.6'}`,
    name,
  )
  const folder = join(sys, 'class/net', name)
  mkdirSync(device, { recursive: true })
  mkdirSync(folder, { recursive: true })
  symlinkSync(device, join(folder, 'device'))
  writeFileSync(join(folder, 'address'), `${address}\n`)
  writeFileSync(join(folder, 'addr_assign_type'), `${assigned}\n`)
}

describe('on Linux', () => {
  it('is the board and its own cards, in hashes that say neither', async () => {
    addBoard(board)
    addCard('eth0', '02:11:22:33:44:55', 'pci0000:00')
    const claim = await linux()
    expect(claim).toHaveLength(2)
    expect(JSON.stringify(claim)).not.toContain('4C4C')
    expect(JSON.stringify(claim)).not.toContain('11:22')
    expect(await linux()).toEqual(claim)
  })
  it('is still itself in part when a card is replaced', async () => {
    addBoard(board)
    addCard('eth0', '02:11:22:33:44:55', 'pci0000:00')
    const before = await linux()
    rmSync(join(sys, 'class/net'), { recursive: true })
    expect(before).toContain((await linux())?.[0])
  })
  it('leaves out what is plugged in, made up, or no hardware', async () => {
    addCard('dock0', '02:11:22:33:44:55', 'usb')
    addCard('wlan0', '02:11:22:33:44:66', 'pci0000:00', '1')
    addCard('eth1', '00:00:00:00:00:00', 'pci0000:00')
    mkdirSync(join(sys, 'class/net/lo'), { recursive: true })
    expect(await linux()).toBeUndefined()
  })
  it('is nothing where nothing can be read', async () => {
    expect(await linux()).toBeUndefined()
  })
})

it.each([
  '03000200-0400-0500-0006-000700080009',
  '00000000-0000-0000-0000-000000000000',
  'FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF',
  '01020304-0506-0708-090A-0B0C0D0E0F10',
  'Not Settable',
])('does not believe a board that is called %s', async (id) => {
  addBoard(id)
  expect(await linux()).toBeUndefined()
})

describe('on other systems', () => {
  it('is what Windows keeps of the board, the same as any other spelling of it', async () => {
    const registryText = () => Promise.resolve(`{${board.toLowerCase()}}`)
    addBoard(board)
    expect(await findHardware(on('win32', { registryText }))).toEqual(await linux())
  })
  it('is what ioreg says on a Mac', async () => {
    const ioreg = () => Promise.resolve(`  "IOPlatformUUID" = "${board}"\n`)
    addBoard(board)
    expect(await findHardware(on('darwin', { ioreg }))).toEqual(await linux())
  })
  it('is nothing where the system does not answer', async () => {
    const ioreg = () => Promise.reject(new Error('ENOENT'))
    expect(await findHardware(on('darwin', { ioreg }))).toBeUndefined()
    expect(await findHardware(on('win32'))).toBeUndefined()
  })
})
