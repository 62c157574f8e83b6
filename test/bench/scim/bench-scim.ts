// npm run bench -- scim: how many changes of a person HR's system can have written a second, over
// HTTP and durable, beside a bare durable insert on the same store. They take turns in one run.

import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { loadavg } from 'node:os'
import { patchOp } from '../../kit/scim-client.ts'
import { quantile } from '../tap/floors.ts'
import type { ScimReady } from './scim-process.ts'

interface Plan {
  readonly people: number
  readonly seconds: number
  readonly pairs: number
}

const whole: Plan = { people: 200, seconds: 3, pairs: 7 }
const short: Plan = { people: 40, seconds: 0.7, pairs: 2 }
/** What provisioning services have under way at once, and one alone for the latency. */
const outstandings = [1, 8] as const

export async function benchScim(args: readonly string[]): Promise<object> {
  const plan = args.includes('--short') ? short : whole
  say(
    `load average ${loadavg()
      .map((one) => one.toFixed(1))
      .join(' ')}`,
  )
  const child = fork(new URL('./scim-process.ts', import.meta.url), {
    execArgv: ['--disable-warning=ExperimentalWarning'],
  })
  child.send({ people: plan.people })
  const ready = await told<ScimReady>(child)
  const measured = new Map<number, { patch: number; bare: number }>()
  for (const outstanding of outstandings) {
    measured.set(outstanding, await inTurns(child, ready, plan, outstanding))
  }
  child.send('stop')
  const [alone, together] = outstandings.map((one) => measured.get(one))
  if (!alone || !together) throw new Error('nothing was measured')
  return {
    figures: { patchPerSecond: together.patch, patchPerSecondAlone: alone.patch },
    floors: { insertPerSecond: together.bare, insertPerSecondAlone: alone.bare },
    ratios: {
      patchOverInsert: together.patch / together.bare,
      patchOverInsertAlone: alone.patch / alone.bare,
    },
  }
}

async function inTurns(child: ChildProcess, ready: ScimReady, plan: Plan, outstanding: number) {
  const patches: number[] = []
  const bares: number[] = []
  // The first pair warms up and is not counted.
  for (let pair = 0; pair <= plan.pairs; pair++) {
    child.send({ seconds: plan.seconds, outstanding })
    const bare = await told<number>(child)
    const patch = await patchRate(ready, plan.seconds, outstanding)
    say(
      `${String(outstanding)} at once: ${bare.toFixed(0)} inserts, ${patch.toFixed(0)} patches a second`,
    )
    if (pair === 0) continue
    bares.push(bare)
    patches.push(patch)
  }
  return { patch: quantile(patches, 0.5), bare: quantile(bares, 0.5) }
}

/** Each request changes something: what changes nothing is cheaper, and not what is asked here. */
async function patchRate(
  { url, token, paths }: ScimReady,
  seconds: number,
  outstanding: number,
): Promise<number> {
  const untilMs = performance.now() + seconds * 1000
  let done = 0
  const one = async (first: number): Promise<void> => {
    for (let n = first; performance.now() < untilMs; n += outstanding) {
      const title = `Title ${String(performance.now())}`
      const response = await fetch(`${url}/scim/v2${paths[n % paths.length] ?? ''}`, {
        method: 'PATCH',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/scim+json' },
        body: JSON.stringify({
          schemas: [patchOp],
          Operations: [{ op: 'Replace', path: 'title', value: title }],
        }),
      })
      const text = await response.text()
      if (response.status !== 200 || !text.includes(title))
        throw new Error('a change was not taken')
      done += 1
    }
  }
  await Promise.all(Array.from({ length: outstanding }, (_one, first) => one(first)))
  return done / seconds
}

function told<Message>(child: ChildProcess): Promise<Message> {
  return new Promise((resolve, reject) => {
    const ended = (): void => {
      reject(new Error('the process of the door ended'))
    }
    child.once('exit', ended)
    child.once('message', (message) => {
      child.removeListener('exit', ended)
      resolve(message as Message)
    })
  })
}

function say(line: string): void {
  process.stderr.write(`${line}\n`)
}
