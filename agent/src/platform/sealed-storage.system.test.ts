// The system's keyring as it is found on Linux: a Secret Service that is unlocked, one that is
// locked, and none. Never the kernel's keyring, which forgets at the next boot without a word.

import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

const needed = ['/usr/bin/dbus-run-session', '/usr/bin/gnome-keyring-daemon', '/bin/bash']
const storage = new URL('./sealed-storage.ts', import.meta.url).href

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'wardkey-keyring-'))
  mkdirSync(join(folder, 'xdg'), { mode: 0o700 })
})
afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

/** A program of one line with our storage in its hands; what it prints. */
const script = (line: string): string => `
  import { openKeyring } from '${storage}'
  const keyring = openKeyring('a-test')
  try { ${line} } catch (thrown) { console.log(thrown.code ?? thrown.message) }
`
const keepAndFind = script(`
  console.log(keyring.find() ?? 'nothing')
  keyring.keep('a secret')
  console.log(openKeyring('a-test').find())
  console.log(openKeyring('another').find() ?? 'nothing')
`)

function run(file: string, words: readonly string[]): Promise<string[]> {
  const env = {
    PATH: process.env['PATH'],
    XDG_RUNTIME_DIR: join(folder, 'xdg'),
    XDG_DATA_HOME: join(folder, 'data'),
  }
  return new Promise((resolve) => {
    execFile(file, words, { env, timeout: 20_000 }, (_error, stdout) => {
      resolve(stdout.trim().split('\n'))
    })
  })
}

const node = `${process.execPath} --disable-warning=ExperimentalWarning --input-type=module`
const inSession = (before: string, code: string): Promise<string[]> =>
  run('/usr/bin/dbus-run-session', ['--', '/bin/bash', '-c', `${before}${node} -e "$0"`, code])

describe.runIf(process.platform === 'linux' && needed.every((path) => existsSync(path)))(
  'the keyring',
  () => {
    it('keeps a secret where it is unlocked, each under its own account', async () => {
      const unlock = 'printf "test\\n" | gnome-keyring-daemon --unlock --components=secrets '
      const said = await inSession(`${unlock} --daemonize >/dev/null; sleep 0.5; `, keepAndFind)
      expect(said).toEqual(['nothing', 'a secret', 'nothing'])
    })
    it('refuses/to keep anything where it is locked', async () => {
      expect(await inSession('', script(`keyring.keep('a secret'); console.log('kept')`))).toEqual([
        'keyring-unavailable',
      ])
    })
    it('refuses/to look empty where it is locked, when it is asked to prove itself', async () => {
      const found = script(`console.log(keyring.find() ?? 'nothing'); keyring.prove()`)
      expect(await inSession('', found)).toEqual(['nothing', 'keyring-unavailable'])
    })
    it('refuses/to use another keyring where there is no session bus at all', async () => {
      const words = ['--disable-warning=ExperimentalWarning', '--input-type=module', '-e']
      expect(await run(process.execPath, [...words, keepAndFind])).toEqual(['keyring-unavailable'])
    })
  },
)
