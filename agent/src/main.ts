// The commands of `wardkey-agent`: settings in, exit code out. What the agent is made of is said in
// start-agent.ts.

import { release } from 'node:os'
import { faultCodes } from '@wardkey/protocol/codes'
import { unsafeNoSandbox } from './launch/browser-process.ts'
import type { DevToolsSession } from './launch/devtools.ts'
import { findBrowser } from './launch/find-browser.ts'
import { probeBroker } from './link/probe/probe-broker.ts'
import { view } from './machine/view.ts'
import { systemClock } from './platform/clock.ts'
import { Fault } from './platform/fault.ts'
import { loadHidDevices } from './platform/hid-devices.ts'
import { findHardware } from './platform/machine/hardware-claim.ts'
import { readMachineSettings } from './platform/policy/machine-settings.ts'
import { parseLayers } from './platform/settings.ts'
import type { Origins, ParsedSettings, Settings } from './platform/settings.ts'
import { readSettingsFile } from './platform/settings-file.ts'
import { version } from './platform/version.ts'
import { listReaders } from './readers/list-readers.ts'
import { SimulatedHand, simulatedSource } from './readers/simulated/simulated-source.ts'
import { runCommandLine } from './runtime/commands/command-line.ts'
import type { Commands, CommonOptions } from './runtime/commands/command-line.ts'
import { dutiesHere, hostHere } from './runtime/duties/duties-here.ts'
import { dutiesCommand } from './runtime/commands/duties-command.ts'
import { doctorCommand } from './runtime/commands/doctor-command.ts'
import { enrolCommand } from './runtime/commands/enrol-command.ts'
import { exitCodeFor, exitCodes } from './runtime/commands/exit-codes.ts'
import type { ExitCode } from './runtime/commands/exit-codes.ts'
import { consoleOutput } from './runtime/commands/output.ts'
import { installUpdatesCommand, keepCommand } from './runtime/commands/install-updates-command.ts'
import { readersCommand } from './runtime/commands/readers-command.ts'
import { runUntilTold, ToldToEnd } from './runtime/commands/run-command.ts'
import { settingsCommand } from './runtime/commands/settings-command.ts'
import { statusCommand } from './runtime/commands/status-command.ts'
import { followTryOut, whyNoTryOut } from './runtime/commands/try-out-command.ts'
import { gather } from './runtime/doctor/gather.ts'
import type { DoctorNeeds } from './runtime/doctor/gather.ts'
import { lookAtPage } from './runtime/doctor/look-at-page.ts'
import { keyOpensElsewhere } from './runtime/doctor/key-opens.ts'
import { readStatus } from './runtime/status-file.ts'
import { logHere } from './runtime/duties/log-here.ts'
import { beginFromCopy } from './runtime/updates/begin-from-copy.ts'
import { installOnWindows, serveUpdates } from './runtime/updates/updates-on-windows.ts'
import { identityStore, sourcesOf, startAgent } from './start-agent.ts'
import type { AgentParts } from './start-agent.ts'
import { handOverPlaces } from './updates/hand-over/hand-over-places.ts'
import { keeperHere } from './updates/system/keeper-here.ts'
import { windowsHere } from './updates/system/windows-here.ts'

const commands: Commands = {
  enroll: (common, options) =>
    withSettings(common, (settings) =>
      enrolCommand(options, {
        settings,
        store: identityStore(settings),
        output: consoleOutput,
        clock: systemClock,
        hardware: findHardware,
      }),
    ),
  run: (common, isForTests) =>
    withSettings(common, async (settings, origins) => {
      const log = await logHere(settings)
      const isUnsafe = isForTests && settings['browser.unsafeNoSandbox']
      const parts: AgentParts = { origins, ...(isUnsafe ? { sandbox: unsafeNoSandbox } : {}) }
      return runUntilTold(() => startAgent(settings, log, parts), log)
    }),
  tryOut: (common, isForTests) =>
    withSettings(common, async (settings, origins) => {
      const isNamed = common.settings !== undefined
      const isRoot = process.getuid?.() === 0
      const machine = await readMachineSettings()
      const why = whyNoTryOut(settings, machine, isNamed, isRoot && !isForTests)
      if (why === undefined) return tryOut(settings, origins, isRoot)
      consoleOutput.say(why)
      return exitCodes.usage
    }),
  status: (common, isJson) =>
    withSettings(common, ({ runtimeDir }) => {
      const status = readStatus(runtimeDir, systemClock.wallMs())
      return Promise.resolve(statusCommand(status, isJson, consoleOutput))
    }),
  readers: (common, isJson) =>
    withSettings(common, async (settings) => {
      const listed = await listReaders(sourcesOf(settings), systemClock)
      return readersCommand(listed, isJson, consoleOutput)
    }),
  settings: async (common, isJson) =>
    settingsCommand(await settingsHere(common), isJson, consoleOutput),
  doctor: async (common, options) => {
    const settings = await settingsHere(common)
    const look = () => gather(doctorNeeds(settings, common, options.page ?? []))
    return doctorCommand(options, look, here, consoleOutput)
  },
  // Settings that are not valid keep no service from starting: an installation would fail by it.
  duties: async (common, isBySystem) => {
    const parsed = await settingsHere(common)
    const { settings } = parsed.kind === 'parsed' ? parsed : parsed.remainder
    const log = await logHere(settings)
    if (parsed.kind === 'invalid') {
      log.error('duties.settings-not-valid', { count: parsed.complaints.length })
    }
    return dutiesCommand(await dutiesHere(log), log, systemClock, await hostHere(isBySystem))
  },
  // A release that finds the settings not valid has to be taken back all the same.
  installUpdates: async (common, { keep, host, fromCopy = false, bySystem = false }) => {
    const settingsNow = async () => {
      const parsed = await settingsHere(common)
      return parsed.kind === 'parsed' ? parsed.settings : parsed.remainder.settings
    }
    const settings = await settingsNow()
    const log = await logHere(settings)
    if (bySystem) return serveUpdates(settings, settingsNow, log)
    if (fromCopy) return beginFromCopy(settings, log)
    const isWindows = process.platform === 'win32'
    if (isWindows && keep === undefined) return installOnWindows(settings, log, host)
    const { own } = handOverPlaces(settings['updates.folder'])
    const here = keeperHere(settings, log, isWindows ? await windowsHere(own) : {})
    if (keep === undefined) return installUpdatesCommand({ keeper: here?.keeper, log })
    return keepCommand(here?.installer, keep, consoleOutput)
  },
  keyOpens: (common) =>
    withSettings(common, (settings) => {
      const store = identityStore(settings)
      // One that is locked looks like an empty one until something is put into it.
      store.prove()
      store.find()
      return Promise.resolve(exitCodes.ok)
    }),
}

const here = {
  agent: version,
  node: process.version,
  platform: process.platform,
  arch: process.arch,
  system: release(),
}

function doctorNeeds(
  parsed: ParsedSettings,
  common: CommonOptions,
  pages: readonly string[],
): DoctorNeeds {
  const { settings } = parsed.kind === 'parsed' ? parsed : parsed.remainder
  return {
    settings: parsed,
    clock: systemClock,
    identity: () => identityStore(settings).find(),
    keyOpens: () =>
      settings['identity.store'] === 'file'
        ? Promise.resolve('not-asked')
        : keyOpensElsewhere(common),
    // Two that poll one rf IDEAS reader would take each other's taps.
    sources: (isBesideAgent) =>
      sourcesOf(isBesideAgent ? { ...settings, 'readers.hid': false } : settings),
    loadHid: loadHidDevices,
    pages,
    askPage: (url) =>
      lookAtPage(url, { path: findBrowser(settings['browser.path']), sandbox: 'on' }),
    probe: (address, identity) => probeBroker(address, identity, systemClock),
  }
}

/** `run` with a reader that nobody has to own, and none of this machine's. */
async function tryOut(settings: Settings, origins: Origins, isUnsafe: boolean): Promise<ExitCode> {
  const log = await logHere(settings)
  const hand = new SimulatedHand()
  let front: DevToolsSession | undefined
  const parts: AgentParts = {
    origins,
    sources: [simulatedSource({ clock: systemClock, commands: hand })],
    onFront: (shown) => (front = shown),
    // Others that this machine's broker tells of may be elsewhere.
    onlyNamed: true,
    // Chromium refuses to run sandboxed as root; only tests may run it as such.
    ...(isUnsafe ? { sandbox: unsafeNoSandbox } : {}),
  }
  const own = { ...settings, 'readers.pcsc': false, 'readers.hid': false }
  const told = new ToldToEnd(process)
  let stopFollowing = (): void => undefined
  const start = async () => {
    const agent = await startAgent(own, log, parts)
    stopFollowing = followTryOut({
      ...{ input: process.stdin, output: consoleOutput, hand, front: () => front },
      view: () => view(agent.state, systemClock.monoMs()),
      end: () => {
        told.end()
      },
    })
    return agent
  }
  try {
    return await runUntilTold(start, log, told)
  } finally {
    stopFollowing()
  }
}

/** A file that is named stands in place of the machine's own; what policy says stands in any case. */
async function settingsHere({ settings, set }: CommonOptions): Promise<ParsedSettings> {
  const machine = await readMachineSettings()
  const named = settings === undefined ? {} : { file: readSettingsFile(settings) }
  return parseLayers({ ...machine, ...named }, set)
}

async function withSettings(
  common: CommonOptions,
  act: (settings: Settings, origins: Origins) => Promise<ExitCode>,
): Promise<ExitCode> {
  const parsed = await settingsHere(common)
  if (parsed.kind === 'invalid') {
    for (const complaint of parsed.complaints) consoleOutput.say(complaint)
    return exitCodes.settings
  }
  for (const note of parsed.notes) consoleOutput.say(note)
  try {
    return await act(parsed.settings, parsed.origins)
  } catch (thrown) {
    if (!(thrown instanceof Fault)) throw thrown
    const { sentence, next } = faultCodes[thrown.code]
    consoleOutput.say(`${sentence} ${next}`)
    return exitCodeFor(thrown)
  }
}

/** For the program file: resolves to the exit code. */
export function main(argv: readonly string[]): Promise<ExitCode> {
  return runCommandLine(argv, version, commands, consoleOutput)
}
