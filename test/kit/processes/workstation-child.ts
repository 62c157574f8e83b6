// A workstation in a process of its own: the agent as its main builds it, with hands for a test. It
// says over its channel what it is whenever that changes, and what is to be read on its screen.

import { z } from 'zod'
import { FakeDesktop } from '@wardkey/agent/desktop/fake/fake-desktop'
import { unsafeNoSandbox } from '@wardkey/agent/launch/browser-process'
import type { DevToolsSession } from '@wardkey/agent/launch/devtools'
import { systemClock } from '@wardkey/agent/platform/clock'
import { Fault } from '@wardkey/agent/platform/fault'
import { openLog } from '@wardkey/agent/platform/log'
import { parseSettings } from '@wardkey/agent/platform/settings'
import { SimulatedHand, simulatedSource } from '@wardkey/agent/readers/simulated/simulated-source'
import { startAgent } from '@wardkey/agent/start-agent'
import type { RunningAgent } from '@wardkey/agent/start-agent'
import { quickClock } from '../quick-clock.ts'
import { pressIn } from './button-hand.ts'
import type { Seen, ToWorkstation } from './workstation-words.ts'

const lookEveryMs = 10
const evaluated = z.object({ result: z.object({ value: z.string() }) })
const targets = z.object({
  targetInfos: z.array(z.object({ type: z.string(), url: z.string() })),
})

const [, , settingsFile = '', readers = ''] = process.argv
const parsed = parseSettings(settingsFile)
if (parsed.kind === 'invalid') throw new Error(parsed.complaints.join('; '))
const hand = new SimulatedHand()
let front: DevToolsSession | undefined
const log = openLog('info')
const simulated = [simulatedSource({ clock: systemClock, commands: hand })]
const agent = await startAgent(parsed.settings, log, {
  sources: readers === 'real' ? [] : simulated,
  desktop: new FakeDesktop(systemClock),
  // What is spread over a minute elsewhere comes at once.
  random: () => 0,
  // After a refusal has left the screen, and no sooner: somebody is there until then.
  updateClock: quickClock(3),
  // Chromium refuses to run sandboxed as root; nowhere else is the sandbox switched off.
  ...(process.getuid?.() === 0 ? { sandbox: unsafeNoSandbox } : {}),
  onFront: (session) => {
    front = session
  },
})

let told = ''
const looking = setInterval(() => {
  const seen = seenOf(agent)
  const text = JSON.stringify(seen)
  if (text === told) return
  told = text
  process.send?.({ kind: 'seen', seen, atMs: Date.now() })
}, lookEveryMs)

process.on('message', (asked: ToWorkstation) => {
  if (asked.kind === 'hand') hand.do(asked.command)
  else if (asked.kind === 'type') void type(asked.text)
  else if (asked.kind === 'press') void press(asked.label)
  else if (asked.kind === 'windows') {
    void windowsNow().then((urls) => process.send?.({ kind: 'windows', urls }))
  } else void textInFront().then((text) => process.send?.({ kind: 'text', text }))
})
const stop = (): void => {
  clearInterval(looking)
  void agent
    .stop()
    .then(() => log.close())
    .then(() => process.exit(0))
}
process.once('SIGTERM', stop)
process.once('disconnect', stop)
void agent.failed.then(() => agent.crash()).then(() => process.exit(70))

function seenOf({ state }: RunningAgent): Seen {
  const { phase, surroundings } = state
  const seated = 'seated' in phase ? phase.seated : undefined
  const { link, reader, browser, isAlone, place } = surroundings
  return {
    phase: phase.kind,
    ...(seated ? { sessionId: seated.sessionId, isSeatedAlone: seated.isAlone } : {}),
    ...('tapId' in phase ? { tapId: phase.tapId } : {}),
    ...(phase.kind === 'refused' ? { code: phase.code } : {}),
    ...{ link, reader, browser, isAlone, place },
  }
}

async function type(text: string): Promise<void> {
  for (const key of [...Array.from(text), 'Enter']) {
    const isEnter = key === 'Enter'
    const down = { type: 'keyDown', key, text: isEnter ? '\r' : key }
    await front?.send('Input.dispatchKeyEvent', down)
    await front?.send('Input.dispatchKeyEvent', { type: 'keyUp', key })
  }
}

async function windowsNow(): Promise<readonly string[]> {
  const { targetInfos } = targets.parse(await front?.send('Target.getTargets'))
  return targetInfos.filter(({ type }) => type === 'page').map(({ url }) => url)
}

/** Where the window goes away in that moment nothing was pressed. */
async function press(label: string): Promise<void> {
  const pressing = front ? pressIn(front, label) : Promise.resolve(false)
  const isPressed = await pressing.catch((thrown: unknown) => {
    if (!(thrown instanceof Fault)) throw thrown
    return false
  })
  process.send?.({ kind: 'pressed', isPressed })
}

/** Nothing where a window or a document goes away in that moment: it is not to be seen either. */
async function textInFront(): Promise<string> {
  const expression = `document.body?.innerText ?? ''`
  const answer = await front
    ?.send('Runtime.evaluate', { expression, returnByValue: true })
    .catch((thrown: unknown) => {
      if (!(thrown instanceof Fault)) throw thrown
    })
  return answer ? evaluated.parse(answer).result.value : ''
}
