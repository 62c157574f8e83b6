import { spawn } from 'node:child_process'
import { once } from 'node:events'
import * as fs from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { dist, executables, must, root, run } from './dist-for-tests.ts'

const agent = join(executables('linux-x64'), 'wardkey-agent')
const version = '0.1.0'
let folder: string
beforeAll(() => {
  folder = fs.mkdtempSync(join(tmpdir(), 'wardkey-executables-'))
})
afterAll(() => {
  fs.rmSync(folder, { recursive: true })
})

describe('executables', () => {
  it('run without a Node beside them, and say their version', async () => {
    const nothing = { env: { PATH: '' } }
    for (const name of ['wardkey-agent', 'wardkey-broker']) {
      const { code, out } = await run(
        join(executables('linux-x64', name), name),
        ['--version'],
        nothing,
      )
      expect([name, code, out.trim()]).toEqual([name, 0, version])
    }
  })

  it('take no code from the environment', async () => {
    const planted = join(folder, 'planted.cjs')
    fs.writeFileSync(planted, 'process.stdout.write("PLANTED")')
    for (const env of [
      { NODE_OPTIONS: `--require ${planted}` },
      { NODE_OPTIONS: '--inspect=127.0.0.1:0' },
      { NODE_PATH: folder, NODE_DEBUG: 'module' },
    ]) {
      const { code, out, err } = await run(agent, ['settings', '--json'], { env })
      expect(code, err).toBe(0)
      expect(out + err).not.toMatch(/PLANTED|Debugger listening|MODULE/)
    }
  })

  it('do the system’s part also where settings are not valid: an installation waits for it', async () => {
    const { code, err } = await run(agent, ['duties', '--set', 'log.level=no-such-level'])
    expect(code, err).toBe(0)
    expect(err).toContain('duties.settings-not-valid')
  })

  it('begin again without what Node itself would have read', async () => {
    const cache = join(folder, 'cache')
    const env = { NODE_COMPILE_CACHE: cache, NODE_EXTRA_CA_CERTS: '/dev/null' }
    const child = spawn(
      agent,
      ['enroll', '--place', 'x', '--token-file', '-', '--ca-sha256', 'x'],
      {
        env: { ...env, WARDKEY_AGENT_BROKER_ADDRESSES: '127.0.0.1:1' },
        stdio: ['pipe', 'ignore', 'ignore'],
      },
    )
    const seen = (): string =>
      fs.readFileSync(`/proc/${String(child.pid)}/environ`, 'latin1').replaceAll('\0', '\n')
    await expect.poll(seen, { timeout: 20_000 }).not.toContain('NODE_COMPILE_CACHE')
    expect(seen()).toContain('NODE_EXTRA_CA_CERTS')
    child.kill('SIGKILL')
    await once(child, 'close')
  })

  it('load nothing from the folders above them', async () => {
    const place = join(folder, 'above', 'program')
    fs.cpSync(join(executables('linux-x64'), 'lib'), join(place, 'lib'), { recursive: true })
    fs.copyFileSync(agent, join(place, 'wardkey-agent'), fs.constants.COPYFILE_FICLONE)
    expect((await run(join(place, 'wardkey-agent'), ['--version'])).code).toBe(0)
    const planted = join(folder, 'above', 'node_modules', '@napi-rs', 'keyring')
    fs.mkdirSync(planted, { recursive: true })
    fs.writeFileSync(join(planted, 'index.js'), 'process.stdout.write("PLANTED")')
    fs.rmSync(join(place, 'lib', 'node_modules', '@napi-rs', 'keyring'), { recursive: true })
    const { code, out, err } = await run(join(place, 'wardkey-agent'), ['--version'])
    expect(code).not.toBe(0)
    expect(out).not.toContain('PLANTED')
    expect(err).toContain('module outside of lib')
  })

  it('serve: a broker from nothing, with its database, its threads and its console', async () => {
    const settings = join(folder, 'broker.yaml')
    const doors = { web: { port: 0 }, admin: { port: 0 }, workstations: { port: 0 } }
    const record = { origin: 'kit.example/record' }
    const text = { dataDir: 'data', keysDir: 'keys', ...doors, record }
    fs.writeFileSync(settings, JSON.stringify(text))
    const broker = join(executables('linux-x64', 'wardkey-broker'), 'wardkey-broker')
    await must(broker, '--settings', settings, 'init')
    const child = spawn(broker, ['--settings', settings, '--json', 'serve'])
    let said = ''
    child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()))
    await expect.poll(() => said, { timeout: 50_000 }).toContain('"ready":true')
    const { adminUrl } = JSON.parse(said) as { adminUrl: string }
    expect((await fetch(new URL('/console/', adminUrl))).headers.get('content-type')).toMatch(
      /html/,
    )
    const words = ['--settings', settings, '--url', adminUrl]
    const add = ['person', 'add', '--given', 'Rosa', '--family', 'Santos', '--role', 'nurse']
    expect((await must(broker, ...words, ...add)).trim()).toMatch(/^[0-9a-f-]{36}$/)
    child.kill('SIGTERM')
    await once(child, 'close')
    expect(child.exitCode).toBe(0)
  })

  it('are branded for Windows: name, version, and a session without a console', () => {
    const [console_, session] = ['wardkey-agent.exe', 'wardkey-session.exe'].map((name) =>
      fs.readFileSync(join(executables('win32-x64'), name)),
    )
    const words = (text: string): Buffer => Buffer.from(text, 'utf16le')
    expect(console_!.includes(words('Wardkey agent'))).toBe(true)
    expect(console_!.includes(words('Node.js JavaScript Runtime'))).toBe(false)
    const subsystem = (file: Buffer): number => file.readUInt16LE(file.readUInt32LE(0x3c) + 24 + 68)
    expect([subsystem(console_!), subsystem(session!)]).toEqual([3, 2])
  })

  it.each([
    ['darwin-arm64', 0x0100_000c],
    ['darwin-x64', 0x0100_0007],
  ])('are for the right kind of Mac: %s, and closed in the same way', (target, kind) => {
    for (const name of ['wardkey-agent', 'wardkey-broker']) {
      const file = fs.readFileSync(join(executables(target, name), name))
      expect(file.readUInt32LE(0)).toBe(0xfeed_facf)
      expect(file.readUInt32LE(4)).toBe(kind)
      expect(file.includes('NODE_SEA_BLOB')).toBe(true)
      expect(file.includes('NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2:1')).toBe(true)
    }
  })

  it('are the same bytes when they are made again', async () => {
    const out = join(folder, 'again')
    const words = ['--only', 'executables', '--target', 'linux-x64', '--program', 'wardkey-agent']
    const main = join(root, 'installers', 'main.ts')
    await must(process.execPath, main, ...words, '--out', out)
    const again = join(out, 'executables', 'linux-x64', 'wardkey-agent')
    await must('diff', '-r', again, executables('linux-x64'))
  })

  it('have sums that are right, for each thing that is given out', async () => {
    const { code, err } = await run('sha256sum', ['--check', '--quiet', 'SHA256SUMS'], {
      cwd: dist,
    })
    expect(code, err).toBe(0)
    const sums = fs.readFileSync(join(dist, 'SHA256SUMS'), 'utf8')
    for (const ending of ['.msi', '.deb', '.pkg', 'wardkey-session.exe', 'sbom.cdx.json']) {
      expect(sums).toContain(`${ending}\n`)
    }
  })
})
