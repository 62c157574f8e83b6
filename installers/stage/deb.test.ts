import * as fs from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { made, must, root, run } from './dist-for-tests.ts'

const isReady = process.env['WARDKEY_HAS_DPKG_ROOT'] === '1'
let folder: string
let scratch: string
beforeAll(() => {
  folder = fs.mkdtempSync(join(tmpdir(), 'wardkey-deb-'))
  scratch = join(folder, 'root')
  const database = join(scratch, 'var', 'lib', 'dpkg')
  for (const name of ['info', 'updates', 'triggers']) {
    fs.mkdirSync(join(database, name), { recursive: true })
  }
  fs.writeFileSync(join(database, 'status'), '')
})
afterAll(() => {
  fs.rmSync(folder, { recursive: true })
})
const at = (...path: string[]): string => join(scratch, ...path)
const dpkg = (...words: string[]) =>
  run('dpkg', [
    ...[`--root=${scratch}`, '--force-depends', '--force-script-chrootless'],
    ...['--force-confold', ...words],
  ])
/** The same package under a higher version. */
async function newer(deb: string, version: string): Promise<string> {
  const tree = join(folder, 'tree')
  fs.rmSync(tree, { recursive: true, force: true })
  await must('dpkg-deb', '-R', deb, tree)
  const control = join(tree, 'DEBIAN', 'control')
  const text = fs.readFileSync(control, 'utf8').replace(/^Version: .*/m, `Version: ${version}`)
  fs.writeFileSync(control, text)
  const out = join(folder, `newer-${version}.deb`)
  await must('dpkg-deb', '--root-owner-group', '-Zgzip', '-z1', '--build', tree, out)
  return out
}

describe.skipIf(!isReady)('the DEB of the agent in a scratch root', () => {
  it('is installed and runs, with its units in place and enabled', async () => {
    const { code, err } = await dpkg('-i', made('agent_0.1.0_amd64.deb'))
    expect(code, err).toBe(0)
    expect((await must(at('usr/bin/wardkey-agent'), '--version')).trim()).toBe('0.1.0')
    for (const link of [
      'etc/systemd/system/multi-user.target.wants/wardkey-agent-seat.service',
      'etc/systemd/system/multi-user.target.wants/wardkey-agent-duties.service',
      'etc/systemd/system/multi-user.target.wants/wardkey-agent-updates.service',
      'etc/systemd/user/graphical-session.target.wants/wardkey-agent.service',
    ]) {
      expect(fs.lstatSync(at(link)).isSymbolicLink(), link).toBe(true)
    }
    expect(fs.statSync(at('usr/lib/wardkey-agent/lib')).uid).toBe(0)
    const open = await must('find', at('usr/lib/wardkey-agent'), '!', '-type', 'l', '-perm', '/022')
    expect(open).toBe('')
  })

  it('gives its folders to the account that is named, and to nobody where none is', async () => {
    const seat = at('usr/lib/wardkey-agent/seat')
    const as = (WARDKEY_USER: string) =>
      run(seat, [], { env: { PATH: process.env['PATH'], DPKG_ROOT: scratch, WARDKEY_USER } })
    expect((await as('')).out).toContain('names no account')
    expect(fs.existsSync(at('var/lib/wardkey-agent'))).toBe(false)
    expect((await as('no-such-account-here')).code).not.toBe(0)
    expect((await as('nobody')).code).toBe(0)
    const { mode, uid } = fs.statSync(at('var/lib/wardkey-agent'))
    expect([mode & 0o777, uid > 0]).toEqual([0o700, true])
  })

  it('keeps what an administrator has changed, and refuses an older version', async () => {
    const settings = at('etc/wardkey/agent.yaml')
    fs.appendFileSync(settings, '\nserviceDesk: "4711"\n')
    fs.writeFileSync(at('var/lib/wardkey-agent/identity.json'), '{}')
    const { code, err } = await dpkg('-i', await newer(made('agent_0.1.0_amd64.deb'), '0.1.1'))
    expect(code, err).toBe(0)
    expect(fs.readFileSync(settings, 'utf8')).toContain('4711')
    expect(fs.existsSync(at('var/lib/wardkey-agent/identity.json'))).toBe(true)
    const older = await dpkg('--refuse-downgrade', '-i', made('agent_0.1.0_amd64.deb'))
    expect(older.out + older.err).toMatch(/downgrade/)
    expect((await dpkg('-s', 'wardkey-agent')).out).toContain('Version: 0.1.1')
  })

  it('keeps the identity when it is removed, and nothing at all when it is purged', async () => {
    expect((await dpkg('-r', 'wardkey-agent')).code).toBe(0)
    expect(fs.existsSync(at('usr/lib/wardkey-agent'))).toBe(false)
    expect(fs.existsSync(at('var/lib/wardkey-agent/identity.json'))).toBe(true)
    expect(fs.existsSync(at('etc/wardkey/agent.yaml'))).toBe(true)
    const { code, err } = await dpkg('-P', 'wardkey-agent')
    expect(code, err).toBe(0)
    const left = await must('find', scratch, '-name', '*wardkey*', '-not', '-path', '*/dpkg/*')
    expect(left).toBe('')
  })
})

describe.skipIf(!isReady)('the DEB of the broker in a scratch root', () => {
  it('is installed, runs, and leaves keys and record where they are when it is purged', async () => {
    const { code, err } = await dpkg('-i', made('broker_0.1.0_amd64.deb'))
    expect(code, err).toBe(0)
    expect((await must(at('usr/bin/wardkey-broker'), '--version')).trim()).toBe('0.1.0')
    expect(fs.readFileSync(at('etc/passwd'), 'utf8')).toContain('wardkey-broker')
    fs.mkdirSync(at('etc/wardkey-broker/keys'))
    fs.writeFileSync(at('etc/wardkey-broker/keys/master.key'), 'x')
    expect((await dpkg('-P', 'wardkey-broker')).code).toBe(0)
    expect(fs.existsSync(at('usr/lib/wardkey-broker'))).toBe(false)
    expect(fs.existsSync(at('etc/wardkey-broker/keys/master.key'))).toBe(true)
  })
})

describe('the broker’s unit', () => {
  const unit = join(root, 'installers/linux/broker-files/wardkey-broker.service')
  it.skipIf(!isReady)('is exposed less than 2.5 of 10', async () => {
    const words = ['security', '--offline=true', '--no-pager', '--threshold=24', unit]
    const { code, out, err } = await run('systemd-analyze', words)
    expect(code, out + err).toBe(0)
  })
})
