// Faults of emergency access.

import { reseat, seatedOf } from '@wardkey/agent/machine/moves'
import { step } from '@wardkey/agent/machine/step'
import type { Unit } from '@wardkey/broker/store/store'
import type { KyselyPlugin } from 'kysely'
import type { Rules } from '../world/rules.ts'
import { stepBut, storeWith } from './fault.ts'
import type { Planted } from './fault.ts'

const same = (unit: Unit): Unit => unit

const withoutWrites =
  (beginning: string): Rules['store'] =>
  (real) =>
    storeWith(real, (unit) => ({
      ...unit,
      writes: unit.writes.filter(({ query }) => !query.sql.startsWith(beginning)),
    }))

/** In the row of a grant her own id stands where her witness's should. */
function spokenForByHerself(unit: Unit): Unit {
  const writes = unit.writes.map((write) => {
    const { sql, parameters } = write.query
    if (!sql.startsWith('insert into "emergency_grant"')) return write
    const columns = [...sql.slice(0, sql.indexOf(') values')).matchAll(/"([a-z_]+)"/g)]
    const names = columns.map(([, name]) => name).slice(1)
    const herself = parameters[names.indexOf('person_id')]
    const changed = parameters.map((value, at) => (names[at] === 'witness_id' ? herself : value))
    return { ...write, query: { ...write.query, parameters: changed } }
  })
  return { ...unit, writes }
}

const goneStates: ReadonlySet<unknown> = new Set(['terminated', 'suspended', 'replaced'])
/** Whatever is read of anybody says that she is here, and her badge as good as ever. */
const nobodyIsGone: KyselyPlugin = {
  transformQuery: ({ node }) => node,
  transformResult: ({ result }) => {
    const rows = result.rows.map((row) =>
      Object.fromEntries(
        Object.entries(row).map(([name, value]) => [
          name,
          goneStates.has(value) ? 'active' : value,
        ]),
      ),
    )
    return Promise.resolve({ ...result, rows })
  },
}

export const inEmergencies: readonly Planted[] = [
  {
    name: 'keeps an emergency open when it is over',
    rules: {
      step: stepBut((state, happening, nowMs) => {
        const emergency = seatedOf(state.phase)?.emergency
        const isOver = emergency !== undefined && nowMs >= emergency.untilMs
        return happening.kind === 'tick' && isOver ? { state, effects: [] } : undefined
      }),
    },
    seedsMax: 200,
  },
  {
    name: 'counts an emergency from when its answer came',
    rules: {
      step: stepBut((state, happening, nowMs) => {
        if (happening.kind !== 'broker-said' || happening.frame.kind !== 'admitted')
          return undefined
        const { emergency } = happening.frame
        const after = step(state, { nowMs, happening })
        if (!emergency || !('seated' in after.state.phase)) return after
        const marked = { reason: emergency.reason, untilMs: nowMs + emergency.lastsMs }
        const phase = reseat(after.state.phase, (seated) => ({ ...seated, emergency: marked }))
        return { ...after, state: { ...after.state, phase } }
      }),
    },
    // A screen that is come back to through a slow store, and is still up when the grant is over.
    firstSeed: 253,
    seedsMax: 10,
  },
  {
    name: 'shows an emergency as an ordinary session',
    rules: {
      step: stepBut((state, happening, nowMs) => {
        if (happening.kind !== 'broker-said' || happening.frame.kind !== 'admitted')
          return undefined
        const { emergency: _mark, ...frame } = happening.frame
        return step(state, { nowMs, happening: { ...happening, frame } })
      }),
    },
  },
  {
    name: 'sends the badge of a colleague who is not there',
    rules: {
      said: (text) =>
        text.includes('"kind":"witness"')
          ? text.replace(/"canonical":"[0-9a-f]+"/, '"canonical":"04000000000000"')
          : text,
    },
    seedsMax: 200,
  },
  {
    name: 'lets her speak for herself',
    rules: { store: (real) => storeWith(real, spokenForByHerself) },
    seedsMax: 200,
  },
  {
    name: 'gives emergency access to whoever is gone or suspended',
    rules: {
      store: (real) => ({ ...storeWith(real, same), read: real.read.withPlugin(nobodyIsGone) }),
    },
    seedsMax: 200,
  },
  {
    name: 'tells compliance nothing of a grant',
    rules: { store: withoutWrites('insert into "compliance_notice"') },
  },
  {
    name: 'leaves a grant standing when its session ends',
    rules: { store: withoutWrites('update "emergency_grant"') },
  },
]
