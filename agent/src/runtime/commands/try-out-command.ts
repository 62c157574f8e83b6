// `wardkey-agent try-out`: the agent as it is, with a simulated reader in place of the machine's own,
// for whoever tries Wardkey on one computer. It runs beside a broker of this very machine only, and
// never on one that was set up as a workstation.

import { writeFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { z } from 'zod'
import { refusalCodes } from '@wardkey/protocol/codes'
import type { DevToolsSession } from '../../launch/devtools.ts'
import { parseBrokerAddress } from '../../link/broker-address.ts'
import type { Scene, ScreenView } from '../../machine/screen-view.ts'
import { Fault } from '../../platform/fault.ts'
import type { MachineSettings, Settings } from '../../platform/settings.ts'
import { parseSimulatedCommand } from '../../readers/simulated/simulated-command.ts'
import type { SimulatedHand } from '../../readers/simulated/simulated-source.ts'
import type { Output } from './output.ts'

const loopback: readonly string[] = ['localhost', '127.0.0.1', '::1']

/** Why there can be no try-out here, as a sentence; nothing where there can. */
export function whyNoTryOut(
  settings: Settings,
  machine: MachineSettings,
  isFileNamed: boolean,
  isRoot: boolean,
): string | undefined {
  const said = [...machine.policy, machine.installer, machine.file].find(
    (layer) => layer && (layer.complaints.length > 0 || Object.keys(layer.values).length > 0),
  )
  if (said) {
    return `This machine is set up as a workstation (${said.place}). Try it out on another one.`
  }
  // Its browser refuses to run sandboxed as root, and the sandbox stays on.
  if (isRoot) return 'Try it out by an account of your own, and not as root.'
  if (!isFileNamed) return 'Name the settings of the try-out: --settings <file>.'
  const brokers = settings['broker.addresses'].map((text) => parseBrokerAddress(text, ''))
  const areHere = brokers.every((broker) => broker && loopback.includes(broker.host))
  if (brokers.length > 0 && areHere) return undefined
  return (
    'A try-out speaks with a broker on this machine alone: ' +
    'broker.addresses has to be 127.0.0.1, [::1] or localhost.'
  )
}

export const tryOutWords = `A simulated reader is there in place of a real one. Type here, each on a line:
  tap <number>      show the card of that number (hex, as badge enrol --simulated took it)
  type <digits>     type them on the screen, and Enter: a PIN; the screen's own keyboard does as well
  picture <file>    save what is in front, as PNG: for a machine without a display
  unplug, plug      the reader
  end               lock, and end`

export interface TryOutNeeds {
  readonly input: Readable
  readonly output: Output
  readonly hand: SimulatedHand
  /** What is in front of people now. */
  readonly front: () => DevToolsSession | undefined
  readonly view: () => ScreenView
  readonly end: () => void
}

const lookEveryMs = 100

/** Obeys what is typed and says what becomes of the screen, until it is told to end. */
export function followTryOut(needs: TryOutNeeds): () => void {
  const { input, output, end } = needs
  output.say(tryOutWords)
  let told = ''
  const watch = setInterval(() => {
    const now = wordsOf(needs.view())
    if (now === undefined || now === told) return
    told = now
    output.answer(now)
  }, lookEveryMs)
  const lines = createInterface({ input })
  let before = Promise.resolve()
  lines.on('line', (line) => {
    before = before.then(() => obey(line.trim(), needs))
  })
  lines.once('close', () => {
    void before.then(end)
  })
  return () => {
    clearInterval(watch)
    lines.close()
  }
}

async function obey(line: string, needs: TryOutNeeds): Promise<void> {
  const { output, hand, end } = needs
  const [, word = '', rest = ''] = /^(\S*)\s*(.*)$/.exec(line) ?? []
  switch (word) {
    case '':
      return
    case 'end':
      end()
      return
    case 'type':
    case 'picture':
      await atScreen(word, rest, needs)
      return
  }
  const asked = { kind: word, ...(rest === '' ? {} : { uid: rest }) }
  const command = parseSimulatedCommand(JSON.stringify(asked))
  if (command) hand.do(command)
  else output.say('That is none of the words above. A card’s number is 8 to 32 hex digits.')
}

async function atScreen(word: 'type' | 'picture', rest: string, needs: TryOutNeeds) {
  const front = needs.front()
  if (!front) {
    needs.output.say('There is no screen yet.')
    return
  }
  try {
    if (word === 'picture') await picture(front, rest)
    else await type(front, rest)
  } catch (thrown) {
    if (!(thrown instanceof Fault) && !(thrown instanceof Error && 'code' in thrown)) throw thrown
    needs.output.say(`That did not work (${String(thrown.code)}).`)
  }
}

async function type(front: DevToolsSession, text: string): Promise<void> {
  for (const key of Array.from(text).concat('Enter')) {
    const char = key === 'Enter' ? '\r' : key
    await front.send('Input.dispatchKeyEvent', { type: 'keyDown', key, text: char })
    await front.send('Input.dispatchKeyEvent', { type: 'keyUp', key })
  }
}

const shot = z.object({ data: z.string() })

/** Never over a file that is there. */
async function picture(front: DevToolsSession, file: string): Promise<void> {
  const { data } = shot.parse(await front.send('Page.captureScreenshot', { format: 'png' }))
  writeFileSync(file, Buffer.from(data, 'base64'), { mode: 0o600, flag: 'wx' })
}

const plain: Readonly<Partial<Record<Scene['kind'], string>>> = {
  locked: 'The screen is locked. Ready for a tap.',
  pin: 'It asks for the PIN.',
  opening: 'It opens …',
  open: 'It is open.',
}

/** Nothing for what passes. */
function wordsOf({ scene, surroundings }: ScreenView): string | undefined {
  const { link, browser } = surroundings
  if (browser === 'missing') return 'No browser was found: set browser.path.'
  if (link === 'not-enrolled') return 'It is not enrolled: wardkey-agent enroll.'
  if (scene.kind === 'refused') {
    const quote = scene.quote === undefined ? '' : ` Why: wardkey-broker why ${scene.quote}`
    return `Refused. ${refusalCodes[scene.code].sentence}${quote}`
  }
  if (scene.kind === 'locked' && (link !== 'up' || browser !== 'ready')) {
    return 'The screen is locked. Not ready yet: wardkey-agent status says what is missing.'
  }
  return scene.kind === 'checking' ? undefined : (plain[scene.kind] ?? `It shows: ${scene.kind}.`)
}
