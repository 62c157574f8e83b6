// Linux as it is: a real X server (Xvfb) with real input (xdotool), and the system's own busctl and
// gdbus on a bus of the test's own. Only logind itself is played.

import { execFile, spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { desktopContract } from '../../../../test/conformance/desktop-contract.ts'
import { FakeLogind, ourSession } from '../../../../test/kit/fake-logind.ts'
import { HandClock } from '../../../../test/kit/hand-clock.ts'
import { realClock } from '../../../../test/kit/real-clock.ts'
import type { DesktopEvent } from '../desktop.ts'
import { openLinuxDesktop } from './linux-desktop.ts'
import { openX11Idle } from './x11-idle.ts'

const run = promisify(execFile)
const servers = new Set<ChildProcess>()

/** Xvfb on a display of its own choosing. */
async function startX(
  display: readonly string[] = [],
): Promise<{ readonly display: string; readonly server: ChildProcess }> {
  const server = spawn('Xvfb', [...display, '-displayfd', '3', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  })
  servers.add(server)
  const told = server.stdio[3]
  if (told === null || told === undefined) throw new Error('no pipe')
  const number = await new Promise<string>((resolve, reject) => {
    told.once('data', (data) => {
      resolve(String(data).trim())
    })
    server.once('exit', () => {
      reject(new Error('Xvfb ended'))
    })
  })
  return { display: `:${number}`, server }
}

async function endX(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return
  const ended = new Promise((resolve) => server.once('exit', resolve))
  server.kill('SIGKILL')
  await ended
}

const moveMouse = async (display: string) => {
  const at = [String(Math.floor(Math.random() * 600)), String(Math.floor(Math.random() * 400))]
  await run('xdotool', ['mousemove', ...at], { env: { ...process.env, DISPLAY: display } })
}

async function until(holds: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const deadline = performance.now() + 8000
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`never: ${what}`)
    await sleep(20)
  }
}

describe.runIf(process.env['WARDKEY_HAS_X11'] === '1')('a Linux desktop', () => {
  let x: Awaited<ReturnType<typeof startX>>
  beforeAll(async () => {
    x = await startX()
  })
  afterAll(() => Promise.all([...servers].map((server) => endX(server))))

  desktopContract('Linux', async () => {
    const logind = await FakeLogind.start()
    const desktop = openLinuxDesktop({ clock: realClock, display: x.display })
    const told: DesktopEvent[] = []
    desktop.watch((event) => told.push(event))
    // gdbus takes a moment to listen; it has when it passes something on.
    await until(() => {
      logind.sleeping(true)
      return told.length > 0
    }, 'gdbus listening')
    await sleep(100)
    return {
      desktop,
      until,
      pass: (ms) => sleep(ms),
      touch: () => moveMouse(x.display),
      lockFromOutside: () => {
        logind.setLocked(true)
        return Promise.resolve()
      },
      unlockFromOutside: () => {
        logind.setLocked(false)
        return Promise.resolve()
      },
      sleepAndWake: () => {
        logind.sleeping(true)
        logind.sleeping(false)
        return Promise.resolve()
      },
      locksAsked: () => logind.locked.length,
      dispose: () => logind.dispose(),
    }
  })

  it('locks the session that has the screen, and hears of no other', async () => {
    const logind = await FakeLogind.start()
    const desktop = openLinuxDesktop({ clock: realClock, display: '' })
    const told: DesktopEvent['kind'][] = []
    desktop.watch((event) => told.push(event.kind))
    await until(() => {
      logind.sleeping(true)
      return told.length > 0
    }, 'gdbus listening')
    logind.setLocked(true, 'other')
    await desktop.lock()
    await until(() => told.includes('session-locked'), 'the lock told')
    expect(logind.locked).toEqual([ourSession.id])
    expect(told.filter((kind) => kind === 'session-locked')).toHaveLength(1)
    await desktop.close()
    await logind.dispose()
  })

  it('refuses to lock, and says why, where no session has a screen or nobody answers', async () => {
    const logind = await FakeLogind.start()
    logind.hasSession = false
    const desktop = openLinuxDesktop({ clock: realClock, display: '' })
    expect(await desktop.lock()).toMatchObject({ code: 'desktop-lock-unavailable' })
    await logind.dispose()
    process.env['DBUS_SYSTEM_BUS_ADDRESS'] = 'unix:path=/nonexistent'
    expect(await desktop.lock()).toMatchObject({ code: 'desktop-lock-unavailable' })
    delete process.env['DBUS_SYSTEM_BUS_ADDRESS']
    await desktop.close()
  })

  it('runs the locker that the settings name, and says when it fails', async () => {
    const clock = realClock
    const good = openLinuxDesktop({ clock, display: '', locker: ['true'] })
    expect(await good.lock()).toEqual({ kind: 'asked' })
    await good.close()
    for (const file of ['false', '/nonexistent/locker']) {
      const bad = openLinuxDesktop({ clock, display: '', locker: [file] })
      expect(await bad.lock()).toMatchObject({ code: 'desktop-lock-unavailable' })
      await bad.close()
    }
  })

  it('measures what xprintidle measures', async () => {
    const idle = openX11Idle(x.display, realClock)
    await moveMouse(x.display)
    await sleep(500)
    const env = { ...process.env, DISPLAY: x.display }
    const [ours, { stdout }] = await Promise.all([idle.idleMs(), run('xprintidle', { env })])
    expect(Math.abs((ours ?? Infinity) - Number(stdout))).toBeLessThan(150)
    idle.close()
  })

  it('knows no idle time without a display, and does not mind', async () => {
    const idle = openX11Idle(':987', realClock)
    expect(await idle.idleMs()).toBeUndefined()
    const desktop = openLinuxDesktop({ clock: realClock, display: '' })
    expect(await desktop.idleMs()).toBeUndefined()
    await desktop.close()
  })

  it('outlives its X server, which Xlib by itself would not, and finds the next', async () => {
    const first = await startX()
    const clock = new HandClock()
    const idle = openX11Idle(first.display, clock)
    expect(await idle.idleMs()).toBeTypeOf('number')
    await endX(first.server)
    expect(await idle.idleMs()).toBeUndefined()
    const next = await startX([first.display])
    expect(await idle.idleMs()).toBeUndefined()
    await clock.advance(5000)
    expect(await idle.idleMs()).toBeTypeOf('number')
    idle.close()
    await endX(next.server)
  })

  it('waits no longer than its deadline for an X server that hangs', async () => {
    const hung = await startX()
    const idle = openX11Idle(hung.display, realClock)
    expect(await idle.idleMs()).toBeTypeOf('number')
    hung.server.kill('SIGSTOP')
    const fromMs = performance.now()
    expect(await idle.idleMs()).toBeUndefined()
    expect(performance.now() - fromMs).toBeLessThan(3000)
    expect(await idle.idleMs()).toBeUndefined()
    hung.server.kill('SIGCONT')
    await until(async () => (await idle.idleMs()) !== undefined, 'idle time again')
    idle.close()
    await endX(hung.server)
  })
})
