// What a system’s installer is trusted with, held by one that is made up and by dpkg’s own in a
// scratch root: nothing but what is signed goes in, and what was there can be put back.

import * as fs from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { newReleaseSigner } from '../../../../test/kit/release.ts'
import { FakePackages } from './fakes-for-tests.ts'
import { dpkgSystem, InstallerBed, madeUpSystem } from './bed-for-tests.ts'

const hasDpkg = process.env['WARDKEY_HAS_DPKG_ROOT'] === '1'
const systems = [
  { name: 'made up', make: madeUpSystem, isHere: true },
  { name: 'dpkg in a scratch root', make: dpkgSystem, isHere: hasDpkg },
]

describe.each(systems)('an installer: $name', ({ make, isHere }) => {
  let scratch: string
  let bed: InstallerBed
  beforeEach(async () => {
    scratch = fs.mkdtempSync(join(tmpdir(), 'wardkey-installer-'))
    if (isHere) bed = await InstallerBed.open(scratch, make)
  })
  afterEach(() => {
    fs.rmSync(scratch, { recursive: true })
  })
  const installed = () => bed.system.packages.installed()
  /** Refused, with nothing changed and nothing left behind. */
  const refuses = async (
    download: Parameters<ReturnType<InstallerBed['installer']>['apply']>[0],
    why: string,
    installer = bed.installer(),
  ) => {
    expect(await installer.apply(download)).toEqual({ kind: 'refused', why })
    expect(await installed()).toBe('1.1.0')
    expect(fs.readdirSync(join(bed.folder, 'kept'))).toEqual(['wardkey-agent_1.1.0_amd64.deb'])
  }

  it.skipIf(!isHere)('puts a release in, and back again, once', async () => {
    const installer = bed.installer()
    expect(await installer.prepare()).toEqual({ kind: 'ready', running: '1.1.0' })
    const applied = await installer.apply(await bed.download('1.2.0'))
    expect(applied).toEqual({ kind: 'applied', from: '1.1.0', to: '1.2.0' })
    expect(await installed()).toBe('1.2.0')
    // As after a kill: another process, which knows only what is on the disk.
    expect(await bed.installer().putBack()).toEqual({ kind: 'returned', to: '1.1.0' })
    expect(await installed()).toBe('1.1.0')
    expect(await bed.installer().putBack()).toEqual({ kind: 'no-way' })
  })

  it.skipIf(!isHere)(
    'has no way back once the release is settled, and goes on from it',
    async () => {
      const installer = bed.installer()
      await installer.apply(await bed.download('1.2.0'))
      expect(await installer.prepare()).toEqual({ kind: 'refused', why: 'on-trial' })
      await installer.settle()
      expect(await installer.putBack()).toEqual({ kind: 'no-way' })
      const next = await installer.apply(await bed.download('1.3.0', { number: 8 }))
      expect(next).toEqual({ kind: 'applied', from: '1.2.0', to: '1.3.0' })
      expect(await installer.putBack()).toEqual({ kind: 'returned', to: '1.2.0' })
    },
  )

  it.skipIf(!isHere)('goes on from what somebody put there by hand', async () => {
    await bed.installer().apply(await bed.download('1.2.0'))
    fs.writeFileSync(bed.keptPath('1.3.0'), await bed.system.make('1.3.0'))
    await bed.system.packages.put(bed.keptPath('1.3.0'))
    expect(await bed.installer().prepare()).toEqual({ kind: 'ready', running: '1.3.0' })
    expect(await bed.installer().putBack()).toEqual({ kind: 'no-way' })
  })

  it.skipIf(!isHere)(
    'keeps the way back where an administrator keeps a package meanwhile',
    async () => {
      const { packages } = bed.system
      const put = packages.put.bind(packages)
      let said: unknown
      Object.assign(packages, {
        put: async (path: string) => {
          said ??= await bed.installer().keep(bed.keptPath('1.1.0'))
          return put(path)
        },
      })
      const applied = await bed.installer().apply(await bed.download('1.2.0'))
      expect(applied).toEqual({ kind: 'applied', from: '1.1.0', to: '1.2.0' })
      expect(said).toBe('kept')
      expect(await bed.installer().putBack()).toEqual({ kind: 'returned', to: '1.1.0' })
    },
  )

  it.skipIf(!isHere)('puts back by itself what does not come to its end', async () => {
    const download = await bed.download('1.2.0', { breaks: true })
    expect(await bed.installer().apply(download)).toEqual({ kind: 'put-back' })
    expect(await installed()).toBe('1.1.0')
    expect(await bed.installer().prepare()).toEqual({ kind: 'ready', running: '1.1.0' })
  })

  it.skipIf(!isHere)('takes nothing that is not signed by the release key, now', async () => {
    const stranger = newReleaseSigner()
    await refuses(await bed.download('1.2.0', { by: stranger }), 'update-not-signed')
    await refuses(await bed.download('1.2.0', { expiresMs: 900 }), 'update-expired')
    await refuses({ ...(await bed.download('1.2.0')), manifests: [] }, 'update-not-understood')
    await refuses(await bed.download('1.1.0'), 'update-not-newer')
  })

  it.skipIf(!isHere)(
    'never goes behind a number that it saw, also as another process',
    async () => {
      const older = await bed.download('1.2.0', { number: 6 })
      const newer = await bed.download('1.3.0', { number: 7 })
      fs.appendFileSync(newer.path, 'x')
      await refuses(newer, 'download-too-large')
      await refuses(older, 'update-older')
      await refuses(await bed.download('1.2.0', { number: 7 }), 'update-number-twice')
    },
  )

  it.skipIf(!isHere)('takes no file that is not the one, to the byte', async () => {
    const download = await bed.download('1.2.0')
    const bytes = fs.readFileSync(download.path)
    fs.writeFileSync(download.path, bytes.subarray(1))
    await refuses(download, 'download-short')
    const changed = Buffer.from(bytes)
    changed[bytes.length - 1] = (changed.at(-1) ?? 0) ^ 1
    fs.writeFileSync(download.path, changed)
    await refuses(download, 'download-changed')
    fs.rmSync(download.path)
    await refuses(download, 'download-missing')
    const real = `${download.path}.real`
    fs.writeFileSync(real, bytes)
    fs.symlinkSync(real, download.path)
    await refuses(download, 'download-missing')
    fs.rmSync(download.path)
    fs.mkdirSync(download.path)
    await refuses(download, 'download-missing')
  })

  it.skipIf(!isHere)('takes no other release than the manifest says', async () => {
    await refuses(await bed.download('1.2.0', { content: '1.0.0' }), 'download-other')
  })

  it.skipIf(!isHere)('changes nothing where it could not go back', async () => {
    const download = await bed.download('1.2.0')
    fs.rmSync(bed.keptPath('1.1.0'))
    expect(await bed.installer().prepare()).toEqual({ kind: 'refused', why: 'not-kept' })
    expect(await bed.installer().apply(download)).toEqual({ kind: 'refused', why: 'not-kept' })
    fs.writeFileSync(bed.keptPath('1.1.0'), await bed.system.make('1.0.0'))
    expect(await bed.installer().prepare()).toEqual({ kind: 'refused', why: 'not-kept' })
    expect(await installed()).toBe('1.1.0')
  })

  it.skipIf(!isHere)('changes nothing where others could write beside it', async () => {
    const download = await bed.download('1.2.0')
    const isOpen = bed.installer({ whoElseWrites: (path) => `${path}: everybody can write it` })
    await refuses(download, 'folder-open', isOpen)
  })

  it.skipIf(!isHere)(
    'says what it would install by its signature, and by nothing else',
    async () => {
      const installer = bed.installer()
      const download = await bed.download('1.2.0')
      expect(await installer.name(download)).toEqual({ kind: 'named', number: 7, to: '1.2.0' })
      const other = await bed.download('1.3.0', { by: newReleaseSigner() })
      const refused = { kind: 'refused', why: 'update-not-signed' }
      expect(await installer.name(other)).toEqual(refused)
    },
  )

  it.skipIf(!isHere)('changes nothing where somebody came in the last moment', async () => {
    const download = await bed.download('1.2.0')
    const isStillFree = () => Promise.resolve(false)
    const applied = await bed.installer({ isStillFree }).apply(download)
    expect(applied).toEqual({ kind: 'refused', why: 'in-use' })
    expect(await installed()).toBe('1.1.0')
    expect(await bed.installer().putBack()).toEqual({ kind: 'no-way' })
  })

  it.skipIf(!isHere)('keeps what runs where it is given it, and nothing else', async () => {
    const given = join(scratch, 'given.deb')
    fs.copyFileSync(bed.keptPath('1.1.0'), given)
    fs.rmSync(bed.keptPath('1.1.0'))
    const other = join(scratch, 'other.deb')
    fs.writeFileSync(other, await bed.system.make('1.0.0'))
    expect(await bed.installer().keep(other)).toBe('other')
    expect(await bed.installer().prepare()).toEqual({ kind: 'refused', why: 'not-kept' })
    expect(await bed.installer().keep(given)).toBe('kept')
    expect(await bed.installer().prepare()).toEqual({ kind: 'ready', running: '1.1.0' })
  })

  it.skipIf(!isHere || make === madeUpSystem)(
    'makes the package of what runs anew, and goes back to it',
    async () => {
      fs.rmSync(bed.keptPath('1.1.0'))
      expect(await bed.installer().keep()).toBe('kept')
      await bed.installer().apply(await bed.download('1.2.0'))
      const release = join(scratch, 'root/usr/lib/wardkey-agent/release')
      expect(fs.readFileSync(release, 'utf8')).toBe('1.2.0')
      expect(await bed.installer().putBack()).toEqual({ kind: 'returned', to: '1.1.0' })
      expect(fs.readFileSync(release, 'utf8')).toBe('1.1.0')
      expect(fs.readdirSync(join(bed.folder, 'kept'))).toEqual(['wardkey-agent_1.1.0_amd64.deb'])
    },
  )

  it.skipIf(!isHere || make === madeUpSystem)(
    'makes none of what somebody has changed by hand',
    async () => {
      fs.rmSync(bed.keptPath('1.1.0'))
      fs.appendFileSync(join(scratch, 'root/usr/lib/wardkey-agent/release'), 'x')
      expect(await bed.installer().keep()).toBe('missing')
      expect(await bed.installer().prepare()).toEqual({ kind: 'refused', why: 'not-kept' })
    },
  )

  it.skipIf(!isHere || make === madeUpSystem)(
    'makes none of what no sum, or not a sum for each file, came with',
    async () => {
      fs.rmSync(bed.keptPath('1.1.0'))
      const sums = join(scratch, 'root/var/lib/dpkg/info/wardkey-agent.md5sums')
      fs.writeFileSync(sums, '')
      expect(await bed.installer().keep()).toBe('missing')
      fs.rmSync(sums)
      expect(await bed.installer().keep()).toBe('missing')
      expect(await bed.installer().prepare()).toEqual({ kind: 'refused', why: 'not-kept' })
    },
  )

  it.skipIf(!isHere)('goes back to nothing that is not what was kept', async () => {
    await bed.installer().apply(await bed.download('1.2.0'))
    fs.appendFileSync(bed.keptPath('1.1.0'), 'x')
    expect(await bed.installer().putBack()).toEqual({ kind: 'failed' })
    expect(await installed()).toBe('1.2.0')
  })

  it.skipIf(make !== madeUpSystem)(
    'says how the system took it, and keeps no way back to where it never left',
    async () => {
      const { packages } = bed.system
      if (!(packages instanceof FakePackages)) return
      for (const [put, why] of [
        ['busy', 'busy'],
        ['failed', 'install-failed'],
      ] as const) {
        packages.nextPut = put
        await refuses(await bed.download('1.2.0'), why)
        expect(await bed.installer().putBack()).toEqual({ kind: 'no-way' })
      }
      packages.nextPut = 'after-restart'
      const applied = await bed.installer().apply(await bed.download('1.2.0'))
      expect(applied).toEqual({ kind: 'after-restart', from: '1.1.0', to: '1.2.0' })
    },
  )

  it.skipIf(!isHere)('stops where what it believes cannot be read', async () => {
    fs.writeFileSync(join(bed.folder, 'trust.json'), '{"version":2}')
    await expect(bed.installer().apply(await bed.download('1.2.0'))).rejects.toThrow('internal')
    expect(await installed()).toBe('1.1.0')
  })
})
