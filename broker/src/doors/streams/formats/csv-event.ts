// A fact as one row of CSV (RFC 4180), with columns that never change their order. A cell that a
// spreadsheet would take for a formula is written as text. Pure.

import type { StreamEvent } from './stream-event.ts'

const columns: readonly (readonly [string, (event: StreamEvent) => string | number | undefined])[] =
  [
    ['index', ({ index }) => index],
    ['previous', ({ previous }) => previous],
    ['checkpoint', ({ checkpoint }) => checkpoint],
    ['record', ({ origin }) => origin],
    ['time', ({ atMs }) => new Date(atMs).toISOString()],
    ['code', ({ code }) => code],
    ['what', ({ sentence }) => sentence],
    ['class', (event) => event.class],
    ['severity', ({ gravity }) => gravity],
    ['outcome', ({ isFailure }) => (isFailure ? 'failure' : 'success')],
    ['person', ({ person }) => person],
    ['name', ({ identity }) => identity.name],
    ['staffNumber', ({ identity }) => identity.staffNumber],
    ['workstation', ({ workstation }) => workstation],
    ['zone', ({ zone }) => zone],
    ['session', ({ session }) => session],
    ['tap', ({ tap }) => tap],
    ['badge', ({ badge }) => badge],
    ['rule', ({ rule }) => rule],
    ['fields', ({ fields }) => (Object.keys(fields).length === 0 ? '' : JSON.stringify(fields))],
    ['id', ({ id }) => id],
  ]

export const csvHead = `${columns.map(([name]) => name).join(',')}\r\n`

export function csvRow(event: StreamEvent): string {
  return `${columns.map(([, read]) => cell(read(event))).join(',')}\r\n`
}

function cell(value: string | number | undefined): string {
  if (value === undefined) return ''
  const text = typeof value === 'string' ? plain(value) : String(value)
  return /[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** What begins like a formula gets an apostrophe (OWASP, CSV injection); a row is one line. */
function plain(text: string): string {
  const line = text.replace(/[\r\n]+/g, ' ')
  return /^[=+\-@\t]/.test(line) ? `'${line}` : line
}
