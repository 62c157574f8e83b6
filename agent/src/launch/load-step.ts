// One page on its way: begun by its form or its address, loaded, ready, painted; or found at once
// to be where nobody can be reached. It opens no window and shows none.

import { setTimeout as pause } from 'node:timers/promises'
import { z } from 'zod'
import type { LaunchStage, OpenWeb } from '@wardkey/protocol/launch-steps'
import { Fault } from '../platform/fault.ts'
import type { DevToolsSession, Params } from './devtools.ts'
import { faultOf, topPageOf } from './top-page.ts'

const loadMaxMs = 15_000
const paintMaxMs = 3000
const readyEveryMs = 50

/** Resolves when it can be used. Throws Fault `launch-failed` or `sign-in-unreachable`. */
export async function loadStep(
  session: DevToolsSession,
  step: OpenWeb,
  onStage: (stage: LaunchStage) => void,
): Promise<void> {
  await session.send('Page.setLifecycleEventsEnabled', { enabled: true })
  const way = watchWay(session, step)
  try {
    await Promise.race([load(session, step, way, onStage), way.isCut])
  } finally {
    way.stop()
  }
}

async function load(
  session: DevToolsSession,
  step: OpenWeb,
  way: Way,
  onStage: (stage: LaunchStage) => void,
): Promise<void> {
  const loaded = once(session, 'Page.lifecycleEvent', loadMaxMs, (event) => {
    return event['name'] === 'load' && way.hasLeftBlank()
  })
  await begin(session, step)
  onStage('sign-in-sent')
  const unanswered = new Fault('launch-failed', 'ambiguous')
  if (!(await loaded)) throw unanswered
  onStage('dom-ready')
  if (step.readySelector !== undefined && !(await isReady(session, step.readySelector))) {
    throw unanswered
  }
}

/**
 * Ticket and key travel as a form field: in an address they would stay in histories and logs.
 */
async function begin(session: DevToolsSession, step: OpenWeb): Promise<void> {
  const posted = postedOf(step)
  if (!posted) {
    const { errorText } = await session.send('Page.navigate', { url: step.url })
    if (errorText !== undefined) throw new Fault('launch-failed', 'transient')
    return
  }
  const form = JSON.stringify(posted)
  await session.send('Runtime.evaluate', {
    expression: `(({ url, field, value }) => {
        const form = document.createElement('form')
        form.method = 'post'
        form.action = url
        const input = document.createElement('input')
        input.type = 'hidden'
        input.name = field
        input.value = value
        form.append(input)
        document.documentElement.append(form)
        form.submit()
      })(${form})`,
    returnByValue: true,
  })
}

interface Way {
  hasLeftBlank(): boolean
  /** Never resolves; rejects with a Fault where the browser meets a page that it cannot reach. */
  readonly isCut: Promise<never>
  stop(): void
}

/** A network's error page loads, and is never ready: it is noticed as what it is, and at once. */
function watchWay(session: DevToolsSession, step: OpenWeb): Way {
  let isBlank = true
  const cut = Promise.withResolvers<never>()
  // Whoever races it hears it; it may come when the race is over.
  cut.promise.catch(() => undefined)
  const stop = session.on('Page.frameNavigated', (event) => {
    const page = topPageOf(event)
    if (page?.unreachedUrl !== undefined) cut.reject(faultOf(page.unreachedUrl, step))
    else if (page && !page.url.startsWith('about:')) isBlank = false
  })
  return { hasLeftBlank: () => !isBlank, isCut: cut.promise, stop }
}

interface Posted {
  readonly url: string
  readonly field: string
  readonly value: string
}

function postedOf({ url, signIn, key }: OpenWeb): Posted | undefined {
  if (signIn) return { url: signIn.url, field: signIn.field, value: signIn.ticket }
  return key && { url, ...key }
}

async function isReady(session: DevToolsSession, selector: string): Promise<boolean> {
  const untilMs = performance.now() + loadMaxMs
  while (performance.now() < untilMs) {
    const found = await session.send('Runtime.evaluate', {
      expression: `document.querySelector(${JSON.stringify(selector)}) !== null`,
      returnByValue: true,
    })
    const value = z.object({ result: z.object({ value: z.boolean() }) }).safeParse(found)
    if (value.data?.result.value === true) return true
    await pause(readyEveryMs)
  }
  return false
}

/** First paint comes only once the window is visible; a frame asked for says the same. */
export async function painted(session: DevToolsSession): Promise<void> {
  await session
    .send(
      'Runtime.evaluate',
      {
        expression: `new Promise((done) => {
          requestAnimationFrame(() => requestAnimationFrame(() => done(true)))
        })`,
        awaitPromise: true,
        returnByValue: true,
      },
      paintMaxMs,
    )
    // A page that cannot answer is still the one to be seen: its own trouble, not a reason to lock.
    .catch(() => ({}))
}

function once(
  session: DevToolsSession,
  event: string,
  withinMs: number,
  isIt: (params: Params) => boolean,
): Promise<boolean> {
  return new Promise((resolve) => {
    const stop = session.on(event, (params) => {
      if (isIt(params)) settle(true)
    })
    const timer = setTimeout(() => {
      settle(false)
    }, withinMs)
    const settle = (isSeen: boolean): void => {
      stop()
      clearTimeout(timer)
      resolve(isSeen)
    }
  })
}
