// The demo's HR desk: hires, moves, sends on leave, suspends and dismisses invented people by the
// broker's SCIM door, and says what came of it. One act at a time, in the order they were asked.

import { randomBytes } from 'node:crypto'
import type { HrAct, HrOrder, HrShown } from '../demo-messages.ts'
import { people } from '../hospital.ts'
import { givePin } from './give-pin.ts'
import type { HrBook, Hired } from './hr-book.ts'
import { acts, wordsAfter } from './hr-words.ts'
import { applicants, positionKeys, positions } from './positions.ts'
import type { Applicant, Employment, PositionKey } from './positions.ts'
import { clinicianUrn, enterpriseUrn, ScimDoor, userUrn } from './scim-door.ts'
import type { DoorAddress, PatchWord, ScimAnswer } from './scim-door.ts'

export interface HrDeskNeeds {
  readonly book: HrBook
  /** Where SCIM is spoken, and where the badge office asks. */
  readonly scim: DoorAddress
  readonly badges: DoorAddress
  readonly onChange: (shown: HrShown) => void
}

type Fresh = Pick<Hired, 'uid' | 'staffNumber'> & { readonly pin?: string | undefined }
type Word = NonNullable<HrShown['word']>

export class HrDesk {
  readonly #needs: HrDeskNeeds
  readonly #door: ScimDoor
  #work: Promise<void> = Promise.resolve()
  /** What is on its way: pressed twice, it is done once. */
  readonly #asked = new Set<string>()
  #word: Word | undefined

  constructor(needs: HrDeskNeeds) {
    this.#needs = needs
    this.#door = new ScimDoor(needs.scim)
  }

  /** Whoever the hospital begins with; a start that was cut short goes on. */
  async hireFirst(): Promise<void> {
    for (const one of people) {
      const known = this.#needs.book.find(one.key)
      if (known?.pin !== undefined) continue
      const word = known
        ? await this.#givePin(known, one.pin)
        : await this.#hire(one, one.position, one)
      if (word.isTrouble) throw new Error(`The demo’s people could not be hired. ${word.text}`)
    }
  }

  get shown(): HrShown {
    const { book } = this.#needs
    return {
      people: book.people.map((one) => ({
        ...{
          key: one.key,
          personId: one.id,
          name: nameOf(one),
          title: positions[one.position].label,
        },
        ...{ position: one.position, employment: one.employment },
        ...{ uid: one.uid, pin: one.pin ?? '', staffNumber: one.staffNumber },
        acts: acts(one),
      })),
      applicants: applicants
        .filter(({ key }) => !book.find(key))
        .map((one) => ({ key: one.key, name: nameOf(one) })),
      positions: positionKeys.map((key) => ({ key, label: positions[key].label })),
      ...(this.#word ? { word: this.#word } : {}),
    }
  }

  /** Resolves when it is done, or known to be impossible. */
  ask(order: HrOrder): Promise<void> {
    const asked = `${order.act} ${order.person}`
    if (this.#asked.has(asked)) return this.#work
    this.#asked.add(asked)
    this.#work = this.#work.then(async () => {
      this.#word = await this.#do(order).finally(() => {
        this.#asked.delete(asked)
      })
      this.#needs.onChange(this.shown)
    })
    return this.#work
  }

  async #do({ act, person: key, position }: HrOrder): Promise<Word> {
    const applicant = applicants.find((one) => one.key === key)
    const person = this.#needs.book.find(key)
    if (act === 'hire') {
      if (person || !applicant) return trouble('That person is hired already. Choose another one.')
      return this.#hire(applicant, position ?? 'nurse', this.#fresh())
    }
    // Somebody else at this desk was quicker: what is offered now stands on the page.
    if (!person || !acts(person).includes(act)) {
      return trouble('That cannot be done as things stand. What can be done is beside each name.')
    }
    return this.#change(act, person, position)
  }

  #change(act: Exclude<HrAct, 'hire'>, person: Hired, position?: PositionKey): Promise<Word> {
    switch (act) {
      case 'move':
        return this.#take(act, person, { position: position ?? person.position })
      case 'leave':
        return this.#take(act, person, { employment: 'on-leave' })
      case 'suspend':
        return this.#take(act, person, { employment: 'suspended' })
      case 'return':
        return this.#take(act, person, { employment: 'active' })
      case 'dismiss':
        return this.#take(act, person, { employment: 'terminated' })
      case 'undo':
        return this.#take(act, person, person.before ?? {})
      case 'hire-again':
        return this.#hireAgain(person)
      case 'give-pin':
        return this.#givePin(person, undefined)
    }
  }

  async #hire(who: Applicant, position: PositionKey, fresh: Fresh): Promise<Word> {
    const { key, given, family } = who
    const user = userOf(who, position, fresh)
    let answer = await this.#door.add(user)
    if (answer.kind === 'taken') {
      // Asked before, and the answer was lost.
      const id = await this.#door.find(user.userName, user.externalId)
      if (id !== undefined) answer = { kind: 'done', id }
    }
    if (answer.kind !== 'done') return trouble(answer.sentence)
    const { uid, staffNumber } = fresh
    const person: Hired = {
      ...{ key, given, family, id: answer.id, position, employment: 'active', uid, staffNumber },
    }
    this.#needs.book.put(person)
    const word = await this.#givePin(person, fresh.pin)
    return word.isTrouble ? word : { text: wordsAfter('hire', person), isTrouble: false }
  }

  /** A new employment of the same person: another badge, another number, another PIN. */
  async #hireAgain(person: Hired): Promise<Word> {
    const { before: _over, pin: _gone, ...rest } = person
    const next: Hired = { ...rest, ...this.#fresh(), employment: 'active' }
    const answer = await this.#door.replace(person.id, [
      ...employedAs('active'),
      { path: `${enterpriseUrn}:employeeNumber`, value: next.staffNumber },
      { path: `${clinicianUrn}:badges`, value: [{ value: next.uid, format: 'hex' }] },
    ])
    if (answer.kind !== 'done') return trouble(answer.sentence)
    this.#needs.book.put(next)
    const word = await this.#givePin(next, undefined)
    return word.isTrouble ? word : { text: wordsAfter('hire-again', next), isTrouble: false }
  }

  async #take(
    act: HrAct,
    person: Hired,
    to: { readonly position?: PositionKey; readonly employment?: Employment },
  ): Promise<Word> {
    const { before: _before, ...rest } = person
    const { position = person.position, employment = person.employment } = to
    const words = [
      ...(position === person.position ? [] : placedAs(position)),
      ...(employment === person.employment ? [] : employedAs(employment)),
    ]
    if (words.length === 0) return trouble(`${nameOf(person)} works there already.`)
    const answer: ScimAnswer = await this.#door.replace(person.id, words)
    if (answer.kind !== 'done') return trouble(answer.sentence)
    const isLast = employment === 'terminated' || act === 'undo'
    const before = { position: person.position, employment: person.employment }
    const next: Hired = { ...rest, position, employment, ...(isLast ? {} : { before }) }
    this.#needs.book.put(next)
    return { text: wordsAfter(act, next), isTrouble: false }
  }

  async #givePin(person: Hired, wanted: string | undefined): Promise<Word> {
    const pin = await givePin(person.id, wanted, this.#needs.badges)
    if (pin === undefined) {
      const next = 'Press “Give a PIN” beside the name.'
      return trouble(`${nameOf(person)} is hired, but the badge has no PIN yet. ${next}`)
    }
    this.#needs.book.put({ ...person, pin })
    return { text: wordsAfter('give-pin', person), isTrouble: false }
  }

  /** Seven bytes as a reader sees them, and the next staff number. */
  #fresh(): Fresh {
    const numbers = this.#needs.book.people.map((one) => Number(one.staffNumber.slice(2)))
    const uid = `04a1b2${randomBytes(4).toString('hex')}`
    return { uid, staffNumber: `N-${String(Math.max(2000, ...numbers) + 1)}` }
  }
}

function userOf({ key, given, family }: Applicant, at: PositionKey, fresh: Fresh) {
  const { label, jobCode, department } = positions[at]
  return {
    schemas: [userUrn, enterpriseUrn, clinicianUrn],
    userName: `${given}.${family}@demo.example`.toLowerCase(),
    externalId: `demo-${key}`,
    name: { givenName: given, familyName: family },
    title: label,
    active: true,
    [enterpriseUrn]: { employeeNumber: fresh.staffNumber, department },
    [clinicianUrn]: {
      ...{ jobCode, employmentStatus: 'active' },
      badges: [{ value: fresh.uid, format: 'hex' }],
    },
  }
}

function placedAs(at: PositionKey): readonly PatchWord[] {
  const { label, jobCode, department } = positions[at]
  return [
    { path: 'title', value: label },
    { path: `${enterpriseUrn}:department`, value: department },
    { path: `${clinicianUrn}:jobCode`, value: jobCode },
  ]
}

/** A suspension is HR's switch; what else the employment is stays as it was. */
function employedAs(employment: Employment): readonly PatchWord[] {
  const active = {
    path: 'active',
    value: employment !== 'suspended' && employment !== 'terminated',
  }
  if (employment === 'suspended') return [active]
  return [active, { path: `${clinicianUrn}:employmentStatus`, value: employment }]
}

function nameOf({ given, family }: Pick<Applicant, 'given' | 'family'>): string {
  return `${given} ${family}`
}

function trouble(text: string): Word {
  return { text, isTrouble: true }
}
