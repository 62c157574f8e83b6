// The log as the demo EHR sees it: flat lines of an event and its fields. Never a name or a token.

export type LogFields = Readonly<Record<string, string | number | boolean>>

export interface Log {
  info(event: string, fields?: LogFields): void
  warn(event: string, fields?: LogFields): void
}

/** JSON lines, one an event, to whoever holds the other end of `write`. */
export function linesTo(write: (line: string) => void): Log {
  const line = (level: string, event: string, fields?: LogFields): void => {
    write(`${JSON.stringify({ level, event, ...fields })}\n`)
  }
  return {
    info: (event, fields) => {
      line('info', event, fields)
    },
    warn: (event, fields) => {
      line('warn', event, fields)
    },
  }
}

export const silentLog: Log = { info: () => undefined, warn: () => undefined }
