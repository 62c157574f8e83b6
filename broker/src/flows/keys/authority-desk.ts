// What this broker does with workstation authorities: it shows, signs and takes by the present one,
// and with the one after it what the row says, each only where this key folder has its files.

import type { NextAuthority } from '@wardkey/protocol/workstation/fleet/next-authority'
import type { Authority } from '../../platform/authority/authority.ts'
import type { NextIssuer } from '../enrolment/renew-workstation.ts'
import { nameOf } from './authority-standing.ts'
import type { AuthorityStanding, NamedAuthority, NextStanding } from './authority-standing.ts'

export interface AuthorityDeskNeeds {
  /** The one that the key folder began with. */
  readonly first: Authority
  /** Nothing where the key folder lacks one of its files. */
  readonly find: (generation: string) => Authority | undefined
}

/**
 * `missing`: the row names a next one that this key folder lacks, or has otherwise; nothing is done
 * with it. `present-missing`: so is the present one, and whoever goes on would go on with one that
 * was ended.
 */
export type Taken = 'same' | 'changed' | 'missing' | 'present-missing'

type Follower = (what: { readonly hasEnded: boolean }) => Promise<void>

export class AuthorityDesk {
  readonly #needs: AuthorityDeskNeeds
  #present: Authority
  /** Absent while it is the first. */
  #named: NamedAuthority | undefined
  #standing: NextStanding | undefined
  #here: Authority | undefined
  #shown: NextAuthority | undefined
  #isStopped = false
  #changed: Follower = () => Promise.resolve()

  constructor(needs: AuthorityDeskNeeds) {
    this.#needs = needs
    this.#present = needs.first
  }

  /** Always the present one, however long somebody holds it. */
  get present(): Authority {
    const now = (): Authority => this.#present
    return {
      get caPem() {
        return now().caPem
      },
      get caSha256() {
        return now().caSha256
      },
      get beganMs() {
        return now().beganMs
      },
      get endsMs() {
        return now().endsMs
      },
      issue: (publicKey, workstationId) => now().issue(publicKey, workstationId),
      serverChain: () => now().serverChain(),
      vouchFor: (next) => now().vouchFor(next),
    }
  }

  /** Of the certificate that the present one has; nothing while it is the first. */
  get presentLater(): string | undefined {
    return this.#named?.sha256
  }

  /** The next one, as workstations are told of it; nothing where they are told of none. */
  get shown(): NextAuthority | undefined {
    return this.#shown
  }

  get issuer(): NextIssuer | undefined {
    return this.#standing?.state === 'rotating' && !this.#isStopped ? this.#here : undefined
  }

  /** The next one's certificates are taken from the moment on in which it could sign one. */
  get caPem(): string | undefined {
    return this.#here?.caPem
  }

  /** Who was renewed by it cannot be known here from whom nobody enrolled. */
  get isNextLacking(): boolean {
    return this.#standing !== undefined && !this.#here
  }

  /** Whose certificates are taken. */
  get believed(): readonly string[] {
    return [this.#present.caPem, this.#here?.caPem ?? []].flat()
  }

  /** Whether the key folder has it, whatever the row says. */
  get find(): AuthorityDeskNeeds['find'] {
    return this.#needs.find
  }

  /** Called after each change of what is shown and taken. */
  follow(changed: Follower): void {
    this.#changed = changed
  }

  /** `isStopped`: some broker lacks the next one, and nobody is renewed by it. */
  async take(
    standing: Pick<AuthorityStanding, 'present' | 'next'> | undefined,
    isStopped = false,
  ): Promise<Taken> {
    const { present, next } = standing ?? {}
    this.#isStopped = isStopped
    const isNextSame = isSameName(next, this.#standing) && next?.state === this.#standing?.state
    const isPresentSame = isSameName(present, this.#named)
    if (isPresentSame && isNextSame && (!next || this.#here)) return 'same'
    const signing = present ? this.#findAs(present) : this.#needs.first
    if (!signing) return 'present-missing'
    const here = next && this.#findAs(next)
    if (isPresentSame && isNextSame && !here && !this.#here) return 'missing'
    const before = this.#named
    this.#here = here
    this.#present = signing
    this.#named = present && nameOf(present)
    try {
      // Before anybody could come with one of the next one's certificates.
      await this.#changed({ hasEnded: !isPresentSame })
    } catch (thrown) {
      // The next look does it again.
      this.#named = before
      throw thrown
    }
    this.#standing = next
    this.#shown = here && next.state !== 'taken-back' ? signing.vouchFor(here) : undefined
    return next && !here ? 'missing' : 'changed'
  }

  #findAs({ generation, sha256 }: NamedAuthority): Authority | undefined {
    const found = this.#needs.find(generation)
    return found?.caSha256 === sha256 ? found : undefined
  }
}

const isSameName = (one: NamedAuthority | undefined, other: NamedAuthority | undefined): boolean =>
  one?.generation === other?.generation && one?.sha256 === other?.sha256
