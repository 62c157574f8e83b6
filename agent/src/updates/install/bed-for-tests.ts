// Systems to install on, for tests: one that is made up, and one of dpkg's in a scratch root. It
// touches nothing of the system that runs.

import { createHash } from 'node:crypto'
import * as fs from 'node:fs'
import { join } from 'node:path'
import { newReleaseSigner, plainManifest, signed } from '../../../../test/kit/release.ts'
import { ownDisk } from '../../platform/disk.ts'
import { usualWriters, whoElseWrites } from '../../platform/policy/posix-writers.ts'
import { fakePackage, FakePackages } from './fakes-for-tests.ts'
import { linuxPackages } from './linux-packages.ts'
import { PrivilegedInstaller } from './privileged-installer.ts'
import type { InstallerNeeds } from './privileged-installer.ts'
import { runCommand } from './run-command.ts'
import type { SystemPackages } from './system-packages.ts'

export type MakePackage = (release: string, breaks?: boolean) => Promise<Buffer>

export interface ScratchSystem {
  readonly packages: SystemPackages
  readonly make: MakePackage
}

export function madeUpSystem(folder: string): ScratchSystem {
  return {
    packages: new FakePackages(join(folder, 'installed')),
    make: (release, breaks) => Promise.resolve(Buffer.from(fakePackage(release, breaks))),
  }
}

/** As installers/stage has it: needs dpkg, and to be root. */
export function dpkgSystem(folder: string): ScratchSystem {
  const root = join(folder, 'root')
  for (const name of ['info', 'updates', 'triggers']) {
    fs.mkdirSync(join(root, 'var/lib/dpkg', name), { recursive: true })
  }
  const status = join(root, 'var/lib/dpkg/status')
  // Another process may have begun it.
  if (!fs.existsSync(status)) fs.writeFileSync(status, '')
  const words = ['--force-depends', '--force-script-chrootless']
  return {
    packages: linuxPackages({ run: runCommand, elsewhere: { root, words } }),
    make: (release, breaks = false) => makeDeb(folder, release, breaks),
  }
}

async function makeDeb(folder: string, release: string, breaks: boolean): Promise<Buffer> {
  const tree = join(folder, 'tree')
  fs.rmSync(tree, { recursive: true, force: true })
  fs.mkdirSync(join(tree, 'DEBIAN'), { recursive: true, mode: 0o755 })
  fs.mkdirSync(join(tree, 'usr/lib/wardkey-agent'), { recursive: true })
  fs.writeFileSync(join(tree, 'usr/lib/wardkey-agent/release'), release)
  const about = ['Package: wardkey-agent', `Version: ${release}`, 'Architecture: amd64']
  const more = ['Maintainer: Wardkey <wardkey@wardkey.invalid>', 'Description: for a test', '']
  fs.writeFileSync(join(tree, 'DEBIAN/control'), [...about, ...more].join('\n'))
  const sum = createHash('md5').update(release).digest('hex')
  fs.writeFileSync(join(tree, 'DEBIAN/md5sums'), `${sum}  usr/lib/wardkey-agent/release\n`)
  const script = `#!/bin/sh\nexit ${breaks ? '1' : '0'}\n`
  fs.writeFileSync(join(tree, 'DEBIAN/postinst'), script, { mode: 0o755 })
  const out = join(folder, 'made.deb')
  const all = ['--root-owner-group', '-Zgzip', '-z1', '--build', tree, out]
  const end = await runCommand({ path: '/usr/bin/dpkg-deb', words: all, withinMs: 60_000 })
  if (end.kind !== 'ended' || end.code !== 0) throw new Error('dpkg-deb did not make it')
  return fs.readFileSync(out)
}

const signer = newReleaseSigner()

/** One workstation with 1.1.0, whose package is kept, and releases that are signed for it. */
export class InstallerBed {
  readonly system: ScratchSystem
  readonly folder: string
  readonly signer = signer
  readonly #scratch: string

  private constructor(scratch: string, system: ScratchSystem) {
    this.#scratch = scratch
    this.folder = join(scratch, 'updates', 'own')
    this.system = system
  }

  static async open(
    scratch: string,
    make: (folder: string) => ScratchSystem,
  ): Promise<InstallerBed> {
    const bed = new InstallerBed(scratch, make(scratch))
    const first = bed.keptPath('1.1.0')
    fs.mkdirSync(join(bed.folder, 'kept'), { recursive: true, mode: 0o700 })
    fs.writeFileSync(first, await bed.system.make('1.1.0'))
    await bed.system.packages.put(first)
    return bed
  }

  keptPath(release: string): string {
    return join(this.folder, 'kept', this.system.packages.fileName(release))
  }

  installer(change: Partial<InstallerNeeds> = {}): PrivilegedInstaller {
    return new PrivilegedInstaller({
      folder: this.folder,
      whoElseWrites: (path) =>
        whoElseWrites(path, { ...usualWriters('linux'), uid: process.getuid?.() ?? 0 }, 'folder'),
      releaseKey: signer.text,
      packages: this.system.packages,
      disk: ownDisk,
      nowMs: () => 1000,
      ...change,
    })
  }

  /** On the disk as somebody fetched it, with a manifest that says what it is. */
  async download(
    release: string,
    { number = 7, breaks = false, content = release, by = signer, expiresMs = 2e12 } = {},
  ) {
    const bytes = await this.system.make(content, breaks)
    const path = join(this.#scratch, `fetched-${release}.deb`)
    fs.writeFileSync(path, bytes)
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    const name = this.system.packages.fileName(release)
    const file = { target: 'linux-x64', name, bytes: bytes.length, sha256, over: '1.0.0' } as const
    const manifest = plainManifest({ release, number, expiresMs, files: [file] })
    return { manifests: [signed(manifest, by)] as const, path }
  }
}
