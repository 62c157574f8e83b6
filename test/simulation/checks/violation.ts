// What ends a run: something that must never be was so. It says which rule, and what was seen.

export class Violation extends Error {
  readonly rule: string

  constructor(rule: string, seen: string) {
    super(`${rule}: ${seen}`)
    this.name = 'Violation'
    this.rule = rule
  }
}
