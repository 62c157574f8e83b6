// Her own record as tables, each written to a file as it is shown.

import { useMemo } from 'react'
import type { OwnFact, OwnLook, OwnRecord } from '@wardkey/protocol/console/own-record'
import { DataTable } from '../../parts/table/data-table.tsx'
import type { ShownColumn } from '../../parts/table/data-table.tsx'
import { numberColumn } from '../../parts/table/usual-columns.tsx'
import { dayText, lengthText, utcText } from '../../parts/time/time-text.ts'
import { Stamp, useZone } from '../../parts/time/zone-choice.tsx'
import type { OwnDay } from './days-of.ts'

export function OwnFactTable({ own }: { readonly own: OwnRecord }) {
  const columns = useMemo(() => factColumns(own), [own])
  return (
    <DataTable
      name="my-taps"
      label="My taps and sessions"
      rows={own.facts}
      columns={columns}
      keyOf={({ index }) => String(index)}
      empty={<p>Nothing about you in this time. Look at a longer one.</p>}
    />
  )
}

function factColumns({ workstations }: OwnRecord): readonly ShownColumn<OwnFact>[] {
  const places = new Map(workstations.map(({ workstationId, place }) => [workstationId, place]))
  return [
    at('at', 'When'),
    {
      id: 'what',
      head: 'What',
      text: ({ sentence, why }) => (why === undefined ? sentence : `${sentence} ${why}`),
      isProse: true,
    },
    {
      id: 'where',
      head: 'Where',
      text: ({ workstationId: id }) => (id === undefined ? '' : (places.get(id) ?? 'elsewhere')),
    },
    { id: 'rule', head: 'Rule', text: ({ rule }) => rule ?? '' },
    { id: 'seal', head: 'Sealed', text: ({ isSealed }) => (isSealed ? 'yes' : 'not yet') },
    { id: 'code', head: 'Code', text: ({ code }) => code },
    numberColumn({ id: 'index', head: 'Record' }, ({ index }) => index),
  ]
}

export function DayTable({ days }: { readonly days: readonly OwnDay[] }) {
  const { zone } = useZone()
  const columns = useMemo(() => dayColumns(zone), [zone])
  return (
    <DataTable
      name="my-days"
      label="My presence by day"
      rows={days}
      columns={columns}
      keyOf={({ dayMs }) => String(dayMs)}
      empty={<p>No screen was open for you in this time. Look at a longer one.</p>}
    />
  )
}

const dayColumns = (zone: string | undefined): readonly ShownColumn<OwnDay>[] => [
  {
    id: 'day',
    head: 'Day',
    text: ({ dayMs }) => dayText(dayMs, zone),
    order: ({ dayMs }) => dayMs,
  },
  stamp('first', 'First screen open', ({ firstMs }) => firstMs),
  stamp('last', 'Last', ({ lastMs }) => lastMs),
  {
    id: 'open',
    head: 'With a screen open',
    text: ({ openMs }) => lengthText(openMs),
    order: ({ openMs }) => openMs,
    isNumber: true,
  },
  numberColumn({ id: 'screens', head: 'Workstations' }, ({ screens }) => screens),
]

export function LookTable({ looks }: { readonly looks: readonly OwnLook[] }) {
  return (
    <DataTable
      name="who-looked"
      label="Who looked at what is kept about me"
      rows={looks}
      columns={lookColumns}
      keyOf={({ index }) => String(index)}
      empty={<p>Nobody looked at what is kept about you in this time. Look at a longer one.</p>}
    />
  )
}

const whatWords = {
  timeline: 'your time line',
  entry: 'your entry among the people',
  badges: 'your badges',
  record: 'facts about you in the record',
  presence: 'a fact about you, and who was there',
} as const satisfies Record<OwnLook['what'], string>

/** By office; by name only where the house has it so. */
function byText({ by, roles, name }: OwnLook): string {
  if (by === 'herself') return 'you'
  if (by === 'program') return 'a program, or somebody with a token'
  const office = roles.length === 0 ? 'somebody in the console' : roles.join(', ')
  return name === undefined ? office : `${name} (${office})`
}

const timesText = ({ fromMs, toMs }: OwnLook): string =>
  fromMs === undefined || toMs === undefined ? '' : `${utcText(fromMs)} to ${utcText(toMs)}`

const lookColumns: readonly ShownColumn<OwnLook>[] = [
  at('at', 'When'),
  { id: 'by', head: 'Who, by office', text: byText },
  { id: 'what', head: 'Looked at', text: ({ what }) => whatWords[what] },
  { id: 'times', head: 'Of which times', text: timesText, isProse: true },
]

function at<Row extends { readonly atMs: number }>(id: string, head: string): ShownColumn<Row> {
  return stamp(id, head, ({ atMs }) => atMs)
}

function stamp<Row>(id: string, head: string, msOf: (row: Row) => number): ShownColumn<Row> {
  return {
    ...{ id, head },
    text: (row) => utcText(msOf(row)),
    order: msOf,
    cell: (row) => <Stamp ms={msOf(row)} />,
  }
}
