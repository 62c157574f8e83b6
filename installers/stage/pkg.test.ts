import * as fs from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { posixCksum } from '../macos/pkg/posix-cksum.ts'
import { readBom } from '../macos/pkg/read-bom.ts'
import { dist, executables, made, must } from './dist-for-tests.ts'

const isReady = process.env['WARDKEY_HAS_ARCHIVERS'] === '1'
let folder: string
beforeEach(() => {
  folder = fs.mkdtempSync(join(tmpdir(), 'wardkey-pkg-'))
})
afterEach(() => {
  fs.rmSync(folder, { recursive: true })
})

describe.skipIf(!isReady).each(['darwin-arm64', 'darwin-x64'])('the PKG for %s', (target) => {
  it('is read by two others, and is file for file what it was made of', async () => {
    const pkg = made(`${target}.pkg`)
    expect(await must('7z', 't', pkg)).toContain('Everything is Ok')
    await must('bsdtar', '-xf', pkg, '-C', folder)
    const payload = join(folder, 'payload')
    fs.mkdirSync(payload)
    await must('bsdtar', '-xf', join(folder, 'agent.pkg', 'Payload'), '-C', payload)
    const from = join(dist, 'work', 'pkg', target, 'root')
    await must('diff', '-r', '--no-dereference', payload, from)
    const program = join(payload, 'Library/Wardkey/Agent')
    await must('cmp', join(program, 'wardkey-agent'), join(executables(target), 'wardkey-agent'))
    await must('diff', '-r', join(program, 'lib'), join(executables(target), 'lib'))

    const bom = readBom(fs.readFileSync(join(folder, 'agent.pkg', 'Bom')))
    const listed = (await must('bsdtar', '-tf', join(folder, 'agent.pkg', 'Payload'))).trim()
    expect(bom.map(({ path }) => path)).toEqual(
      listed.split('\n').map((path) => path.replace(/\/$/, '')),
    )
    for (const { path, mode, uid, gid, size, checksum } of bom) {
      const stat = fs.lstatSync(join(payload, path))
      expect([path, uid, gid]).toEqual([path, 0, 0])
      if (!stat.isFile()) continue
      expect([path, size, mode & 0o111]).toEqual([path, stat.size, stat.mode & 0o111])
      expect([path, checksum]).toEqual([path, posixCksum(fs.readFileSync(join(payload, path)))])
    }
  })

  it('says what the installer asks of it, and its scripts are scripts', async () => {
    await must('bsdtar', '-xf', made(`${target}.pkg`), '-C', folder)
    const distribution = fs.readFileSync(join(folder, 'Distribution'), 'utf8')
    const kind = target === 'darwin-arm64' ? 'arm64' : 'x86_64'
    expect(distribution).toContain(`hostArchitectures="${kind}"`)
    const info = fs.readFileSync(join(folder, 'agent.pkg', 'PackageInfo'), 'utf8')
    expect(info).toContain('identifier="org.wardkey.agent" version="0.1.0"')
    const scripts = join(folder, 'scripts')
    fs.mkdirSync(scripts)
    await must('bsdtar', '-xf', join(folder, 'agent.pkg', 'Scripts'), '-C', scripts)
    for (const name of ['preinstall', 'postinstall']) {
      expect(fs.statSync(join(scripts, name)).mode & 0o111).toBe(0o111)
      await must('sh', '-n', join(scripts, name))
    }
    expect(fs.readFileSync(join(scripts, 'preinstall'), 'utf8')).toContain("new='0.1.0'")
    const lib = join(executables(target), 'lib')
    const files = (await must('find', lib, '-type', 'f')).trim().split('\n')
    const listed = fs.readFileSync(join(scripts, 'lib-files'), 'utf8').trim().split('\n')
    expect(listed.toSorted()).toEqual(
      files.map((path) => `lib${path.slice(lib.length)}`).toSorted(),
    )
  })
})
