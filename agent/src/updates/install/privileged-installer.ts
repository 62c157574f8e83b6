// The part of an update that has the rights: it copies what was fetched to where administrators
// alone write, verifies all of it there, and has the system's own installer put it in place. It
// believes nothing but the signature, and goes back to nothing but what it kept.

import { chmod, mkdir, readdir, rename, rm, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { Disk } from '../../platform/disk.ts'
import { takeManifests } from '../manifests/take-manifests.ts'
import type { TakenRelease } from '../manifests/take-manifests.ts'
import { InstallBook } from './install-book.ts'
import type { WayBack } from './install-book.ts'
import type { Applied, Download, Installer, Kept, Named } from './installer.ts'
import type { NotBegun, Prepared, PutBack } from './installer.ts'
import { copyIn, sha256Of } from './own-copy.ts'
import type { Copied } from './own-copy.ts'
import type { SystemPackages } from './system-packages.ts'

export interface InstallerNeeds {
  /** For administrators alone. Packages that were kept are in its `kept`. */
  readonly folder: string
  /** What is wrong with who can write there; nothing where only administrators can. */
  readonly whoElseWrites: (folder: string) => string | undefined
  /** Of the settings of the machine. */
  readonly releaseKey: string
  readonly packages: SystemPackages
  readonly disk: Disk
  readonly nowMs: () => number
  /** Asked in the last moment before anything is changed; absent where nobody can come. */
  readonly isStillFree?: () => Promise<boolean>
}

const refused = (why: NotBegun) => ({ kind: 'refused', why }) as const

export class PrivilegedInstaller implements Installer {
  readonly #needs: InstallerNeeds
  readonly #kept: string
  readonly #book: InstallBook
  #turn: Promise<unknown> = Promise.resolve()

  constructor(needs: InstallerNeeds) {
    this.#needs = needs
    this.#kept = join(needs.folder, 'kept')
    this.#book = new InstallBook(needs.folder, needs.releaseKey, needs.disk)
  }

  prepare(): Promise<Prepared> {
    return this.#inTurn(async () => {
      const ready = await this.#look()
      return 'why' in ready ? ready : { kind: 'ready', running: ready.from }
    })
  }

  name(download: Download): Promise<Named> {
    return this.#inTurn(async () => {
      const ready = await this.#look()
      if ('why' in ready) return ready
      const taken = this.#take(download, ready.from)
      if (taken.kind === 'refused') return refused(taken.code)
      return { kind: 'named', number: taken.manifest.number, to: taken.manifest.release }
    })
  }

  /** The package of what runs, where it is not kept: `from` is an administrator's, or it is made. */
  keep(from?: string): Promise<Kept> {
    return this.#inTurn(async () => {
      const ready = await this.#look('another')
      if (!('why' in ready)) return 'kept'
      if (ready.why === 'folder-open') return ready.why
      // What is on trial was kept before it was put there.
      if (ready.why !== 'not-kept') return 'kept'
      const release = await this.#needs.packages.installed()
      return release === undefined ? 'not-whole' : this.#keep(release, from)
    })
  }

  apply(download: Download): Promise<Applied> {
    return this.#inTurn(async () => {
      const ready = await this.#look()
      if ('why' in ready) return ready
      const taken = this.#take(download, ready.from)
      if (taken.kind === 'refused') return refused(taken.code)
      await this.#book.keepTrust(taken.trust)
      const why = await this.#copy(download.path, taken)
      if (why) return refused(why)
      return this.#put({ ...ready, to: taken.manifest.release })
    })
  }

  putBack(): Promise<PutBack> {
    return this.#inTurn(() => this.#back())
  }

  settle(): Promise<void> {
    return this.#inTurn(async () => {
      const way = this.#book.wayBack()
      // While it is there by half, or not at all, nobody can have found it well.
      if (!way || (await this.#needs.packages.installed()) !== way.to) return
      await this.#book.closeWayBack()
      await this.#forgetAllBut([way.to])
    })
  }

  /** The folder is ours, nothing is on trial, and what runs here is kept, whole. */
  async #look(
    whose: 'own' | 'another' = 'own',
  ): Promise<Omit<WayBack, 'to'> | { kind: 'refused'; why: NotBegun }> {
    const { folder, packages } = this.#needs
    await mkdir(this.#kept, { recursive: true, mode: 0o700 })
    if (process.platform !== 'win32') {
      for (const one of [folder, this.#kept]) await chmod(one, 0o700)
    }
    const flaw = [folder, this.#kept].some((one) => this.#needs.whoElseWrites(one) !== undefined)
    if (flaw) return refused('folder-open')
    const from = await packages.installed()
    const way = this.#book.wayBack()
    if (way && (from === undefined || from === way.to)) return refused('on-trial')
    // Another process, an administrator's, may look in the middle of an installation.
    if (way && whose === 'another' && from === way.from) return refused('on-trial')
    // Somebody put a third one there by hand: nothing is on trial any more.
    if (way) await this.#book.closeWayBack()
    if (from === undefined) return refused('not-kept')
    const path = this.#pathOf(from)
    const sha256 = await sha256Of(path)
    if (sha256 === undefined || !(await packages.mayBe(path, from))) return refused('not-kept')
    return { from, sha256, keepsakes: [...(await packages.keepsakes())] }
  }

  async #keep(release: string, from: string | undefined): Promise<Kept> {
    const { packages } = this.#needs
    const path = this.#pathOf(release)
    const next = `${path}.new`
    await rm(next, { force: true })
    try {
      if (from === undefined) {
        if ((await packages.repack?.(release, next)) !== true) return 'missing'
      } else {
        const { size } = await stat(from)
        const copied = await copyIn(from, next, size)
        if (copied !== 'copied') return copied === 'no-room' ? copied : 'missing'
      }
      if (!(await packages.mayBe(next, release))) return 'other'
      await rename(next, path)
      return 'kept'
    } finally {
      await rm(next, { force: true })
    }
  }

  #take({ manifests }: Download, running: string): ReturnType<typeof takeManifests> {
    const { packages, nowMs } = this.#needs
    const here = { target: packages.target, running }
    return takeManifests(manifests, this.#book.trust(), here, nowMs())
  }

  /** To be kept from now on, under its own name; nothing of it where anything is wrong. */
  async #copy(from: string, { file, manifest }: TakenRelease): Promise<NotBegun | undefined> {
    const path = this.#pathOf(manifest.release)
    const next = `${path}.new`
    await rm(next, { force: true })
    try {
      const why = notCopied[await copyIn(from, next, file.bytes)]
      if (why) return why
      if ((await sha256Of(next)) !== file.sha256) return 'download-changed'
      const mayBe = await this.#needs.packages.mayBe(next, manifest.release)
      if (!mayBe) return 'download-other'
      await rename(next, path)
      return undefined
    } finally {
      await rm(next, { force: true })
    }
  }

  async #put(way: WayBack): Promise<Applied> {
    const { packages, isStillFree } = this.#needs
    const { from, to } = way
    if ((await isStillFree?.()) === false) return refused('in-use')
    // First the way back: whatever is cut off from here on can be undone.
    await this.#book.keepWayBack(way)
    const how = await packages.put(this.#pathOf(to))
    if (how === 'after-restart') return { kind: how, from, to }
    const now = await packages.installed()
    if (how === 'done' && now === to) return { kind: 'applied', from, to }
    if (now !== from)
      return { kind: (await this.#back()).kind === 'returned' ? 'put-back' : 'broken' }
    await this.#book.closeWayBack()
    await this.#forgetAllBut([from])
    return refused(how === 'busy' ? 'busy' : 'install-failed')
  }

  async #back(): Promise<PutBack> {
    const { packages } = this.#needs
    const way = this.#book.wayBack()
    if (!way) return { kind: 'no-way' }
    const { from, to, keepsakes } = way
    if ((await packages.installed()) !== from) {
      const older = this.#pathOf(from)
      // A disk that has lost some of it: better what runs than half of what ran.
      if ((await sha256Of(older)) !== way.sha256) return { kind: 'failed' }
      const how = await packages.putBack(older, this.#pathOf(to), keepsakes)
      if (how === 'after-restart') return { kind: how, to: from }
      if (how === 'busy') return { kind: how }
      if ((await packages.installed()) !== from) return { kind: 'failed' }
    }
    await this.#book.closeWayBack()
    await this.#forgetAllBut([from])
    return { kind: 'returned', to: from }
  }

  async #forgetAllBut(releases: readonly string[]): Promise<void> {
    const names = releases.map((one) => this.#needs.packages.fileName(one))
    for (const name of await readdir(this.#kept)) {
      if (!names.includes(name)) await rm(join(this.#kept, basename(name)), { force: true })
    }
  }

  #pathOf(release: string): string {
    return join(this.#kept, this.#needs.packages.fileName(release))
  }

  /** One thing after the other, whoever asks. */
  #inTurn<T>(act: () => Promise<T>): Promise<T> {
    const mine = this.#turn.then(act)
    this.#turn = mine.catch(() => undefined)
    return mine
  }
}

const notCopied: Readonly<Record<Copied, NotBegun | undefined>> = {
  copied: undefined,
  missing: 'download-missing',
  short: 'download-short',
  'too-large': 'download-too-large',
  'no-room': 'no-room',
}
