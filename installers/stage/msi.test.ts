import * as fs from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { brandExecutable } from '../executables/brand.ts'
import { buildMsi, productCode } from '../windows/msi/build-msi.ts'
import { executables, made, must, run } from './dist-for-tests.ts'
import { seen, Wine } from './wine-for-tests.ts'

const hasTools = process.env['WARDKEY_HAS_MSITOOLS'] === '1'
const hasWine = process.env['WARDKEY_HAS_WINE'] === '1'
const hasSigning = process.env['WARDKEY_HAS_OSSLSIGNCODE'] === '1'
const token = 'plainly-invented-token'
let folder: string
beforeAll(() => {
  folder = fs.mkdtempSync(join(tmpdir(), 'wardkey-msi-'))
})
afterAll(() => {
  fs.rmSync(folder, { recursive: true })
})

describe.skipIf(!hasTools)('the MSI', () => {
  it('holds what it was made of, file for file', async () => {
    await must('msiextract', '-C', folder, made('.msi'))
    const agent = (await must('find', folder, '-type', 'd', '-name', 'Agent')).trim()
    await must('diff', '-r', agent, executables('win32-x64'))
  })

  it('has what wixl alone would have left out', async () => {
    const table = (name: string) => must('msiinfo', 'export', made('.msi'), name)
    expect(await table('File')).toMatch(/wardkey-agent\.exe\t\d+\t0\.1\.0\.0\t1033/)
    expect(await table('Property')).toMatch(/SecureCustomProperties\t.*ENROLLTOKEN/)
    expect(await table('Property')).toContain(`{${productCode('0.1.0')}}`)
    expect(await table('InstallExecuteSequence')).toMatch(/RemoveExistingProducts\t\t1401/)
    expect(await table('MsiServiceConfigFailureActions')).toContain('WardkeyAgent')
    expect(await table('MsiLockPermissionsEx')).toContain('WARDKEYDATA\tCreateFolder')
    expect(await table('Registry')).toContain('#%%LOCALAPPDATA%\\Wardkey\\Agent')
  })
})

describe.skipIf(!hasSigning)('signing, with an authority that is thrown away', () => {
  const key = ['-newkey', 'rsa:2048', '-nodes', '-keyout', 'key.pem', '-out', 'cert.pem']
  const file = (name: string): string => join(folder, name)
  const use = ['-addext', 'extendedKeyUsage=codeSigning', '-addext', 'keyUsage=digitalSignature']
  const sign = (...words: string[]) =>
    must('osslsigncode', 'sign', '-certs', file('cert.pem'), '-key', file('key.pem'), ...words)
  const verify = (name: string) =>
    run('osslsigncode', ['verify', '-CAfile', file('cert.pem'), '-in', file(name)])
  beforeAll(async () => {
    const subject = ['-subj', '/CN=Wardkey test only', '-days', '2', '-x509']
    const { code, err } = await run('openssl', ['req', ...key, ...subject, ...use], { cwd: folder })
    expect(code, err).toBe(0)
  })

  it('holds for the executable, and not for one that was changed', async () => {
    const exe = join(executables('win32-x64'), 'wardkey-agent.exe')
    await sign('-h', 'sha256', '-in', exe, '-out', file('signed.exe'))
    expect((await verify('signed.exe')).out).toContain('Succeeded')
    const changed = fs.readFileSync(file('signed.exe'))
    changed[changed.length >> 1] = (changed[changed.length >> 1] ?? 0) ^ 1
    fs.writeFileSync(file('changed.exe'), changed)
    expect((await verify('changed.exe')).code).not.toBe(0)
  })

  it('holds for the MSI', async () => {
    await sign('-h', 'sha256', '-add-msi-dse', '-in', made('.msi'), '-out', file('signed.msi'))
    expect((await verify('signed.msi')).out).toContain('Succeeded')
  })
})

// Each goes on where the last one ended: a life.
describe.skipIf(!hasWine)('the MSI’s life on a Windows that is Wine', () => {
  const machine = 'HKLM\\Software\\Wardkey'
  const program = 'Program Files/Wardkey/Agent'
  let wine: Wine
  let newer: string
  const older = () => seen(made('.msi'))
  const registry = async () => (await wine.run('reg', 'query', machine, '/s')).out
  const state = async (name = 'WardkeyAgent') => (await wine.run('sc', 'query', name)).out
  const updates = (path: string) => wine.drive(`ProgramData/Wardkey/Updates/${path}`)
  const endsSessions = (log: string) =>
    /Action start [\d:]+: EndSessions\./.test(fs.readFileSync(log, 'latin1'))
  const yaml = () => wine.drive('ProgramData/Wardkey/agent.yaml')
  beforeAll(async () => {
    wine = new Wine(folder)
    await wine.start()
    const copy = join(folder, 'newer')
    fs.cpSync(executables('win32-x64'), copy, { recursive: true })
    for (const fileName of ['wardkey-agent.exe', 'wardkey-session.exe']) {
      const brand = { title: 'Wardkey agent', fileName, version: '0.1.1' }
      brandExecutable(join(copy, fileName), brand)
    }
    newer = join(folder, 'newer.msi')
    const workFolder = join(folder, 'work')
    await buildMsi({ version: '0.1.1', folder: copy, workFolder, out: newer })
  })
  afterAll(async () => {
    await wine.stop()
  })

  it('is refused with an address that is none', async () => {
    const { code } = await wine.run('msiexec', '/i', older(), '/qn', 'BROKERURL=https://a.example')
    expect(code).not.toBe(0)
    expect(fs.existsSync(wine.drive(program))).toBe(false)
  })

  it('is installed silently: files, settings, session, service, event log', async () => {
    const log = join(folder, 'install.log')
    const given = ['BROKERURL=broker.hospital.example:8443', 'PLACE=4 West', 'ASSETTAG=A1']
    const secret = [`ENROLLTOKEN=${token}`, '/l*v', seen(log)]
    const { code } = await wine.run('msiexec', '/i', older(), '/qn', ...given, ...secret)
    expect(code).toBe(0)
    await must('diff', '-r', wine.drive(program), executables('win32-x64'))
    expect(await registry()).toMatch(/broker\.addresses +REG_SZ +broker\.hospital\.example:8443/)
    expect(await registry()).toMatch(/dataDir +REG_EXPAND_SZ +%LOCALAPPDATA%\\Wardkey\\Agent/)
    expect(await registry()).toMatch(/place +REG_SZ +4 West/)
    const runs = 'HKLM\\Software\\Microsoft\\Windows\\CurrentVersion\\Run'
    expect((await wine.run('reg', 'query', runs)).out).toContain('wardkey-session.exe" run')
    const events = 'HKLM\\SYSTEM\\CurrentControlSet\\Services\\EventLog\\Application\\Wardkey'
    expect((await wine.run('reg', 'query', events)).out).toContain('EventCreate.exe')
    expect(await state()).toContain('RUNNING')
    expect(await state('WardkeyUpdates')).toContain('RUNNING')
    expect(await registry()).toMatch(/updates\.folder +REG_SZ +C:\\ProgramData\\Wardkey\\Updates/)
    expect([fs.existsSync(updates('in')), fs.readdirSync(updates('own'))]).toEqual([false, []])
    // Wine dumps its properties whole, hidden ones too; Windows does not. Nothing else may say it.
    const said = fs.readFileSync(log, 'latin1').split(/\r?\n/)
    expect(said.filter((line) => line.includes(token) && !/^Property\(/.test(line))).toEqual([])
  })

  it('answers on the command line, with what the installer was given', async () => {
    const { code, out } = await wine.run(wine.drive(`${program}/wardkey-agent.exe`), 'settings')
    expect(code, out).toBe(0)
    expect(out).toMatch(/broker\.addresses = .*broker\.hospital\.example:8443.*\(/)
    expect(out).toMatch(/dataDir = C:\\users\\.*\\Wardkey\\Agent/i)
  })

  // Wine leaves every folder to everybody, so that nothing is copied or installed there.
  it('has a part that installs updates, which refuses a folder that others can write', async () => {
    const policy = 'HKLM\\Software\\Policies\\Wardkey\\Agent'
    const key = ['/v', 'updates.releaseKey', '/d', 'A'.repeat(43), '/f']
    await wine.run('reg', 'add', policy, ...key)
    for (const word of ['stop', 'start']) await wine.run('net', word, 'WardkeyUpdates')
    expect(await state('WardkeyUpdates')).toContain('RUNNING')
    const words = ['install-updates', '--host', '00000000-0000-4000-8000-000000000001']
    const { code, out } = await wine.run(wine.drive(`${program}/wardkey-agent.exe`), ...words)
    expect(code, out).toBe(0)
    expect(JSON.parse(fs.readFileSync(updates('told/told.json'), 'utf8'))).toMatchObject({
      ...{ installed: '0.1.0', ready: 'folder-open' },
    })
    expect(fs.readdirSync(updates('own')).toSorted()).toEqual([
      'host.json',
      'kept',
      'lock',
      'program',
    ])
    expect(fs.readdirSync(updates('own/program'))).toEqual([])
    await wine.run('reg', 'delete', policy, '/f')
  })

  it('goes up to a newer one, which keeps the settings and runs', async () => {
    expect((await wine.run('msiexec', '/i', seen(newer), '/qn')).code).toBe(0)
    expect(await registry()).toMatch(/version +REG_SZ +0\.1\.1/)
    expect(await registry()).toMatch(/broker\.addresses +REG_SZ +broker\.hospital\.example:8443/)
    expect(await registry()).toMatch(/assetTag +REG_SZ +A1/)
    expect(await registry()).not.toContain('Enroll')
    const exe = 'wardkey-agent.exe'
    await must('cmp', wine.drive(`${program}/${exe}`), join(folder, 'newer', exe))
    expect(await state()).toContain('RUNNING')
  })

  it('does not go back: the older one is refused, and the newer one stays whole', async () => {
    // 1603, of which Wine shows the low byte.
    expect((await wine.run('msiexec', '/i', older(), '/qn')).code).toBe(1603 & 0xff)
    expect(await registry()).toMatch(/version +REG_SZ +0\.1\.1/)
    expect(await state()).toContain('RUNNING')
  })

  it('leaves what administrators keep when it is asked to', async () => {
    fs.writeFileSync(yaml(), 'serviceDesk: "4711"\n')
    const log = join(folder, 'kept.log')
    const words = ['/qn', 'KEEPIDENTITY=1', '/l*v', seen(log)]
    const { code } = await wine.run('msiexec', '/x', seen(newer), ...words)
    expect([code, endsSessions(log)]).toEqual([0, true])
    expect(fs.existsSync(yaml())).toBe(true)
    expect(fs.existsSync(updates('own/program'))).toBe(false)
    expect(fs.existsSync(wine.drive(program))).toBe(false)
  })

  // Wine leaves the folder open to everybody: the file counts as anybody's.
  it('is installed again beside what was kept, and refuses a file that is not its own', async () => {
    expect((await wine.run('msiexec', '/i', seen(newer), '/qn')).code).toBe(0)
    expect(await state()).toContain('RUNNING')
    const { code, out } = await wine.run(wine.drive(`${program}/wardkey-agent.exe`), 'settings')
    expect(code, out).toBe(78)
    expect(out).toContain('agent.yaml: others than administrators can change it')
  })

  it('goes back by the part that installs updates, and ends nobody’s session for it', async () => {
    fs.mkdirSync(updates('own/program/0.1.0'), { recursive: true })
    const mark = ['HKLM\\Software\\Wardkey\\Updates', '/v', 'by', '/d', 'updates', '/f']
    const log = join(folder, 'back.log')
    await wine.run('reg', 'add', ...mark)
    const out = ['/x', seen(newer), '/qn', 'KEEPIDENTITY=1', '/l*v', seen(log)]
    expect((await wine.run('msiexec', ...out)).code).toBe(0)
    expect([endsSessions(log), fs.existsSync(updates('own/program/0.1.0'))]).toEqual([false, true])
    await wine.run('reg', 'add', ...mark)
    const back = ['/i', older(), '/qn', 'PLACE=4 West', '/l*v', seen(log)]
    expect((await wine.run('msiexec', ...back)).code).toBe(0)
    expect([endsSessions(log), fs.existsSync(yaml())]).toEqual([false, true])
    expect(await registry()).toMatch(/version +REG_SZ +0\.1\.0/)
    expect(await state('WardkeyUpdates')).toContain('RUNNING')
  })

  it('leaves nothing when it is not', async () => {
    expect((await wine.run('msiexec', '/x', older(), '/qn')).code).toBe(0)
    for (const path of ['Program Files/Wardkey', 'ProgramData/Wardkey']) {
      expect(fs.existsSync(wine.drive(path)), path).toBe(false)
    }
    expect(await registry()).toContain('Unable to find')
    expect(await state()).not.toContain('STATE')
    const services = 'HKLM\\SYSTEM\\CurrentControlSet\\Services'
    expect((await wine.run('reg', 'query', services, '/s')).out).not.toMatch(/Wardkey/i)
  })
})
