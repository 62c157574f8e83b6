// One syslog message (RFC 5424) in its frame for TLS (RFC 5425): its length in bytes, a space, and
// the message, without anything after it. Pure.

import type { Gravity } from './event-classes.ts'
import type { StreamEvent } from './stream-event.ts'

export interface SyslogForm {
  /** 0 to 23; 10 is security and authorization. */
  readonly facility: number
  readonly hostName: string
  readonly processId: string
  /** The private enterprise number after the @ (RFC 5424 section 7.2.2). */
  readonly enterprise: number
  /** RFC 5424 wants it before UTF-8; IHE and most receivers do without. */
  readonly hasBom: boolean
}

const severities: Readonly<Record<Gravity, number>> = {
  info: 6,
  notice: 5,
  warning: 4,
  error: 3,
  alert: 1,
}
const bom = '\ufeff'
const appName = 'wardkey-broker'

export function syslogFrame(event: StreamEvent, message: string, form: SyslogForm): Buffer {
  const priority = form.facility * 8 + severities[event.gravity]
  const head = [
    `<${String(priority)}>1`,
    new Date(event.atMs).toISOString(),
    printable(form.hostName, 255),
    appName,
    printable(form.processId, 128),
    // At most 32 (section 6.2.7); a code has seven.
    printable(event.code, 32),
  ]
  const text = `${head.join(' ')} ${structured(event, form)} ${form.hasBom ? bom : ''}${message}`
  return octetCounted(Buffer.from(text, 'utf8'))
}

/** Bytes are counted, never characters. */
export function octetCounted(message: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${String(message.length)} `, 'ascii'), message])
}

/** What a receiver needs to see gaps and repeats, without looking into the message. */
function structured(event: StreamEvent, { enterprise }: SyslogForm): string {
  const { index, previous, checkpoint, origin } = event
  const pairs: (readonly [string, string])[] = [
    ['record', origin],
    ['index', String(index)],
    ...(previous === undefined ? [] : [['previous', String(previous)] as const]),
    ['checkpoint', String(checkpoint)],
    ['class', event.class],
  ]
  const text = pairs.map(([name, value]) => `${name}="${parameter(value)}"`).join(' ')
  return `[wardkey@${String(enterprise)} ${text}]`
}

/** Section 6.3.3: these three and no others. */
export function parameter(value: string): string {
  return value.replace(/["\\\]]/g, (sign) => `\\${sign}`)
}

/** PRINTUSASCII or the NILVALUE. */
function printable(text: string, max: number): string {
  const kept = text.replace(/[^\x21-\x7e]/g, '').slice(0, max)
  return kept === '' ? '-' : kept
}
