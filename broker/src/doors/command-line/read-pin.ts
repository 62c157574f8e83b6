// A PIN from the terminal, unseen, or from standard input; never from the command line, where every
// user of the machine and every shell history would read it.

import { pinFlaw } from '@wardkey/protocol/workstation/pin-rules'
import { exitCodes, Refused } from './exit.ts'

/** What is used of standard input, whether it is a terminal or not. */
export interface PinInput extends AsyncIterable<unknown> {
  readonly isTTY: boolean
  setEncoding(encoding: 'utf8'): unknown
  setRawMode(isRaw: boolean): unknown
  resume(): unknown
  pause(): unknown
  on(event: 'data', take: (chunk: Buffer) => void): unknown
  removeListener(event: 'data', take: (chunk: Buffer) => void): unknown
}

const digitsMin = 4
const digitsMax = 12
const pinText = /^[0-9]{4,12}$/
const inputCharsMax = 64

/** Asked twice at a terminal; one line of standard input otherwise. Throws Refused. */
export async function readPin(input: PinInput, say: (text: string) => void): Promise<string> {
  // Undefined where it is a pipe or a file.
  if (!input.isTTY) return checked((await firstLine(input)).trim())
  const pin = checked(await askUnseen(input, say, 'New PIN: '))
  // How many digits the house asks for, and her badges' numbers, only the broker knows.
  if (pinFlaw(pin, digitsMin, digitsMax, [])) {
    throw new Refused(exitCodes.refused, 'That is easy to guess. Choose another.')
  }
  const again = await askUnseen(input, say, 'Once more: ')
  if (pin !== again) throw new Refused(exitCodes.refused, 'The two are not the same.')
  return pin
}

function checked(pin: string): string {
  if (pinText.test(pin)) return pin
  throw new Refused(exitCodes.usage, 'A PIN has 4 to 12 digits and nothing else.')
}

async function firstLine(input: PinInput): Promise<string> {
  let text = ''
  input.setEncoding('utf8')
  for await (const chunk of input) {
    text += String(chunk)
    if (text.includes('\n') || text.length > inputCharsMax) break
  }
  return text.split('\n')[0] ?? ''
}

function askUnseen(
  input: PinInput,
  say: (text: string) => void,
  question: string,
): Promise<string> {
  say(question)
  return new Promise((resolve, reject) => {
    let typed = ''
    const end = (act: () => void): void => {
      input.setRawMode(false)
      input.pause()
      input.removeListener('data', take)
      say('\n')
      act()
    }
    const take = (chunk: Buffer): void => {
      for (const key of chunk.toString('utf8')) {
        if (key === '\r' || key === '\n') {
          end(() => {
            resolve(typed)
          })
          return
        }
        // Raw mode hands over Ctrl-C and Ctrl-D as well.
        if (key === '\u0003' || key === '\u0004') {
          end(() => {
            reject(new Refused(exitCodes.usage, 'Nothing was changed.'))
          })
          return
        }
        if (key === '\u007f' || key === '\b') typed = typed.slice(0, -1)
        else if (typed.length < inputCharsMax) typed += key
      }
    }
    input.setRawMode(true)
    input.resume()
    input.on('data', take)
  })
}
