// One of the demo's workstations: the agent as it is, in a process of its own, with a simulated
// reader and a screen that the demo's page can look at and type on. Started with its settings file,
// its place and the broker's authority; its enrolment token comes over the channel.

import { readFileSync } from 'node:fs'
import { FakeDesktop } from '@wardkey/agent/desktop/fake/fake-desktop'
import { unsafeNoSandbox } from '@wardkey/agent/launch/browser-process'
import { enrolAgent, startAgent } from '@wardkey/agent/start-agent'
import type { RunningAgent } from '@wardkey/agent/start-agent'
import { Fault } from '@wardkey/agent/platform/fault'
import { openLog } from '@wardkey/agent/platform/log'
import { parseSettings } from '@wardkey/agent/platform/settings'
import { SimulatedHand, simulatedSource } from '@wardkey/agent/readers/simulated/simulated-source'
import { DemoClock } from './moments/demo-clock.ts'
import { DemoSensor } from './moments/demo-sensor.ts'
import { HardMoments } from './moments/hard-moments.ts'
import { Screencast } from './screencast.ts'
import type { FromWorkstation, ToWorkstation } from './workstation-messages.ts'

const readyMaxMs = 30_000

process.once('message', (message: ToWorkstation) => {
  if (message.kind !== 'start') return
  run(message.token).catch((thrown: unknown) => {
    tell({ kind: 'failed', code: thrown instanceof Fault ? thrown.code : 'internal' })
    process.exitCode = 1
    process.disconnect()
  })
})

async function run(token: string): Promise<void> {
  const [, , settingsFile = '', place = '', caFile = ''] = process.argv
  const parsed = parseSettings(settingsFile)
  if (parsed.kind === 'invalid') throw new Error(parsed.complaints.join('; '))
  const { settings, origins } = parsed
  if (token !== '') {
    await enrolAgent(settings, { token, place, caPem: readFileSync(caFile, 'utf8') })
    tell({ kind: 'enrolled' })
  }
  const hand = new SimulatedHand()
  const clock = new DemoClock()
  const desktop = new FakeDesktop(clock)
  const screencast = new Screencast((jpeg) => {
    tell({ kind: 'picture', jpeg })
  })
  const log = openLog('warn')
  const agent = await startAgent(settings, log, {
    origins,
    sources: [simulatedSource({ clock, commands: hand, readerName: 'Demo reader' })],
    desktop,
    clock,
    // Chromium refuses to run sandboxed as root; nowhere else is the sandbox switched off.
    ...(process.getuid?.() === 0 ? { sandbox: unsafeNoSandbox } : {}),
    onFront: (front) => {
      screencast.turnTo(front)
    },
  })
  hand.do({ kind: 'plug' })
  const sensor = new DemoSensor(settings['presence.socket'], clock)
  const tellAround = (around: HardMoments['around']): void => {
    tell({ kind: 'around', around })
  }
  const moments = new HardMoments({ agent, hand, clock, sensor, screencast, onAround: tellAround })
  process.on('message', (message: ToWorkstation) => {
    if (message.kind === 'tap') {
      moments.noteSomebody()
      hand.do({ kind: 'tap', uid: message.uid })
    } else if (message.kind === 'watch') screencast.watch(message.isWatched)
    else if (message.kind === 'looks') screencast.look(message.isDark)
    else if (message.kind === 'moment') moments.happen(message.moment)
    else if (message.kind !== 'start') {
      moments.noteSomebody()
      agent.noteInput()
      void screencast.hand(message).catch(() => undefined)
    }
  })
  void agent.failed.then(() => agent.crash()).then(() => process.exit(70))
  const stop = (): void => {
    moments.stop()
    void agent
      .stop()
      .then(() => log.close())
      .then(() => process.exit(0))
  }
  process.once('SIGTERM', stop)
  process.once('disconnect', stop)
  process.on('SIGINT', () => undefined)
  await untilReady(agent)
  tell({ kind: 'ready' })
}

/** A visitor's first tap should be answered: linked, with a browser, and a reader that is up. */
async function untilReady(agent: RunningAgent): Promise<void> {
  const untilMs = performance.now() + readyMaxMs
  for (;;) {
    const { link, browser, reader } = agent.state.surroundings
    // Without a browser there is nothing to wait for: the page says what is missing.
    if (browser === 'missing' || browser === 'blocked') return
    if (link === 'up' && browser === 'ready' && reader === 'ready') return
    if (performance.now() > untilMs) throw new Fault('internal', 'transient')
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

function tell(message: FromWorkstation): void {
  if (process.connected) process.send?.(message)
}
