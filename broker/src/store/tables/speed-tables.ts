// The table of how long stages take. It names no person, badge, workstation or session.

/** One hour of one zone with one pair of releases, as one run of a broker counted it. */
export interface StageTimeTable {
  hour_ms: number
  zone_id: string
  /** The agent's release; empty for what brokers measure of themselves. */
  agent: string
  /** The broker's release. */
  broker: string
  /** The run of a broker that counted: it writes over its own rows only. */
  origin: string
  /** JSON: by stage, classes and counts (flows/speed/histogram). */
  times: string
}
