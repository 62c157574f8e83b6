// The operator's log as the rest of the broker sees it: an event's name and flat fields. It is not
// the record. Names, card numbers, PINs, tokens and frames have no field to be in.

/** The names a field may have; what is not here cannot be logged. */
export interface LogFields {
  readonly address?: string
  readonly attempt?: number
  readonly bytes?: number
  readonly clientId?: string
  readonly code?: string
  readonly count?: number
  readonly durationMs?: number
  readonly kind?: string
  readonly path?: string
  readonly place?: string
  readonly port?: number
  readonly reason?: string
  readonly sessionId?: string
  readonly size?: number
  readonly status?: number
  readonly tapId?: string
  readonly version?: string
  readonly workstationId?: string
  readonly zoneId?: string
}

export interface Log {
  info(event: string, fields: LogFields): void
  warn(event: string, fields: LogFields): void
  error(event: string, fields: LogFields): void
}
