// `wardkey-agent doctor` and `settings` as they are started: processes of their own, with a real
// broker, a real pcscd, an agent that runs, and a policy where Linux has its policies.

import { execFile, spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdirSync, mkdtempSync } from 'node:fs'
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openBroker } from '../../test/kit/broker.ts'
import type { Broker } from '../../test/kit/broker.ts'
import { PrivatePcscd } from '../../test/kit/pcscd/private-pcscd.ts'
import { openIdentityStore } from './link/identity.ts'
import { openKeyFile } from './platform/sealed-storage.ts'

const program = fileURLToPath(new URL('../bin/wardkey-agent.js', import.meta.url))
const chromiumPath = process.env['WARDKEY_HAS_CHROMIUM'] ?? ''
const hasPcscd = process.env['WARDKEY_HAS_PCSCD'] === '1'

let broker: Broker
let root: string
let settingsFile: string
beforeAll(async () => {
  broker = await openBroker()
})
afterAll(() => broker.close())
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'wardkey-doctor-'))
  settingsFile = join(root, 'agent.yaml')
  const { host } = new URL(broker.running.workstationUrl)
  const settings = [
    `broker.addresses: ["${host}"]`,
    `dataDir: ${join(root, 'data')}`,
    `runtimeDir: ${join(root, 'run')}`,
    'identity.store: file',
    'readers: { pcsc: false, hid: false }',
    'presence: { hid: false }',
    `browser: { path: "${chromiumPath}", headless: true, unsafeNoSandbox: true }`,
  ]
  writeFileSync(settingsFile, settings.join('\n'))
})
afterEach(() => {
  rmSync(root, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
})

interface Ended {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

function ended(file: string, words: readonly string[], more: object = {}): Promise<Ended> {
  const options = { timeout: 50_000, env: { PATH: process.env['PATH'], ...more } }
  return new Promise((resolve) => {
    const child = execFile(file, [...words], options, (_error, stdout, stderr) => {
      resolve({ code: child.exitCode ?? -1, stdout, stderr })
    })
  })
}

const node = ['--disable-warning=ExperimentalWarning', program]
const command = (words: readonly string[], more: object = {}): Promise<Ended> =>
  ended(process.execPath, [...node, ...words], more)

interface Found {
  readonly code: string
  readonly level: string
}

async function doctor(words: readonly string[] = [], more: object = {}) {
  const all = ['doctor', '--json', '--settings', settingsFile, ...words]
  const { code, stdout, stderr } = await command(all, more)
  const { findings } = JSON.parse(stdout) as { findings: Found[] }
  return { code, stderr, codes: findings.map((one) => one.code), findings }
}

async function enrolled(): Promise<void> {
  const dataDir = join(root, 'data')
  const sealed = openKeyFile(dataDir, 'workstation.key')
  openIdentityStore(dataDir, sealed).keep(await broker.enrol('4-west', '4 West, station 2'))
}

describe('the doctor finds', () => {
  it('what a workstation lacks that was never enrolled', async () => {
    const { code, codes } = await doctor()
    expect(code).toBe(2)
    expect(codes).toEqual(
      expect.arrayContaining([
        ...['settings-valid', 'data-folder-missing', 'certificate-missing'],
        ...['broker-not-enrolled', 'reader-none', 'agent-not-running', 'updates-no-key'],
      ]),
    )
  })
  it('that the broker takes it, and that the clocks agree', async () => {
    await enrolled()
    const { code, codes } = await doctor()
    // No agent runs, and no reader is there.
    expect(code).toBe(2)
    expect(codes).toEqual(
      expect.arrayContaining([
        ...['data-folder-well', 'key-store-opens', 'certificate-well'],
        ...['broker-reached', 'clock-well'],
      ]),
    )
  })
  it('which one of its brokers is away', async () => {
    await enrolled()
    const { host } = new URL(broker.running.workstationUrl)
    const { findings } = await doctor(['--set', `broker.addresses=127.0.0.1:1,${host}`])
    expect(findings).toContainEqual(
      expect.objectContaining({ code: 'broker-unreachable', level: 'warn' }),
    )
    expect(findings).toContainEqual(expect.objectContaining({ code: 'broker-reached' }))
  })
  it('that updates have no folder, or nobody who installs them, and leaves nothing there', async () => {
    const folder = join(root, 'updates')
    const key = ['--set', `updates.releaseKey=${'A'.repeat(43)}`]
    const words = [...key, '--set', `updates.folder=${folder}`]
    expect((await doctor(words)).codes).toContain('updates-folder-missing')
    expect(existsSync(folder)).toBe(false)
    mkdirSync(join(folder, 'in'), { recursive: true, mode: 0o700 })
    expect((await doctor(words)).codes).toContain('updates-part-silent')
    expect(readdirSync(folder, { recursive: true })).toEqual(['in'])
  })
  it('a key that others can read, and a folder that they can look into', async () => {
    await enrolled()
    chmodSync(join(root, 'data', 'workstation.key'), 0o644)
    chmodSync(join(root, 'data'), 0o755)
    const { codes } = await doctor()
    expect(codes).toContain('key-file-open')
    expect(codes).toContain('data-folder-open')
  })
  it('settings that are not valid, and looks at the rest', async () => {
    const { code, codes } = await doctor(['--set', 'screen.port=nine'])
    expect(code).toBe(2)
    expect(codes).toContain('settings-not-valid')
    expect(codes).toContain('broker-not-enrolled')
  })
  it('a keyring that is not there', async () => {
    const { codes } = await doctor(['--set', 'identity.store=keyring'])
    expect(codes).toContain('key-store-closed')
  })
})

describe.runIf(hasPcscd)('with a real pcscd, the doctor finds', () => {
  let pcscd: PrivatePcscd
  beforeAll(async () => {
    pcscd = await PrivatePcscd.prepare()
  })
  afterAll(() => pcscd.dispose())

  it('that its service does not run, and its readers once it does', async () => {
    const words = ['--set', 'readers.pcsc=true']
    expect((await doctor(words, pcscd.environment)).codes).toContain('pcsc-stopped')
    await pcscd.start()
    const { codes } = await doctor(words, pcscd.environment)
    expect(codes).toContain('pcsc-well')
    expect(codes).toContain('reader-seen')
    expect(codes).not.toContain('reader-none')
  })
})

describe('a bundle', () => {
  it('names nobody and no place, of a workstation as it is', async () => {
    await enrolled()
    const bundle = join(root, 'bundle.json')
    const log = join(root, 'agent.log')
    writeFileSync(log, '{"message":"tap of Santos 27051846"}\nwke_secret\n')
    const desk = ['--set', 'serviceDesk=Santos 27051846']
    const all = ['doctor', '--settings', settingsFile, '--bundle', bundle, '--log', log, ...desk]
    expect((await command(all)).code).toBe(2)
    const text = readFileSync(bundle, 'utf8')
    const identity = readFileSync(join(root, 'data', 'identity.json'), 'utf8')
    const { workstationId } = JSON.parse(identity) as { workstationId: string }
    const key = readFileSync(join(root, 'data', 'workstation.key'), 'utf8').split('\n')[1] ?? ''
    expect(key.length).toBeGreaterThan(20)
    for (const secret of ['Santos', '27051846', 'wke_secret', workstationId, key, root]) {
      expect(text).not.toContain(secret)
    }
    expect(text).toContain('broker-reached')
  })
})

describe.runIf(chromiumPath !== '' && process.platform === 'linux')('beside an agent', () => {
  let child: ChildProcess | undefined
  afterEach(async () => {
    if (child?.exitCode !== null || child.signalCode !== null) return
    const gone = once(child, 'exit')
    child.kill('SIGTERM')
    await gone
  })
  it('says that it runs and is connected, and takes nobody’s place', async () => {
    await enrolled()
    const words = [...node, 'run', '--unsafe-for-tests', '--settings', settingsFile]
    child = spawn(process.execPath, words, { stdio: ['ignore', 'ignore', 'pipe'] })
    let log = ''
    child.stderr?.on('data', (chunk: Buffer) => (log += chunk.toString()))
    const endMs = performance.now() + 20_000
    let isUp = false
    while (!isUp) {
      if (performance.now() > endMs) throw new Error('the agent was never up')
      const { stdout } = await command(['status', '--json', '--settings', settingsFile])
      isUp = stdout.includes('"link":"up"') && stdout.includes('"browser":"ready"')
    }
    const { codes } = await doctor()
    expect(codes).toEqual(
      expect.arrayContaining(['agent-runs', 'hello-answered', 'broker-reached']),
    )
    expect(log).not.toContain('link.ended')
  })
})

/** In a view of the disk of its own, where /etc is a folder of ours. Linux, as pcscd is run. */
describe.runIf(hasPcscd)('a policy where Linux has it', () => {
  async function withPolicy(text: string, mode: number, words: readonly string[], env = {}) {
    const folder = join(root, 'etc', 'wardkey', 'agent.d')
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'site.yaml'), text)
    chmodSync(join(folder, 'site.yaml'), mode)
    const own = process.getuid?.() === 0 ? ['-m'] : ['-U', '-r', '-m']
    const script = 'mount --bind "$1" /etc; shift; exec "$@"'
    const all = [...own, 'sh', '-ec', script, 'sh', join(root, 'etc'), process.execPath, ...node]
    return ended('unshare', [...all, ...words], env)
  }
  it('is locked against the command line and the environment', async () => {
    const words = ['settings', '--set', 'screen.language=en']
    const env = { WARDKEY_AGENT_SERVICE_DESK: '2' }
    const policy = 'screen: { language: de }\nserviceDesk: "1"\n'
    const { code, stdout, stderr } = await withPolicy(policy, 0o644, words, env)
    expect(code).toBe(0)
    const place = 'policy, locked: /etc/wardkey/agent.d/site.yaml'
    expect(stdout).toContain(`screen.language = de  (${place})`)
    expect(stdout).toContain(`serviceDesk = 1  (${place})`)
    expect(stderr).toContain('what the command line says does not count')
    expect(stderr).toContain('what the environment says does not count')
  })
  it('keeps the agent from starting where everybody can write it', async () => {
    const { code, stderr } = await withPolicy('serviceDesk: "1"\n', 0o666, ['status'])
    expect(code).toBe(78)
    expect(stderr).toContain('/etc/wardkey/agent.d/site.yaml: everybody can write it')
  })
})
