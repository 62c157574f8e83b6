// The machine's monotonic clock, which is one for all of its processes: what one of them notes and
// what another notes can be compared.

export function sharedMs(): number {
  return Number(process.hrtime.bigint()) / 1e6
}
