// Boots a kernel of its own under qemu, without KVM, on this machine's own root (read-only), runs
// one script in it, and moves cards and readers when the script asks for it.

import { execFile, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import type { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { CcidCard } from './ccid-card.ts'

const run = promisify(execFile)
const here = (name: string) => fileURLToPath(new URL(name, import.meta.url))
const cache = here('../../.cache/vm')

/** Kernel and initramfs, made on the first run; rejects where apt cannot fetch a kernel. */
export async function prepareGuest(): Promise<void> {
  await run(here('./prepare-guest.sh'), [cache], { timeout: 200_000 })
}

/**
 * Runs a script as the first program of a machine with a USB CCID reader, and passes on each line
 * it prints. On its second serial port the script asks: `insert <uid>`, `remove`, `unplug`, `plug`;
 * each is answered with a line once it is done.
 */
export async function runInGuest(
  script: string,
  withinMs: number,
  onLine: (line: string) => void,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'wardkey-vm-'))
  const path = (name: string) => join(folder, name)
  const hand = Promise.withResolvers<ReaderHand>()
  const asking = createServer((socket) => {
    createInterface({ input: socket }).on('line', (line) => {
      void hand.promise.then((ready) => socket.write(`${ready.do(line)}\n`))
    })
  })
  await new Promise<void>((resolve) => asking.listen(path('asking'), resolve))
  const qemu = spawn('qemu-system-x86_64', qemuArguments(script, path), {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = new Promise((resolve) => qemu.once('exit', resolve))
  const deadline = setTimeout(() => {
    onLine('the virtual machine ran out of time')
    qemu.kill('SIGKILL')
  }, withinMs)
  createInterface({ input: qemu.stdout }).on('line', onLine)
  createInterface({ input: qemu.stderr }).on('line', onLine)
  try {
    const monitor = await openMonitor(path('monitor'))
    const ready = new ReaderHand(monitor, await CcidCard.connect(path('card')))
    hand.resolve(ready)
    await ended
    ready.close()
  } finally {
    clearTimeout(deadline)
    qemu.kill('SIGKILL')
    asking.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

function qemuArguments(script: string, path: (name: string) => string): string[] {
  const kernelLine = [
    'console=ttyS0 quiet loglevel=3 panic=-1 mitigations=off',
    `guest=${script}`,
  ].join(' ')
  return [
    ...['-M', 'pc', '-accel', 'tcg', '-smp', '2', '-m', '1024', '-nodefaults', '-display', 'none'],
    ...['-no-reboot', '-serial', 'stdio', '-monitor', 'none'],
    ...['-kernel', join(cache, 'vmlinuz'), '-initrd', join(cache, 'initramfs.gz')],
    ...['-append', kernelLine],
    '-fsdev',
    'local,id=root,path=/,security_model=none,readonly=on,multidevs=remap',
    ...['-device', 'virtio-9p-pci,fsdev=root,mount_tag=host'],
    ...['-device', 'qemu-xhci,id=usb'],
    ...['-chardev', `socket,id=card,path=${path('card')},server=on,wait=off`],
    ...['-device', 'usb-ccid,id=ccid0,bus=usb.0'],
    ...['-device', 'ccid-card-passthru,id=card0,chardev=card,bus=ccid0.0'],
    ...['-chardev', `socket,id=asking,path=${path('asking')}`],
    ...['-device', 'isa-serial,chardev=asking'],
    ...['-qmp', `unix:${path('monitor')},server=on,wait=off`],
  ]
}

/** Carries out what the guest asks for, as somebody standing at the machine would. */
class ReaderHand {
  readonly #monitor: Socket
  readonly #card: CcidCard

  constructor(monitor: Socket, card: CcidCard) {
    this.#monitor = monitor
    this.#card = card
  }

  do(line: string): string {
    const [verb = '', uid = ''] = line.trim().split(' ')
    if (verb === 'insert') this.#card.insert(uid)
    else if (verb === 'remove') this.#card.remove()
    else if (verb === 'unplug') this.#command('device_del', { id: 'ccid0' })
    else if (verb === 'plug') {
      this.#command('device_add', { driver: 'usb-ccid', id: 'ccid0', bus: 'usb.0' })
    } else return `not understood: ${verb}`
    return `done: ${verb}`
  }

  close(): void {
    this.#card.close()
    this.#monitor.destroy()
  }

  #command(execute: string, commandArguments: Readonly<Record<string, string>>): void {
    this.#monitor.write(`${JSON.stringify({ execute, arguments: commandArguments })}\n`)
  }
}

async function openMonitor(path: string): Promise<Socket> {
  for (let waited = 0; !existsSync(path); waited += 50) {
    if (waited > 10_000) throw new Error('qemu did not come up')
    await sleep(50)
  }
  const monitor = connect(path)
  await new Promise<void>((resolve, reject) => {
    monitor.once('connect', resolve)
    monitor.once('error', reject)
  })
  monitor.on('error', () => undefined)
  monitor.resume()
  monitor.write('{"execute":"qmp_capabilities"}\n')
  return monitor
}
