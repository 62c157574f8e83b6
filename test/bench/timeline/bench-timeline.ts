// npm run bench -- timeline: how long a time line takes from a long record, beside a bare indexed
// read of the same rows. A person's day, a workstation's day, a zone's week.

import { loadavg } from 'node:os'
import Database from 'better-sqlite3'
import { askTimeline } from '@wardkey/broker/flows/timeline/ask-timeline'
import type { TimelineAsked } from '@wardkey/broker/flows/timeline/ask-timeline'
import { readPlaces } from '@wardkey/broker/flows/timeline/places'
import { workstationId } from '@wardkey/protocol/ids'
import { factsOf } from '../bench-options.ts'
import { quantile } from '../tap/floors.ts'
import { hospital, writeRecord } from './hospital-record.ts'
import type { HospitalRecord } from './hospital-record.ts'

const dayMs = 86_400_000
const sizes = { usual: 1_000_000, short: 100_000 } as const
const turns = 30

type Kind = 'personDay' | 'workstationDay' | 'zoneWeek'
const kinds = ['personDay', 'workstationDay', 'zoneWeek'] as const

interface Seen {
  readonly p50Ms: number
  readonly p99Ms: number
  /** Of this process, all threads. */
  readonly cpuP50Ms?: number
  readonly rows: number
}

export async function benchTimeline(args: readonly string[]): Promise<object> {
  say(`load average ${loadavg().map(twoPlaces).join(' ')}`)
  const record = await writeRecord(factsOf(args, sizes), say)
  const figures = new Map<Kind, Seen>()
  const floors = new Map<Kind, Seen>()
  const longestBlockMs: number[] = []
  const store = await record.place.open()
  const bare = new Database(record.path, { readonly: true })
  try {
    const places = await readPlaces(store.read)
    const needs = { db: store.read, nowMs: () => record.toMs, places, sealed: record.facts }
    for (const kind of kinds) {
      const asked: number[] = []
      const read: number[] = []
      const cpu: number[] = []
      const rows: number[] = []
      // The first one of each warms up and is not counted.
      for (let turn = 0; turn <= turns; turn++) {
        const question = questionOf(kind, turn, record)
        const blocked = watchLoop()
        const before = process.cpuUsage()
        const mineMs = await took(() => askTimeline(question, needs))
        const { user, system } = process.cpuUsage(before)
        longestBlockMs.push(blocked())
        const floorMs = await took(() => {
          rows.push(bareRead(bare, question))
          return Promise.resolve()
        })
        if (turn === 0) continue
        asked.push(mineMs)
        cpu.push((user + system) / 1000)
        read.push(floorMs)
      }
      figures.set(kind, seenOf(asked, cpu, rows))
      floors.set(kind, seenOf(read, [], rows))
      say(`${kind}: ${brief(figures.get(kind))}, bare read ${brief(floors.get(kind))}`)
    }
  } finally {
    bare.close()
    await store.close()
    await record.place.remove()
  }
  say(`load average ${loadavg().map(twoPlaces).join(' ')}`)
  const ratio = (kind: Kind): number =>
    (figures.get(kind)?.p50Ms ?? Number.NaN) / (floors.get(kind)?.p50Ms ?? Number.NaN)
  return {
    figures: {
      facts: record.facts,
      ...Object.fromEntries(figures),
      blockedP99Ms: quantile(longestBlockMs, 0.99),
    },
    floors: Object.fromEntries(floors),
    ratios: Object.fromEntries(kinds.map((kind) => [`${kind}OverRead`, ratio(kind)])),
    goals: { p99Ms: 300 },
  }
}

/** Somebody, or somewhere, at some time of the record: the same in each run. */
function questionOf(kind: Kind, turn: number, record: HospitalRecord): TimelineAsked {
  const lastsMs = kind === 'zoneWeek' ? 7 * dayMs : dayMs
  const room = Math.max(1, record.toMs - record.fromMs - lastsMs)
  const fromMs = record.fromMs + ((turn * 7_368_787) % 1000) * (room / 1000)
  const times = { fromMs: Math.round(fromMs), toMs: Math.round(fromMs) + lastsMs }
  if (kind === 'personDay') {
    const ids = [record.people[(turn * 31) % record.people.length] ?? '']
    return { subject: { column: 'person_id', ids }, ...times }
  }
  const first = (turn * 17) % hospital.workstations
  const zone = first % hospital.zones
  const here = record.workstations.filter((_id, at) =>
    kind === 'zoneWeek' ? at % hospital.zones === zone : at === first,
  )
  const subject = { column: 'workstation_id', ids: here.map((id) => workstationId.parse(id)) }
  return { subject: { ...subject, column: 'workstation_id' }, ...times }
}

function bareRead(db: Database.Database, { subject, fromMs, toMs }: TimelineAsked): number {
  const holes = subject.ids.map(() => '?').join(', ')
  const rows = db
    .prepare(
      `select * from fact where ${subject.column} in (${holes}) and at_ms >= ? and at_ms < ?
       order by at_ms desc limit 6000`,
    )
    .all(...subject.ids, fromMs, toMs)
  return rows.length
}

/** How long the event loop was held up at the most: taps wait for as long. */
function watchLoop(): () => number {
  let lastMs = performance.now()
  let longestMs = 0
  let isWatching = true
  const look = (): void => {
    const nowMs = performance.now()
    longestMs = Math.max(longestMs, nowMs - lastMs)
    lastMs = nowMs
    if (isWatching) setImmediate(look)
  }
  setImmediate(look)
  return () => {
    isWatching = false
    return longestMs
  }
}

async function took(does: () => Promise<unknown>): Promise<number> {
  const beganMs = performance.now()
  await does()
  return performance.now() - beganMs
}

function seenOf(times: readonly number[], cpu: readonly number[], rows: readonly number[]): Seen {
  const seen = { p50Ms: quantile(times, 0.5), p99Ms: quantile(times, 0.99) }
  const cpuMs = cpu.length === 0 ? {} : { cpuP50Ms: quantile(cpu, 0.5) }
  return { ...seen, ...cpuMs, rows: quantile(rows, 0.5) }
}

function brief(seen: Seen | undefined): string {
  if (!seen) return 'nothing'
  const { p50Ms, p99Ms, cpuP50Ms, rows } = seen
  const cpu = cpuP50Ms === undefined ? '' : ` CPU ${twoPlaces(cpuP50Ms)}`
  const times = `p50 ${twoPlaces(p50Ms)} p99 ${twoPlaces(p99Ms)}${cpu} ms`
  return `${times}, ${String(rows)} rows`
}

function twoPlaces(value: number): string {
  return value.toFixed(2)
}

function say(text: string): void {
  process.stderr.write(`${text}\n`)
}
