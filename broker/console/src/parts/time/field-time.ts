// Times in fields of a form, as the browser has them: in the viewer's zone or in UTC. Pure.

/** As an input of the browser has it: without a zone, to the minute. */
export function fieldText(ms: number, isUtc: boolean): string {
  const shiftMs = isUtc ? 0 : new Date(ms).getTimezoneOffset() * 60_000
  return new Date(ms - shiftMs).toISOString().slice(0, 16)
}

export function fieldMs(text: string, isUtc: boolean): number {
  return Date.parse(isUtc ? `${text}Z` : text)
}
