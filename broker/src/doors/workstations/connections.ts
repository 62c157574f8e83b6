// Which workstations are connected here, each by one connection: how a word reaches a screen, and
// how long a screen has been out of reach.

import type { WorkstationId } from '@wardkey/protocol/ids'
import type { Notice } from '../../flows/recorded.ts'
import type { LostWorkstation, LostWorkstations } from '../../flows/sweep.ts'
import type { Connection, Unrecorded } from './connection.ts'

export class Connections implements LostWorkstations {
  readonly #open = new Map<WorkstationId, Connection>()
  /** Lost, and not yet found to show nothing: written by `remove`, `expect` and `settled`. */
  readonly #lost = new Map<WorkstationId, number>()

  get size(): number {
    return this.#open.size
  }

  /** The newer connection of a workstation takes the place of the older: half-open ones linger. */
  add(connection: Connection): void {
    const older = this.#open.get(connection.workstationId)
    this.#open.set(connection.workstationId, connection)
    this.#lost.delete(connection.workstationId)
    older?.close(4409, 'replaced')
  }

  remove(connection: Connection, nowMs: number): void {
    if (this.#open.get(connection.workstationId) !== connection) return
    this.#open.delete(connection.workstationId)
    this.#lost.set(connection.workstationId, nowMs)
  }

  find(id: WorkstationId): Connection | undefined {
    return this.#open.get(id)
  }

  all(): IterableIterator<Connection> {
    return this.#open.values()
  }

  /**
   * Takes a notice, not a frame: only what a committed unit says may reach a screen unasked. False
   * where the workstation is not connected here; it learns of it when it says hello.
   */
  send(notice: Extract<Notice, { kind: 'to-workstation' }>): boolean {
    const connection = this.#open.get(notice.workstationId)
    connection?.sendNotice(notice.frame)
    return connection !== undefined
  }

  tell(id: WorkstationId, frame: Unrecorded): void {
    const connection = this.#open.get(id)
    if (connection?.phase === 'welcome') connection.sendUnrecorded(frame)
  }

  /** It comes back, and what it shows is compared with what is. */
  greetAnew(id: WorkstationId): void {
    this.#open.get(id)?.close(1013, 'try-again')
  }

  /** 4401 tells the agent that it is not enrolled any more. */
  closeRevoked(id: WorkstationId): void {
    this.#open.get(id)?.close(4401, 'revoked')
  }

  /**
   * After a start: workstations whose sessions are open in the books, and who have not come back.
   */
  expect(ids: readonly WorkstationId[], nowMs: number): void {
    for (const id of ids) if (!this.#open.has(id)) this.#lost.set(id, nowMs)
  }

  /** The lost ones, the longest lost first. */
  list(): readonly LostWorkstation[] {
    return Array.from(this.#lost, ([workstationId, sinceMs]) => ({ workstationId, sinceMs }))
  }

  /** Nothing is open there any more: nobody has to look again. */
  settled(id: WorkstationId): void {
    this.#lost.delete(id)
  }
}
