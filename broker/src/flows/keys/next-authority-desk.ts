// What this broker does with the authority after the present one: shows it, renews by it, takes its
// certificates, each only where the row says so and this key folder has its files.

import type { NextAuthority } from '@wardkey/protocol/workstation/fleet/next-authority'
import type { Authority, LaterAuthority } from '../../platform/authority/authority.ts'
import type { NextIssuer } from '../enrolment/renew-workstation.ts'
import type { NextStanding } from './authority-standing.ts'

export interface NextDeskNeeds {
  readonly authority: Pick<Authority, 'vouchFor'>
  /** Nothing where the key folder lacks one of its files. */
  readonly find: (generation: string) => LaterAuthority | undefined
}

export class NextAuthorityDesk {
  readonly #needs: NextDeskNeeds
  #standing: NextStanding | undefined
  #here: LaterAuthority | undefined
  #shown: NextAuthority | undefined
  #changed: () => Promise<void> = () => Promise.resolve()

  constructor(needs: NextDeskNeeds) {
    this.#needs = needs
  }

  /** As workstations are told of it; nothing where they are told of none. */
  get shown(): NextAuthority | undefined {
    return this.#shown
  }

  get issuer(): NextIssuer | undefined {
    return this.#standing?.state === 'rotating' ? this.#here : undefined
  }

  /** Its certificates are taken from the moment on in which it could sign one, to the last. */
  get caPem(): string | undefined {
    return this.#here?.caPem
  }

  /** Whether the key folder has it, whatever the row says. */
  get find(): NextDeskNeeds['find'] {
    return this.#needs.find
  }

  /** Called after each change of what is taken. */
  follow(changed: () => Promise<void>): void {
    this.#changed = changed
  }

  /** `missing`: the row names one that this key folder lacks, or has otherwise. */
  async take(standing: NextStanding | undefined): Promise<'same' | 'changed' | 'missing'> {
    const isSame = isSameStanding(standing, this.#standing) && (!standing || this.#here)
    if (isSame) return 'same'
    const found = standing && this.#needs.find(standing.generation)
    const here = found?.caSha256 === standing?.sha256 ? found : undefined
    this.#here = here
    // Before anybody could come with one of its certificates.
    await this.#changed()
    this.#standing = standing
    const isShown = here && standing?.state !== 'taken-back'
    this.#shown = isShown ? this.#needs.authority.vouchFor(here) : undefined
    return standing && !here ? 'missing' : 'changed'
  }
}

const isSameStanding = (one: NextStanding | undefined, other: NextStanding | undefined): boolean =>
  one?.generation === other?.generation &&
  one?.sha256 === other?.sha256 &&
  one?.state === other?.state
