// The package's scripts as they run, in a scratch root and with a launchctl that only takes down what
// it is asked: an update by the broker ends neither itself nor the agent in a session.

import { execFileSync, spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import * as fs from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

const own = import.meta.dirname
let root: string
let lives: ChildProcess | undefined
beforeEach(() => {
  root = fs.mkdtempSync(join(tmpdir(), 'wardkey-mac-'))
  lay('bin/launchctl', '#!/bin/sh\necho "$*" >>"$CALLS"\n')
  lay('bin/id', '#!/bin/sh\necho 0\n')
  for (const name of ['chown', 'sleep']) lay(`bin/${name}`, '#!/bin/sh\n')
  lay(
    'bin/ps',
    '#!/bin/sh\necho " 88 /x/loginwindow"; echo "501 /x/loginwindow"; echo "501 /x/y"\n',
  )
  lay('bin/pkgutil', '#!/bin/sh\n[ -z "$INSTALLED" ] || echo "version: $INSTALLED"\n')
  lay('Library/Wardkey/Agent/lib/screen/index.html', 'new')
  lay('Library/Wardkey/Agent/lib/old/gone.js', 'old')
  lay('scripts/lib-files', 'lib/screen/index.html\n')
  fs.mkdirSync(join(root, 'Library/Application Support/Wardkey'), { recursive: true })
  fs.mkdirSync(join(root, 'var/run'), { recursive: true })
})
afterEach(() => {
  lives?.kill()
  lives = undefined
  fs.rmSync(root, { recursive: true })
})
function lay(name: string, text: string): void {
  fs.mkdirSync(join(root, name, '..'), { recursive: true })
  fs.writeFileSync(join(root, name), text, { mode: 0o755 })
}
const markBy = (pid: number) => {
  lay('var/run/org.wardkey.agent.by-updates', `${String(pid)}\n`)
}
/** Somebody who lives as long as the test, as the part that installs does. */
const alive = (): number => {
  lives = spawn('sleep', ['600'], { stdio: 'ignore' })
  return lives.pid ?? 0
}
const dead = (): number => {
  const done = execFileSync('sh', ['-c', 'echo $$'], { encoding: 'utf8' })
  return Number(done)
}
/** Paths of a Mac's system lead into the scratch root. */
const run = (name: string, installed = '', ...words: readonly string[]) => {
  const text = fs.readFileSync(join(own, name), 'utf8').replaceAll('@VERSION@', '1.1.0')
  lay(`scripts/${name}`, text.replaceAll(/(['" <])(\/(?:Library|var|Users|etc)\b)/g, `$1${root}$2`))
  const calls = join(root, 'calls')
  fs.rmSync(calls, { force: true })
  const env = { PATH: `${join(root, 'bin')}:/usr/bin:/bin`, CALLS: calls, INSTALLED: installed }
  execFileSync('/bin/sh', [join(root, 'scripts', name), ...words], { env, stdio: 'pipe' })
  const text2 = fs.existsSync(calls) ? fs.readFileSync(calls, 'utf8').trim() : ''
  return text2.replaceAll(root, '').split('\n')
}
const program = (name: string) => fs.existsSync(join(root, 'Library/Wardkey/Agent/lib', name))

describe('before the files come', () => {
  const byHand = [
    'bootout system/org.wardkey.agent.duties',
    'bootout system/org.wardkey.agent.updates',
    'bootout gui/501/org.wardkey.agent',
    'bootout gui/88/org.wardkey.agent',
  ]
  it('everything ends that runs with the files there are', () => {
    expect(run('preinstall', '1.0.0')).toEqual(byHand)
  })
  it('neither the agent in a session ends nor who installs it, by the broker', () => {
    markBy(alive())
    expect(run('preinstall', '1.0.0')).toEqual(['bootout system/org.wardkey.agent.duties'])
  })
  it.each([() => dead(), () => NaN])('a mark that somebody left counts for nothing', (pid) => {
    markBy(pid())
    expect(run('preinstall', '1.0.0')).toEqual(byHand)
  })
  it('an older version is refused, by whomever, and nothing ends', () => {
    markBy(alive())
    expect(() => run('preinstall', '1.2.0')).toThrow('A newer Wardkey agent (1.2.0)')
    expect(fs.existsSync(join(root, 'calls'))).toBe(false)
  })
  it('what runs keeps its files until the new ones are there', () => {
    run('preinstall', '1.0.0')
    expect([program('old/gone.js'), program('screen/index.html')]).toEqual([true, true])
  })
})

describe('after the files have come', () => {
  it('everything begins, in the sessions of people', () => {
    expect(run('postinstall')).toEqual([
      'bootstrap system /Library/LaunchDaemons/org.wardkey.agent.duties.plist',
      'bootstrap system /Library/LaunchDaemons/org.wardkey.agent.updates.plist',
      'bootstrap gui/501 /Library/LaunchAgents/org.wardkey.agent.plist',
    ])
    const updates = join(root, 'Library/Application Support/Wardkey/updates')
    expect(fs.statSync(updates).mode & 0o777).toBe(0o755)
  })
  it('only the duties begin, by the broker', () => {
    markBy(alive())
    expect(run('postinstall')).toEqual([
      'bootstrap system /Library/LaunchDaemons/org.wardkey.agent.duties.plist',
    ])
  })
  it.each([true, false])('nothing of an older version is beside the program', (isByUpdates) => {
    if (isByUpdates) markBy(alive())
    run('postinstall')
    expect([program('old'), program('screen/index.html')]).toEqual([false, true])
  })
  it('one that does not begin at once is tried again, and keeps nothing else away', () => {
    lay(
      'bin/launchctl',
      '#!/bin/sh\necho "$*" >>"$CALLS"\ncase "$*" in *updates*) exit 37;; esac\n',
    )
    const calls = run('postinstall')
    expect(calls.filter((line) => line.includes('updates'))).toHaveLength(5)
    expect(calls.at(-1)).toContain('gui/501')
  })
})

describe('taken off, with the identity kept', () => {
  it('it leaves what was seen and set, and nothing that runs', () => {
    const data = 'Library/Application Support/Wardkey'
    for (const name of ['agent.yaml', 'updates/own/trust.json', 'updates/own/program/1.1.0/x']) {
      lay(`${data}/${name}`, 'x')
    }
    for (const name of ['duties', 'updates']) {
      lay(`Library/LaunchDaemons/org.wardkey.agent.${name}.plist`, 'x')
      lay(`var/log/wardkey-agent-${name}.log`, 'x')
    }
    expect(run('uninstall', '', '--keep-identity').slice(0, 2)).toEqual([
      'bootout system/org.wardkey.agent.duties',
      'bootout system/org.wardkey.agent.updates',
    ])
    const left = fs.readdirSync(root, { recursive: true, encoding: 'utf8' })
    const isFile = (path: string) => fs.statSync(join(root, path)).isFile()
    const ours = left.filter((path) => /^(Library|var)\b/.test(path) && isFile(path))
    expect(ours.toSorted()).toEqual([`${data}/agent.yaml`, `${data}/updates/own/trust.json`])
  })
})
