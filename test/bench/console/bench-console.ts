// npm run bench -- console: how long the console's pages take over a long record, on SQLite and on
// PostgreSQL: each route of the admin door as a page asks it, with its look written down, and beside
// it the cheapest answer that the same door gives.

import { loadavg } from 'node:os'
import type { FastifyInstance } from 'fastify'
import { adminPath, scopes } from '@wardkey/protocol/admin/scopes'
import { adminTokenFor, openAdminDoor } from '../../kit/admin-door.ts'
import { engines } from '../../kit/stores.ts'
import { factsOf, optionOf } from '../bench-options.ts'
import { quantile } from '../tap/floors.ts'
import { consoleRoutes } from './console-routes.ts'
import type { AskedRoute } from './console-routes.ts'
import { openLargeHouse } from './large-house.ts'

const sizes = { usual: 1_000_000, short: 50_000 } as const
const turns = 40
const goalMs = 300

interface Seen {
  readonly p50Ms: number
  readonly p95Ms: number
  /** Of this process, all threads: what other load does not change. */
  readonly cpuP50Ms: number
  readonly bytes: number
}

export async function benchConsole(args: readonly string[]): Promise<object> {
  const facts = factsOf(args, sizes)
  const only = optionOf(args, '--on')
  const among = optionOf(args, '--route') ?? ''
  const figures: Record<string, Record<string, Seen>> = {}
  const floors: Record<string, Seen> = {}
  for (const engine of engines) {
    const isAsked = only === undefined || engine.engine.toLowerCase() === only
    if (!engine.isHere || !isAsked) continue
    say(`${engine.engine}, load average ${loadavg().map(twoPlaces).join(' ')}`)
    const beganMs = performance.now()
    const house = await openLargeHouse(engine, facts)
    say(`${String(facts)} facts in ${twoPlaces((performance.now() - beganMs) / 1000)} s`)
    const fastify = await openAdminDoor(house.core)
    try {
      const token = await adminTokenFor(house.core, scopes)
      const floor = await measure(fastify, token, cheapest)
      floors[engine.engine] = floor
      say(`${''.padEnd(44)} ${brief(floor)}   (floor)`)
      const seen: Record<string, Seen> = {}
      for (const route of consoleRoutes(house).filter(({ name }) => name.includes(among))) {
        seen[route.name] = await measure(fastify, token, route)
        say(`${route.name.padEnd(44)} ${brief(seen[route.name])}`)
      }
      figures[engine.engine] = seen
    } finally {
      await fastify.close()
      await house.core.close()
    }
    say(`load average ${loadavg().map(twoPlaces).join(' ')}`)
  }
  return {
    figures: { facts, ...figures },
    floors,
    over: overGoal(figures),
    goals: { p95Ms: goalMs },
  }
}

/** Nobody is named in it, so that no look is written down. */
const cheapest: AskedRoute = { name: 'modes', path: () => '/modes' }

async function measure(
  fastify: FastifyInstance,
  token: string,
  { name, path, status = 200 }: AskedRoute,
): Promise<Seen> {
  const times: number[] = []
  const cpu: number[] = []
  let bytes = 0
  // The first one warms up and is not counted.
  for (let turn = 0; turn <= turns; turn++) {
    const before = process.cpuUsage()
    const beganMs = performance.now()
    const answer = await fastify.inject({
      method: 'GET',
      url: `${adminPath}${path(turn)}`,
      headers: { authorization: `Bearer ${token}` },
    })
    if (answer.statusCode !== status) {
      throw new Error(`${name}: ${String(answer.statusCode)} ${answer.body.slice(0, 200)}`)
    }
    const tookMs = performance.now() - beganMs
    const { user, system } = process.cpuUsage(before)
    if (turn > 0) {
      times.push(tookMs)
      cpu.push((user + system) / 1000)
    }
    bytes = answer.rawPayload.length
  }
  const cpuP50Ms = quantile(cpu, 0.5)
  return { p50Ms: quantile(times, 0.5), p95Ms: quantile(times, 0.95), cpuP50Ms, bytes }
}

function overGoal(figures: Record<string, Record<string, Seen>>): readonly string[] {
  return Object.entries(figures).flatMap(([engine, seen]) =>
    Object.entries(seen)
      .filter(([, { p95Ms }]) => p95Ms > goalMs)
      .map(([name]) => `${engine}, ${name}`),
  )
}

function brief(seen: Seen | undefined): string {
  if (!seen) return 'nothing'
  const { p50Ms, p95Ms, cpuP50Ms, bytes } = seen
  const times = `p50 ${twoPlaces(p50Ms).padStart(8)} p95 ${twoPlaces(p95Ms).padStart(8)} ms`
  const cpu = `CPU ${twoPlaces(cpuP50Ms).padStart(7)}`
  return `${times}, ${cpu}, ${String(Math.ceil(bytes / 1024)).padStart(5)} kB`
}

function twoPlaces(value: number): string {
  return value.toFixed(2)
}

function say(text: string): void {
  process.stderr.write(`${text}\n`)
}
