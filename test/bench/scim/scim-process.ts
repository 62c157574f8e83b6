// The SCIM door for the benchmark, in a process of its own on a store on disk, and both floors on
// the same store: an insert of one row, durable when it is answered, and the same over bare HTTP.

import { openCore } from '../../kit/broker-core.ts'
import { idOf, openScim, userUrn } from '../../kit/scim-client.ts'
import { insertRow, openBareHttp } from './bare-http.ts'

export interface ScimStart {
  readonly people: number
}

export interface ScimReady {
  readonly url: string
  /** Of the floor over HTTP. */
  readonly bareUrl: string
  readonly token: string
  readonly paths: readonly string[]
}

export interface Bare {
  readonly seconds: number
  readonly outstanding: number
}

process.once('disconnect', () => process.exit(0))
process.once('message', (start: ScimStart) => {
  void serve(start)
})

async function serve({ people }: ScimStart): Promise<void> {
  const core = await openCore({
    roleRules: [{ name: 'nurses', jobCode: ['RN'], roles: ['nurse'] }],
  })
  const scim = await openScim(core, { requestsAMinuteMax: 10_000_000 })
  const paths: string[] = []
  for (let n = 0; n < people; n++) {
    const body = { schemas: [userUrn], userName: `sample${String(n)}`, externalId: `x${String(n)}` }
    paths.push(`/Users/${idOf(await scim.ask('POST', '/Users', { body }))}`)
  }
  const title = { op: 'Replace', path: 'title', value: `Title ${String(performance.now())}` }
  const { text } = await scim.patch(paths[0] ?? '', title)
  const bareHttp = await openBareHttp(core.store, Buffer.byteLength(text))
  process.on('message', (asked: Bare | 'cpu' | 'stop') => {
    if (asked === 'stop') void stop()
    else if (asked === 'cpu') process.send?.(cpuUs())
    else void bare(asked).then((rate) => process.send?.(rate))
  })
  const stop = async (): Promise<void> => {
    await bareHttp.close()
    await scim.close()
    await core.close()
    process.exit(0)
  }
  const bare = async ({ seconds, outstanding }: Bare): Promise<number> => {
    const untilMs = performance.now() + seconds * 1000
    let rows = 0
    const one = async (): Promise<void> => {
      while (performance.now() < untilMs) {
        await insertRow(core.store)
        rows += 1
      }
    }
    await Promise.all(Array.from({ length: outstanding }, one))
    return rows / seconds
  }
  const ready = { url: scim.url, bareUrl: bareHttp.url, token: scim.token, paths }
  process.send?.(ready satisfies ScimReady)
}

/** What all threads of this process have used so far. */
function cpuUs(): number {
  const { user, system } = process.cpuUsage()
  return user + system
}
