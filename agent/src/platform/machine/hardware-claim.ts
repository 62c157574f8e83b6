// Which machine this is, by what is soldered to it: hashes of its board's id and of its own network
// cards. Nothing that a copy of the disk would bring along, and nothing in plain.

import { createHash } from 'node:crypto'
import { execFile } from 'node:child_process'
import { readdirSync, readFileSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { hardwareClaim } from '@wardkey/protocol/workstation/enrolment'
import type { HardwareClaim } from '@wardkey/protocol/workstation/enrolment'

const partsMax = 8
const withinMs = 5000

export interface MachineSystem {
  readonly platform: string
  /** Linux's /sys. */
  readonly sys: string
  /** A text of the registry below HKEY_LOCAL_MACHINE. */
  readonly registryText: (key: string, name: string) => Promise<string | undefined>
  /** What `ioreg` says of the board. */
  readonly ioreg: () => Promise<string>
}

/** Nothing where the system tells nothing that can be believed: then the boot's id has to do. */
export async function findHardware(
  system: MachineSystem = thisMachine(),
): Promise<HardwareClaim | undefined> {
  const parts = (await partsOf(system)).filter((part) => !isPlaceholder(part))
  const hashes = parts.slice(0, partsMax).map(hashOf)
  return hardwareClaim.safeParse([...new Set(hashes)]).data
}

async function partsOf(system: MachineSystem): Promise<readonly string[]> {
  try {
    if (system.platform === 'win32') {
      const id = await system.registryText('SYSTEM\\HardwareConfig', 'LastConfig')
      return id === undefined ? [] : [`board ${id.replace(/[{}]/g, '')}`]
    }
    if (system.platform === 'darwin') {
      const id = /"IOPlatformUUID" = "([0-9A-F-]{36})"/i.exec(await system.ioreg())?.[1]
      return id === undefined ? [] : [`board ${id}`]
    }
    return [...boardOf(system.sys), ...cardsOf(system.sys)]
  } catch (thrown) {
    // Another system's way of saying no: a claim is worth something only where it is the truth.
    if (!(thrown instanceof Error)) throw thrown
    return []
  }
}

/** Root only: an agent that runs as somebody else has the network cards. */
function boardOf(sys: string): readonly string[] {
  const id = readOrNothing(join(sys, 'class/dmi/id/product_uuid'))
  return id === undefined ? [] : [`board ${id}`]
}

/** Cards on the board's own bus with the address they were made with: what is plugged in moves. */
function cardsOf(sys: string): readonly string[] {
  const folder = join(sys, 'class/net')
  const names = namesIn(folder)
  const cards = names.flatMap((name) => {
    const device = realPathOrNothing(join(folder, name, 'device'))
    const isOwn = device !== undefined && device.includes('/pci') && !device.includes('/usb')
    const isMade = readOrNothing(join(folder, name, 'addr_assign_type')) === '0'
    const address = readOrNothing(join(folder, name, 'address'))
    return isOwn && isMade && address !== undefined ? [`card ${address}`] : []
  })
  return cards.sort()
}

/** What makers leave in who do not number their boards: the same in thousands of machines. */
function isPlaceholder(part: string): boolean {
  const digits = part
    .replace(/^[a-z]+ /, '')
    .replace(/[^0-9a-f]/gi, '')
    .toLowerCase()
  return (
    digits.length < 12 ||
    /^(.)\1*$/.test(digits) ||
    digits === '03000200040005000006000700080009' ||
    digits.startsWith('0102030405060708')
  )
}

function hashOf(part: string): string {
  return createHash('sha256')
    .update(`wardkey hardware\n${part.toLowerCase()}`)
    .digest('hex')
    .slice(0, 32)
}

function readOrNothing(path: string): string | undefined {
  return orNothing(() => readFileSync(path, 'utf8').trim())
}

function namesIn(folder: string): readonly string[] {
  return orNothing(() => readdirSync(folder)) ?? []
}

function realPathOrNothing(path: string): string | undefined {
  return orNothing(() => realpathSync(path))
}

function orNothing<T>(look: () => T): T | undefined {
  try {
    return look()
  } catch (thrown) {
    if (!(thrown instanceof Error && 'code' in thrown)) throw thrown
    return undefined
  }
}

function thisMachine(): MachineSystem {
  return {
    platform: process.platform,
    sys: '/sys',
    registryText: async (key, name) => {
      const { loadWindowsSystem } = await import('../policy/windows-system.ts')
      const value = loadWindowsSystem().read(key, name)
      if (value === undefined || value === 'unreadable') return undefined
      return Buffer.from(value.data).toString('utf16le').replace(/\0+$/, '')
    },
    ioreg: async () => {
      const words = ['-rd1', '-c', 'IOPlatformExpertDevice']
      const { stdout } = await promisify(execFile)('/usr/sbin/ioreg', words, { timeout: withinMs })
      return stdout
    },
  }
}
