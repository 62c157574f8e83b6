// The client of the SCIM benchmark: PATCHes over connections that stay open, as many at once as it
// is told. By `node:http`: the built-in `fetch` waits a millisecond before each of its requests.

import { Agent, request } from 'node:http'
import { patchOp } from '../../kit/scim-client.ts'

export interface PatchTarget {
  /** Up to what is before `/Users`. */
  readonly base: string
  readonly token: string
  readonly paths: readonly string[]
}

/** How many a second. Each changes something: what changes nothing is cheaper, and not asked. */
export async function patchRate(
  target: PatchTarget,
  seconds: number,
  outstanding: number,
): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: outstanding })
  const untilMs = performance.now() + seconds * 1000
  let done = 0
  const one = async (first: number): Promise<void> => {
    for (let n = first; performance.now() < untilMs; n += outstanding) {
      const title = `Title ${String(performance.now())}`
      const path = target.paths[n % target.paths.length] ?? ''
      const { status, text } = await askPatch(agent, { ...target, path, title })
      if (status !== 200 || !text.includes(title)) throw new Error('a change was not taken')
      done += 1
    }
  }
  await Promise.all(Array.from({ length: outstanding }, (_one, first) => one(first)))
  agent.destroy()
  return done / seconds
}

interface Asked {
  readonly base: string
  readonly token: string
  readonly path: string
  readonly title: string
}

function askPatch(
  agent: Agent,
  { base, token, path, title }: Asked,
): Promise<{ readonly status: number | undefined; readonly text: string }> {
  const body = JSON.stringify({
    schemas: [patchOp],
    Operations: [{ op: 'Replace', path: 'title', value: title }],
  })
  const headers = {
    authorization: `Bearer ${token}`,
    'content-type': 'application/scim+json',
    'content-length': Buffer.byteLength(body),
  }
  return new Promise((resolve, reject) => {
    const asked = request(`${base}${path}`, { agent, method: 'PATCH', headers }, (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (part: string) => (text += part))
      response.once('error', reject)
      response.once('end', () => {
        resolve({ status: response.statusCode, text })
      })
    })
    asked.once('error', reject)
    asked.end(body)
  })
}
