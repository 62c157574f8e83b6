// The operator's log: an event's name and flat fields with names from a closed list. Names of
// people, card numbers, PINs, tokens and frames have no field to be in. It is not the record.

import winston from 'winston'

/** What is not here cannot be logged. */
export interface LogFields {
  readonly address?: string
  readonly attempt?: number
  readonly code?: string
  readonly count?: number
  readonly durationMs?: number
  readonly kind?: string
  readonly path?: string
  readonly place?: string
  readonly port?: number
  readonly reason?: string
  readonly sessionId?: string
  readonly stage?: string
  readonly tapId?: string
  readonly version?: string
  readonly workstationId?: string
}

export interface Log {
  info(event: string, fields: LogFields): void
  warn(event: string, fields: LogFields): void
  error(event: string, fields: LogFields): void
}

export interface ClosableLog extends Log {
  /** Waits until every line is out: ending the process first would lose them. */
  close(): Promise<void>
}

const allowed: Readonly<Record<keyof LogFields, true>> = {
  address: true,
  attempt: true,
  code: true,
  count: true,
  durationMs: true,
  kind: true,
  path: true,
  place: true,
  port: true,
  reason: true,
  sessionId: true,
  stage: true,
  tapId: true,
  version: true,
  workstationId: true,
}
const valueMax = 200

/** Another place for the same lines. */
export type AlsoTo = (severity: 'info' | 'warn' | 'error', line: string) => void

/** One JSON line an event on standard error, which the service manager keeps. */
export function openLog(level: 'debug' | 'info' | 'warn' | 'error', alsoTo?: AlsoTo): ClosableLog {
  const logger = winston.createLogger({
    level,
    format: winston.format.combine(winston.format.timestamp(), winston.format.json()),
    transports: [
      // Typed by another copy of the class; at run time there is one.
      // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment
      new winston.transports.Console({ stderrLevels: ['debug', 'info', 'warn', 'error'] }),
    ],
  })
  const write = (severity: 'info' | 'warn' | 'error') => (event: string, fields: LogFields) => {
    const kept = onlyAllowed(fields)
    logger.log(severity, event, kept)
    alsoTo?.(severity, `${event} ${JSON.stringify(kept)}`)
  }
  return {
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    close: () =>
      new Promise((resolve) => {
        logger.once('finish', () => {
          resolve()
        })
        logger.end()
      }),
  }
}

/** Types are gone at run time: what slipped past them is dropped here, and long values are cut. */
export function onlyAllowed(fields: LogFields): Record<string, string | number> {
  const kept: Record<string, string | number> = {}
  for (const [name, value] of Object.entries(fields)) {
    if (!Object.hasOwn(allowed, name)) continue
    if (typeof value === 'number') kept[name] = value
    else if (typeof value === 'string') kept[name] = value.slice(0, valueMax)
  }
  return kept
}
