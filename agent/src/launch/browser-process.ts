// The browser's process: its flags, its throw-away profile, its pipe, and its end. It is started by
// us, speaks with us alone, and does not outlive us: when our end of the pipe closes, it exits.

import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { createHash } from 'node:crypto'
import { lstat, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { Readable, Writable } from 'node:stream'
import { Fault } from '../platform/fault.ts'
import { childEnvironment } from '../platform/settings.ts'
import { DevTools } from './devtools.ts'

/**
 * Only demonstrations and tests may hold this key; settings alone do not switch the sandbox off.
 */
export const unsafeNoSandbox = Symbol('the browser runs without its sandbox')

export interface BrowserSettings {
  readonly path: string
  readonly runtimeDir: string
  readonly isHeadless: boolean
  readonly sandbox: 'on' | typeof unsafeNoSandbox
}

export interface RunningBrowser {
  readonly devTools: DevTools
  /** Resolves when the process is gone and its profile is wiped. */
  end(): Promise<void>
}

const firstAnswerMs = 15_000
const endMaxMs = 3000
const dyingMs = 1000
const profilePrefix = 'browser-'
/** Short everywhere: macOS gives each user a temporary folder with a path of its own length. */
const shortFolder = '/tmp'
/**
 * A browser keeps a socket in its temporary folder, by a path that is 45 longer, and does not
 * start where that is longer than a socket's path may be: 103 bytes (macOS; Linux 107).
 */
const temporaryMax = 103 - 45

interface Places {
  readonly profile: string
  /** The profile itself, where its path is short enough. */
  readonly temporary: string
}

/** Starts it and waits for its first answer. */
export async function startBrowser(
  settings: BrowserSettings,
  onLost: () => void,
): Promise<RunningBrowser> {
  const places = await makePlaces(settings.runtimeDir)
  const child = spawn(settings.path, flagsFor(settings, places.profile), {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
    env: environmentFor(places),
    windowsHide: true,
  })
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => {
      resolve()
    })
    child.once('error', () => {
      resolve()
    })
  })
  const once = callOnce(onLost)
  void ended.then(once)
  // fd 3 is what the browser reads, fd 4 what it writes.
  const devTools = new DevTools(child.stdio[3] as Writable, child.stdio[4] as Readable, once)
  try {
    await devTools.send('Browser.getVersion', {}, firstAnswerMs)
  } catch (cause) {
    // One that is ending closes its pipe a moment before it has ended.
    await Promise.race([ended, pause(dyingMs, undefined, { ref: false })])
    child.kill('SIGKILL')
    // It starts but does not answer: a policy (RemoteDebuggingAllowed=false) forbids the pipe.
    const isRunning = child.exitCode === null && child.pid !== undefined
    const code = isRunning ? 'browser-blocked-by-policy' : 'browser-died'
    throw new Fault(code, 'permanent', { cause })
  }
  return { devTools, end: () => end(child, devTools, ended, places) }
}

async function end(
  child: ChildProcess,
  devTools: DevTools,
  ended: Promise<void>,
  places: Places,
): Promise<void> {
  const kill = setTimeout(() => {
    child.kill('SIGKILL')
  }, endMaxMs)
  await devTools.send('Browser.close', {}, endMaxMs).catch(() => child.kill('SIGKILL'))
  await ended
  clearTimeout(kill)
  await wipe(places.profile)
  await wipe(places.temporary)
}

/** A kiosk has no address bar: its popups would cost each window two processes and two seconds. */
const unused = [
  ...['Translate', 'MediaRouter', 'OptimizationHints', 'AutofillServerCommunication'],
  ...['PreloadTopChromeWebUI', 'WebUIOmniboxPopup', 'WebUIOmniboxAimPopup'],
  'WebUIOmniboxFullPopup',
]

/**
 * Nothing of a session may reach the disk: contexts are off the record, and what the browser itself
 * keeps goes into a profile that is wiped at its end and at our next start.
 */
export function flagsFor(settings: BrowserSettings, profile: string): readonly string[] {
  const flags = [
    '--remote-debugging-pipe',
    `--user-data-dir=${profile}`,
    '--no-startup-window',
    '--no-first-run',
    '--no-default-browser-check',
    '--noerrdialogs',
    '--disable-session-crashed-bubble',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-default-apps',
    '--disable-domain-reliability',
    '--disable-sync',
    '--disable-breakpad',
    '--disable-pinch',
    '--overscroll-history-navigation=0',
    '--disable-backgrounding-occluded-windows',
    '--disable-renderer-backgrounding',
    `--disable-features=${unused.join(',')}`,
    '--disk-cache-size=1',
    '--media-cache-size=1',
    '--password-store=basic',
    '--use-mock-keychain',
    '--disable-quic',
  ]
  if (settings.isHeadless) flags.push('--headless=new', '--window-size=1280,800', '--disable-gpu')
  if (settings.sandbox === unsafeNoSandbox) flags.push('--no-sandbox')
  return flags
}

async function makePlaces(runtimeDir: string): Promise<Places> {
  await mkdir(runtimeDir, { recursive: true, mode: 0o700 })
  const profile = await makeFolder(runtimeDir, profilePrefix)
  if (process.platform === 'win32' || Buffer.byteLength(profile) <= temporaryMax) {
    return { profile, temporary: profile }
  }
  // Of this agent alone: another one beside it has another place, and its own folders.
  const ours = createHash('sha256').update(runtimeDir).digest('hex').slice(0, 8)
  return { profile, temporary: await makeFolder(shortFolder, `wardkey-${ours}-`) }
}

/** For its owner only, after what an agent or a browser that was killed could not wipe. */
async function makeFolder(inside: string, prefix: string): Promise<string> {
  for (const name of await readdir(inside)) {
    const path = join(inside, name)
    if (name.startsWith(prefix) && (await isOurs(path))) await wipe(path)
  }
  return mkdtemp(join(inside, prefix))
}

/** Others may leave what they like where everybody may write. */
async function isOurs(path: string): Promise<boolean> {
  const found = await lstat(path).catch(() => undefined)
  const us = process.getuid?.()
  return found !== undefined && (us === undefined || found.uid === us)
}

/** A killed browser's helpers write a moment longer, so this is tried for a while. */
async function wipe(profile: string): Promise<void> {
  await rm(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
}

/**
 * Home and temporary folders too: a browser keeps crash reports and font caches outside of its
 * profile.
 */
function environmentFor({ profile, temporary }: Places): NodeJS.ProcessEnv {
  const passed = [
    'DISPLAY',
    'WAYLAND_DISPLAY',
    'XAUTHORITY',
    'XDG_RUNTIME_DIR',
    'PATH',
    'LANG',
    'TZ',
  ]
  const system = [
    'SystemRoot',
    'ProgramFiles',
    'ProgramFiles(x86)',
    'LOCALAPPDATA',
    'APPDATA',
    'TEMP',
  ]
  const kept = Object.fromEntries(
    [...passed, ...system].flatMap((name) => {
      const value = childEnvironment[name]
      return value === undefined ? [] : [[name, value]]
    }),
  )
  if (process.platform === 'win32') return kept
  return {
    ...kept,
    HOME: profile,
    TMPDIR: temporary,
    XDG_CONFIG_HOME: profile,
    XDG_CACHE_HOME: profile,
  }
}

function callOnce(call: () => void): () => void {
  let isCalled = false
  return () => {
    if (isCalled) return
    isCalled = true
    call()
  }
}
