// `wardkey-agent enroll`: a token, or somebody's yes, becomes an identity of this workstation. The
// token and the key are never printed.

import { readFileSync } from 'node:fs'
import type { HardwareClaim } from '@wardkey/protocol/workstation/enrolment'
import { askToEnrol } from '../../link/ask/ask-to-enrol.ts'
import type { AskNeeds } from '../../link/ask/ask-to-enrol.ts'
import { parseBrokerAddress } from '../../link/broker-address.ts'
import type { BrokerAddress } from '../../link/broker-address.ts'
import { enrol } from '../../link/enrol.ts'
import type { EnrolOutcome } from '../../link/enrol.ts'
import type { IdentityStore } from '../../link/identity.ts'
import type { Pin } from '../../link/pinned-authority.ts'
import type { Clock } from '../../platform/clock.ts'
import { Fault } from '../../platform/fault.ts'
import type { Settings } from '../../platform/settings.ts'
import { enrolRefusalWords } from './enrol-refusals.ts'
import { exitCodes } from './exit-codes.ts'
import type { ExitCode } from './exit-codes.ts'
import type { Output } from './output.ts'

export interface EnrolOptions {
  readonly token?: string
  readonly tokenFile?: string
  /** Without a token: somebody of IT compares the words and says yes. */
  readonly ask?: boolean
  readonly place: string
  readonly assetTag?: string
  readonly caFile?: string
  readonly caSha256?: string
  readonly again?: boolean
  readonly json?: boolean
}

export interface EnrolNeeds {
  readonly settings: Settings
  readonly store: Pick<IdentityStore, 'find' | 'keep' | 'prove'>
  readonly output: Output
  readonly clock: Clock
  readonly hardware: () => Promise<HardwareClaim | undefined>
}

type Ready = {
  /** Absent where it asks without one. */
  readonly token: string | undefined
  readonly pin: Pin
  readonly brokers: readonly BrokerAddress[]
}

export async function enrolCommand(options: EnrolOptions, needs: EnrolNeeds): Promise<ExitCode> {
  const { settings, store, output } = needs
  const present = store.find()
  if (present && options.again !== true) {
    output.say('This workstation is enrolled already. To replace its identity, add --again.')
    return exitCodes.usage
  }
  const ready = makeReady(options, settings)
  if (typeof ready === 'string') {
    output.say(ready)
    return exitCodes.usage
  }
  // A token works once: it must not be spent on a key that cannot be kept.
  store.prove()
  const outcome = await askEach(ready, options, needs)
  if (outcome.kind === 'refused') {
    output.say(enrolRefusalWords(outcome.code))
    return exitCodes.refused
  }
  store.keep(outcome.identity)
  tell(outcome, options.json === true, output)
  return exitCodes.ok
}

/** Everything that can be wrong without asking anybody, as a sentence. */
function makeReady(options: EnrolOptions, settings: Settings): Ready | string {
  const brokers = settings['broker.addresses']
    .map((text) => parseBrokerAddress(text, settings['broker.serverName']))
    .filter((address) => address !== undefined)
  if (brokers.length === 0) return 'No broker is known: add --broker host:port.'
  const { token, tokenFile, caFile, caSha256, ask = false } = options
  if ([token !== undefined, tokenFile !== undefined, ask].filter(Boolean).length !== 1) {
    return 'Give the enrolment token, by --token-file or by --token, or --ask without one.'
  }
  if ((caFile === undefined) === (caSha256 === undefined)) {
    return 'Say how the broker is known: --ca-sha256 with what it printed, or --ca-file.'
  }
  try {
    const given = ask
      ? undefined
      : (token ?? readFileSync(tokenFile === '-' ? 0 : (tokenFile ?? ''), 'utf8'))
    const pin: Pin =
      caSha256 === undefined
        ? { kind: 'certificate', caPem: readFileSync(caFile ?? '', 'utf8') }
        : { kind: 'sha256', hex: caSha256 }
    return { token: given?.trim(), pin, brokers }
  } catch (thrown) {
    const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : 'unreadable'
    return `A file cannot be read: ${code}.`
  }
}

/** A broker that cannot have acted gives way to the next; one that may have ends it. */
async function askEach(
  { brokers, pin, token }: Ready,
  { place, assetTag }: EnrolOptions,
  { output, clock, hardware: findHardware }: EnrolNeeds,
): Promise<EnrolOutcome> {
  const hardware = await findHardware()
  const tag = assetTag === undefined ? {} : { assetTag }
  const about = { pin, place, ...tag, ...(hardware ? { hardware } : {}) }
  let last: unknown
  for (const broker of brokers) {
    output.say(`Asking ${broker.host}:${String(broker.port)} …`)
    try {
      return token === undefined
        ? await askToEnrol({ broker, ...about }, { clock, onWords: wordsTo(output) })
        : await enrol({ broker, token, ...about })
    } catch (thrown) {
      if (!(thrown instanceof Fault) || thrown.class === 'ambiguous') throw thrown
      output.say(`  ${describe(thrown)}`)
      last = thrown
    }
  }
  throw last
}

const wordsTo =
  (output: Output): AskNeeds['onWords'] =>
  (words, endsMs) => {
    output.say(
      'IT approves this machine by these words, in the console under Workstations:\n\n' +
        `    ${words.join('  ')}\n\n` +
        `It waits until ${new Date(endsMs).toISOString()}. Keep it running.`,
    )
  }

function tell(
  { identity }: Extract<EnrolOutcome, { kind: 'enrolled' }>,
  isJson: boolean,
  output: Output,
): void {
  const { workstationId, notAfterMs } = identity
  const until = new Date(notAfterMs).toISOString()
  if (isJson) output.answer(JSON.stringify({ workstationId, notAfter: until }))
  else {
    output.answer(`Enrolled as workstation ${workstationId}.`)
    output.answer(`The certificate is good until ${until} and renews itself before.`)
  }
}

function describe(fault: Fault): string {
  return fault.class === 'permanent'
    ? 'It is not the broker that was named, or its answer makes no sense.'
    : 'It does not answer, or not with the authority that was named.'
}
