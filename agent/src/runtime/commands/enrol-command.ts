// `wardkey-agent enroll`: a token becomes an identity of this workstation. The token and the key
// are never printed.

import { readFileSync } from 'node:fs'
import { parseBrokerAddress } from '../../link/broker-address.ts'
import type { BrokerAddress } from '../../link/broker-address.ts'
import { enrol } from '../../link/enrol.ts'
import type { EnrolOutcome } from '../../link/enrol.ts'
import type { IdentityStore } from '../../link/identity.ts'
import type { Pin } from '../../link/pinned-authority.ts'
import { Fault } from '../../platform/fault.ts'
import type { Settings } from '../../platform/settings.ts'
import { exitCodes } from './exit-codes.ts'
import type { ExitCode } from './exit-codes.ts'
import type { Output } from './output.ts'

export interface EnrolOptions {
  readonly token?: string
  readonly tokenFile?: string
  readonly place: string
  readonly assetTag?: string
  readonly caFile?: string
  readonly caSha256?: string
  readonly again?: boolean
  readonly json?: boolean
}

export interface EnrolNeeds {
  readonly settings: Settings
  readonly store: IdentityStore
  readonly output: Output
}

type Ready = {
  readonly token: string
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
  const outcome = await askEach(ready, options, output)
  if (outcome.kind === 'refused') {
    output.say(`The broker refused: ${outcome.code}.`)
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
  const { token, tokenFile, caFile, caSha256 } = options
  if ((token === undefined) === (tokenFile === undefined)) {
    return 'Give the enrolment token, by --token-file or by --token.'
  }
  if ((caFile === undefined) === (caSha256 === undefined)) {
    return 'Say how the broker is known: --ca-sha256 with what it printed, or --ca-file.'
  }
  try {
    const given = token ?? readFileSync(tokenFile === '-' ? 0 : (tokenFile ?? ''), 'utf8')
    const pin: Pin =
      caSha256 === undefined
        ? { kind: 'certificate', caPem: readFileSync(caFile ?? '', 'utf8') }
        : { kind: 'sha256', hex: caSha256 }
    return { token: given.trim(), pin, brokers }
  } catch (thrown) {
    const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : 'unreadable'
    return `A file cannot be read: ${code}.`
  }
}

/** A broker that cannot have acted gives way to the next; one that may have ends it. */
async function askEach(
  { brokers, pin, token }: Ready,
  { place, assetTag }: EnrolOptions,
  output: Output,
): Promise<EnrolOutcome> {
  let last: unknown
  for (const broker of brokers) {
    output.say(`Asking ${broker.host}:${String(broker.port)} …`)
    const about = assetTag === undefined ? { place } : { place, assetTag }
    try {
      return await enrol({ broker, pin, token, ...about })
    } catch (thrown) {
      if (!(thrown instanceof Fault) || thrown.class === 'ambiguous') throw thrown
      output.say(`  ${describe(thrown)}`)
      last = thrown
    }
  }
  throw last
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
