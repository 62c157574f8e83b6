// npm run bench -- scim: how many changes of a person HR's system can have written a second, over
// HTTP and durable, beside a bare durable insert on the same store and one over bare HTTP, asked by
// the same client. They take turns in one run.

import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { loadavg } from 'node:os'
import { quantile } from '../tap/floors.ts'
import { patchRate } from './ask-patch.ts'
import type { ScimReady } from './scim-process.ts'

interface Plan {
  readonly people: number
  readonly seconds: number
  readonly rounds: number
}

const whole: Plan = { people: 200, seconds: 3, rounds: 5 }
const short: Plan = { people: 40, seconds: 0.7, rounds: 2 }
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
  const measured = new Map<number, Rates>()
  for (const outstanding of outstandings) {
    measured.set(outstanding, await inTurns(child, ready, plan, outstanding))
  }
  child.send('stop')
  const [alone, together] = outstandings.map((one) => measured.get(one))
  if (!alone || !together) throw new Error('nothing was measured')
  return {
    figures: {
      patchPerSecond: together.patch,
      patchPerSecondAlone: alone.patch,
      // Of the door's process, all its threads, 8 at once: tells more than a rate where others work.
      patchCpuUs: together.patchCpuUs,
      bareHttpCpuUs: together.bareHttpCpuUs,
    },
    floors: {
      insertPerSecond: together.insert,
      insertPerSecondAlone: alone.insert,
      bareHttpPerSecond: together.bareHttp,
      bareHttpPerSecondAlone: alone.bareHttp,
    },
    ratios: {
      patchOverInsert: together.patch / together.insert,
      patchOverInsertAlone: alone.patch / alone.insert,
      patchOverBareHttp: together.patch / together.bareHttp,
      patchOverBareHttpAlone: alone.patch / alone.bareHttp,
      // What patchOverInsert would be if the door did nothing but HTTP and one insert.
      bareHttpOverInsert: together.bareHttp / together.insert,
    },
  }
}

interface Rates {
  readonly insert: number
  readonly bareHttp: number
  readonly patch: number
  readonly bareHttpCpuUs: number
  readonly patchCpuUs: number
}

async function inTurns(
  child: ChildProcess,
  { url, bareUrl, token, paths }: ScimReady,
  { seconds, rounds }: Plan,
  outstanding: number,
): Promise<Rates> {
  const all: Rates[] = []
  // The first round warms up and is not counted.
  for (let round = 0; round <= rounds; round++) {
    child.send({ seconds, outstanding })
    const insert = await told<number>(child)
    const over = async (base: string) => {
      const beforeUs = await cpuOf(child)
      const rate = await patchRate({ base, token, paths }, seconds, outstanding)
      return { rate, cpuUs: ((await cpuOf(child)) - beforeUs) / (rate * seconds) }
    }
    const bare = await over(bareUrl)
    const door = await over(`${url}/scim/v2`)
    const rates = {
      ...{ insert, bareHttp: bare.rate, patch: door.rate },
      ...{ bareHttpCpuUs: bare.cpuUs, patchCpuUs: door.cpuUs },
    }
    say(`${String(outstanding)} at once: ${sentence(rates)}`)
    if (round > 0) all.push(rates)
  }
  const median = (of: keyof Rates): number =>
    quantile(
      all.map((rates) => rates[of]),
      0.5,
    )
  return {
    insert: median('insert'),
    bareHttp: median('bareHttp'),
    patch: median('patch'),
    bareHttpCpuUs: median('bareHttpCpuUs'),
    patchCpuUs: median('patchCpuUs'),
  }
}

function cpuOf(child: ChildProcess): Promise<number> {
  child.send('cpu')
  return told<number>(child)
}

const sentence = ({ insert, bareHttp, patch }: Rates): string =>
  `${insert.toFixed(0)} inserts, ${bareHttp.toFixed(0)} over bare HTTP, ` +
  `${patch.toFixed(0)} patches a second`

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
